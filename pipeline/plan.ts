import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { YiwangError } from '../config/errors.ts'
import type { DedupeSettings } from '../config/settings.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { decideBatch } from './batch.ts'
import { Decider } from './decider.ts'
import { pageOfTickets, stopPoint } from './give-way.ts'
import type { TicketReading } from './interpret.ts'
import { processingLease } from './lease-keeper.ts'
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts'
import type { IndexedTicket, Lease, PendingItem, Store } from './stores/store.ts'
import { withTemporaryFolder } from './temporary-folder.ts'
import { momentOf, undecided } from './ticket-of.ts'

const dayMs = 86_400_000
/** Nobody else knows the store of a replay. */
const leaseMs = 365 * dayMs

/** What a ticket is linked to, and what a person is asked about it. */
export type Verdict = Pick<
  Ticket['dedupe'],
  'verdict' | 'masterId' | 'incidentId' | 'score' | 'reasons' | 'suggestion'
>

/** A ticket that would be judged otherwise. */
export interface PlannedChange {
  readonly ticketId: string
  readonly before: Verdict
  readonly after: Verdict
}

/** What other settings would change. */
export interface Plan {
  /** Tickets judged again. */
  readonly judged: number
  /** Tickets of that time about which a person has spoken: they stay as they are. */
  readonly byPerson: number
  /** In the order the tickets were made. */
  readonly changes: readonly PlannedChange[]
}

export interface PlanOptions {
  /** Tickets from then on are judged again (milliseconds, on `TicketWrite.at`). */
  readonly since: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: { readonly tickets: number }) => void
}

/**
 * Which tickets would get another verdict under these settings. They are decided once more, in the order in which they
 * were made, in a temporary store that also holds the earlier tickets with their verdicts. Changes nothing in `store`.
 * Word statistics and texts of tickets are those of today.
 * @throws YiwangError STOPPED
 */
export async function planDecisions(
  store: Store,
  settings: DedupeSettings,
  options: PlanOptions,
): Promise<Plan> {
  return await withTemporaryFolder('plan', async (folder) => {
    const scratch = await openSqliteStore(join(folder, 'plan.db'), { randomBytes })
    try {
      const { revisions, ...counts } = await replay(store, scratch, settings, options)
      return { ...counts, changes: await changesBetween(store, scratch, revisions, options) }
    } finally {
      await scratch.close()
    }
  })
}

async function replay(store: Store, scratch: Store, settings: DedupeSettings, options: PlanOptions) {
  const lease = await scratch.acquire(processingLease, 'plan', leaseMs)
  if (lease === null) throw new YiwangError('INTERNAL', { reason: 'the store of a plan is taken' })
  const decider = new PlanDecider(settings)
  await decider.begin(0, store)
  const counts = { judged: 0, byPerson: 0 }
  /** Of those that were not in their first one. */
  const revisions = new Map<string, number>()
  let tickets = 0
  const begin = options.since - decider.reachMs
  for await (const page of pagesFrom(store, begin, options.signal)) {
    await keepAsIs(await mastersBefore(begin, page, store, scratch), scratch, lease)
    for (const run of runsOf(page, options.since)) {
      if (run.isJudged) await judgeAgain(run.tickets, scratch, decider, lease)
      else await keepAsIs(run.tickets, scratch, lease)
    }
    const recent = page.filter(({ at }) => at >= options.since)
    const judged = recent.filter(({ ticket }) => isOpen(ticket)).length
    counts.judged += judged
    counts.byPerson += recent.length - judged
    for (const { ticket } of recent) if (ticket.revision > 1) revisions.set(ticket.id, ticket.revision)
    tickets += page.length
    options.onProgress({ tickets })
  }
  return { ...counts, revisions }
}

/** Its statistics stay as they are: a plan may judge millions of tickets, and would keep the words of each. */
class PlanDecider extends Decider {
  override count(): void {}
}

async function* pagesFrom(store: Store, since: number, signal: AbortSignal) {
  let after: string | null = null
  do {
    await stopPoint(signal)
    const page = await store.ticketsInOrder({ after, since, ...pageOfTickets })
    yield page.tickets
    after = page.next
  } while (after !== null)
}

/** A person's word outranks the algorithm, under any settings. */
function isOpen({ dedupe }: Ticket): boolean {
  return dedupe.decidedBy === 'algorithm'
}

interface Run {
  readonly isJudged: boolean
  readonly tickets: IndexedTicket[]
}

/** Tickets in their order, parted where those to be judged and those to be kept meet. */
function runsOf(page: readonly IndexedTicket[], since: number): readonly Run[] {
  const runs: Run[] = []
  for (const indexed of page) {
    const isJudged = indexed.at >= since && isOpen(indexed.ticket)
    const last = runs.at(-1)
    if (last?.isJudged === isJudged) last.tickets.push(indexed)
    else runs.push({ isJudged, tickets: [indexed] })
  }
  return runs
}

/** A report repeats a master only where that is compared too, however long ago it came: without keys nothing else finds it. */
async function mastersBefore(
  begin: number,
  page: readonly IndexedTicket[],
  store: Store,
  scratch: Store,
): Promise<readonly IndexedTicket[]> {
  const ids = [...new Set(page.flatMap(({ ticket }) => ticket.dedupe.masterId ?? []))]
  const there = await scratch.tickets(ids)
  const masters = await store.tickets(ids.filter((id) => !there.has(id)))
  return [...masters.values()]
    .map((ticket) => ({ ticket, at: momentOf(ticket), matchKeys: [] }))
    .filter(({ at }) => at < begin)
}

/** Links are left out: only counts need them, which nobody reads here, and a master may come later than its repeat. */
async function keepAsIs(tickets: readonly IndexedTicket[], scratch: Store, lease: Lease): Promise<void> {
  const writes = tickets.map((indexed) => ({ ...indexed, event: null, threadKeys: [] }))
  await scratch.commit({ tickets: writes, links: [], outcomes: [], terms: null }, lease, momentOfPlan)
}

async function judgeAgain(
  tickets: readonly IndexedTicket[],
  scratch: Store,
  decider: Decider,
  lease: Lease,
): Promise<void> {
  const readings = tickets.map(({ ticket }, place) => readingOf(ticket, place))
  const commit = await decideBatch(readings, scratch, decider)
  await scratch.commit({ ...commit, outcomes: [] }, lease, momentOfPlan)
}

/** Nobody reads when the throw-away store was written. */
const momentOfPlan = '1970-01-01T00:00:00Z'

/** A ticket as if its item had just been read. @param seq order of archiving; in a plan, its place in the page */
export function readingOf(ticket: Ticket, seq: number): TicketReading<PendingItem> {
  const { id, sourceId, externalId, ingestedAt } = ticket
  return {
    item: {
      ...{ rawId: id, sourceId, externalId, mediaType: 'text/plain', body: new Uint8Array(), meta: {} },
      ...{ archivedAt: ingestedAt, seq, attempts: 0 },
    },
    outcome: 'ticket',
    ticket: { ...ticket, dedupe: undecided(ticket) },
    ...{ threadKeys: [], refersTo: [] },
  }
}

/** @param revisions as of when each was judged: what has changed since is no change by the settings. 1 where none is given */
async function changesBetween(
  store: Store,
  scratch: Store,
  revisions: ReadonlyMap<string, number>,
  { since, signal }: PlanOptions,
): Promise<readonly PlannedChange[]> {
  const changes: PlannedChange[] = []
  for await (const page of pagesFrom(store, since, signal)) {
    const again = await scratch.tickets(page.map(({ ticket }) => ticket.id))
    const incidentIds = page.flatMap(({ ticket }) => ticket.dedupe.incidentId ?? [])
    const kept = await scratch.incidentCounts(incidentIds, [])
    for (const { ticket } of page) {
      const after = again.get(ticket.id)
      if (after === undefined || !isOpen(ticket)) continue
      if (ticket.revision !== (revisions.get(ticket.id) ?? 1)) continue
      if (isSame(ticket.dedupe, after.dedupe) || isLeftAlone(ticket.dedupe, after.dedupe, kept)) continue
      changes.push({ ticketId: ticket.id, before: verdictOf(ticket), after: verdictOf(after) })
    }
  }
  return changes
}

function isSame(one: Ticket['dedupe'], other: Ticket['dedupe']): boolean {
  return (
    one.verdict === other.verdict &&
    one.masterId === other.masterId &&
    one.incidentId === other.incidentId &&
    one.suggestion?.ticketId === other.suggestion?.ticketId &&
    one.suggestion?.verdict === other.suggestion?.verdict
  )
}

/** Whether a ticket lacks its incident only because the report that took it in is kept as a person has ruled. */
function isLeftAlone(
  before: Ticket['dedupe'],
  after: Ticket['dedupe'],
  kept: ReadonlyMap<string, unknown>,
): boolean {
  const { incidentId } = before
  const isTakenIn = incidentId !== null && kept.has(incidentId)
  return isTakenIn && isSame({ ...before, incidentId: null }, after)
}

function verdictOf({ dedupe }: Ticket): Verdict {
  const { verdict, masterId, incidentId, score, reasons, suggestion } = dedupe
  return { verdict, masterId, incidentId, score, reasons, suggestion }
}
