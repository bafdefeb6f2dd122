import type { Clock } from '../config/clock.ts'
import { toYiwangError, YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import { nearestFirst, shortList } from '../config/nearest.ts'
import type { Settings, SourceSettings } from '../config/settings.ts'
import type { Connector } from '../connectors/connector.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import type { App, CheckReport, CollectTarget, PullReport, ReconcileReport } from './app.ts'
import { rawIdOf } from './ids.ts'
import { intake } from './intake.ts'
import { lastPullOf } from './last-pull.ts'
import { keepLease } from './lease-keeper.ts'
import { momentIn } from './moment.ts'
import { arrivalDaysSeen, type Silence, silenceOf } from './silence.ts'
import type { LastPull, Store } from './stores/store.ts'

const missingShown = 20
const lookUpBatch = 500

export interface SourcesOptions {
  readonly settings: Settings
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}

/** @throws YiwangError SOURCE_UNKNOWN */
export function sourceOf({ sources }: Pick<Settings, 'sources'>, sourceId: string): SourceSettings {
  const found = sources.find(({ id }) => id === sourceId)
  if (found !== undefined) return found
  const ids = sources.map(({ id }) => id)
  throw new YiwangError('SOURCE_UNKNOWN', { source: sourceId, known: shortList(nearestFirst(sourceId, ids)) })
}

/**
 * A connector for the source, not opened yet. With `path` it reads that instead of the configured one.
 * @throws YiwangError SOURCE_TAKES_NO_FILE
 */
export function connect(
  source: SourceSettings,
  { log, clock }: Pick<SourcesOptions, 'log' | 'clock'>,
  path?: string,
): Connector {
  const spec = connectorSpecs.get(source.connector)
  if (spec === undefined) throw new YiwangError('INTERNAL', { reason: `no connector "${source.connector}"` })
  if (path !== undefined && !('path' in spec.settings.shape)) {
    throw new YiwangError('SOURCE_TAKES_NO_FILE', { source: source.id, connector: source.connector })
  }
  const settings = path === undefined ? source.settings : { ...source.settings, path, settleMs: 0 }
  return spec.connect(settings, { sourceId: source.id, log: log.child({ source: source.id }), clock })
}

/** The configured sources, and what can be done with each. */
export class Sources {
  private readonly options: SourcesOptions

  constructor(options: SourcesOptions) {
    this.options = options
  }

  /** @throws YiwangError SOURCE_UNKNOWN */
  get(sourceId: string): SourceSettings {
    return sourceOf(this.options.settings, sourceId)
  }

  /** See {@link connect}. */
  connect(source: SourceSettings, path?: string): Connector {
    return connect(source, this.options, path)
  }

  /** Opens the source for one piece of work and closes it whatever happens. Only `YiwangError`s come out. */
  async use<Answer>(
    target: CollectTarget,
    signal: AbortSignal,
    work: (connector: Connector) => Promise<Answer>,
  ): Promise<Answer> {
    const connector = this.connect(this.get(target.sourceId), target.path)
    try {
      await connector.open(signal)
      return await work(connector)
    } catch (thrown) {
      throw toYiwangError(thrown)
    } finally {
      await connector.close().catch((thrown: unknown) => {
        this.options.log.debug(
          { source: target.sourceId, code: toYiwangError(thrown).code },
          'closing failed',
        )
      })
    }
  }

  /**
   * What came of it is kept, for those who look later: with a `path` it says nothing of the source, nor does one that
   * is stopped.
   * @throws YiwangError SOURCE_BUSY when another process is pulling it, IMPORT_BUSY where that leaves the `path` unread.
   */
  async pull(
    target: CollectTarget,
    signal: AbortSignal,
    onBatch: (report: PullReport) => void,
  ): Promise<PullReport> {
    const { store, clock, settings } = this.options
    const { sourceId, path } = target
    const { timeZone } = this.get(sourceId)
    const { batchSize, leaseMs } = settings.processing
    const lease = await keepLease(store, `source.${sourceId}`, leaseMs)
    const follow = path === undefined
    if (lease === null && path !== undefined) throw new YiwangError('IMPORT_BUSY', { source: sourceId, path })
    if (lease === null) throw new YiwangError('SOURCE_BUSY', { source: sourceId })
    let report: PullReport = { sourceId, read: 0, added: 0, known: 0 }
    const onReport = (soFar: PullReport) => {
      report = soFar
      onBatch(soFar)
    }
    const options = { sourceId, timeZone, store, lease, batchSize, clock, signal, follow, onBatch: onReport }
    let ended: LastPull | undefined
    try {
      const before = await store.lastPulls([sourceId])
      const work = this.use(target, signal, (connector) => intake({ ...options, connector }))
      const error = await work.then(() => null, toYiwangError)
      if (follow && !signal.aborted)
        ended = lastPullOf(report, error, momentIn(timeZone, clock()), before.get(sourceId))
      if (error !== null) throw error
      return report
    } finally {
      await lease.release(true, ended)
    }
  }

  /** How long nothing has come from it. @throws YiwangError SOURCE_UNKNOWN */
  async silence(sourceId: string): Promise<Silence> {
    const { store, clock } = this.options
    const source = this.get(sourceId)
    return silenceOf(source, await store.arrivalDays(sourceId, arrivalDaysSeen), clock())
  }

  /** @throws YiwangError STOPPED, and what the connector throws. */
  async check(sourceId: string, signal: AbortSignal): Promise<CheckReport> {
    const startedAt = this.options.clock()
    return await this.use({ sourceId }, signal, async (connector) => {
      let first: CheckReport['first'] = null
      for await (const { externalId, mediaType, meta } of connector.read(null, signal)) {
        first = { externalId, mediaType, meta }
        break
      }
      // The first item stands in the first folder; another may not open.
      await connector.probe?.(signal)
      refuseHalf(signal)
      return { sourceId, first, elapsedMs: this.options.clock() - startedAt }
    })
  }

  /**
   * Recounts at the source: every item it holds now must be in the archive, and the books must add up.
   * @throws YiwangError STOPPED, and what the connector throws.
   */
  async reconcile(
    sourceId: string,
    signal: AbortSignal,
    onProgress: Parameters<App['reconcile']>[2] = () => {},
  ): Promise<ReconcileReport> {
    const { store } = this.options
    const recount = new Recount(onProgress)
    await this.use({ sourceId }, signal, async (connector) => {
      if (connector.inventory) {
        const unknown = (locators: readonly string[]) => store.unknownLocators(sourceId, locators)
        await recount.take(
          connector.inventory(signal),
          (locator) => locator,
          (locator) => locator,
          unknown,
        )
      } else {
        await recount.take(
          connector.read(null, signal),
          (item) => rawIdOf(sourceId, item.externalId, item.body),
          (item) => item.externalId,
          (ids) => store.unknownItems(ids),
        )
      }
      refuseHalf(signal)
    })
    const [tally] = await store.tally({ byDay: false, sourceId })
    const nothing = { seen: 0, ticketed: 0, linked: 0, quarantined: 0, skipped: 0, pending: 0 }
    const counted = tally ?? { sourceId, day: null, ...nothing }
    const { seen, ticketed, linked, quarantined, skipped, pending } = counted
    const addsUp = seen === ticketed + linked + quarantined + skipped + pending
    return { sourceId, ...recount.report(), tally: counted, ok: recount.missingCount === 0 && addsUp }
  }
}

/** A connector that is stopped ends as if it had read all: what was seen until then says nothing of the source. */
function refuseHalf(signal: AbortSignal): void {
  if (signal.aborted) throw new YiwangError('STOPPED')
}

class Recount {
  private atSource = 0
  private readonly missing: string[] = []
  missingCount = 0
  private readonly onProgress: NonNullable<Parameters<App['reconcile']>[2]>

  constructor(onProgress: NonNullable<Parameters<App['reconcile']>[2]>) {
    this.onProgress = onProgress
  }

  async take<Thing>(
    things: AsyncIterable<Thing>,
    idOf: (thing: Thing) => string,
    nameOf: (thing: Thing) => string,
    unknownOf: (ids: readonly string[]) => Promise<readonly string[]>,
  ): Promise<void> {
    let batch = new Map<string, string>()
    const settle = async () => {
      const unknown = await unknownOf([...batch.keys()])
      this.missingCount += unknown.length
      for (const id of unknown.slice(0, missingShown - this.missing.length))
        this.missing.push(batch.get(id) ?? id)
      batch = new Map()
      this.onProgress(this.report())
    }
    for await (const thing of things) {
      this.atSource += 1
      batch.set(idOf(thing), nameOf(thing))
      if (batch.size >= lookUpBatch) await settle()
    }
    await settle()
  }

  report() {
    const { atSource, missing, missingCount } = this
    return { atSource, archived: atSource - missingCount, missing, missingCount }
  }
}
