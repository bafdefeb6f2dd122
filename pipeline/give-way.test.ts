import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { loadSettings } from '../config/load.ts'
import { createLogger } from '../config/logging.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import type { App } from './app.ts'
import { Shifts } from './give-way.ts'
import { keepForm, outdatedIndex } from './index-form.ts'
import { openApp } from './open-app.ts'
import { planDecisions } from './plan.ts'
import { type RebuildOptions, rebuildIndex } from './rebuild.ts'
import { TermLedger } from './term-ledger.ts'

// Work over many pages of a store that answers at once.

const dir = mkdtempSync(join(tmpdir(), 'yiwang-long-'))
const never = new AbortController().signal
let app: App

beforeAll(async () => {
  mkdirSync(join(dir, 'inbox'))
  writeFileSync(
    join(dir, 'yiwang.yaml'),
    `store: sqlite:${join(dir, 'y.db')}
redis: { url: "redis://127.0.0.1:1" }
sources: [{ id: hotline, connector: hotline-export, path: ${join(dir, 'inbox')}, settleMs: 0 }]
`,
  )
  const rows = Array.from({ length: 1_200 }, (_, row) => `A-${row},建设路${row}号的路灯不亮了`)
  writeFileSync(join(dir, 'inbox/a.csv'), `工单编号,诉求内容\n${rows.join('\n')}\n`)
  const settings = loadSettings(join(dir, 'yiwang.yaml'), {}, connectorSpecs)
  app = await openApp(settings, { log: createLogger({ level: 'silent' }) })
  await app.collect([{ sourceId: 'hotline' }], { signal: never })
}, 60_000)
afterEach(() => void vi.useRealTimers())
afterAll(async () => {
  await app.close()
  rmSync(dir, { recursive: true })
})

test.each([
  ['plan', (options: Options) => planDecisions(app.store, app.settings.dedupe, options)],
  ['rebuild', (options: Options) => rebuildIndex(app.store, app.settings, options)],
  ['rebuild for equal texts only', (options: Options) => rebuild(false, { ...options, shiftMs: 1_000 })],
])('a %s ends soon after it is told to stop, though its store never lets it wait', async (_, work) => {
  const stopping = new AbortController()
  const onProgress = () => void setTimeout(() => stopping.abort(), 0)
  await expect(work({ ...optionsOf(stopping.signal), onProgress })).rejects.toMatchObject({ code: 'STOPPED' })
})

test('a plan keeps no words of the tickets that it judges: memory would grow with every one', async () => {
  const counted = vi.spyOn(TermLedger.prototype, 'count')
  expect(await planDecisions(app.store, app.settings.dedupe, optionsOf(never))).toMatchObject({
    judged: 1_200,
  })
  expect(counted).not.toHaveBeenCalled()
})

test('while the index is made anew, one who asks for the lease gets it, and items that wait are asked for', async () => {
  const asked = vi.spyOn(app.store, 'pendingCount')
  let got = 0
  const asking = setInterval(async () => {
    const lease = await app.store.acquire('processing', `asking-${got}`, 1_000)
    if (lease === null) return
    got += 1
    await app.store.release(lease)
  }, 20)
  expect(await rebuildIndex(app.store, app.settings, { ...optionsOf(never), shiftMs: 0 })).toBe(1_200)
  clearInterval(asking)
  expect(got).toBeGreaterThan(1)
  expect(asked).toHaveBeenCalled()
  asked.mockRestore()
})

test('a rebuild that was interrupted goes on, and begins again where repeats are recognised in another way now', async () => {
  const onProgress = vi.fn()
  await interrupt(true)
  expect(await rebuild(true, { onProgress })).toBe(700)
  expect(onProgress).not.toHaveBeenCalledWith(expect.objectContaining({ step: 'counting' }))
  await interrupt(false)
  expect(await rebuild(false)).toBe(700)
  await interrupt(false)
  expect(await rebuild(true)).toBe(1_200)
})

test('a rebuild that was interrupted begins again where meanwhile tickets may have got keys of another form', async () => {
  await interrupt(true)
  await keepForm(app.store, recognising(false))
  expect(await rebuild(true)).toBe(1_200)
})

test('after half a rebuild for equal texts only, likeness needs a new index, and a whole one', async () => {
  for (const similar of [false, true]) {
    await interrupt(similar)
    expect(await outdatedIndex(app.store, recognising(true))).toMatchObject({ code: 'INDEX_OUTDATED' })
  }
  await rebuild(true)
  expect(await outdatedIndex(app.store, recognising(true))).toBeNull()
})

test('who works after a rebuild still learns that a process died at work', async () => {
  await app.store.acquire('processing', 'died', 0)
  await rebuildIndex(app.store, app.settings, optionsOf(never))
  const next = await app.store.acquire('processing', 'next', 1_000)
  expect(next).toMatchObject({ takenOver: true })
  if (next !== null) await app.store.release(next)
})

test('who works after one that was stopped at once still learns that a process died at work', async () => {
  await app.store.acquire('processing', 'died', 0)
  await app.collect([], { signal: AbortSignal.abort() })
  const next = await app.store.acquire('processing', 'next', 1_000)
  expect(next).toMatchObject({ takenOver: true })
  if (next !== null) await app.store.release(next)
})

test('items that wait are waited for', async () => {
  let pending = 3
  const pendingCount = async () => {
    pending -= 1
    return pending
  }
  await new Shifts({ pendingCount }, 0).giveWay(never)
  expect(pending).toBe(0)
})

test('items that nobody takes up are waited for half of the time at most', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const pendingCount = vi.fn(async () => 1)
  const shifts = new Shifts({ pendingCount }, 1_000)
  const waitsAfter = async (workMs: number) => {
    vi.advanceTimersByTime(workMs)
    pendingCount.mockClear()
    let isOver = false
    const giving = shifts.giveWay(never).finally(() => {
      isOver = true
    })
    for (await setImmediate(); !isOver; ) await vi.advanceTimersByTimeAsync(50)
    await giving
    return pendingCount.mock.calls.length > 0
  }
  const waits = []
  for (const workMs of [900, 100, 1_000, 4_900, 200]) waits.push(await waitsAfter(workMs))
  expect(waits).toEqual([false, true, false, false, true])
})

test('items that wait are waited for no longer once it is to stop', async () => {
  const stopping = new AbortController()
  const pendingCount = vi.fn(async () => {
    stopping.abort()
    return 1
  })
  await new Shifts({ pendingCount }, 0).giveWay(stopping.signal)
  expect(pendingCount).toHaveBeenCalledOnce()
})

function recognising(similar: boolean) {
  return { ...app.settings.dedupe, similar }
}

function rebuild(similar: boolean, options: Partial<RebuildOptions> = {}): Promise<number> {
  const settings = { processing: app.settings.processing, dedupe: recognising(similar) }
  return rebuildIndex(app.store, settings, { ...optionsOf(never), shiftMs: 0, ...options })
}

/** Stops it when the first page has its keys. */
async function interrupt(similar: boolean): Promise<void> {
  const stopping = new AbortController()
  const onProgress: RebuildOptions['onProgress'] = ({ step }) => {
    if (step === 'indexing') stopping.abort()
  }
  await expect(rebuild(similar, { signal: stopping.signal, onProgress })).rejects.toMatchObject({
    code: 'STOPPED',
  })
}

type Options = ReturnType<typeof optionsOf>

function optionsOf(signal: AbortSignal) {
  return { since: 0, signal, onProgress: () => {} }
}
