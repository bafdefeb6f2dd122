import { join } from 'node:path'
import type { Clock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import { createLogger } from '../../../config/logging.ts'
import { defaultDedupe, defaultProcessing, defaultSource } from '../../../config/schema.ts'
import type { DedupeSettings, Settings, SourceSettings } from '../../../config/settings.ts'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type { App } from '../../../pipeline/app.ts'
import { drain } from '../../../pipeline/drain.ts'
import { ticketIdOf } from '../../../pipeline/ids.ts'
import { incoming } from '../../../pipeline/intake.ts'
import { interpretersFor } from '../../../pipeline/interpreters.ts'
import { keepLease, processingLease } from '../../../pipeline/lease-keeper.ts'
import { momentIn } from '../../../pipeline/moment.ts'
import { openApp } from '../../../pipeline/open-app.ts'
import { columns, itemOf } from './framing.ts'
import type { EvalRow } from './rows.ts'

const timeZone = 'Asia/Shanghai'
const rowsPerWrite = 500

/** What became of one row. All null where the row made no ticket (it had no text, say). */
export interface Verdict {
  readonly verdict: 'new' | 'duplicate' | 'related' | null
  /** An id of the input. */
  readonly masterId: string | null
  readonly incidentId: string | null
  readonly score: number | null
  /** What a person would be asked; `ticketId` is an id of the input. */
  readonly suggestion: Pick<
    NonNullable<Ticket['dedupe']['suggestion']>,
    'verdict' | 'ticketId' | 'score'
  > | null
}

/** What the pipeline found. */
export interface PipelineRun {
  readonly verdicts: ReadonlyMap<string, Verdict>
  /** Rows through interpreting, deciding and committing, a second. */
  readonly decisionsPerSecond: number
}

export interface RunOptions {
  /** An empty folder for the store. */
  readonly dir: string
  readonly clock: Clock
  /** By default those of a configuration that says nothing. */
  readonly dedupe?: DedupeSettings
  /** By default an SQLite file in `dir`. */
  readonly storeUrl?: string
  readonly batchSize?: number
  /** Ends the run early, with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Archives the rows in order and drains them: the program's own archive, normalizers, decisions and store.
 * Only the reading of a source is left out, because many sources have to be archived in one order of arrival.
 */
export async function runThroughPipeline(
  rows: readonly EvalRow[],
  options: RunOptions,
): Promise<PipelineRun> {
  const { dir, clock, dedupe = defaultDedupe, signal = new AbortController().signal } = options
  const sourceIds = sourceIdsOf(rows)
  const given = settingsFor(sourceIds, dir)
  const { storeUrl = given.store.url, batchSize = given.processing.batchSize } = options
  const processing = { ...given.processing, batchSize }
  const settings = { ...given, store: { url: storeUrl }, processing, dedupe }
  const app = await openApp(settings, { log: createLogger(settings.log), clock })
  try {
    await archiveInOrder(rows, app, sourceIds, arrivalsOf(rows, momentIn(timeZone, clock())))
    const startedAt = performance.now()
    await drainAll(app, clock, signal)
    signal.throwIfAborted()
    const decisionsPerSecond = rows.length / ((performance.now() - startedAt) / 1000)
    return { verdicts: await verdictsOf(rows, app, sourceIds), decisionsPerSecond }
  } finally {
    await app.close()
  }
}

/** Ids for the sources: those of the file may hold characters that a configuration does not allow. */
export type SourceIds = ReadonlyMap<
  string,
  { readonly id: string; readonly channel: SourceSettings['channel'] }
>

const sourceKey = (row: EvalRow) => `${row.channel}\0${row.sourceId}`

export function sourceIdsOf(rows: readonly EvalRow[]): SourceIds {
  const known = new Map<string, { readonly id: string; readonly channel: SourceSettings['channel'] }>()
  for (const row of rows) {
    const key = sourceKey(row)
    if (!known.has(key)) known.set(key, { id: `${row.channel}-${known.size + 1}`, channel: row.channel })
  }
  return known
}

export function idOf(row: EvalRow, sourceIds: SourceIds): string {
  return sourceIds.get(sourceKey(row))?.id ?? row.sourceId
}

export function settingsFor(sourceIds: SourceIds, dir: string): Settings {
  return {
    path: dir,
    timeZone,
    store: { url: `sqlite:${join(dir, 'yiwang.db')}` },
    blobs: { url: `file:${join(dir, 'blobs')}` },
    redis: { url: 'redis://127.0.0.1:6379', prefix: 'evaluation' },
    outputs: [],
    dedupe: defaultDedupe,
    processing: { ...defaultProcessing, batchSize: rowsPerWrite, pullConcurrency: 1 },
    log: { level: 'error' },
    sources: [...sourceIds.values()].map((source) => ({
      ...defaultSource,
      ...source,
      connector: 'hotline-export',
      timeZone,
      settings: { path: dir, columns },
    })),
  }
}

/**
 * When each row came in, as far as the file tells: a report without a time arrived between its neighbours, not today.
 * @param now for a file without any time
 */
export function arrivalsOf(rows: readonly EvalRow[], now: string): readonly string[] {
  let last = rows.find(({ submittedAt }) => submittedAt !== null)?.submittedAt ?? now
  return rows.map(({ submittedAt }) => {
    last = submittedAt ?? last
    return last
  })
}

async function archiveInOrder(
  rows: readonly EvalRow[],
  app: App,
  sourceIds: SourceIds,
  arrivals: readonly string[],
) {
  for (let from = 0; from < rows.length; from += rowsPerWrite) {
    const batch = rows.slice(from, from + rowsPerWrite)
    await app.store.archive(
      batch.map((row, at) => {
        const arrivedAt = arrivals[from + at] ?? ''
        return incoming(itemOf(row, from + at + 1), idOf(row, sourceIds), arrivedAt)
      }),
    )
  }
}

async function drainAll(app: App, clock: Clock, signal: AbortSignal): Promise<void> {
  const { settings, store, blobs } = app
  const lease = await keepLease(store, processingLease, 30_000)
  if (lease === null) throw new YiwangError('INTERNAL', { reason: 'the evaluation store is not empty' })
  try {
    await drain({
      store,
      blobs,
      interpreters: await interpretersFor(settings, await store.secret('matching')),
      dedupe: settings.dedupe,
      lease: lease.lease,
      careful: false,
      timeZone,
      batchSize: settings.processing.batchSize,
      maxAttempts: settings.processing.maxAttempts,
      clock,
      random: () => 0.5,
      log: createLogger(settings.log),
      signal: AbortSignal.any([lease.signal, signal]),
      onBatch: () => {},
    })
  } finally {
    await lease.release()
  }
}

async function verdictsOf(rows: readonly EvalRow[], app: App, sourceIds: SourceIds) {
  const rowIds = new Map(rows.map((row) => [ticketIdOf(idOf(row, sourceIds), row.id), row.id]))
  const back = (ticketId: string | null) => (ticketId === null ? null : (rowIds.get(ticketId) ?? ticketId))
  const verdicts = new Map<string, Verdict>()
  const ids = [...rowIds.keys()]
  for (let from = 0; from < ids.length; from += rowsPerWrite) {
    const batch = ids.slice(from, from + rowsPerWrite)
    const tickets = await app.store.tickets(batch)
    for (const id of batch) {
      const { verdict, masterId, incidentId, score, suggestion } = tickets.get(id)?.dedupe ?? noVerdict
      verdicts.set(rowIds.get(id) ?? id, {
        verdict,
        masterId: back(masterId),
        incidentId: back(incidentId),
        score,
        suggestion: suggestion && {
          verdict: suggestion.verdict,
          ticketId: rowIds.get(suggestion.ticketId) ?? suggestion.ticketId,
          score: suggestion.score,
        },
      })
    }
  }
  return verdicts
}

const noVerdict: Verdict = { verdict: null, masterId: null, incidentId: null, score: null, suggestion: null }
