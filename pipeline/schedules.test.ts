import { setTimeout } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest'
import { systemClock } from '../config/clock.ts'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe, defaultProcessing, defaultSource } from '../config/schema.ts'
import type { Settings, SourceSettings } from '../config/settings.ts'
import { ScheduleKeeper } from './schedule-keeper.ts'
import {
  lookAtSchedules,
  type PullJob,
  pullAfterBusy,
  type SchedulesLook,
  setUpSchedules,
  type WorkQueues,
  wakeDrain,
  wakePull,
} from './schedules.ts'

const hourMs = 3_600_000
let redis: Redis
let queues: WorkQueues

beforeEach((context) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  redis = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null })
  const options = { connection: redis, prefix: `schedules-${process.pid}-${context.task.id}` }
  queues = { pulls: new Queue<PullJob>('pull', options), drains: new Queue('drain', options) }
})

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all([queues.pulls.close(), queues.drains.close()])
  redis.disconnect()
})

function settings(...schedules: SourceSettings['schedule'][]): Settings {
  return {
    path: '',
    timeZone: 'Asia/Shanghai',
    store: { url: '' },
    blobs: { url: '' },
    redis: { url: '', prefix: '' },
    outputs: [],
    dedupe: defaultDedupe,
    processing: defaultProcessing,
    log: { level: 'silent' },
    sources: schedules.map((schedule, index) => ({
      ...defaultSource,
      id: `source-${index}`,
      connector: 'hotline-export',
      channel: 'hotline',
      timeZone: 'Asia/Shanghai',
      schedule,
      settings: {},
    })),
  }
}

/** `vi.waitFor` would set the clock forward at each of its looks, and further drains would become due. */
async function nextDrainAfter(now: number): Promise<void> {
  while (!(Number((await queues.drains.getJobSchedulers())[0]?.next) > now)) await setTimeout(20)
}

async function nextPulls(): Promise<number[]> {
  return (await queues.pulls.getJobSchedulers()).map(({ next }) => Number(next))
}

it('schedules that a clock set back by more than a minute has left in the future are noticed', async () => {
  const of = settings({ everyMs: 2_000 })
  await setUpSchedules(of, queues)
  const first = await lookAtSchedules(of, queues, Date.now(), null)
  expect(first.state).toBe('whole')
  expect((await lookAtSchedules(of, queues, Date.now() - 59_000, first)).state).toBe('whole')
  expect((await lookAtSchedules(of, queues, Date.now() - hourMs, first)).state).toBe('ahead')
})

it('a source that is not enabled has no schedule, and its like keeps its own time zone', async () => {
  const of = settings({ everyMs: hourMs }, { cron: '0 8 * * *', timeZone: 'Asia/Urumqi' })
  const [first, ...others] = of.sources
  if (first === undefined) throw new Error('no source')
  await setUpSchedules({ ...of, sources: [{ ...first, enabled: false }, ...others] }, queues)
  expect(await queues.pulls.getJobSchedulers()).toMatchObject([
    { key: 'source-1', pattern: '0 8 * * *', tz: 'Asia/Urumqi' },
  ])
  expect((await queues.pulls.getWaiting()).map(({ data }) => data)).toEqual([
    { sourceId: 'source-1', atOnce: true },
  ])
})

function keeperOf(of: Settings, clock = systemClock) {
  const log = createLogger({ level: 'silent' })
  const outputs = { isForgotten: async () => false, tell: vi.fn() }
  return {
    told: outputs.tell,
    keeper: new ScheduleKeeper({ settings: of, outputs, clock, log }, queues),
    warned: vi.spyOn(log, 'warn').mockImplementation(() => {}),
  }
}

it('they are set up again from now on, once, and the log says so', async () => {
  const of = settings({ everyMs: 2_000 }, { cron: '* * * * *', timeZone: 'Asia/Shanghai' })
  const { keeper, warned } = keeperOf(of)
  for (let time = 0; time < 2; time += 1) await keeper.keep()
  expect(warned).not.toHaveBeenCalled()
  const before = Date.now() - hourMs
  vi.setSystemTime(before)
  for (let time = 0; time < 3; time += 1) await keeper.keep()
  expect(warned.mock.calls).toEqual([[expect.stringContaining('schedules begin anew')]])
  for (const next of await nextPulls()) expect(next).toBeLessThanOrEqual(before + 61_000)
})

it('a start removes the schedules of sources that are configured no longer, and nothing later does', async () => {
  const of = settings({ everyMs: hourMs }, { everyMs: hourMs })
  const kept = async () => (await queues.pulls.getJobSchedulers()).map(({ key }) => key).sort()
  await setUpSchedules(of, queues)
  const { keeper } = keeperOf({ ...of, sources: of.sources.slice(1) })
  await keeper.keep()
  expect(await kept()).toEqual(['source-1'])
  await setUpSchedules(of, queues)
  await keeper.keep()
  expect(await kept()).toEqual(['source-0', 'source-1'])
})

it.each([
  ['the schedule of drains', () => queues.drains.removeJobScheduler('drain-tick')],
  ['the next drain', () => redis.del(queues.drains.toKey('delayed'), queues.drains.toKey('wait'))],
  ['the limit of one drain', () => redis.hdel(queues.drains.toKey('meta'), 'concurrency')],
  ['a schedule of pulls', () => queues.pulls.removeJobScheduler('source-1')],
])('%s that Redis has lost is set up again, and the loss is told', async (_, lose) => {
  const of = settings({ everyMs: hourMs }, { everyMs: hourMs })
  const { keeper, told } = keeperOf(of)
  for (let time = 0; time < 2; time += 1) await keeper.keep()
  await lose()
  expect(told).not.toHaveBeenCalled()
  await keeper.keep()
  expect(told.mock.calls).toEqual([['QUEUE_LOST']])
  expect((await lookAtSchedules(of, queues, Date.now(), null)).state).toBe('whole')
})

it('schedules that a machine whose clock is ahead goes on with do not begin anew', async () => {
  const of = settings({ everyMs: 24 * hourMs })
  await setUpSchedules(of, queues)
  const behind = Date.now() - 180_000
  const drainer = new Worker(queues.drains.name, async () => {}, { ...queues.drains.opts, drainDelay: 0.1 })
  let look: SchedulesLook | null = null
  const { keeper, warned } = keeperOf(of, () => behind)
  await keeper.keep()
  for (let tick = 0; tick < 3; tick += 1) {
    const now = Date.now() + 5_000
    vi.setSystemTime(now)
    await nextDrainAfter(now)
    look = await lookAtSchedules(of, queues, behind, look)
    expect(look.state).toBe(tick === 0 ? 'whole' : 'elsewhere')
    await keeper.keep()
    // Not of the first: that may be the last drain before this clock was set back.
    expect(warned).toHaveBeenCalledTimes(tick < 2 ? 0 : 1)
  }
  expect(warned.mock.calls).toEqual([[expect.stringContaining('the clock of another machine is ahead')]])
  await drainer.close()
  expect((await lookAtSchedules(of, queues, behind, look)).state).toBe('ahead')
})

it('schedules do not begin anew while a drain goes on, however late it is', async () => {
  const of = settings({ everyMs: 24 * hourMs })
  await setUpSchedules(of, queues)
  const going = Promise.withResolvers<void>()
  const drainer = new Worker(queues.drains.name, () => going.promise, queues.drains.opts)
  await vi.waitFor(async () => expect(await queues.drains.getActiveCount()).toBe(1), { timeout: 20_000 })
  const behind = Date.now() - hourMs
  const first = await lookAtSchedules(of, queues, behind, null)
  expect((await lookAtSchedules(of, queues, behind, first)).state).toBe('whole')
  going.resolve()
  await drainer.close()
  expect((await lookAtSchedules(of, queues, behind, first)).state).toBe('ahead')
})

it('what is asked for while a pull or a drain goes on is done once more after it', async () => {
  const { pulls, drains } = queues
  const wake = () => Promise.all([wakePull(pulls, { sourceId: 'a' }), wakeDrain(drains)])
  const going = Promise.withResolvers<void>()
  const done = { pull: 0, drain: 0 }
  const workers = ([pulls, drains] as const).map((queue) => {
    const work = async () => {
      await going.promise
      done[queue === drains ? 'drain' : 'pull'] += 1
    }
    return new Worker(queue.name, work, { ...queue.opts, drainDelay: 0.1 })
  })
  const patience = { timeout: 20_000 }
  await wake()
  for (const queue of [pulls, drains])
    await vi.waitFor(async () => expect(await queue.getActiveCount()).toBe(1), patience)
  for (let time = 0; time < 3; time += 1) await wake()
  going.resolve()
  const left = (queue: Queue) => queue.getJobCountByTypes('active', 'waiting', 'delayed')
  await vi.waitFor(async () => {
    expect(await Promise.all([pulls, drains].map(left))).toEqual([0, 0])
    expect(done).toEqual({ pull: 2, drain: 2 })
  }, patience)
  await Promise.all(workers.map((worker) => worker.close()))
})

it('a wake-up for the drain that Redis does not take is lost without a word', async () => {
  redis.disconnect()
  expect(await wakeDrain(queues.drains)).toBeUndefined()
})

it('a source that was busy is pulled once more in half of that time to one and a half, however often it is asked for', async () => {
  const everyMs = 30_000
  for (const now of [0, 14_000, 15_001, 29_000].map((past) => 1_000_000 * everyMs + past)) {
    for (const later of [0, 500]) await pullAfterBusy(queues.pulls, 'a', everyMs, now + later)
    const [job, ...others] = await queues.pulls.getDelayed()
    expect(others).toEqual([])
    expect(job?.delay).toBeGreaterThanOrEqual(everyMs / 2)
    expect(job?.delay).toBeLessThanOrEqual(everyMs * 1.5)
    await job?.remove()
  }
})
