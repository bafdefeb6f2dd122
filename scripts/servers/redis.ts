import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { becomesReady, type Guarded, isAlive, logTail, spawnGuarded } from './guarded.ts'
import { freePort } from './ports.ts'

const startBoundMs = 40_000

export interface RedisOptions {
  /** Data, log and process id are kept here. Made when missing. */
  readonly dir: string
  /** Writes the append-only file, flushed every second: data survives `stop` and mostly `kill`. Default false. */
  readonly appendOnly?: boolean
  /** Wanted port; another free one is taken when it is not free. */
  readonly port?: number
}

/** A private redis-server on 127.0.0.1 that ends with this process, however that ends. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Changes with `restart`. */
  readonly pid: number
  /** Saves and ends. Repeatable. Leaves the server alone when another running process started it. */
  stop(): Promise<void>
  /** SIGKILL, as in a crash. */
  kill(): Promise<void>
  /** Starts again on the same port and data after `stop` or `kill`; stops first when still running. */
  restart(): Promise<void>
}

interface Owner {
  readonly pid: number
  readonly port: number
  /** The process that started it. */
  readonly owner: number
}

/**
 * Starts redis-server from PATH. When a living process already runs one in `dir`, that one is shared;
 * one left over from a dead process is ended first.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const dir = realpathSync(options.dir)
  const earlier = readOwner(dir)
  if (earlier !== null) {
    if (await isOthers(earlier, dir)) return sharedServer(earlier)
    await endLeftover(earlier, dir)
  }
  const launchOn = async (port: number) => ({
    port,
    first: await launch(dir, port, options.appendOnly ?? false),
  })
  // Another process may take the port before the server does.
  const { port, first } = await launchOn(await freePort(options.port)).catch(async () =>
    launchOn(await freePort()),
  )
  let server = first
  return {
    url: urlOf(port),
    port,
    get pid() {
      return server.pid
    },
    async stop() {
      await server.stop()
      rmSync(ownerFile(dir), { force: true })
    },
    kill: () => server.kill(),
    async restart() {
      await server.stop()
      server = await launch(dir, port, options.appendOnly ?? false)
    },
  }
}

/** Whether another living process runs a server in `dir`. */
export async function isRedisShared(dir: string): Promise<boolean> {
  const owner = readOwner(dir)
  return owner !== null && (await isOthers(owner, realpathSync(dir)))
}

const isOthers = async ({ owner, port }: Owner, dir: string) =>
  owner !== process.pid && isAlive(owner) && (await answers(port, dir))

function sharedServer({ pid, port }: Owner): RedisServer {
  const refuse = async () => {
    throw new Error(`redis-server ${pid} belongs to another process.`)
  }
  return { url: urlOf(port), port, pid, stop: async () => {}, kill: refuse, restart: refuse }
}

async function launch(dir: string, port: number, appendOnly: boolean): Promise<Guarded> {
  const logFile = join(dir, 'redis.log')
  const server = await spawnGuarded('redis-server', argumentsFor(dir, port, appendOnly), { logFile })
  if (!(await becomesReady(server, () => answers(port, dir), startBoundMs)))
    throw new Error(`redis-server did not start. Its log says:\n${logTail(logFile)}`)
  writeFileSync(ownerFile(dir), JSON.stringify({ pid: server.pid, port, owner: process.pid }))
  return server
}

function argumentsFor(dir: string, port: number, appendOnly: boolean): readonly string[] {
  return [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
    ...['--appendonly', appendOnly ? 'yes' : 'no', '--appendfsync', 'everysec', '--save', ''],
    // BullMQ loses jobs under any other policy.
    ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
  ]
}

/** Whether the server of `dir` answers there, and not another one that has taken the port. */
async function answers(port: number, dir: string): Promise<boolean> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    // Only a server that is there is waited for; where there is none, that is told at once.
    connectTimeout: 30_000,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const [, folder] = (await client.config('GET', 'dir')) as readonly string[]
    return folder === dir
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

/** Its guard is ending it already; this waits, and helps after two seconds. */
async function endLeftover({ pid, port }: Owner, dir: string): Promise<void> {
  for (let waitedMs = 0; isAlive(pid) && (await answers(port, dir)); waitedMs += 50) {
    if (waitedMs === 2000) process.kill(pid, 'SIGTERM')
    if (waitedMs >= 12_000) throw new Error(`redis-server ${pid} of an earlier run does not end.`)
    await delay(50)
  }
}

const ownerFile = (dir: string) => join(dir, 'redis.json')
const urlOf = (port: number) => `redis://127.0.0.1:${port}`

function readOwner(dir: string): Owner | null {
  try {
    const value = JSON.parse(readFileSync(ownerFile(dir), 'utf8')) as Partial<Owner> | null
    const { pid, port, owner } = value ?? {}
    return pid !== undefined && port !== undefined && owner !== undefined ? { pid, port, owner } : null
  } catch {
    return null
  }
}
