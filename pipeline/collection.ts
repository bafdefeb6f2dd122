import { toYiwangError, YiwangError } from '../config/errors.ts'
import type {
  CollectOptions,
  CollectProgress,
  CollectReport,
  DrainReport,
  PullReport,
  RelayReport,
} from './app.ts'
import { addReports, emptyDrainReport } from './drain-report.ts'
import type { DrainRun } from './drainer.ts'
import { pause } from './grace.ts'
import type { KeptLease } from './lease-keeper.ts'
import { isQueueTrouble } from './queue-error.ts'

/** How long publishing waits while Redis is away. */
const retryMs = 5_000

/** The three stages that a collection overlaps. */
export interface Stages {
  /** One for each target. */
  readonly pulls: readonly {
    readonly sourceId: string
    /** Its last pull failed. */
    readonly isRetry: boolean
    run(onBatch: (report: PullReport) => void): Promise<PullReport>
  }[]
  readonly pullConcurrency: number
  drain(run: Pick<DrainRun, 'signal' | 'onBatch'>): Promise<DrainReport>
  relay(options: {
    readonly signal: AbortSignal
    readonly onBatch: (published: number) => void
  }): Promise<number>
  outboxCount(): Promise<number>
  /** Null when another process is draining and publishing: then only the pulls run. */
  readonly lease: KeptLease | null
}

/**
 * Pulls, drains and publishes at the same time; each stage ends when the one before it has ended and nothing is left.
 * @throws YiwangError LEASE_LOST, and what the drain or the relay throws; failures of single sources are in the report
 */
export async function collect(stages: Stages, options: CollectOptions): Promise<CollectReport> {
  const progress = new Progress(options.onProgress)
  const archived = new Bell()
  const committed = new Bell()
  const pulling = pullAll(stages, progress, archived).finally(() => archived.close())
  if (options.onPulled !== undefined) void pulling.then(options.onPulled)
  if (stages.lease === null) return await pullOnly(stages, pulling)
  const signal = AbortSignal.any([options.signal, stages.lease.signal])
  const draining = drainUntilClosed(stages, signal, progress, archived, committed).finally(() =>
    committed.close(),
  )
  const relaying = relayUntilClosed(stages, signal, progress, committed)
  const [pulled, drained, relayed] = await Promise.allSettled([pulling, draining, relaying])
  if (stages.lease.signal.aborted) throw new YiwangError('LEASE_LOST', { lease: stages.lease.lease.name })
  const relay = settledValue(relayed)
  return {
    ...settledValue(pulled),
    drain: settledValue(drained),
    // Counted at the end: when publishing failed, more was made after it.
    relay: { ...relay, waiting: await stages.outboxCount() },
  }
}

type Pulled = Pick<CollectReport, 'pulls' | 'failures'>

async function pullOnly(stages: Stages, pulling: Promise<Pulled>): Promise<CollectReport> {
  const pulled = await pulling
  const waiting = await stages.outboxCount()
  return { ...pulled, drain: null, relay: { published: 0, waiting, problem: null } }
}

/** Two lanes: a server that keeps silent takes up a pull for as long as its time-out, and others would wait for it. */
async function pullAll(stages: Stages, progress: Progress, archived: Bell): Promise<Pulled> {
  const pulls: PullReport[] = []
  const failures: { sourceId: string; error: YiwangError }[] = []
  const lanes = [false, true].map((isRetry) =>
    stages.pulls.entries().filter(([, pull]) => pull.isRetry === isRetry),
  )
  const worker = async (lane: Iterable<readonly [number, Stages['pulls'][number]]>) => {
    for (const [index, { sourceId, run }] of lane) {
      try {
        const report = await run((batch) => {
          progress.pulled(index, batch)
          archived.ring()
        })
        pulls.push(report)
      } catch (thrown) {
        failures.push({ sourceId, error: toYiwangError(thrown) })
      }
    }
  }
  const workers = lanes.flatMap((lane) => Array.from({ length: stages.pullConcurrency }, () => worker(lane)))
  await Promise.all(workers)
  return { pulls, failures }
}

async function drainUntilClosed(
  stages: Stages,
  signal: AbortSignal,
  progress: Progress,
  archived: Bell,
  committed: Bell,
): Promise<DrainReport> {
  let total = emptyDrainReport
  for (;;) {
    const last = archived.isClosed
    const before = total
    const onBatch = (report: DrainReport) => {
      progress.drained(addReports(before, report).items)
      committed.ring()
    }
    total = addReports(before, await stages.drain({ signal, onBatch }))
    if (last || signal.aborted) return total
    await archived.wait(signal)
  }
}

async function relayUntilClosed(
  stages: Stages,
  signal: AbortSignal,
  progress: Progress,
  committed: Bell,
): Promise<Omit<RelayReport, 'waiting'>> {
  let published = 0
  for (;;) {
    const last = committed.isClosed
    const before = published
    const onBatch = (count: number) => {
      published = before + count
      progress.published(published)
    }
    const problem = await stages.relay({ signal, onBatch }).then(() => null, queueTrouble)
    if (problem === null) {
      if (last || signal.aborted) return { published, problem }
      await committed.wait(signal)
    } else {
      // A drain may go on for hours, and Redis be away for a moment.
      await committed.closes(signal, retryMs)
      if (committed.isClosed || signal.aborted) return { published, problem }
    }
  }
}

/** Redis not taking jobs, for which tickets wait. @throws anything else */
function queueTrouble(thrown: unknown): YiwangError {
  const problem = toYiwangError(thrown)
  if (!isQueueTrouble(problem)) throw problem
  return problem
}

/** Wakes one waiter; a ring while nobody waits is kept for the next. Closing is the last ring. */
class Bell {
  private wake = new AbortController()
  private readonly end = new AbortController()

  get isClosed(): boolean {
    return this.end.signal.aborted
  }

  ring(): void {
    this.wake.abort()
  }

  close(): void {
    this.end.abort()
    this.ring()
  }

  /** Waits for it to be closed, but no longer than this. */
  async closes(signal: AbortSignal, limitMs: number): Promise<void> {
    await pause(limitMs, AbortSignal.any([signal, this.end.signal]))
  }

  async wait(signal: AbortSignal): Promise<void> {
    await pause(2 ** 31 - 1, AbortSignal.any([signal, this.wake.signal]))
    this.wake = new AbortController()
  }
}

class Progress {
  private readonly pulls = new Map<number, PullReport>()
  private drainedItems = 0
  private publishedTickets = 0
  private readonly tell: (progress: CollectProgress) => void

  constructor(tell: ((progress: CollectProgress) => void) | undefined) {
    this.tell = tell ?? (() => {})
  }

  pulled(index: number, report: PullReport): void {
    this.pulls.set(index, report)
    this.send()
  }

  drained(items: number): void {
    this.drainedItems = items
    this.send()
  }

  published(tickets: number): void {
    this.publishedTickets = tickets
    this.send()
  }

  private send(): void {
    let read = 0
    let added = 0
    for (const report of this.pulls.values()) {
      read += report.read
      added += report.added
    }
    this.tell({ read, added, drained: this.drainedItems, published: this.publishedTickets })
  }
}

function settledValue<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}
