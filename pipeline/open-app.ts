import { randomBytes, randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../config/clock.ts'
import { toYiwangError, YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import type {
  App,
  CollectOptions,
  CollectReport,
  CollectTarget,
  RelayReport,
  RuleProgress,
  RulingReport,
  StoreReport,
} from './app.ts'
import { collect } from './collection.ts'
import { Drainer, type DrainRun } from './drainer.ts'
import { keepForm, outdatedIndex } from './index-form.ts'
import { awaitLease, type KeptLease, keepLease, processingLease } from './lease-keeper.ts'
import { momentIn } from './moment.ts'
import type { Outputs } from './outputs.ts'
import { isQueueTrouble } from './queue-error.ts'
import { carryOut, completeRuling } from './rule.ts'
import type { Ruling } from './rulings.ts'
import { Sources } from './sources.ts'
import { openBlobs, openStore } from './stores/open-store.ts'
import type { BlobStore, Lease, Store } from './stores/store.ts'

/** Beyond the life of a dead process's lease, so long is waited for a pause of the one that is draining. */
const rulingPatienceMs = 15_000

const checkLeaseMs = 1_000

export interface AppDependencies {
  readonly log: Logger
  /** For what is found out while a source is read; `log` by default. */
  readonly sourceLog?: Logger
  readonly clock?: Clock
  /** Takes what an operator has to know of the queues; `log` by default. */
  readonly onOddity?: (oddity: YiwangError) => void
}

/**
 * Composes the system for one configuration. Redis is not asked before something is published.
 * @throws YiwangError as `openStore` and `openBlobs` do; STORE_NOT_MIGRATED, STORE_TOO_NEW
 */
export async function openApp(
  settings: Settings,
  { log, sourceLog = log, clock = systemClock, ...others }: AppDependencies,
): Promise<App> {
  const writeTurn = new SharedArrayBuffer(4)
  const store = await openStore(settings, { randomBytes, writeTurn })
  try {
    // Fails here, before anything begins, if the schema has another version; else each source would be pulled in vain.
    await store.tickets([])
    const blobs = await openBlobs(settings, store)
    return new ComposedApp({ ...others, settings, log, sourceLog, clock, store, blobs, writeTurn })
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Parts extends AppDependencies {
  readonly sourceLog: Logger
  readonly clock: Clock
  readonly settings: Settings
  readonly store: Store
  readonly blobs: BlobStore
  readonly writeTurn: SharedArrayBuffer
}

class ComposedApp implements App {
  readonly settings: Settings
  readonly store: Store
  readonly blobs: BlobStore
  private readonly parts: Parts
  private readonly sources: Sources
  private readonly drainer: Drainer
  private outputs: Promise<Outputs> | null = null

  constructor(parts: Parts) {
    this.parts = parts
    this.settings = parts.settings
    this.store = parts.store
    this.blobs = parts.blobs
    this.sources = new Sources({ ...parts, log: parts.sourceLog })
    this.drainer = new Drainer({ settings: parts.settings, writeTurn: parts.writeTurn }, parts.log)
  }

  source(id: string) {
    return this.sources.get(id)
  }

  outdatedIndex() {
    return outdatedIndex(this.store, this.settings.dedupe)
  }

  silence(sourceId: string) {
    return this.sources.silence(sourceId)
  }

  check(sourceId: string, signal: AbortSignal) {
    return this.sources.check(sourceId, signal)
  }

  async checkStore(): Promise<StoreReport> {
    const { store, clock } = this.parts
    const startedAt = clock()
    // The smallest write that leaves nothing behind.
    const lease = await store.acquire('check', randomUUID(), checkLeaseMs)
    if (lease !== null) await store.release(lease)
    return { url: store.url, elapsedMs: clock() - startedAt }
  }

  async checkQueue() {
    return (await this.openOutputs()).check()
  }

  reconcile(...asked: Parameters<App['reconcile']>) {
    return this.sources.reconcile(...asked)
  }

  async republish(...asked: Parameters<App['republish']>) {
    return (await this.openOutputs()).republish(...asked)
  }

  async queues() {
    return (await this.openOutputs()).jobs()
  }

  async collect(targets: readonly CollectTarget[], options: CollectOptions): Promise<CollectReport> {
    for (const { sourceId } of targets) this.source(sourceId)
    const lease = await keepLease(this.store, processingLease, this.settings.processing.leaseMs)
    let settled = false
    try {
      if (lease !== null) {
        this.drainer.warmUp()
        await completeRuling(this.store, lease.lease, { signal: options.signal })
        await keepForm(this.store, this.settings.dedupe)
      }
      const report = await collect(await this.stages(targets, lease, options.signal), options)
      settled = !options.signal.aborted
      return report
    } finally {
      await lease?.release(settled)
    }
  }

  async rule(
    ruling: Ruling,
    signal: AbortSignal,
    onProgress: (progress: RuleProgress) => void = () => {},
  ): Promise<RulingReport> {
    const { clock } = this.parts
    const { leaseMs } = this.settings.processing
    const waitMs = leaseMs + rulingPatienceMs
    const kept = await awaitLease(this.store, processingLease, { ttlMs: leaseMs, waitMs, signal })
    try {
      const at = momentIn(this.settings.timeZone, clock())
      let progress = { done: 0, all: 0, published: 0 }
      const add = (more: Partial<RuleProgress>) => {
        progress = { ...progress, ...more }
        onProgress(progress)
      }
      const ticketIds = await carryOut(ruling, this.store, kept.lease, at, { signal, onProgress: add })
      const relay = await this.publish(kept.lease, signal, (published) =>
        add({ published: progress.published + published }),
      )
      return { ticketIds, relay }
    } finally {
      // What a process that died was draining is looked after by the next drain.
      await kept.release(false)
    }
  }

  /** Loads what talks to Redis: most commands need none of it, and V8 reads texts more slowly from then on (DECISIONS.md). */
  private openOutputs(): Promise<Outputs> {
    this.outputs ??= import('./outputs.ts').then(({ Outputs }) => new Outputs(this.parts))
    return this.outputs
  }

  /** What Redis does not take waits in the outbox, as does what another process publishes that has taken the lease. */
  private async publish(
    lease: Lease,
    signal: AbortSignal,
    onBatch: (published: number) => void,
  ): Promise<RelayReport> {
    const outputs = await this.openOutputs()
    let problem: YiwangError | null = null
    let published = 0
    try {
      published = await outputs.relay({ lease, signal, onBatch })
    } catch (thrown) {
      const error = toYiwangError(thrown)
      if (isQueueTrouble(error)) problem = error
      else if (error.code !== 'LEASE_LOST') throw error
    }
    return { published, waiting: await this.store.outboxCount(), problem }
  }

  private async stages(targets: readonly CollectTarget[], lease: KeptLease | null, signal: AbortSignal) {
    const outputs = await this.openOutputs()
    const held = (): Lease => {
      if (lease === null) throw new YiwangError('INTERNAL', { reason: 'processing without the lease' })
      return lease.lease
    }
    const last = await this.store.lastPulls(targets.map(({ sourceId }) => sourceId))
    return {
      pulls: targets.map((target) => ({
        sourceId: target.sourceId,
        isRetry: (last.get(target.sourceId)?.failure ?? null) !== null,
        run: (onBatch: Parameters<Sources['pull']>[2]) => this.sources.pull(target, signal, onBatch),
      })),
      pullConcurrency: this.settings.processing.pullConcurrency,
      drain: async (run: Pick<DrainRun, 'signal' | 'onBatch'>) =>
        this.drainer.drain({ ...run, lease: held() }),
      relay: async (options: Omit<Parameters<Outputs['relay']>[0], 'lease'>) =>
        outputs.relay({ ...options, lease: held() }),
      outboxCount: () => this.store.outboxCount(),
      lease,
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const outdated = await this.outdatedIndex()
    if (outdated !== null) this.parts.log.warn({ code: outdated.code }, outdated.message)
    const { run } = await import('./run.ts')
    const outputs = await this.openOutputs()
    await run({ app: this, sources: this.sources, outputs, ...this.parts }, signal)
  }

  async close(): Promise<void> {
    await this.drainer.close()
    // Code that could not be loaded has opened nothing.
    await (await this.outputs?.catch(() => null))?.close()
    await this.blobs.close()
    await this.store.close()
  }
}
