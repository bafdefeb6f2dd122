import { type Job, Queue, UnrecoverableError } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it, type MockInstance, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { createLogger } from '../config/logging.ts'
import { PullJobs, type PullJobsOptions } from './pull-jobs.ts'
import { type PullJob, type RunQueues, setUpSchedules } from './schedules.ts'
import { SourceBackoff } from './source-backoff.ts'
import { Sources } from './sources.ts'
import { AppFolder, forever } from './testing/app-folder.ts'

const log = createLogger({ level: 'silent' })
const refused = new YiwangError('SOURCE_AUTH', { source: 'hotline', host: 'x', answer: 'NO' })
let folder: AppFolder
let redis: Redis
let queues: RunQueues
let backoff: SourceBackoff
let options: PullJobsOptions
let jobs: PullJobs
let pull: MockInstance<Sources['pull']>
let now: number

beforeEach(async () => {
  folder = new AppFolder(inject('redisUrl'))
  now = Date.now()
  const settings = folder.scheduled({ everyMs: 86_400_000 })
  const { url, prefix } = settings.redis
  redis = new Redis(url, { maxRetriesPerRequest: null })
  const connection = { connection: redis, prefix }
  queues = {
    pulls: new Queue<PullJob>('pull', connection),
    retries: new Queue<PullJob>('retry', connection),
    drains: new Queue('drain', connection),
  }
  const clock = () => now
  const { store } = await folder.open(settings)
  const sources = new Sources({ settings, store, clock, log })
  pull = vi.spyOn(sources, 'pull')
  backoff = new SourceBackoff(redis, prefix, clock)
  options = { sources, queues, backoff, settings, clock, log }
  jobs = new PullJobs(options)
  await setUpSchedules(settings, queues)
})

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(Object.values(queues).map((queue) => queue.close()))
  redis.disconnect()
  await folder.end()
})

/** The pull that a queue has ready, or was asked for at this time. */
async function readyIn(queue: Queue<PullJob>, timestamp = now): Promise<Job<PullJob>> {
  const job = (await queue.getWaiting()).find(({ data }) => data.atOnce)
  if (job === undefined) throw new Error('no pull is waiting')
  job.timestamp = timestamp
  return job
}

/** A pull of the schedule. */
async function scheduled(): Promise<Job<PullJob>> {
  const job = await readyIn(queues.pulls)
  job.data = { sourceId: 'hotline' }
  return job
}

it('pulls at once after a start a source that is left alone otherwise, among those that failed', async () => {
  const { heldUntil } = await backoff.failed('hotline', 'auth', 0)
  now += 1
  for (let time = 0; time < 2; time += 1) await jobs.do(await scheduled(), forever())
  expect(await queues.retries.getWaitingCount()).toBe(0)
  expect((await queues.retries.getDelayed()).map(({ id }) => id)).toEqual([`retry.hotline.${heldUntil}`])
  await jobs.do(await readyIn(queues.pulls), forever())
  expect(pull).not.toHaveBeenCalled()
  await jobs.do(await readyIn(queues.retries), forever())
  expect(pull).toHaveBeenCalledOnce()
  await jobs.do(await scheduled(), forever())
  expect(pull).toHaveBeenCalledTimes(2)
})

it('leaves a source alone that failed since it was to be pulled at once', async () => {
  const before = await readyIn(queues.pulls)
  await backoff.failed('hotline', 'auth', 0)
  await jobs.do(before, forever())
  expect(await queues.retries.getWaitingCount()).toBe(0)
  expect(pull).not.toHaveBeenCalled()
})

it('tells a failure, and asks for the next attempt when it may be made', async () => {
  const errors = vi.spyOn(log, 'error')
  pull.mockRejectedValue(refused)
  await expect(jobs.do(await readyIn(queues.pulls), forever())).rejects.toThrow(UnrecoverableError)
  const heldUntil = await backoff.heldUntil('hotline')
  expect(await queues.retries.getDelayed()).toMatchObject([
    { id: `retry.hotline.${heldUntil}`, delay: Number(heldUntil) - now },
  ])
  expect(errors).toHaveBeenCalledOnce()
})

it('pulls no source that is not enabled, and says nothing of one that has nothing to read', async () => {
  const { settings } = options
  const sources = settings.sources.map((source) => ({ ...source, enabled: false }))
  await new PullJobs({ ...options, settings: { ...settings, sources } }).do(await scheduled(), forever())
  expect(pull).not.toHaveBeenCalled()
  const debugs = vi.spyOn(log, 'debug')
  await jobs.do(await scheduled(), forever())
  expect(pull).toHaveBeenCalledOnce()
  expect(debugs).not.toHaveBeenCalled()
})

it('takes it for no failure that another process is pulling the source', async () => {
  const errors = vi.spyOn(log, 'error')
  pull.mockRejectedValue(new YiwangError('SOURCE_BUSY', { source: 'hotline' }))
  await jobs.do(await scheduled(), forever())
  expect(errors).not.toHaveBeenCalled()
  expect(await backoff.isFailing('hotline')).toBe(false)
  // Whoever pulls it may have read past what this was asked for.
  expect(await queues.pulls.getDelayed()).toContainEqual(
    expect.objectContaining({ id: expect.stringMatching(/^busy\./) }),
  )
})

it('wakes the drain for what a pull has brought', async () => {
  await jobs.do(await scheduled(), forever())
  expect(await queues.drains.getDeduplicationJobId('drain')).toBeNull()
  folder.writeExport('1.csv', [1])
  await jobs.do(await scheduled(), forever())
  await vi.waitFor(async () => expect(await queues.drains.getDeduplicationJobId('drain')).not.toBeNull())
})

it('leaves it to the schedule to try again where only another configuration helps', async () => {
  pull.mockRejectedValue(new YiwangError('SOURCE_UNKNOWN', { source: 'hotline', known: '' }))
  await expect(jobs.do(await readyIn(queues.pulls), forever())).rejects.toThrow(UnrecoverableError)
  expect(await queues.retries.getDelayedCount()).toBe(0)
  expect(await backoff.isFailing('hotline')).toBe(false)
})

it('begins no pull once it is to stop, and takes the end of one for no failure', async () => {
  const errors = vi.spyOn(log, 'error')
  await jobs.do(await readyIn(queues.pulls), AbortSignal.abort())
  expect(pull).not.toHaveBeenCalled()
  const stop = new AbortController()
  pull.mockImplementation(async () => {
    stop.abort()
    throw refused
  })
  await jobs.do(await readyIn(queues.pulls), stop.signal)
  expect(errors).not.toHaveBeenCalled()
  expect(await backoff.isFailing('hotline')).toBe(false)
})
