import { hash, randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../config/clock.ts'
import { YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import type { App, CollectOptions, CollectReport, CollectTarget, Preview } from './app.ts'
import { collect } from './collection.ts'
import { Drainer } from './drainer.ts'
import { incoming } from './intake.ts'
import { type Interpreter, interpret } from './interpret.ts'
import { interpretersFor } from './interpreters.ts'
import { type KeptLease, keepLease } from './lease-keeper.ts'
import { momentIn } from './moment.ts'
import { Outputs } from './outputs.ts'
import { run } from './run.ts'
import { Sources } from './sources.ts'
import { openBlobs, openStore } from './stores/open-store.ts'
import type { BlobStore, Store } from './stores/store.ts'

/** One lease for draining and publishing: decisions about duplicates are serial, and no ticket is published twice at once. */
const processingLease = 'processing'

export interface AppDependencies {
  readonly log: Logger
  readonly clock?: Clock
}

/**
 * Composes the system for one configuration. Redis is not asked before something is published.
 * @throws YiwangError STORE_UNREACHABLE, STORE_NOT_MIGRATED
 */
export async function openApp(
  settings: Settings,
  { log, clock = systemClock }: AppDependencies,
): Promise<App> {
  const store = await openStore(settings, { randomBytes })
  const blobs = await openBlobs(settings, store)
  const interpreters = interpretersFor(settings, await store.secret('matching'))
  return new ComposedApp({ settings, log, clock, store, blobs, interpreters })
}

interface Parts extends Required<AppDependencies> {
  readonly settings: Settings
  readonly store: Store
  readonly blobs: BlobStore
  readonly interpreters: ReadonlyMap<string, Interpreter>
}

class ComposedApp implements App {
  readonly settings: Settings
  readonly store: Store
  readonly blobs: BlobStore
  private readonly parts: Parts
  private readonly sources: Sources
  private readonly drainer: Drainer
  private readonly outputs: Outputs

  constructor(parts: Parts) {
    this.parts = parts
    this.settings = parts.settings
    this.store = parts.store
    this.blobs = parts.blobs
    this.sources = new Sources(parts)
    this.drainer = new Drainer(parts.settings, parts.log)
    this.outputs = new Outputs(parts)
  }

  source(id: string) {
    return this.sources.get(id)
  }

  check(sourceId: string, signal: AbortSignal) {
    return this.sources.check(sourceId, signal)
  }

  reconcile(sourceId: string, signal: AbortSignal) {
    return this.sources.reconcile(sourceId, signal)
  }

  republish(signal: AbortSignal) {
    return this.outputs.republish(signal)
  }

  queues() {
    return this.outputs.jobs()
  }

  async collect(targets: readonly CollectTarget[], options: CollectOptions): Promise<CollectReport> {
    for (const { sourceId } of targets) this.source(sourceId)
    const lease = await keepLease(this.store, processingLease, this.parts.clock)
    if (lease !== null) this.drainer.warmUp()
    try {
      return await collect(this.stages(targets, lease, options.signal), options)
    } finally {
      await lease?.release()
    }
  }

  private stages(targets: readonly CollectTarget[], lease: KeptLease | null, signal: AbortSignal) {
    return {
      pulls: targets.map((target) => ({
        sourceId: target.sourceId,
        run: (onBatch: Parameters<Sources['pull']>[2]) => this.sources.pull(target, signal, onBatch),
      })),
      pullConcurrency: this.settings.processing.pullConcurrency,
      drain: (drain: Omit<Parameters<Drainer['drain']>[0], 'lease'>) => {
        if (lease === null) throw new YiwangError('INTERNAL', { reason: 'draining without the lease' })
        return this.drainer.drain({ ...drain, lease: lease.lease })
      },
      relay: (options: Parameters<Outputs['relay']>[0]) => this.outputs.relay(options),
      outboxCount: () => this.store.outboxCount(),
      lease,
    }
  }

  async *preview(
    sourceId: string,
    options: { readonly path?: string; readonly limit: number; readonly signal: AbortSignal },
  ): AsyncIterable<Preview> {
    const source = this.source(sourceId)
    const connector = this.sources.connect(source, options.path)
    try {
      await connector.open(options.signal)
      let shown = 0
      for await (const item of connector.read(null, options.signal)) {
        if (shown >= options.limit) break
        shown += 1
        yield await this.previewOf(item, sourceId)
      }
    } finally {
      await connector.close()
    }
  }

  private async previewOf(item: Preview['item'], sourceId: string): Promise<Preview> {
    const { interpreters, clock } = this.parts
    const archived = incoming(item, sourceId, momentIn(this.source(sourceId).timeZone, clock()))
    return { item, reading: await interpret(archived, interpreters, noBlobs) }
  }

  async run(signal: AbortSignal): Promise<void> {
    await run({ app: this, sources: this.sources, outputs: this.outputs, ...this.parts }, signal)
  }

  async close(): Promise<void> {
    await this.drainer.close()
    await this.outputs.close()
    await this.blobs.close()
    await this.store.close()
  }
}

/** A dry run keeps no files; it only says what their hashes would be. */
const noBlobs = {
  put: async (body: Uint8Array) => hash('sha256', body),
}
