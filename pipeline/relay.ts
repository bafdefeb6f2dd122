import type { Clock } from '../config/clock.ts'
import type { OutputSettings } from '../config/settings.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { momentIn } from './moment.ts'
import { queueError } from './queue-error.ts'
import type { Outbox, OutboxEntry } from './stores/store.ts'
import type { TicketQueue } from './ticket-queue.ts'

const batchSize = 500
/** Of a batch, unless it is one ticket: a slow connection must carry it in the time that Redis has to answer. */
const batchBytes = 4 * 2 ** 20

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
  /** Called before an output gets a batch. */
  readonly prepare: (output: Output) => Promise<void>
  readonly signal: AbortSignal
  readonly onBatch: (published: number) => void
}

/**
 * Publishes the outbox, oldest first, and clears what Redis has taken. Returns how many revisions.
 * A crash between the two publishes again under the same job ids, which changes nothing.
 * @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED; what is not published stays in the outbox.
 */
export async function relay(options: RelayOptions): Promise<number> {
  let published = 0
  let sent: Sent | null = null
  for (;;) {
    // While Redis takes one batch, the next is made ready.
    const next: Sent | null = options.signal.aborted ? null : await send(sent, options)
    if (sent !== null) {
      await sent.taken
      await options.store.markPublished(sent.entries, momentIn(options.timeZone, options.clock()))
      published += sent.entries.length
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
  readonly taken: Promise<void>
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

/** Between the jobs and their being marked nothing else is done: a crash there tells of a ticket twice. */
async function publish(
  entries: readonly OutboxEntry[],
  { outputs, redisUrl, prepare }: RelayOptions,
): Promise<void> {
  const takers = withEntries(outputs, entries)
  try {
    // One that is refused would have the others get the same jobs at each attempt.
    for (const { queue } of outputs) await queue.tryOut()
    for (const { output } of takers) await prepare(output)
    for (const { output, wanted } of takers) await output.queue.publish(wanted)
  } catch (thrown) {
    throw queueError(thrown, redisUrl)
  }
}

/** The outputs with the entries that their filters let through, where there are any. */
function withEntries(outputs: readonly Output[], entries: readonly OutboxEntry[]) {
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
