import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../config/clock.ts'
import { type ErrorCode, type ErrorDetails, toYiwangError, type YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { DedupeSettings } from '../config/settings.ts'
import { logTrace } from '../config/trace.ts'
import type { DrainReport } from './app.ts'
import { backoffMs, passingBackoffMs } from './backoff.ts'
import { decideBatch } from './batch.ts'
import { Decider, type ProfileCache } from './decider.ts'
import { addReports, countOutcomes, emptyDrainReport } from './drain-report.ts'
import { type Interpreter, interpret, type Reading } from './interpret.ts'
import { momentIn } from './moment.ts'
import type { BlobStore, DrainStore, Lease, OutcomeWrite, PendingItem } from './stores/store.ts'

/** A batch of large mails ends early, so that memory stays bounded. */
const batchBytes = 8 * 1024 * 1024

/** While the attachments of one mail go to the disk, others are parsed. */
const interpretedAtOnce = 8

export interface DrainOptions {
  readonly store: DrainStore
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
}

/**
 * Gives every pending item its outcome, oldest first, until none is left.
 * @throws YiwangError LEASE_LOST when another process took over; STORE_FULL, STORE_UNREACHABLE.
 */
export async function drain(options: DrainOptions): Promise<DrainReport> {
  let total = emptyDrainReport
  let { careful } = options
  const decider = new Decider(options.dedupe, options.profiles)
  for (;;) {
    // A store that answers at once would keep the stop out until the end.
    await setImmediate()
    if (options.signal.aborted) break
    const pending = await options.store.pending(options.batchSize, batchBytes, options.clock())
    if (pending.length === 0) break
    for (const batch of careful ? pending.map((item) => [item]) : [pending]) {
      if (options.signal.aborted) break
      const work = () => drainParts(batch, decider, options)
      total = addReports(total, careful ? await countedBefore(batch, work, options) : await work())
      options.onBatch(total)
    }
    careful = false
  }
  return total
}

/** Counts an attempt before the work touches the items, and takes it back when the work ends without killing anything. */
async function countedBefore(
  items: readonly PendingItem[],
  work: () => Promise<DrainReport>,
  { store, clock }: DrainOptions,
): Promise<DrainReport> {
  const note = async (failed: number) => {
    for (const { seq, attempts } of items) await store.postpone(seq, attempts + failed, clock())
  }
  await note(1)
  try {
    return await work()
  } catch (thrown) {
    // A store in trouble may not take it, and its trouble is what matters.
    await note(0).catch(() => {})
    throw thrown
  }
}

/**
 * Drains a batch. One that fails for what an item may be at fault for is halved until the item is found: the others
 * go on.
 */
async function drainParts(
  pending: readonly PendingItem[],
  decider: Decider,
  options: DrainOptions,
): Promise<DrainReport> {
  try {
    return await drainBatch(pending, decider, options)
  } catch (thrown) {
    const error = toYiwangError(thrown)
    if (!mayBeAnItems(error)) throw error
    decider.forgetTerms()
    const [item] = pending
    if (item !== undefined && pending.length === 1) return await settleFailed(item, error, options)
    options.log.warn({ code: error.code, items: pending.length }, 'batch failed; going on with half of it')
    const middle = pending.length >> 1
    const before = await drainParts(pending.slice(0, middle), decider, options)
    return addReports(before, await drainParts(pending.slice(middle), decider, options))
  }
}

/** A damaged store fails with any item. */
function mayBeAnItems({ kind, code }: YiwangError): boolean {
  return (kind === 'data' || kind === 'bug') && code !== 'STORE_CORRUPT'
}

/** Of an item that cannot be decided or written. */
async function settleFailed(
  item: PendingItem,
  error: YiwangError,
  options: DrainOptions,
): Promise<DrainReport> {
  const outcome = await failed(item, error, options)
  const problem = { code: error.code, details: error.details }
  if (outcome === null) return { ...countOutcomes([], 1), problem }
  const commit = { tickets: [], links: [], outcomes: [outcome], terms: null }
  await options.store.commit(commit, options.lease, momentIn(options.timeZone, options.clock()))
  return { ...countOutcomes(commit.outcomes, 0), problem: null }
}

async function drainBatch(
  pending: readonly PendingItem[],
  decider: Decider,
  options: DrainOptions,
): Promise<DrainReport> {
  const { store, lease, clock } = options
  const outcomes: OutcomeWrite[] = []
  const readable: PendingItem[] = []
  for (const item of pending) {
    if (item.damage !== undefined) outcomes.push(quarantined(item, item.damage.code, item.damage.details))
    else if (item.attempts >= options.maxAttempts) outcomes.push(poisoned(item, 'it stopped the program'))
    else readable.push(item)
  }
  const readings: Reading<PendingItem>[] = []
  let postponed = 0
  let problem: DrainReport['problem'] = null
  for (const reading of await interpretAll(readable, options)) {
    if (reading.outcome !== 'failed') {
      readings.push(reading)
      continue
    }
    const { item, error } = reading
    const outcome = await failed(item, error, options)
    if (outcome !== null) outcomes.push(outcome)
    else {
      postponed += 1
      problem ??= { code: error.code, details: error.details }
    }
  }
  const decided = await decideBatch(readings, store, decider)
  const commit = { ...decided, outcomes: [...decided.outcomes, ...outcomes] }
  if (commit.outcomes.length > 0) {
    await store.commit(commit, lease, momentIn(options.timeZone, clock()))
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

/**
 * What becomes of an item that failed: null when it is postponed. Bad data is so every time, a bug may not be;
 * passing trouble (a full disk) is none of the item's and uses up no attempt.
 */
async function failed(
  item: PendingItem,
  error: YiwangError,
  options: DrainOptions,
): Promise<OutcomeWrite | null> {
  if (error.kind === 'data') return quarantined(item, error.code, error.details)
  logTrace(options.log, error)
  const attempts = error.kind === 'bug' ? item.attempts + 1 : item.attempts
  if (attempts >= options.maxAttempts) return poisoned(item, error.message)
  const now = options.clock()
  const waitMs =
    error.kind === 'bug'
      ? backoffMs(error.kind, attempts, options.random())
      : passingBackoffMs(now - Date.parse(item.archivedAt), options.random())
  options.log.warn({ rawId: item.rawId, code: error.code, attempts, waitMs }, 'item postponed')
  await options.store.postpone(item.seq, attempts, now + waitMs)
  return null
}

function poisoned(item: PendingItem, reason: string): OutcomeWrite {
  return quarantined(item, 'ITEM_POISON', { attempts: item.attempts + 1, reason })
}

function quarantined({ seq, rawId }: PendingItem, code: ErrorCode, details: ErrorDetails): OutcomeWrite {
  return { seq, rawId, kind: 'quarantined', ticketId: null, reason: code, details }
}
