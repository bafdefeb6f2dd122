import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type MongoServer, startMongo } from './mongodb.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real redis-server; each test file uses a BullMQ prefix of its own. */
    redisUrl: string
    /** A MongoDB server; each test file uses a database of its own. */
    mongoUrl: string
  }
}

/** Starts the servers that tests share; they end with the test run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = join(import.meta.dirname, '../../var/test')
  mkdirSync(parent, { recursive: true })
  const dir = mkdtempSync(join(parent, 'servers-'))
  const [redis, mongo] = await Promise.all([
    startRedis({ dir: join(dir, 'redis') }),
    startMongo({ dir: join(dir, 'mongodb'), url: process.env.MONGODB_URL }).catch(withoutMongo),
  ])
  process.env.YIWANG_TEST_REDIS_URL = redis.url
  process.env.YIWANG_TEST_MONGODB_URL = mongo.url
  project.provide('redisUrl', redis.url)
  project.provide('mongoUrl', mongo.url)
  process.stderr.write(`MongoDB for these tests: ${mongo.kind}\n`)
  return async () => {
    await Promise.all([redis.stop(), mongo.stop()])
    rmSync(dir, { recursive: true, force: true })
  }
}

/** On a developer's machine the other tests are still worth running; those that need MongoDB fail. */
function withoutMongo(error: unknown): Omit<MongoServer, 'kind'> & { readonly kind: string } {
  if (process.env.CI === 'true') throw error
  process.stderr.write(`\nWARNING: ${error instanceof Error ? error.message : String(error)}\n\n`)
  return { kind: 'none; its tests will fail', url: 'mongodb://127.0.0.1:1', stop: async () => {} }
}
