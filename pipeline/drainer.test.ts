import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe } from '../config/schema.ts'
import type { Settings } from '../config/settings.ts'
import { Drainer } from './drainer.ts'

function settingsIn(dir: string): Settings {
  return {
    ...{ path: '', timeZone: 'Asia/Shanghai', redis: { url: '', prefix: '' }, outputs: [], sources: [] },
    store: { url: `sqlite:${dir}/store/a.db` },
    blobs: { url: `file:${dir}/blobs` },
    dedupe: defaultDedupe,
    processing: { batchSize: 500, maxAttempts: 5, pullConcurrency: 2, leaseMs: 30_000 },
    log: { level: 'silent' },
  }
}

it('drains as soon as the store can be opened, also when it could not be at the start', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'drainer-'))
  const settings = settingsIn(dir)
  const start = { settings, writeTurn: new SharedArrayBuffer(4) }
  const drainer = new Drainer(start, createLogger(settings.log))
  const run = {
    lease: { name: 'processing', token: 'test', takenOver: false },
    signal: new AbortController().signal,
    onBatch: () => {},
  }
  // A file stands where the folder should be.
  writeFileSync(join(dir, 'store'), '')
  await expect(drainer.drain(run)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  rmSync(join(dir, 'store'))
  expect(await drainer.drain(run)).toMatchObject({ items: 0, problem: null })
  await drainer.close()
  rmSync(dir, { recursive: true })
})
