import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { awaitLease, type KeptLease, keepLease } from './lease-keeper.ts'
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts'
import type { Store } from './stores/store.ts'

const ttlMs = 4_000
const name = 'processing'
const never = new AbortController().signal

let dir: string
let store: Store

beforeEach(async () => {
  vi.useFakeTimers()
  dir = mkdtempSync(join(tmpdir(), 'lease-keeper-'))
  store = await openSqliteStore(join(dir, 'a.db'), { randomBytes })
})

afterEach(async () => {
  vi.useRealTimers()
  await store.close()
  rmSync(dir, { recursive: true })
})

async function keep(): Promise<KeptLease> {
  const kept = await keepLease(store, name, ttlMs)
  if (kept === null) throw new Error('the lease is taken')
  return kept
}

const unreachable = () =>
  vi.spyOn(store, 'renew').mockRejectedValue(new YiwangError('STORE_CLOSED', { url: 'x' }))

it('a lease that is kept is nobody else’s however long it lasts, and free once it is released', async () => {
  const kept = await keep()
  await vi.advanceTimersByTimeAsync(10 * ttlMs)
  expect(kept.signal.aborted).toBe(false)
  expect(await keepLease(store, name, ttlMs)).toBeNull()
  await kept.release()
  const renew = vi.spyOn(store, 'renew')
  const next = await keep()
  expect(next.lease.takenOver).toBe(false)
  await next.release()
  await vi.advanceTimersByTimeAsync(ttlMs)
  expect(renew).not.toHaveBeenCalled()
})

it('a lease that another process has taken is known as lost well before its life is over', async () => {
  const kept = await keep()
  await store.release(kept.lease)
  await store.acquire(name, 'other', ttlMs)
  await vi.advanceTimersByTimeAsync(ttlMs / 2)
  expect(kept.signal.aborted).toBe(true)
  await kept.release()
  expect(await keepLease(store, name, ttlMs)).toBeNull()
})

it('a store that is away for a moment costs no lease, and one that is away for all its life does', async () => {
  const kept = await keep()
  await vi.advanceTimersByTimeAsync(2 * ttlMs)
  const away = unreachable()
  await vi.advanceTimersByTimeAsync(ttlMs)
  expect(kept.signal.aborted).toBe(false)
  away.mockRestore()
  await vi.advanceTimersByTimeAsync(ttlMs / 2)
  unreachable()
  await vi.advanceTimersByTimeAsync(ttlMs)
  expect(kept.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(ttlMs / 2)
  expect(kept.signal.aborted).toBe(true)
})

it('a clock that is set forward while the store is away for a moment costs no lease', async () => {
  const kept = await keep()
  unreachable()
  vi.setSystemTime(Date.now() + 3_600_000)
  await vi.advanceTimersByTimeAsync(ttlMs / 2)
  expect(kept.signal.aborted).toBe(false)
})

it.each([
  ['its work was not looked after', false, true],
  ['it was', true, false],
])('who comes after a lease of a dead process is told of the death where %s', async (_, settled, isTold) => {
  await store.acquire(name, 'dead', 0)
  const heir = await keep()
  expect(heir.lease.takenOver).toBe(true)
  await heir.release(settled)
  const next = await keep()
  expect(next.lease.takenOver).toBe(isTold)
  await next.release(false)
  expect((await keep()).lease.takenOver).toBe(isTold)
})

it('a lease that nobody had left over is free at once, settled or not', async () => {
  await (await keep()).release(false)
  expect((await keep()).lease.takenOver).toBe(false)
})

it('who waits for a lease gets it as soon as it is free', async () => {
  const kept = await keep()
  const waiting = awaitLease(store, name, { ttlMs, waitMs: 60_000, signal: never })
  await vi.advanceTimersByTimeAsync(2 * ttlMs)
  await kept.release()
  await vi.advanceTimersByTimeAsync(100)
  expect((await waiting).lease.token).not.toBe(kept.lease.token)
})

it('who waits for a lease in vain is told after how long', async () => {
  await keep()
  const wait = { ttlMs, waitMs: 12_000, signal: never }
  const waiting = awaitLease(store, name, wait).catch((error: unknown) => error)
  const ended = vi.fn()
  void waiting.then(ended)
  await vi.advanceTimersByTimeAsync(11_900)
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(await waiting).toMatchObject({ code: 'PROCESSING_BUSY', details: { seconds: 12 } })
})

it('who waits for a lease is done waiting once told to stop, and takes none', async () => {
  const stop = new AbortController()
  const wait = { ttlMs, waitMs: 60_000, signal: stop.signal }
  const kept = await keep()
  const ended = expect(awaitLease(store, name, wait)).rejects.toMatchObject({ code: 'STOPPED' })
  stop.abort()
  await kept.release()
  await ended
  expect(await keepLease(store, name, ttlMs)).not.toBeNull()
})
