import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Clock } from '../config/clock.ts'
import { describeError, toYiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import type { App } from './app.ts'
import { backoffMs } from './backoff.ts'
import { FailureWatch, tellFailure } from './failure-watch.ts'
import { pause, within } from './grace.ts'
import type { Outputs } from './outputs.ts'
import { PullJobs } from './pull-jobs.ts'
import { ScheduleKeeper } from './schedule-keeper.ts'
import { type PullJob, type RunQueues, scheduledSources, type WorkQueues, wakePull } from './schedules.ts'
import { SourceBackoff } from './source-backoff.ts'
import type { Sources } from './sources.ts'
import { isDatabaseRefused, lastingOptions, producerOptions } from './ticket-queue.ts'

/** Names of our own queues; outputs have names of their own. */
export const pullQueueName = 'yiwang-pull'
export const retryQueueName = 'yiwang-pull-retry'
export const drainQueueName = 'yiwang-drain'

const maintainEveryMs = 10_000
/** What is under way has this long to end; with the rest of the shutdown it stays under ten seconds. */
const finishWithinMs = 5_500
/** Connections have nothing left to do but to say goodbye; while Redis is away they would wait for it without end. */
const hangUpWithinMs = { there: 1_000, away: 100 }
const answerWithinMs = 1_000
/** Time for another process to take the next drain. */
const longestStepBackMs = 10_000
/** How often it is asked whether a source that failed can be pulled again. */
const mendedEveryMs = 2_000
/** Who waited for so long in peace was refused by nobody. */
const steadyMs = 30_000

export interface RunParts {
  readonly app: App
  readonly sources: Sources
  readonly outputs: Outputs
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Runs schedules, drain and relay until the signal aborts. Several processes may run the same configuration.
 * @throws YiwangError QUEUE_REFUSED when Redis has no database of the number that is configured
 */
export async function run(parts: RunParts, stop: AbortSignal): Promise<void> {
  // In another database than its own it would take part in what other deployments do there.
  const refused = new AbortController()
  const signal = AbortSignal.any([stop, refused.signal])
  const { url, prefix } = parts.settings.redis
  // A connection of our own can be broken at any moment, BullMQ's only once it is there; its errors are the queues'.
  const connection = new Redis(url, producerOptions)
  // Once the queues are closed nobody else listens, and the client would write what still comes to standard error.
  connection.on('error', () => {})
  const options = { connection, prefix, skipWaitingForReady: true }
  const pulls = new Queue<PullJob>(pullQueueName, options)
  const retries = new Queue<PullJob>(retryQueueName, options)
  const drains = new Queue(drainQueueName, options)
  const queues = { pulls, retries, drains }
  const backoff = new SourceBackoff(connection, prefix, parts.clock)
  const underWay = new UnderWay()
  const workers = [
    ...pullWorkers(parts, queues, backoff, underWay, signal),
    drainWorker(parts, underWay, signal),
  ]
  const meet = (error: Error) => {
    parts.outputs.complain(error)
    if (refused.signal.aborted || !isDatabaseRefused(error)) return
    refused.abort(error)
    connection.disconnect()
    for (const worker of workers) void worker.close(true)
  }
  for (const queue of Object.values(queues)) queue.on('error', meet)
  for (const worker of workers) worker.on('error', meet)
  const endReceipts = await parts.outputs.followReceipts()
  const background = [maintain(parts, queues, signal), ...waiters(parts, pulls, backoff, signal)]
  parts.log.info({ sources: scheduledSources(parts.settings).length }, 'running')
  // No timer lasts longer than 25 days.
  while (!signal.aborted) await pause(2 ** 31 - 1, signal)
  const redis = (await answers(drains)) ? 'there' : 'away'
  // Commands that will not be answered fail now.
  if (redis === 'away') connection.disconnect()
  await within(finishWithinMs, [...underWay.works, ...background])
  await within(
    hangUpWithinMs[redis],
    workers.map((worker) => worker.close(redis === 'away')),
  )
  await within(hangUpWithinMs[redis], [endReceipts(), ...Object.values(queues).map((queue) => queue.close())])
  connection.disconnect()
  if (refused.signal.aborted) throw parts.outputs.unreachable(refused.signal.reason)
}

/** The work that jobs have started, whatever becomes of the jobs. */
class UnderWay {
  readonly works = new Set<Promise<void>>()

  async follow(work: Promise<void>): Promise<void> {
    this.works.add(work)
    try {
      await work
    } finally {
      this.works.delete(work)
    }
  }
}

async function answers(queue: Queue): Promise<boolean> {
  const enough = new AbortController()
  const answer = queue.getGlobalConcurrency().then(
    () => true,
    () => false,
  )
  const there = await Promise.race([answer, pause(answerWithinMs, enough.signal).then(() => false)])
  enough.abort()
  return there
}

/** Two: a server that keeps silent takes up a pull for as long as its time-out, time and again, and others wait for it. */
function pullWorkers(
  parts: RunParts,
  queues: RunQueues,
  backoff: SourceBackoff,
  underWay: UnderWay,
  signal: AbortSignal,
): readonly Worker<PullJob>[] {
  const { sources, settings, clock, log } = parts
  const jobs = new PullJobs({ sources, queues, backoff, settings, clock, log })
  const options = { ...workerOptions(settings), concurrency: settings.processing.pullConcurrency }
  return [pullQueueName, retryQueueName].map(
    (queue) => new Worker<PullJob>(queue, (job) => underWay.follow(jobs.do(job, signal)), options),
  )
}

function drainWorker(parts: RunParts, underWay: UnderWay, signal: AbortSignal): Worker {
  const { app, log, clock } = parts
  const failures = new FailureWatch(clock)
  const work = async () => {
    // Nobody would wait for its end, and its lease would keep the next start waiting.
    if (signal.aborted) return
    const startedAt = performance.now()
    try {
      const { drain, relay } = await app.collect([], { signal })
      if (drain !== null && drain.items > 0) log.info({ ...drain, published: relay.published }, 'drained')
      else if (relay.published > 0) log.info({ published: relay.published }, 'published what had waited')
      if (drain?.problem)
        log.error(
          { code: drain.problem.code },
          describeError(drain.problem.code, drain.problem.details, 'en'),
        )
      if (relay.problem !== null) parts.outputs.complain(relay.problem)
      // Null: another process drained, and what failed here may still do so.
      if (drain !== null && failures.isOver('drain')) log.info({}, 'drained again after failures')
    } catch (thrown) {
      const error = toYiwangError(thrown)
      // Work that did not end in time was stopped, or finds the store closed; the next start takes it up.
      if (signal.aborted && (error.code === 'STOPPED' || error.code === 'STORE_CLOSED')) return
      // The next tick tries again.
      tellFailure(log, failures.isNews('drain', error), error)
      void stepBack(worker, 2 * (performance.now() - startedAt), signal)
    }
  }
  const options = { ...workerOptions(parts.settings), concurrency: 1 }
  const worker = new Worker(drainQueueName, () => underWay.follow(work()), options)
  return worker
}

/** Whoever waits in vain for the store has the next tick as soon as that is over, and others would never have one. */
async function stepBack(worker: Worker, forMs: number, signal: AbortSignal): Promise<void> {
  await worker.pause(true)
  await pause(Math.min(longestStepBackMs, forMs), signal)
  if (!signal.aborted) await worker.resume()
}

function workerOptions({ redis, processing }: Settings) {
  const { url, prefix } = redis
  return {
    connection: { url, ...lastingOptions },
    prefix,
    // A dead process's job is taken up about when its leases have run out.
    lockDuration: processing.leaseMs,
    stalledInterval: processing.leaseMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 100 },
  }
}

/** Keeps what Redis holds for `run` as it should be, and finds out what it has lost. */
async function maintain(parts: RunParts, queues: WorkQueues, signal: AbortSignal): Promise<void> {
  const keeper = new ScheduleKeeper(parts, queues)
  while (!signal.aborted) {
    try {
      await keeper.keep()
      await parts.outputs.lookForLosses()
    } catch (thrown) {
      parts.outputs.complain(thrown)
    }
    await pause(keeper.hasBegun ? maintainEveryMs : 1_000, signal)
  }
}

/** Sources that can say when something new has come are pulled then, and on their schedule besides. */
function waiters(
  parts: RunParts,
  pulls: Queue<PullJob>,
  backoff: SourceBackoff,
  signal: AbortSignal,
): Promise<void>[] {
  return scheduledSources(parts.settings)
    .filter(({ id }) => parts.sources.connect(parts.sources.get(id)).wait !== undefined)
    .map(({ id }) => waitFor(parts, pulls, backoff, id, signal))
}

async function waitFor(
  parts: RunParts,
  pulls: Queue<PullJob>,
  backoff: SourceBackoff,
  sourceId: string,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const begunAt = performance.now()
    try {
      // Each refused login may count towards a lockout, so only pulls try to log in again.
      if (await backoff.isFailing(sourceId).catch(() => false)) {
        await pause(mendedEveryMs, signal)
        continue
      }
      await parts.sources.use({ sourceId }, signal, async (connector) => {
        while (!signal.aborted) {
          await connector.wait?.(signal)
          if (!signal.aborted) await wakePull(pulls, { sourceId })
        }
      })
    } catch (thrown) {
      if (signal.aborted) return
      // News is no sign of peace: the first look of each tells of what is there already.
      failures = performance.now() - begunAt > steadyMs ? 1 : failures + 1
      const { code, kind } = toYiwangError(thrown)
      parts.log.debug({ source: sourceId, code, failures }, 'waiting for news failed; the schedule goes on')
      await pause(backoffMs(kind, failures, Math.random()), signal)
    }
  }
}
