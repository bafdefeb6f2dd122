import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { collect, type Stages } from './collection.ts'
import { emptyDrainReport } from './drain-report.ts'

const signal = new AbortController().signal

/** Stages that note what they do; publishing takes a few turns of the event loop. */
function stages(takenOver: boolean, done: string[]): Stages {
  return {
    pulls: [],
    pullConcurrency: 1,
    drain: async () => {
      done.push('drained')
      return emptyDrainReport
    },
    relay: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      done.push('published')
      return 0
    },
    outboxCount: async () => 0,
    lease: { lease: { name: 'processing', token: 'me', takenOver }, signal, release: async () => {} },
  }
}

describe('collect', () => {
  it.each([
    [true, 'published'],
    [false, 'drained'],
  ])('after a death (%s) first of all has %s', async (takenOver, first) => {
    const done: string[] = []
    await collect(stages(takenOver, done), { signal })
    expect(done[0]).toBe(first)
    expect([...new Set(done)].sort()).toEqual(['drained', 'published'])
  })

  it('tells what was pulled also when draining fails', async () => {
    const report = { sourceId: 'a', read: 2, added: 2, known: 0 }
    const failing = {
      ...stages(false, []),
      pulls: [{ sourceId: 'a', run: async () => report }],
      drain: () => Promise.reject(new YiwangError('STORE_FULL', { url: 'sqlite:x', reason: 'full' })),
    }
    const told: unknown[] = []
    const onPulled = (pulled: unknown) => told.push(pulled)
    await expect(collect(failing, { signal, onPulled })).rejects.toMatchObject({ code: 'STORE_FULL' })
    expect(told).toEqual([{ pulls: [report], failures: [] }])
  })

  it('publishes again once Redis is back, however long the drain goes on', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const drain = Promise.withResolvers<typeof emptyDrainReport>()
    let isAway = true
    let tries = 0
    const long = {
      ...stages(false, []),
      drain: () => drain.promise,
      relay: async ({ onBatch }: Parameters<Stages['relay']>[0]) => {
        tries += 1
        if (isAway) throw new YiwangError('QUEUE_UNREACHABLE', { url: 'redis://x', reason: 'away' })
        onBatch(1)
        return 1
      },
    }
    const collecting = collect(long, { signal })
    await vi.advanceTimersByTimeAsync(12_000)
    expect(tries).toBe(3)
    isAway = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect(tries).toBe(4)
    drain.resolve(emptyDrainReport)
    expect((await collecting).relay).toEqual({ published: 2, waiting: 0, problem: null })
  })

  it('tries Redis no more where it is away when the drain ends', async () => {
    let tries = 0
    const problem = new YiwangError('QUEUE_UNREACHABLE', { url: 'redis://x', reason: 'away' })
    const relay = () => {
      tries += 1
      return Promise.reject(problem)
    }
    const away = { ...stages(false, []), relay }
    expect((await collect(away, { signal })).relay).toEqual({ published: 0, waiting: 0, problem })
    expect(tries).toBe(1)
  })

  it('drains all the same when that fails', async () => {
    const done: string[] = []
    const failing = { ...stages(true, done), relay: () => Promise.reject(new Error('cannot happen')) }
    await expect(collect(failing, { signal })).rejects.toThrow('cannot happen')
    expect(done[0]).toBe('drained')
  })
})
