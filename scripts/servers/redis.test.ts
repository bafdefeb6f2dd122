import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isAlive } from './guarded.ts'
import { freePort } from './ports.ts'
import { type RedisServer, startRedis } from './redis.ts'

vi.mock('./ports.ts', async (original) => {
  const ports = await original<typeof import('./ports.ts')>()
  return { ...ports, freePort: vi.fn(ports.freePort) }
})

let dir = ''
const running: RedisServer[] = []
const children: ChildProcess[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'yiwang-redis-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of running.splice(0)) await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function start(options: { appendOnly?: boolean; port?: number } = {}): Promise<RedisServer> {
  const server = await startRedis({ dir, ...options })
  running.push(server)
  return server
}

async function withClient<Value>(url: string, use: (client: Redis) => Promise<Value>): Promise<Value> {
  const client = new Redis(url)
  try {
    return await use(client)
  } finally {
    client.disconnect()
  }
}

/** Another process that starts a server in `dir` and tells where. */
async function startElsewhere(): Promise<{ child: ChildProcess; pid: number; port: number }> {
  const program = `
    import { startRedis } from ${JSON.stringify(new URL('./redis.ts', import.meta.url).href)}
    const server = await startRedis({ dir: ${JSON.stringify(dir)} })
    console.log(JSON.stringify({ pid: server.pid, port: server.port }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const { pid, port } = JSON.parse(line) as { pid: number; port: number }
    return { child, pid, port }
  }
  throw new Error('the other process ended early')
}

test('an append-only server keeps its data, port and url over kill and restart', async () => {
  const server = await start({ appendOnly: true })
  await withClient(server.url, (client) => client.set('word', '一网'))
  const before = server.pid
  await server.stop()
  expect(isAlive(before)).toBe(false)
  await server.restart()
  expect(server.pid).not.toBe(before)
  expect(await withClient(server.url, (client) => client.get('word'))).toBe('一网')
  await server.kill()
  expect(isAlive(server.pid)).toBe(false)
  await server.restart()
  expect(await withClient(server.url, (client) => client.ping())).toBe('PONG')
})

test('a taken port is replaced by a free one', async () => {
  const first = await start()
  const other = mkdtempSync(join(tmpdir(), 'yiwang-redis-'))
  const second = await startRedis({ dir: other, port: first.port })
  expect(second.port).not.toBe(first.port)
  await second.stop()
  rmSync(other, { recursive: true })
})

test('a port that another server has taken at the last moment is left to it', async () => {
  const first = await start()
  const other = mkdtempSync(join(tmpdir(), 'yiwang-redis-'))
  vi.mocked(freePort).mockResolvedValueOnce(first.port)
  const second = await startRedis({ dir: other })
  expect(second.port).not.toBe(first.port)
  await second.stop()
  rmSync(other, { recursive: true })
})

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'the server ends when its owner gets %s',
  async (signal) => {
    const { child, pid } = await startElsewhere()
    expect(isAlive(pid)).toBe(true)
    child.kill(signal)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000 })
  },
)

test('a server of a living process is shared and left running', async () => {
  const { pid, port } = await startElsewhere()
  const shared = await startRedis({ dir })
  expect({ pid: shared.pid, port: shared.port }).toEqual({ pid, port })
  await shared.stop()
  expect(isAlive(pid)).toBe(true)
  await expect(shared.kill()).rejects.toThrow('belongs to another process')
})

test('a server left by a dead process is replaced', async () => {
  const { child, pid } = await startElsewhere()
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const server = await start()
  expect(server.pid).not.toBe(pid)
  // It has closed its port, and what it knew is written; its last moment may come later.
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000 })
})
