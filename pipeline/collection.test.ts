import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import type { PullReport } from './app.ts'
import { collect, type Stages } from './collection.ts'
import { emptyDrainReport } from './drain-report.ts'

const signal = new AbortController().signal

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Many turns of the event loop. */
async function turns(): Promise<void> {
  for (let time = 0; time < 20; time += 1) await turn()
}

/** Stages that note what they do; publishing takes a few turns of the event loop. */
function stages(done: string[]): Stages {
  return {
    pulls: [],
    pullConcurrency: 1,
    drain: async () => {
      done.push('drained')
      return emptyDrainReport
    },
    relay: async () => {
      await turn()
      done.push('published')
      return 0
    },
    outboxCount: async () => 0,
    lease: { lease: { name: 'processing', token: 'me', takenOver: false }, signal, release: async () => {} },
  }
}

describe('collect', () => {
  it('tells what was pulled also when draining fails', async () => {
    const report = { sourceId: 'a', read: 2, added: 2, known: 0 }
    const failing = {
      ...stages([]),
      pulls: [{ sourceId: 'a', isRetry: false, run: async () => report }],
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
      ...stages([]),
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
    const away = { ...stages([]), relay }
    expect((await collect(away, { signal })).relay).toEqual({ published: 0, waiting: 0, problem })
    expect(tries).toBe(1)
  })

  it('drains once more what is archived while it drains, and when all is pulled, and tells how far it is', async () => {
    const pulled = Promise.withResolvers<PullReport>()
    let archive = (_: PullReport) => {}
    const report = { sourceId: 'a', read: 2, added: 1, known: 1 }
    let drains = 0
    let published = 0
    const overlapping: Stages = {
      ...stages([]),
      pulls: [
        {
          sourceId: 'a',
          isRetry: false,
          run: (onBatch) => {
            archive = onBatch
            return pulled.promise
          },
        },
      ],
      drain: async ({ onBatch }) => {
        await turn()
        drains += 1
        if (drains === 1) archive(report)
        const drained = { ...emptyDrainReport, items: 1, ticketed: 1 }
        onBatch(drained)
        return drained
      },
      relay: async ({ onBatch }) => {
        const waiting = drains - published
        published = drains
        if (waiting > 0) onBatch(waiting)
        return waiting
      },
    }
    const told = vi.fn()
    const collecting = collect(overlapping, { signal, onProgress: told })
    await turns()
    expect(drains).toBe(2)
    const early = [0, 1].map((drained) => [{ read: 2, added: 1, drained, published: 0 }])
    expect(told.mock.calls.slice(0, 2)).toEqual(early)
    pulled.resolve(report)
    const { drain, relay } = await collecting
    expect(drain).toEqual({ ...emptyDrainReport, items: 3, ticketed: 3 })
    expect(told).toHaveBeenLastCalledWith({ read: 2, added: 1, drained: 3, published: 3 })
    expect(relay.published).toBe(3)
  })

  it('drains and publishes no more once it is told to stop, also where a source is still being pulled', async () => {
    const pulled = Promise.withResolvers<PullReport>()
    const stop = new AbortController()
    let calls = 0
    const stopped: Stages = {
      ...stages([]),
      pulls: [{ sourceId: 'a', isRetry: false, run: () => pulled.promise }],
      drain: async () => {
        await turn()
        calls += 1
        stop.abort()
        return emptyDrainReport
      },
      relay: async () => {
        await turn()
        calls += 1
        throw new YiwangError('QUEUE_UNREACHABLE', { url: 'redis://x', reason: 'away' })
      },
    }
    const collecting = collect(stopped, { signal: stop.signal })
    await turns()
    expect(calls).toBe(2)
    pulled.resolve({ sourceId: 'a', read: 0, added: 0, known: 0 })
    await collecting
  })

  it('says that the lease is lost, whatever its stages make of that', async () => {
    const lost = new AbortController()
    const lease = { lease: { name: 'processing', token: 'me', takenOver: false }, signal: lost.signal }
    const losing: Stages = {
      ...stages([]),
      lease: { ...lease, release: async () => {} },
      drain: async () => {
        lost.abort()
        return emptyDrainReport
      },
    }
    await expect(collect(losing, { signal })).rejects.toMatchObject({
      code: 'LEASE_LOST',
      details: { lease: 'processing' },
    })
  })

  it('drains all the same when that fails', async () => {
    const done: string[] = []
    const failing = { ...stages(done), relay: () => Promise.reject(new Error('cannot happen')) }
    await expect(collect(failing, { signal })).rejects.toThrow('cannot happen')
    expect(done[0]).toBe('drained')
  })
})
