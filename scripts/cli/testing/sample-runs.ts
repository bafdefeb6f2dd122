import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { type CapturedRun, capturedRun } from './captured-run.ts'

/** Command lines on a store into which all samples were pulled, without Redis. Registers what sets it up and clears it away. */
export function sampleRuns() {
  const state = mkdtempSync(join(tmpdir(), 'yiwang-samples-'))
  const config = join(import.meta.dirname, '../../samples/yiwang.yaml')
  const env = { YIWANG_STATE: state, YIWANG_REDIS_URL: 'redis://127.0.0.1:1' }
  const run = (argv: readonly string[], progress: number | null): Promise<CapturedRun> =>
    capturedRun(['--config', config, ...argv], { cwd: state, env, progress })
  const yiwang = (...argv: readonly string[]) => run(argv, null)
  beforeAll(async () => {
    expect((await yiwang('pull', '--all')).code).toBe(0)
  }, 60_000)
  afterAll(() => rmSync(state, { recursive: true }))
  return {
    state,
    config,
    yiwang,
    /** The same with standard error on a terminal. */
    watched: (...argv: readonly string[]) => run(argv, 80),
    json: async (...argv: readonly string[]) => JSON.parse((await yiwang(...argv, '--json')).out),
  }
}
