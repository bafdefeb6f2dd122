import { execFile } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { MongoMemoryServer } from 'mongodb-memory-server-core'
import mongoose from 'mongoose'
import { becomesReady, type Guarded, spawnGuarded } from './guarded.ts'
import { freePort } from './ports.ts'
import { programFile } from './programs.ts'
import { installSecantus } from './secantus.ts'

export interface MongoOptions {
  /** Data and log are kept here. Made when missing. */
  readonly dir: string
  /** A server that is there already, for example `MONGODB_URL`; nothing is started then. */
  readonly url?: string | undefined
  /** Told of each kind that could not be used, and why. */
  readonly onMiss?: (kind: MongoKind, reason: string) => void
}

export type MongoKind = 'MONGODB_URL' | 'mongod' | 'docker' | 'mongodb-memory-server' | 'SecantusDB'

/** A MongoDB server for tests; those started here end with this process, however that ends. */
export interface MongoServer {
  /** Without a database: append `/name`. A given URL is returned as it was given. */
  readonly url: string
  readonly kind: MongoKind
  stop(): Promise<void>
}

const startBoundMs = 90_000
const varDir = join(import.meta.dirname, '../../var')

type Start = (dir: string) => Promise<Omit<MongoServer, 'kind'>>

const ways: readonly (readonly [MongoKind, Start])[] = [
  ['mongod', startMongod],
  ['docker', startInDocker],
  ['mongodb-memory-server', startMemoryServer],
  ['SecantusDB', startSecantus],
]

/** Uses the first of: the given URL, mongod on PATH, Docker, mongodb-memory-server, SecantusDB from PyPI. Each is tried within a bound. */
export async function startMongo(options: MongoOptions): Promise<MongoServer> {
  if (options.url) {
    if (!(await answers(options.url, 5_000))) throw new Error('No MongoDB answers at MONGODB_URL.')
    return { url: options.url, kind: 'MONGODB_URL', stop: async () => {} }
  }
  const dir = resolve(options.dir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const misses: string[] = []
  for (const [kind, start] of ways) {
    try {
      return { ...(await start(dir)), kind }
    } catch (error) {
      const reason = firstLine(error)
      misses.push(`${kind}: ${reason}`)
      options.onMiss?.(kind, reason)
    }
  }
  throw new Error(`No MongoDB server could be started.\n${misses.join('\n')}`)
}

async function startMongod(dir: string) {
  const mongod = programFile('mongod')
  await run(mongod, ['--version'], 5_000)
  const port = await freePort()
  const data = join(dir, 'mongod')
  mkdirSync(data, { recursive: true })
  const listen = ['--bind_ip', '127.0.0.1', '--port', String(port)]
  return whenReady(port, await launch(mongod, ['--dbpath', data, ...listen], dir))
}

async function startInDocker(dir: string) {
  await run('docker', ['info', '--format', '{{.ServerVersion}}'], 5_000)
  const port = await freePort()
  const options = ['run', '--rm', '--publish', `127.0.0.1:${port}:27017`, 'mongo:8']
  return whenReady(port, await launch('docker', options, dir))
}

async function startMemoryServer() {
  const downloadDir = join(varDir, 'mongodb-binaries')
  // Without a network the download is tried for long; the name alone tells sooner.
  if (!existsSync(downloadDir)) await within(3_000, lookup('fastdl.mongodb.org'), () => {})
  const starting = MongoMemoryServer.create({ instance: { ip: '127.0.0.1' }, binary: { downloadDir } })
  // A download that comes through after the bound is stopped again.
  const server = await within(60_000, starting, (late) => void late.stop())
  return {
    url: server.getUri().replace(/\/(\?.*)?$/, ''),
    stop: async () => {
      await server.stop()
    },
  }
}

async function startSecantus(dir: string) {
  const program = await installSecantus(join(varDir, 'secantus'))
  const port = await freePort()
  const data = join(dir, 'secantus')
  mkdirSync(data, { recursive: true })
  // No log for replicas: nobody reads it, and once it is full the server does little but cut it.
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--log-level', 'WARNING', '--standalone']
  const start = () => launch(program, [...listen, '--storage-path', data], dir)
  const first = await start()
  const { url } = await whenReady(port, first)
  return { url, stop: watched(url, first, start) }
}

const pingEveryMs = 5_000
const pingBoundMs = 10_000

/**
 * Starts the server again, on the same data, once it does not answer any more, so that one standstill does not fail
 * every test after it; a test that was just writing may fail. Clients connect anew by themselves. Returns what stops it.
 */
function watched(url: string, first: Guarded, start: () => Promise<Guarded>): () => Promise<void> {
  const over = new AbortController()
  let server = first
  const watching = (async () => {
    let misses = 0
    while (!over.signal.aborted) {
      await delay(pingEveryMs, undefined, { ref: false, signal: over.signal }).catch(() => {})
      if (over.signal.aborted) return
      misses = (await answers(url, pingBoundMs)) ? 0 : misses + 1
      if (misses < 2 || over.signal.aborted) continue
      process.stderr.write('\nWARNING: SecantusDB did not answer for 20 s; it is started again.\n\n')
      await server.stop(5_000)
      server = await start()
      misses = 0
    }
  })()
  return async () => {
    over.abort()
    await watching
    await server.stop()
  }
}

function launch(program: string, args: readonly string[], dir: string): Promise<Guarded> {
  return spawnGuarded(program, args, { logFile: join(dir, 'mongodb.log'), cwd: dir })
}

async function whenReady(port: number, server: Guarded) {
  const url = `mongodb://127.0.0.1:${port}`
  const isReady = () => answers(url, 5_000)
  if (await becomesReady(server, isReady, startBoundMs)) return { url, stop: () => server.stop() }
  throw new Error(`it ended, or did not answer within ${startBoundMs / 1000} s; see mongodb.log`)
}

async function answers(url: string, timeoutMs: number): Promise<boolean> {
  const client = new mongoose.mongo.MongoClient(url, {
    ...{ serverSelectionTimeoutMS: timeoutMs, socketTimeoutMS: timeoutMs },
  })
  try {
    await client.db('admin').command({ ping: 1 })
    return true
  } catch {
    return false
  } finally {
    await client.close()
  }
}

async function run(program: string, args: readonly string[], timeoutMs: number): Promise<void> {
  await promisify(execFile)(program, [...args], { timeout: timeoutMs, killSignal: 'SIGKILL' })
}

async function within<Value>(
  boundMs: number,
  promise: Promise<Value>,
  onLate: (value: Value) => void,
): Promise<Value> {
  const bound = new AbortController()
  const timeout = delay(boundMs, undefined, { signal: bound.signal }).then(() => {
    promise.then(onLate, () => {})
    throw new Error(`it did not start within ${boundMs} ms`)
  })
  timeout.catch(() => {})
  return Promise.race([promise, timeout]).finally(() => bound.abort())
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
