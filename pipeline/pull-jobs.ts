import { type Job, UnrecoverableError } from 'bullmq'
import type { Clock } from '../config/clock.ts'
import { toYiwangError, type YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import { FailureWatch, tellFailure } from './failure-watch.ts'
import {
  type PullJob,
  pullAfterBusy,
  pullAt,
  pullAtId,
  type RunQueues,
  wakeDrain,
  wakePull,
} from './schedules.ts'
import { SilenceWatch } from './silence.ts'
import type { SourceBackoff } from './source-backoff.ts'
import type { Sources } from './sources.ts'

/** Whoever asked for it waits in vain until the next one. */
const notOurs =
  'left out a pull of a source that is not configured here; every deployment on one Redis needs a redis.prefix of its own, and all processes of one the same sources'

export interface PullJobsOptions {
  readonly sources: Sources
  readonly queues: RunQueues
  readonly backoff: SourceBackoff
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Logger
}

/** What is done with a pull that is due: made, put off, or left out; and what is told of it. */
export class PullJobs {
  private readonly options: PullJobsOptions
  private readonly silences: SilenceWatch
  private readonly failures: FailureWatch
  private readonly strangers = new Set<string>()

  constructor(options: PullJobsOptions) {
    const { sources, clock } = options
    this.options = options
    this.silences = new SilenceWatch((sourceId) => sources.silence(sourceId), clock)
    this.failures = new FailureWatch(clock)
  }

  /** @throws UnrecoverableError when the pull failed; the next attempt is asked for already */
  async do(job: Job<PullJob>, signal: AbortSignal): Promise<void> {
    const { sourceId } = job.data
    if (!this.isPulledHere(sourceId) || signal.aborted || (await this.isPutOff(job))) return
    const { sources, queues, backoff, log } = this.options
    try {
      const report = await sources.pull({ sourceId }, signal, () => void wakeDrain(queues.drains))
      // Connectors that overlap read the same again each time, for as long as nothing new comes.
      const { sourceId: source, ...counts } = report
      if (report.read > 0) log[report.added > 0 ? 'info' : 'debug']({ source, ...counts }, 'pulled')
      await this.tellSilence(sourceId, report.added)
    } catch (thrown) {
      if (signal.aborted) return
      return await this.fail(sourceId, toYiwangError(thrown))
    }
    if (this.failures.isOver(sourceId)) log.info({ source: sourceId }, 'pulled again after failures')
    await backoff.succeeded(sourceId)
  }

  private isPulledHere(sourceId: string): boolean {
    const { settings, log } = this.options
    const source = settings.sources.find(({ id }) => id === sourceId)
    if (source === undefined && !this.strangers.has(sourceId)) {
      this.strangers.add(sourceId)
      log.warn({ source: sourceId }, notOurs)
    }
    return source?.enabled === true
  }

  /** Whether the source is left alone for now. The pull is then asked for once more, for later or among the retries. */
  private async isPutOff({ id, queueName, timestamp, data }: Job<PullJob>): Promise<boolean> {
    const { sourceId, atOnce } = data
    const { backoff, clock } = this.options
    const { retries } = this.options.queues
    const heldUntil = await backoff.heldUntil(sourceId, atOnce ? timestamp : null)
    // Of its own time it was called by a machine whose clock is ahead, and asked for once more it would be this very job.
    if (heldUntil !== null && id !== pullAtId(sourceId, heldUntil)) {
      await pullAt(retries, sourceId, heldUntil, clock())
      return true
    }
    if (queueName === retries.name || !(await backoff.isFailing(sourceId))) return false
    await wakePull(retries, data)
    return true
  }

  private async fail(sourceId: string, error: YiwangError): Promise<void> {
    const { queues, backoff, settings, clock, log } = this.options
    // Whoever pulls it may have read past what this was asked for, or be dead. One more for all that meet them.
    if (error.code === 'SOURCE_BUSY') {
      await pullAfterBusy(queues.pulls, sourceId, settings.processing.leaseMs, clock())
      return await this.tellSilence(sourceId, 0)
    }
    tellFailure(log, this.failures.isNews(sourceId, error), error, { source: sourceId })
    // Only another configuration helps, and trying costs nobody anything: the schedule goes on.
    if (error.kind !== 'config') {
      const { heldUntil } = await backoff.failed(sourceId, error.kind, Math.random())
      // Without an end: the schedule may be a day away, and nobody waits for news of a source that fails.
      await pullAt(queues.retries, sourceId, heldUntil, clock())
    }
    // The next attempt is a job of its own, so that the source is waited for, and not each of its jobs.
    throw new UnrecoverableError(error.message)
  }

  private async tellSilence(sourceId: string, added: number): Promise<void> {
    const alarm = await this.silences.afterPull(sourceId, added)
    if (alarm !== null) this.options.log.warn({ source: sourceId, code: alarm.code }, alarm.message)
  }
}
