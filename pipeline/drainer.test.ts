import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe, defaultProcessing } from '../config/schema.ts'
import type { Settings } from '../config/settings.ts'
import type { DrainReport } from './app.ts'
import { emptyDrainReport } from './drain-report.ts'
import { Drainer, type DrainerOptions } from './drainer.ts'

const maxAttempts = 2
const log = createLogger({ level: 'silent' })
const lease = { name: 'processing', token: 'test', takenOver: false }
const forever = () => new AbortController().signal

function settingsIn(dir: string): Settings {
  return {
    ...{ path: '', timeZone: 'Asia/Shanghai', redis: { url: '', prefix: '' }, outputs: [], sources: [] },
    store: { url: `sqlite:${dir}/store/a.db` },
    blobs: { url: `file:${dir}/blobs` },
    dedupe: defaultDedupe,
    processing: { ...defaultProcessing, maxAttempts },
    log: { level: 'silent' },
  }
}

it('drains as soon as the store can be opened, also when it could not be at the start', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'drainer-'))
  const drainer = new Drainer({ settings: settingsIn(dir), writeTurn: new SharedArrayBuffer(4) }, log)
  const run = { lease, signal: forever(), onBatch: () => {} }
  // A file stands where the folder should be.
  writeFileSync(join(dir, 'store'), '')
  await expect(drainer.drain(run)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  rmSync(join(dir, 'store'))
  expect(await drainer.drain(run)).toMatchObject({ items: 0, problem: null })
  await drainer.close()
  rmSync(dir, { recursive: true })
})

describe('with a thread that does as the test says', () => {
  const one: DrainReport = { ...emptyDrainReport, items: 1 }
  /** How many drains the threads were told to begin, how many of them one by one, and how many threads there were. */
  let told: Int32Array
  let drainer: Drainer

  beforeEach(() => {
    told = new Int32Array(new SharedArrayBuffer(12))
  })

  afterEach(async () => {
    await drainer.close()
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  /** @param onDrain what it does when it is told to drain for the `time`th time; `batch` and `done` report one item */
  function drainerWith(
    { onDrain, onStop = '', onClose = 'port.close()' }: Record<string, string>,
    options: DrainerOptions = {},
  ): Drainer {
    const code = `
      import { parentPort as port, workerData } from 'node:worker_threads'
      const told = new Int32Array(workerData.writeTurn)
      told[2] += 1
      const report = ${JSON.stringify(one)}
      const batch = () => port.postMessage({ type: 'batch', report })
      const done = () => port.postMessage({ type: 'done', report })
      const on = {
        drain: ({ careful }) => {
          const time = (told[0] += 1)
          if (careful) told[1] += 1
          ${onDrain}
        },
        stop: () => { ${onStop} },
        close: () => { ${onClose} },
      }
      port.on('message', (message) => on[message.type](message))`
    const threadFile = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
    const start = { settings: settingsIn(''), writeTurn: told.buffer as SharedArrayBuffer }
    drainer = new Drainer(start, log, { threadFile, ...options })
    return drainer
  }

  function drain(signal = forever(), onBatch = (_: DrainReport) => {}, takenOver = false) {
    return drainer.drain({ lease: { ...lease, takenOver }, signal, onBatch })
  }

  it('goes one by one after a death, of its own thread or of another process, until a drain has an answer', async () => {
    drainerWith({ onDrain: 'if (time === 2) process.exit(); done()' })
    const careful: (number | undefined)[] = []
    for (const takenOver of [false, false, false, true, false]) {
      await drain(forever(), () => {}, takenOver)
      careful.push(told[1])
    }
    expect([...told]).toEqual([6, 2, 2])
    expect(careful).toEqual([0, 1, 1, 2, 2])
  })

  it('goes one by one in the next drain too where thread after thread has died, and tells what was said last', async () => {
    const warnings = vi.spyOn(log, 'warn')
    drainerWith({ onDrain: `if (time > ${maxAttempts + 2}) done(); else throw new Error('too much')` })
    await expect(drain()).rejects.toMatchObject({
      code: 'INTERNAL',
      details: { reason: 'the drain thread ended' },
    })
    expect(warnings).toHaveBeenCalledWith({ reason: 'too much' }, 'error in the drain thread')
    expect([...told]).toEqual([maxAttempts + 2, maxAttempts + 1, maxAttempts + 2])
    expect(await drain()).toEqual(one)
    expect([...told]).toEqual([maxAttempts + 3, maxAttempts + 2, maxAttempts + 3])
  })

  it('goes on however many threads die, as long as each settles something, and adds it up', async () => {
    drainerWith({
      onDrain: `if (time > ${maxAttempts + 3}) done(); else { batch(); setImmediate(process.exit) }`,
    })
    const items: number[] = []
    expect(await drain(forever(), (report) => items.push(report.items))).toEqual({ ...one, items: 6 })
    expect(items).toEqual([1, 2, 3, 4, 5])
  })

  it('tells a thread to stop also where that was asked for before it began', async () => {
    drainerWith({ onDrain: '', onStop: 'done()' })
    expect(await drain(AbortSignal.abort())).toEqual(one)
  })

  it('leaves a thread alone that has answered, whatever comes then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const terminate = vi.spyOn(Worker.prototype, 'terminate')
    drainerWith({ onDrain: 'batch(); if (time > 1) done()', onStop: 'done()' })
    const stop = new AbortController()
    const first = vi.fn(() => stop.abort())
    expect(await drain(stop.signal, first)).toEqual(one)
    const late = new AbortController()
    expect(await drain(late.signal)).toEqual(one)
    late.abort()
    vi.advanceTimersByTime(300_000)
    expect(terminate).not.toHaveBeenCalled()
    expect(first).toHaveBeenCalledOnce()
    expect([...told]).toEqual([2, 0, 1])
  })

  it('ends a thread that does not stop within five seconds, and calls that no death', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const errors = vi.spyOn(log, 'error')
    drainerWith({ onDrain: 'batch()' })
    const [stop, batch] = [new AbortController(), Promise.withResolvers<unknown>()]
    const draining = drain(stop.signal, batch.resolve)
    await batch.promise
    stop.abort()
    vi.advanceTimersByTime(5_000)
    await expect(draining).rejects.toMatchObject({ code: 'STOPPED' })
    expect(errors).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  describe('where a thread cannot be ended', () => {
    let kill: MockInstance<typeof process.kill>
    let ended: PromiseWithResolvers<number>

    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
      kill = vi.spyOn(process, 'kill').mockReturnValue(true)
      ended = Promise.withResolvers()
      vi.spyOn(Worker.prototype, 'terminate').mockReturnValue(ended.promise)
    })

    async function pass(milliseconds: number): Promise<void> {
      vi.advanceTimersByTime(milliseconds)
      await setImmediate()
    }

    it('ends the process another minute after the silence: a disk may have stood still', async () => {
      const errors = vi.spyOn(log, 'error')
      drainerWith({ onDrain: 'batch()' })
      await new Promise<unknown>((onBatch) => void drain(forever(), onBatch))
      await pass(60_000)
      expect(Worker.prototype.terminate).toHaveBeenCalled()
      await pass(59_000)
      expect(kill).not.toHaveBeenCalled()
      await pass(1_000)
      expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGKILL')
      expect(errors).toHaveBeenCalledWith({}, expect.stringContaining('ending the process'))
    })

    it('ends the process eight seconds after a stop is asked for, also when it had been given up', async () => {
      drainerWith({ onDrain: 'batch()' })
      const stop = new AbortController()
      await new Promise<unknown>((onBatch) => void drain(stop.signal, onBatch))
      await pass(60_000)
      stop.abort()
      await pass(5_000)
      await pass(2_999)
      expect(kill).not.toHaveBeenCalled()
      await pass(1)
      expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGKILL')
    })

    it('goes on where it has ended after all, though nobody could hear of it for as long', async () => {
      drainerWith({ onDrain: 'batch()' })
      const [stop, batch] = [new AbortController(), Promise.withResolvers<unknown>()]
      const draining = drain(stop.signal, batch.resolve)
      await batch.promise
      stop.abort()
      vi.advanceTimersByTime(5_000)
      vi.advanceTimersByTime(3_000)
      ended.resolve(1)
      await expect(draining).rejects.toMatchObject({ code: 'STOPPED' })
      await setImmediate()
      expect(kill).not.toHaveBeenCalled()
    })
  })

  it('lets a thread take its time that gives signs of life, and ends one that has been silent for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const [errors, terminate] = [vi.spyOn(log, 'error'), vi.spyOn(Worker.prototype, 'terminate')]
    drainerWith({ onDrain: 'if (time === 1) for (let sign = 0; sign < 4; sign += 1) batch(); else done()' })
    const fourth = Promise.withResolvers<void>()
    let signs = 0
    const draining = drain(forever(), () => {
      vi.advanceTimersByTime(50_000)
      signs += 1
      if (signs === 4) fourth.resolve()
    })
    await fourth.promise
    expect(terminate).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10_000)
    expect(await draining).toEqual({ ...one, items: 2 })
    expect([...told]).toEqual([2, 1, 2])
    const words = 'the drain thread died; going on one by one'
    expect(errors.mock.calls).toEqual([[{ reason: 'the drain thread was silent for 60 s' }, words]])
  })

  it('takes no thread for silent because it has stood still itself, as where the machine is suspended', async () => {
    const errors = vi.spyOn(log, 'error')
    drainerWith(
      { onDrain: 'batch(); Atomics.wait(told, 1, 0); setTimeout(done, 200)' },
      { silenceMs: 2_000 },
    ).warmUp()
    // How long a thread takes to start is not what this is about.
    await vi.waitFor(() => expect(told[2]).toBe(1), { timeout: 40_000 })
    const stall = () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500)
      told[1] = 7
      Atomics.notify(told, 1)
    }
    expect(await drain(forever(), () => void setImmediate().then(stall))).toEqual(one)
    expect(errors).not.toHaveBeenCalled()
  })

  it('waits for its thread to close, and for no longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    drainerWith({ onDrain: 'done()', onClose: 'setTimeout(() => { told[1] = 7; port.close() }, 50)' })
    await drain()
    await drainer.close()
    expect(told[1]).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks its thread for a sign of life every five seconds', async () => {
    drainerWith({ onDrain: 'told[1] = workerData.aliveEveryMs; done()' })
    await drain()
    expect(told[1]).toBe(5_000)
  })

  it('closes within two seconds also where the thread does not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    drainerWith({ onDrain: 'done()', onClose: '' })
    await drain()
    const closing = drainer.close()
    vi.advanceTimersByTime(2_000)
    await closing
  })
})
