import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real redis-server; each test file uses a BullMQ prefix of its own. */
    redisUrl: string
  }
}

/** Starts the servers that tests share; they end with the test run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = join(import.meta.dirname, '../../var/test')
  mkdirSync(parent, { recursive: true })
  const dir = mkdtempSync(join(parent, 'servers-'))
  const redis = await startRedis({ dir: join(dir, 'redis') })
  process.env.YIWANG_TEST_REDIS_URL = redis.url
  project.provide('redisUrl', redis.url)
  return async () => {
    await redis.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}
