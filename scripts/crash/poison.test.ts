import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { systemClock } from '../../config/clock.ts'
import { createLogger } from '../../config/logging.ts'
import type { DrainReport } from '../../pipeline/app.ts'
import { Drainer } from '../../pipeline/drainer.ts'
import { Sources } from '../../pipeline/sources.ts'
import { openStore } from '../../pipeline/stores/open-store.ts'
import type { Lease, Store } from '../../pipeline/stores/store.ts'
import { deploy } from './deployment.ts'

const threadFile = new URL('./poison-thread.ts', import.meta.url)
/** One that hangs is waited for so long, time and again. */
const silences = { usual: 60_000, hanging: 12_000 }
const maxAttempts = 2
const log = createLogger({ level: 'silent' })

let dir: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'poison-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Scene {
  readonly store: Store
  readonly drainer: Drainer
  readonly lease: Lease
  close(): Promise<void>
}

/** A store with the rows of one export archived, and a drainer with the lease. */
async function scene(name: string, bodies: readonly string[], silenceMs: number): Promise<Scene> {
  const inbox = join(dir, name, 'inbox')
  mkdirSync(inbox, { recursive: true })
  const rows = bodies.map((body, index) => `A${index},1380013800${index},2026-03-02 08:00,${body}`)
  writeFileSync(join(inbox, '1.csv'), ['工单编号,联系电话,诉求时间,诉求内容', ...rows, ''].join('\n'))
  const source = { id: 'hotline', connector: 'hotline-export', path: 'inbox', settleMs: 0 }
  const { settings } = deploy({
    ...{ dir: join(dir, name), store: 'sqlite:a.db', redisUrl: inject('redisUrl'), prefix: name },
    ...{ processing: { maxAttempts }, source },
  })
  const writeTurn = new SharedArrayBuffer(4)
  const store = await openStore(settings, { randomBytes, writeTurn })
  const sources = new Sources({
    settings: { ...settings, log: { level: 'silent' } },
    store,
    clock: systemClock,
    log,
  })
  await sources.pull({ sourceId: 'hotline' }, new AbortController().signal, () => {})
  const lease = await store.acquire('processing', 'test', 600_000)
  if (lease === null) throw new Error('no lease')
  const quiet = { ...settings, log: { level: 'silent' as const } }
  const drainer = new Drainer({ settings: quiet, writeTurn }, log, { silenceMs, threadFile })
  const close = async () => {
    await drainer.close()
    await store.close()
  }
  return { store, drainer, lease, close }
}

const good = (index: number) => `江滨路${index}号工地噪音很大，请尽快处理。`
const forever = () => new AbortController().signal

describe.concurrent('an item that is the death of the drain thread', () => {
  it.each(['poison-exit', 'poison-memory', 'poison-hang'])(
    '%s: is quarantined after its attempts, and the others get through',
    async (poison) => {
      const { store, drainer, lease, close } = await scene(
        poison,
        [good(1), `${poison}，请处理。`, good(3)],
        poison === 'poison-hang' ? silences.hanging : silences.usual,
      )
      const reports: DrainReport[] = []
      const onBatch = (report: DrainReport) => void reports.push(report)
      expect(await drainer.drain({ lease, signal: forever(), onBatch })).toMatchObject({
        ticketed: 2,
        quarantined: 1,
      })
      expect(reports.at(-1)).toMatchObject({ items: 3 })
      expect(await store.quarantined({ limit: 10 })).toMatchObject([
        { externalId: 'A1', code: 'ITEM_POISON', details: { attempts: maxAttempts + 1 } },
      ])
      expect(await store.pendingCount()).toBe(0)
      await close()
    },
    900_000,
  )

  it('does not keep the program from stopping', async () => {
    const { store, drainer, lease, close } = await scene('stopped', ['poison-hang，请处理。'], silences.usual)
    const stop = new AbortController()
    const afterDeath = { ...lease, takenOver: true }
    const draining = drainer.drain({ lease: afterDeath, signal: stop.signal, onBatch: () => {} })
    // Its attempt is counted right before it is touched.
    await vi.waitFor(
      async () => expect(await store.itemsByExternalId('A0')).toMatchObject([{ attempts: 1 }]),
      { timeout: 120_000 },
    )
    stop.abort()
    const askedAt = performance.now()
    await expect(draining).rejects.toMatchObject({ code: 'STOPPED' })
    expect(await store.pendingCount()).toBe(1)
    await close()
    expect(performance.now() - askedAt).toBeLessThan(silences.usual / 2)
  }, 300_000)
})
