import type { Clock } from '../config/clock.ts'
import type { YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { DedupeSettings } from '../dedupe/decision.ts'
import type { DrainReport } from './app.ts'
import { backoffMs } from './backoff.ts'
import { decideBatch } from './batch.ts'
import { Decider, type ProfileCache } from './decider.ts'
import { addReports, countOutcomes, emptyDrainReport } from './drain-report.ts'
import { type Interpreter, interpret, type Reading } from './interpret.ts'
import { momentIn } from './moment.ts'
import type { BlobStore, Lease, Ledger, OutcomeWrite, PendingItem, TicketWrite } from './stores/store.ts'

/** A batch of large mails ends early, so that memory stays bounded. */
const batchBytes = 32 * 1024 * 1024

/** While the attachments of one mail go to the disk, others are parsed. */
const interpretedAtOnce = 8

export interface DrainOptions {
  readonly store: Ledger
  readonly blobs: BlobStore
  readonly interpreters: ReadonlyMap<string, Interpreter>
  readonly dedupe: DedupeSettings
  /** Kept from one drain to the next. */
  readonly profiles?: ProfileCache
  readonly lease: Lease
  /** After a death at work the first batch goes one by one: if an item did it, its attempts are counted. */
  readonly careful: boolean
  readonly timeZone: string
  readonly batchSize: number
  readonly maxAttempts: number
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Ends the drain after the batch under way. */
  readonly signal: AbortSignal
  readonly onBatch: (report: DrainReport) => void
  /** Tickets are committed; the drain uses them no more. */
  readonly onCommitted?: (tickets: readonly TicketWrite[]) => void
}

/**
 * Gives every pending item its outcome, oldest first, until none is left.
 * @throws YiwangError LEASE_LOST when another process took over; STORE_FULL, STORE_UNREACHABLE.
 */
export async function drain(options: DrainOptions): Promise<DrainReport> {
  let total = emptyDrainReport
  let { careful } = options
  const decider = new Decider(options.dedupe, options.profiles)
  while (!options.signal.aborted) {
    const pending = await options.store.pending(options.batchSize, batchBytes, options.clock())
    if (pending.length === 0) break
    for (const batch of careful ? pending.map((item) => [item]) : [pending]) {
      if (options.signal.aborted) break
      if (careful) for (const { seq } of batch) await options.store.postpone(seq, options.clock())
      total = addReports(total, await drainBatch(batch, decider, options))
      options.onBatch(total)
    }
    careful = false
  }
  return total
}

async function drainBatch(
  pending: readonly PendingItem[],
  decider: Decider,
  options: DrainOptions,
): Promise<DrainReport> {
  const { store, lease, clock } = options
  const isSpent = ({ attempts }: PendingItem) => attempts >= options.maxAttempts
  const outcomes = pending.filter(isSpent).map((item) => poisoned(item, 'it stopped the program'))
  const readings: Reading<PendingItem>[] = []
  let postponed = 0
  let problem: DrainReport['problem'] = null
  for (const reading of await interpretAll(
    pending.filter((item) => !isSpent(item)),
    options,
  )) {
    const { item } = reading
    if (reading.outcome !== 'failed') readings.push(reading)
    else if (await postpone(item, reading.error, options)) {
      postponed += 1
      problem ??= { code: reading.error.code, details: reading.error.details }
    } else outcomes.push(poisoned(item, reading.error.message))
  }
  const decided = await decideBatch(readings, store, decider)
  const commit = { ...decided, outcomes: [...decided.outcomes, ...outcomes] }
  if (commit.outcomes.length > 0) {
    await store.commit(commit, lease, momentIn(options.timeZone, clock()))
    options.onCommitted?.(commit.tickets)
  }
  return { ...countOutcomes(commit.outcomes, postponed), problem }
}

/** In the order of the items. */
async function interpretAll(
  items: readonly PendingItem[],
  { interpreters, blobs }: DrainOptions,
): Promise<readonly Reading<PendingItem>[]> {
  const readings: Reading<PendingItem>[] = []
  const waiting = items.entries()
  const work = async () => {
    for (const [index, item] of waiting) readings[index] = await interpret(item, interpreters, blobs)
  }
  await Promise.all(Array.from({ length: interpretedAtOnce }, work))
  return readings
}

/** False when the item has used up its attempts. Passing trouble (a full disk) never uses them up. */
async function postpone(item: PendingItem, error: YiwangError, options: DrainOptions): Promise<boolean> {
  const attempt = item.attempts + 1
  if (error.kind === 'bug' && attempt >= options.maxAttempts) return false
  const waitMs = backoffMs(error.kind, attempt, options.random())
  options.log.warn({ rawId: item.rawId, code: error.code, attempt, waitMs }, 'item postponed')
  await options.store.postpone(item.seq, options.clock() + waitMs)
  return true
}

function poisoned(item: PendingItem, reason: string): OutcomeWrite {
  const details = { attempts: item.attempts + 1, reason }
  return {
    seq: item.seq,
    rawId: item.rawId,
    kind: 'quarantined',
    ticketId: null,
    reason: 'ITEM_POISON',
    details,
  }
}
