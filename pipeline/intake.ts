import type { Clock } from '../config/clock.ts'
import { YiwangError } from '../config/errors.ts'
import type { Connector, Cursor, Item } from '../connectors/connector.ts'
import type { PullReport } from './app.ts'
import { graceAfter } from './grace.ts'
import { rawIdOf } from './ids.ts'
import type { KeptLease } from './lease-keeper.ts'
import { momentIn } from './moment.ts'
import type { Archive, IncomingItem, Leases } from './stores/store.ts'

/** A batch is archived when it has so many items or this many bytes, whichever comes first. */
const batchBytes = 8 * 1024 * 1024
/** Items of the first batch of a pull, so that the drain need not wait for a full one. */
const firstBatchSize = 50
/** After a stop is asked for, an acknowledgement under way may take this long to end. */
const ackGraceMs = 5_000

export interface IntakeOptions {
  readonly sourceId: string
  readonly timeZone: string
  readonly connector: Connector
  readonly store: Archive & Leases
  readonly lease: KeptLease
  readonly batchSize: number
  readonly clock: Clock
  /** Aborts at the next item; what was archived so far is kept and acknowledged. */
  readonly signal: AbortSignal
  /** False for files named on the command line: they are neither acknowledged nor remembered by a cursor. */
  readonly follow: boolean
  readonly onBatch: (report: PullReport) => void
}

/**
 * Brings everything new from one open source into the archive, then acknowledges it: in that order, batch by batch.
 * What a source gave before it failed is kept like any other batch: else one that fails time and again before a
 * batch is full would never get on. One that does not take an acknowledgement is read to its end all the same:
 * reports must not wait for that. The cursor stays, so that the next pull reads from there and acknowledges again.
 * @throws what the source failed with first, once the rest is archived; YiwangError LEASE_LOST
 */
export async function intake(options: IntakeOptions): Promise<PullReport> {
  const { sourceId, connector, store, signal } = options
  const from = options.follow ? await store.cursor(sourceId) : null
  let report: PullReport = { sourceId, read: 0, added: 0, known: 0 }
  const batch: Item[] = []
  let bytes = 0
  const failures: unknown[] = []
  const refusals: unknown[] = []
  const flush = async () => {
    if (batch.length === 0) return
    report = await archiveBatch(batch, report, options)
    if (options.follow && refusals.length === 0) await acknowledge(batch, options, refusals)
    batch.length = 0
    bytes = 0
    options.onBatch(report)
  }
  const items = connector.read(from, AbortSignal.any([signal, options.lease.signal]))
  for await (const item of upToFailure(items, failures)) {
    batch.push(item)
    bytes += item.body.byteLength
    const size = report.read === 0 ? Math.min(firstBatchSize, options.batchSize) : options.batchSize
    if (batch.length >= size || bytes >= batchBytes) await flush()
    if (signal.aborted) break
  }
  await flush()
  // A connector that is stopped ends as if it had read all.
  assertKept(options.lease)
  const failed = [...refusals, ...failures]
  if (failed.length > 0) throw failed[0]
  return report
}

async function* upToFailure(items: AsyncIterable<Item>, failures: unknown[]): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (thrown) {
    failures.push(thrown)
  }
}

async function archiveBatch(
  batch: readonly Item[],
  before: PullReport,
  { sourceId, store, timeZone, clock }: IntakeOptions,
): Promise<PullReport> {
  const archivedAt = momentIn(timeZone, clock())
  const { added, known } = await store.archive(batch.map((item) => incoming(item, sourceId, archivedAt)))
  return {
    sourceId,
    read: before.read + batch.length,
    added: before.added + added,
    known: before.known + known,
  }
}

async function acknowledge(
  batch: readonly Item[],
  { sourceId, connector, store, lease, signal }: IntakeOptions,
  refusals: unknown[],
): Promise<void> {
  assertKept(lease)
  using grace = graceAfter(signal, ackGraceMs)
  try {
    await connector.ack(batch, grace.signal)
  } catch (thrown) {
    refusals.push(thrown)
    return
  }
  await store.saveCursor(sourceId, lastCursor(batch), lease.lease)
}

function assertKept({ lease, signal }: KeptLease): void {
  if (signal.aborted) throw new YiwangError('LEASE_LOST', { lease: lease.name })
}

/** The item as the archive takes it, with the identity that recognises it ever after. */
export function incoming(item: Item, sourceId: string, archivedAt: string): IncomingItem {
  return {
    rawId: rawIdOf(sourceId, item.externalId, item.body),
    sourceId,
    externalId: item.externalId,
    mediaType: item.mediaType,
    body: item.body,
    meta: item.meta,
    archivedAt,
    day: archivedAt.slice(0, 10),
    locator: item.meta.locator ?? null,
  }
}

function lastCursor(batch: readonly Item[]): Cursor {
  return batch.at(-1)?.cursor ?? {}
}
