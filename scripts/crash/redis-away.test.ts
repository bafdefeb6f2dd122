import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { describe, expect, it, vi } from 'vitest'
import type { TicketJob } from '../../normalizers/ticket.ts'
import { openStore } from '../../pipeline/stores/open-store.ts'
import type { Store } from '../../pipeline/stores/store.ts'
import { outboxKeyOf } from '../../pipeline/ticket-queue.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { CliProcess, crashFolder, isComplete, type PullOutput } from './cli-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { writeExport } from './many-items.ts'

const perFile = 100
const patience = { timeout: 240_000, interval: 100 }

const dir = crashFolder('redis-away')

interface Scene {
  readonly world: Deployment
  readonly redis: RedisServer
  readonly store: Store
  feed(file: number): void
}

async function makeScene(
  name: string,
  way = async (redis: RedisServer) => redis.url,
  { appendOnly } = { appendOnly: true },
): Promise<Scene> {
  const redis = await startRedis({ dir: join(dir, name, 'redis'), appendOnly })
  const redisUrl = await way(redis)
  const world = deploy({
    ...{ dir: join(dir, name), store: 'sqlite:a.db', redisUrl, prefix: name },
    processing: { batchSize: 10, leaseMs: 10_000 },
    source: {
      ...{ id: 'hotline', connector: 'hotline-export', schedule: { every: '1s' } },
      ...{ path: 'inbox', settleMs: 0, afterArchive: 'keep' },
    },
  })
  const feed = (file: number) => writeExport(join(dir, name, 'inbox'), file * perFile, perFile)
  feed(0)
  return { world, redis, store: await openStore(world.settings, { randomBytes }), feed }
}

/**
 * A way to Redis that can forget its connections, as a firewall does: they stay open, and nothing passes any more. It can
 * also lead elsewhere from now on, which changes nothing for those that are open.
 */
class ForgetfulWay {
  private forgotten = 0
  private opened = 0
  private readonly server = createServer((near) => {
    const far = connect(this.to)
    this.opened += 1
    const number = this.opened
    const pass = (target: typeof near) => (chunk: Buffer) => {
      if (number > this.forgotten) target.write(chunk)
    }
    near.on('data', pass(far)).on('error', () => {})
    far.on('data', pass(near)).on('error', () => {})
    near.on('close', () => far.destroy())
  })
  private to: number

  constructor(to: number) {
    this.to = to
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  forget(): void {
    this.forgotten = this.opened
  }

  lead(to: number): void {
    this.to = to
  }

  close(): void {
    this.server.close()
  }
}

/** A downstream system: notes each job that it is given, by the life of Redis in which it was. */
class Consumer {
  readonly lives: string[][] = [[]]
  readonly tickets = new Set<string>()
  private readonly startedAt = [0]
  private readonly worker: Worker<TicketJob>

  constructor({ redis: { url, prefix } }: Pick<Deployment['settings'], 'redis'>) {
    const quick = { lockDuration: 10_000, stalledInterval: 1_000, maxStalledCount: 10 }
    const take = async ({
      id,
      data,
      processedOn,
    }: {
      id?: string
      data: TicketJob
      processedOn?: number
    }) => {
      const life = this.startedAt.findLastIndex((at) => at <= (processedOn ?? 0))
      this.lives[life]?.push(id ?? '')
      this.tickets.add(data.ticket.id)
    }
    this.worker = new Worker('tickets', take, { connection: { url }, prefix, concurrency: 5, ...quick })
    this.worker.on('error', () => {})
  }

  /** Redis has lost something: from here on a job may come that has come before. */
  newLife(): void {
    this.lives.push([])
    this.startedAt.push(Date.now())
  }

  get deliveries(): number {
    return this.lives.reduce((sum, ids) => sum + ids.length, 0)
  }

  twiceInOneLife(): readonly string[] {
    return this.lives.flatMap((ids) => ids.filter((id, index) => ids.indexOf(id) !== index))
  }

  async close(): Promise<void> {
    await this.worker.close(true)
  }
}

async function republish(world: Deployment): Promise<string> {
  const command = new CliProcess(world, ['republish'])
  expect([(await command.ended).code, command.err.split('\n')[0]]).toEqual([0, expect.any(String)])
  return command.err
}

describe.concurrent('while tickets are made and consumed, Redis', () => {
  it('is killed and comes back: each ticket reaches downstream, and no job twice in one life of Redis', async () => {
    const { world, redis, store, feed } = await makeScene('killed')
    const consumer = new Consumer(world.settings)
    const run = new CliProcess(world, ['run', '--log-level', 'error'])
    await vi.waitFor(() => expect(consumer.tickets.size).toBeGreaterThan(perFile / 2), patience)
    for (const file of [1, 3]) {
      await redis.kill()
      consumer.newLife()
      feed(file)
      await redis.restart()
      feed(file + 1)
      const before = consumer.tickets.size
      await vi.waitFor(() => expect(consumer.tickets.size).toBeGreaterThan(before), patience)
    }
    const tickets = async () => (await store.findTickets({ limit: 10_000 })).map(({ id }) => id)
    await vi.waitFor(async () => {
      expect(await tickets()).toHaveLength(5 * perFile)
      expect(await store.outboxCount()).toBe(0)
    }, patience)
    // What Redis had taken and not yet written down when it was killed.
    await republish(world)
    await vi.waitFor(() => expect(consumer.tickets.size).toBe(5 * perFile), patience)
    expect(consumer.twiceInOneLife()).toEqual([])
    // Where the disk was slow, there was such data.
    const others = run.err.split('\n').filter((line) => !line.includes('Redis has lost data'))
    expect(others.join('\n')).toMatch(/^Running .*\n$/)
    expect(await run.end('SIGTERM')).toMatchObject({ code: 0 })
    console.info(`redis killed twice: ${5 * perFile} tickets, ${consumer.deliveries} deliveries, 0 lost`)
    await Promise.all([consumer.close(), store.close()])
    await redis.stop()
  }, 900_000)

  it('is wiped: republish brings what was not done, and nothing that was known to be done', async () => {
    const { world, redis, store, feed } = await makeScene('wiped')
    const early = new Consumer(world.settings)
    const run = new CliProcess(world, ['run', '--log-level', 'error'])
    const published = () => store.outboxCount()
    // All of the first file is done, and known to be.
    await vi.waitFor(async () => {
      expect(early.tickets.size).toBe(perFile)
      expect([await published(), (await store.undelivered(null, 1_000)).keys]).toEqual([0, []])
    }, patience)
    const done = new Set(early.lives.flat())
    await early.close()
    feed(1)
    const undone = async () => (await store.undelivered(null, 1_000)).keys
    await vi.waitFor(async () => expect((await undone()).length).toBeGreaterThanOrEqual(perFile), patience)
    const direct = new Redis(redis.url)
    await direct.flushall()
    await direct.quit()
    const missing = (await undone()).map(({ ticketId }) => ticketId)
    feed(2)
    await republish(world)
    const late = new Consumer(world.settings)
    const wanted = [...missing]
    await vi.waitFor(async () => {
      expect(wanted.filter((id) => !late.tickets.has(id))).toEqual([])
      expect(late.tickets.size + early.tickets.size).toBeGreaterThanOrEqual(3 * perFile)
      expect(await undone()).toEqual([])
    }, patience)
    const told = late.lives.flat()
    expect(told.filter((id) => done.has(id))).toEqual([])
    expect(late.twiceInOneLife()).toEqual([])
    expect(told.every((id) => outboxKeyOf(id) !== null)).toBe(true)
    expect(await run.end('SIGTERM')).toMatchObject({ code: 0 })
    console.info(
      `redis wiped: ${done.size} jobs done before, ${missing.length} undone, ${told.length} delivered after, 0 again`,
    )
    await Promise.all([late.close(), store.close()])
    await redis.stop()
  }, 900_000)

  it('is wiped while nothing runs: run says at its start that there is something to publish again', async () => {
    const { world, redis, store } = await makeScene('wiped-between')
    const first = new CliProcess(world, ['run', '--log-level', 'warn'])
    const undelivered = async () => (await store.undelivered(null, 1_000)).keys
    await vi.waitFor(async () => expect(await undelivered()).toHaveLength(perFile), patience)
    await first.end('SIGTERM')
    const direct = new Redis(redis.url)
    await direct.flushall()
    await direct.quit()
    const second = new CliProcess(world, ['run', '--log-level', 'warn'])
    await vi.waitFor(
      () => expect(second.err).toContain('Redis has lost data. Run \\"yiwang republish\\"'),
      patience,
    )
    await second.end('SIGTERM')
    await store.close()
    await redis.stop()
  }, 900_000)

  it('comes back as it was earlier: run says so, and republish brings the rest', async () => {
    const { world, redis, store, feed } = await makeScene('older', undefined, { appendOnly: false })
    const direct = new Redis(redis.url)
    const run = new CliProcess(world, ['run', '--log-level', 'warn'])
    const undelivered = async () => (await store.undelivered(null, 1_000)).keys
    await vi.waitFor(async () => expect(await undelivered()).toHaveLength(perFile), patience)
    await direct.save()
    feed(1)
    await vi.waitFor(async () => expect(await undelivered()).toHaveLength(2 * perFile), patience)
    await direct.quit()
    await redis.kill()
    await redis.restart()
    await vi.waitFor(
      () => expect(run.err).toContain('Redis has lost data. Run \\"yiwang republish\\"'),
      patience,
    )
    expect((await new CliProcess(world, ['republish']).ended).code).toBe(0)
    const consumer = new Consumer(world.settings)
    await vi.waitFor(() => expect(consumer.tickets.size).toBe(2 * perFile), patience)
    expect(run.err.match(/lost data/g)).toHaveLength(1)
    await run.end('SIGTERM')
    await Promise.all([consumer.close(), store.close()])
    await redis.stop()
  }, 900_000)

  it('is behind a firewall that forgets the connections: run opens new ones and goes on', async () => {
    const ways: ForgetfulWay[] = []
    const { world, redis, store, feed } = await makeScene('forgotten', ({ port }) => {
      const way = new ForgetfulWay(port)
      ways.push(way)
      return way.open()
    })
    const run = new CliProcess(world, ['run', '--log-level', 'error'])
    const { prefix } = world.settings.redis
    const consumer = new Consumer({ redis: { url: redis.url, prefix } })
    const delivered = async (tickets: number) => {
      expect(consumer.tickets.size).toBe(tickets)
      expect((await store.undelivered(null, 1_000)).keys).toEqual([])
    }
    await vi.waitFor(() => delivered(perFile), patience)
    for (const way of ways) way.forget()
    feed(1)
    await vi.waitFor(() => delivered(2 * perFile), patience)
    expect(consumer.twiceInOneLife()).toEqual([])
    expect(await run.end('SIGTERM')).toMatchObject({ code: 0 })
    for (const way of ways) way.close()
    await Promise.all([consumer.close(), store.close()])
    await redis.stop()
  }, 900_000)

  it('becomes a replica of the one that its address leads to by now: run goes on there', async () => {
    const ways: ForgetfulWay[] = []
    const { world, redis, store, feed } = await makeScene('demoted', ({ port }) => {
      const way = new ForgetfulWay(port)
      ways.push(way)
      return way.open()
    })
    const { prefix } = world.settings.redis
    const [before, after] = [new Redis(redis.url), await startRedis({ dir: join(dir, 'demoted', 'other') })]
    const promoted = new Redis(after.url)
    await before.config('SET', 'repl-diskless-sync-delay', '0')
    await promoted.replicaof('127.0.0.1', redis.port)
    const run = new CliProcess(world, ['run', '--log-level', 'error'])
    const consumer = new Consumer({ redis: { url: redis.url, prefix } })
    await vi.waitFor(() => expect(consumer.tickets.size).toBe(perFile), patience)
    await consumer.close()
    await vi.waitFor(
      async () => expect(await promoted.info('replication')).toContain('master_link_status:up'),
      patience,
    )
    await promoted.replicaof('NO', 'ONE')
    for (const way of ways) way.lead(after.port)
    await before.replicaof('127.0.0.1', after.port)
    feed(1)
    const next = new Consumer({ redis: { url: after.url, prefix } })
    const all = () => new Set([...consumer.tickets, ...next.tickets])
    await vi.waitFor(() => expect(all().size).toBe(2 * perFile), patience)
    await vi.waitFor(async () => expect(await store.outboxCount()).toBe(0), patience)
    expect(next.twiceInOneLife()).toEqual([])
    expect(await run.end('SIGTERM')).toMatchObject({ code: 0 })
    for (const way of ways) way.close()
    await Promise.all([next.close(), store.close(), before.quit(), promoted.quit()])
    await Promise.all([redis.stop(), after.stop()])
  }, 900_000)

  it('is down when cron pulls: the pull archives and says so, and a later one catches up', async () => {
    const { world, redis, store, feed } = await makeScene('down')
    await redis.stop()
    for (const file of [0, 1]) {
      feed(file)
      const pull = new CliProcess(world, ['pull', '--all', '--once'])
      expect([(await pull.ended).code, pull.err]).toEqual([0, expect.stringMatching(/^QUEUE_UNREACHABLE: /)])
      expect(pull.err).toContain(`${(file + 1) * perFile} tickets wait`)
      expect(await store.pendingCount()).toBe(0)
    }
    await redis.restart()
    const pull = new CliProcess(world, ['pull', '--all', '--once', '--json'])
    expect([(await pull.ended).code, pull.err]).toEqual([0, ''])
    expect(isComplete(JSON.parse(pull.out) as PullOutput)).toBe(true)
    const consumer = new Consumer(world.settings)
    await vi.waitFor(() => expect(consumer.tickets.size).toBe(2 * perFile), patience)
    expect(consumer.twiceInOneLife()).toEqual([])
    await Promise.all([consumer.close(), store.close()])
    await redis.stop()
  }, 900_000)
})
