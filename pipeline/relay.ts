import type { Clock } from '../config/clock.ts'
import type { OutputSettings } from '../config/settings.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { momentIn } from './moment.ts'
import { queueError } from './queue-error.ts'
import type { Outbox, OutboxEntry, OutboxKey } from './stores/store.ts'
import type { TicketQueue } from './ticket-queue.ts'

const batchSize = 500
/** Of a batch, unless it is one ticket: a slow connection must carry it in the time that Redis has to answer. */
const batchBytes = 4 * 2 ** 20
/** Jobs about which Redis is asked at a time: while it was away, tickets may have got thousands of revisions. */
const askedTogether = 10_000

/** An output queue, and which tickets it takes. */
export interface Output {
  readonly settings: OutputSettings
  readonly queue: TicketQueue
}

export interface RelayOptions {
  readonly store: Outbox
  readonly outputs: readonly Output[]
  /** For messages: the address without credentials. */
  readonly redisUrl: string
  readonly timeZone: string
  readonly clock: Clock
  /** Called right before a batch goes out, for each output; what it throws keeps the batch back. */
  readonly prepare: (output: Output) => Promise<void>
  readonly signal: AbortSignal
  readonly onBatch: (published: number) => void
}

/**
 * Publishes the outbox, oldest first, and clears what Redis has taken. Returns how many revisions.
 * A crash between the two publishes again under the same job ids, which changes nothing.
 * @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED, and what `prepare` throws; what is not published stays in the outbox.
 */
export async function relay(options: RelayOptions): Promise<number> {
  let published = 0
  let sent: Sent | null = null
  for (;;) {
    // While Redis takes one batch, the next is made ready.
    const next: Sent | null = options.signal.aborted ? null : await send(sent, options)
    if (sent !== null) {
      const taken = await sent.taken
      await mark(taken, options)
      published += taken.length
      options.onBatch(published)
    } else if (next === null) {
      return published
    }
    sent = next
  }
}

/** A batch on its way to Redis. */
interface Sent {
  readonly entries: readonly OutboxEntry[]
  /** Those of them that were published. */
  readonly taken: Promise<readonly OutboxEntry[]>
}

async function mark(keys: readonly OutboxKey[], { store, timeZone, clock }: RelayOptions): Promise<void> {
  await store.markPublished(keys, momentIn(timeZone, clock()))
}

async function send(before: Sent | null, options: RelayOptions): Promise<Sent | null> {
  const underWay = new Set(before?.entries.map(({ ticketId }) => ticketId))
  const range = { skip: underWay.size, maxBytes: batchBytes }
  const found = await options.store.outbox(batchSize, range)
  // A ticket that changed meanwhile waits until its first revision is marked: only then is the next one an update.
  const entries = found.filter(({ ticketId }) => !underWay.has(ticketId))
  if (entries.length === 0) return null
  // One after the other, and none once one has failed: what Redis then takes would not be marked.
  const taken = (before?.taken ?? Promise.resolve()).then(() => publish(entries, options))
  // Its failure is met when it is awaited, after the batch before it.
  taken.catch(() => {})
  return { entries, taken }
}

/** @returns what was published: not those that went out before, which wait for the next batch, as updates */
async function publish(
  entries: readonly OutboxEntry[],
  options: RelayOptions,
): Promise<readonly OutboxEntry[]> {
  const { outputs, redisUrl, store } = options
  try {
    // One that is refused would have the others get the same jobs at each attempt.
    for (const { queue } of outputs) await queue.tryOut()
    const wanting = withEntries(outputs, entries)
    const { keys, lacking } = await alreadyOut(wanting, store)
    if (keys.length === 0) {
      await give(wanting, options)
      return entries
    }
    await give(lacking, options)
    await mark(keys, options)
    const held = new Set(keys.map(({ ticketId }) => ticketId))
    const left = entries.filter(({ ticketId }) => !held.has(ticketId))
    await give(withEntries(outputs, left), options)
    return left
  } catch (thrown) {
    throw queueError(thrown, redisUrl)
  }
}

/** Between the jobs and their being marked nothing else is done. */
async function give(takers: readonly Taker[], { prepare }: RelayOptions): Promise<void> {
  for (const { output } of takers) await prepare(output)
  for (const { output, wanted } of takers) await output.queue.publish(wanted)
}

interface AlreadyOut {
  /** Of each ticket the oldest of the revisions that are the newest on some output. */
  readonly keys: readonly OutboxKey[]
  /** The outputs that have none, with what waits: they have to hear of it first. */
  readonly lacking: readonly Taker[]
}

/**
 * Where a process died, or a connection broke, between publishing and marking, and the ticket has changed since, the
 * store does not know that downstream has heard of it, or of its link.
 */
async function alreadyOut(takers: readonly Taker[], store: Outbox): Promise<AlreadyOut> {
  const changed = takers.flatMap(({ wanted }) => wanted).filter(isChanged)
  if (changed.length === 0) return { keys: [], lacking: [] }
  const publications = await store.publications([...new Set(changed.map(({ ticketId }) => ticketId))])
  const known = (ticketId: string) => publications.get(ticketId) ?? { published: 0, delivered: 0 }
  const least = new Map<string, number>()
  const found: ReadonlySet<string>[] = []
  for (const { output, wanted } of takers) {
    const waiting = wanted.filter(isChanged)
    const inRedis = await newestOn(output.queue, waiting, (ticketId) => known(ticketId).published)
    const out = waiting.flatMap(({ ticketId }) => {
      const { published, delivered } = known(ticketId)
      const revision = Math.max(inRedis.get(ticketId) ?? 0, delivered)
      return revision > published ? { ticketId, revision } : []
    })
    for (const { ticketId, revision } of out)
      least.set(ticketId, Math.min(least.get(ticketId) ?? revision, revision))
    found.push(new Set(out.map(({ ticketId }) => ticketId)))
  }
  const lacks = (index: number, { ticketId }: OutboxEntry) =>
    least.has(ticketId) && !found[index]?.has(ticketId)
  return {
    keys: Array.from(least, ([ticketId, revision]) => ({ ticketId, revision })),
    lacking: takers
      .map(({ output, wanted }, index) => ({ output, wanted: wanted.filter((one) => lacks(index, one)) }))
      .filter(({ wanted }) => wanted.length > 0),
  }
}

/** The newest revision after the marked one and before the one that waits, of each ticket of which Redis has one. */
async function newestOn(
  queue: TicketQueue,
  entries: readonly OutboxEntry[],
  marked: (ticketId: string) => number,
): Promise<ReadonlyMap<string, number>> {
  const earlier = entries.flatMap(({ ticketId, revision }) => {
    const first = marked(ticketId) + 1
    return Array.from({ length: revision - first }, (_, index) => ({ ticketId, revision: first + index }))
  })
  const newest = new Map<string, number>()
  for (let from = 0; from < earlier.length; from += askedTogether) {
    const keys = earlier.slice(from, from + askedTogether)
    const states = await queue.states(keys)
    // Those of one ticket are in order.
    for (const [index, { ticketId, revision }] of keys.entries())
      if (states[index] !== 'missing') newest.set(ticketId, revision)
  }
  return newest
}

/** What the store knows to be out waits as an update. */
function isChanged({ revision, event }: OutboxEntry): boolean {
  return revision > 1 && event !== 'ticket.updated'
}

interface Taker {
  readonly output: Output
  readonly wanted: readonly OutboxEntry[]
}

/** The outputs with the entries that their filters let through, where there are any. */
function withEntries(outputs: readonly Output[], entries: readonly OutboxEntry[]): readonly Taker[] {
  const isAsked = outputs.some(({ settings }) => isFiltered(settings))
  const read = isAsked
    ? entries.map((entry) => ({ entry, ticket: JSON.parse(Buffer.from(entry.text).toString()) as Ticket }))
    : []
  const wantedBy = ({ settings }: Output) =>
    isFiltered(settings)
      ? read.flatMap(({ entry, ticket }) => (takes(settings, ticket, entry.event) ? entry : []))
      : entries
  return outputs
    .map((output) => ({ output, wanted: wantedBy(output) }))
    .filter(({ wanted }) => wanted.length > 0)
}

/** Whether an output has any filter; without one it takes every ticket. */
export function isFiltered({ sources, channels, kinds, events }: OutputSettings): boolean {
  return sources.length + channels.length + kinds.length + events.length > 0
}

/** Whether an output's filter lets a ticket through. */
export function takes(output: OutputSettings, ticket: Ticket, event: TicketEvent): boolean {
  return (
    passes(output.sources, ticket.sourceId) &&
    passes(output.channels, ticket.channel) &&
    passes(output.kinds, ticket.kind) &&
    passes(output.events, event)
  )
}

function passes(wanted: readonly string[], value: string): boolean {
  return wanted.length === 0 || wanted.includes(value)
}
