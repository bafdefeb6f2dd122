import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { defaultOutput } from '../config/schema.ts'
import { startRedis } from '../scripts/servers/redis.ts'
import { jobIdOf, outboxKeyOf, TicketQueue } from './ticket-queue.ts'

const url = inject('redisUrl')
const prefix = 'ticket-queue-test'
let queue: TicketQueue
let plain: Queue

beforeAll(() => {
  queue = new TicketQueue(defaultOutput, { url, prefix }, () => {})
  plain = new Queue('tickets', { connection: { url }, prefix })
})

afterAll(async () => {
  await plain.obliterate({ force: true })
  await queue.close()
  await plain.close()
})

async function stored(jobId: string): Promise<Record<string, string>> {
  const redis = new Redis(url)
  const fields = await redis.hgetall(`${prefix}:tickets:${jobId}`)
  await redis.quit()
  return fields
}

const entry = (ticketId: string, text: string) => ({
  ticketId,
  revision: 1,
  event: 'ticket.created' as const,
  text: Buffer.from(text),
})

describe('TicketQueue', () => {
  it('puts the ticket on the queue as an object, though it was given as text', async () => {
    await queue.publish([entry('T-A', '{"body":"噪音\\u0000𠮷😀"}')])
    const job = await plain.getJob('T-A.1')
    expect(job?.name).toBe('ticket.created')
    expect(job?.data).toEqual({ event: 'ticket.created', ticket: { body: '噪音\u0000𠮷😀' } })
  })

  it('makes the very job that BullMQ makes of the same name, data and id', async () => {
    await queue.publish([entry('T-F', '{"body":"噪音"}')])
    const ours = await stored('T-F.1')
    await plain.remove('T-F.1')
    const data = { event: 'ticket.created', ticket: { body: '噪音' } }
    const backoff = { type: 'exponential', delay: 5_000 }
    const opts = { attempts: 10, backoff, jobId: 'T-F.1' }
    await plain.addBulk([{ name: 'ticket.created', data, opts }])
    const theirs = await stored('T-F.1')
    expect({ ...ours, timestamp: '' }).toEqual({ ...theirs, timestamp: '' })
    expect(Number(theirs.timestamp) - Number(ours.timestamp)).toBeLessThan(60_000)
    expect(JSON.parse(ours.opts ?? '')).toEqual(opts)
  })

  it('lets BullMQ try a job again whose handler throws, as often as the output says', async () => {
    const settings = { ...defaultOutput, queue: 'retried', attempts: 3, retryAfterMs: 10 }
    const retried = new TicketQueue(settings, { url, prefix }, () => {})
    await retried.publish([entry('T-I', '{}')])
    let tries = 0
    const refuse = async () => {
      tries += 1
      throw new Error('downstream is away')
    }
    const worker = new Worker('retried', refuse, { connection: { url }, prefix })
    await new Promise<void>((resolve) =>
      worker.on('failed', (job) => job?.attemptsMade === settings.attempts && resolve()),
    )
    expect([tries, await retried.states([{ ticketId: 'T-I', revision: 1 }])]).toEqual([3, ['waiting']])
    await worker.close()
    await retried.close()
  })

  it('leaves a job alone that is on the queue already', async () => {
    await queue.publish([entry('T-B', '{"body":"first"}')])
    await queue.publish([entry('T-B', '{"body":"second"}')])
    expect((await plain.getJob('T-B.1'))?.data.ticket).toEqual({ body: 'first' })
  })

  it('tells waiting, completed and missing jobs apart', async () => {
    await queue.publish([entry('T-C', '{}')])
    const worker = new Worker('tickets', async () => {}, { connection: { url }, prefix })
    await new Promise<void>((resolve) => worker.on('completed', (job) => job.id === 'T-C.1' && resolve()))
    await worker.close()
    await queue.publish([entry('T-D', '{}')])
    const keys = ['T-C', 'T-D', 'T-E'].map((ticketId) => ({ ticketId, revision: 1 }))
    expect(await queue.states(keys)).toEqual(['completed', 'waiting', 'missing'])
  })

  it('misses a job of which Redis has kept the place in the queue alone', async () => {
    await queue.publish([entry('T-G', '{}')])
    const redis = new Redis(url)
    await redis.del(`${prefix}:tickets:T-G.1`)
    await redis.quit()
    expect(await queue.states([{ ticketId: 'T-G', revision: 1 }])).toEqual(['missing'])
  })

  it('asks about a job without going through those that wait', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ticket-queue-'))
    const server = await startRedis({ dir })
    const alone = new TicketQueue(defaultOutput, { url: server.url, prefix }, () => {})
    await alone.publish([entry('T-H', '{}')])
    const redis = new Redis(server.url)
    await redis.config('RESETSTAT')
    await alone.states([{ ticketId: 'T-H', revision: 1 }])
    const commands = (await redis.info('commandstats')).matchAll(/^cmdstat_(\w+:calls=\d+)/gm)
    expect([...commands].map(([, command]) => command).sort()).toEqual(['exists:calls=1', 'zscore:calls=1'])
    await redis.quit()
    await alone.close()
    await server.stop()
    rmSync(dir, { recursive: true })
  })
})

/** A way to Redis that can swallow what is sent, or close every connection as soon as it is made. */
async function wayToRedis() {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let state: 'open' | 'silent' | 'closed' = 'open'
  let refused = 0
  const server = createServer((socket) => {
    if (state === 'closed') {
      refused += 1
      return socket.destroy()
    }
    const redis = connect(Number(target.port), target.hostname)
    for (const end of [socket, redis]) sockets.add(end.on('error', () => {}))
    socket.on('data', (bytes) => state === 'open' && redis.write(bytes))
    redis.on('data', (bytes) => state === 'open' && socket.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dropAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fallSilent() {
      state = 'silent'
    },
    closeAll() {
      state = 'closed'
      dropAll()
    },
    refused: () => refused,
    async end() {
      dropAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What becomes of it within a time far longer than it should take. */
function fate(work: Promise<unknown>): Promise<string> {
  const ended = work.then(
    () => 'published',
    () => 'failed',
  )
  const enough = new Promise<string>((resolve) => setTimeout(() => resolve('pending'), 40_000).unref())
  return Promise.race([ended, enough])
}

describe('a Redis lost with a command under way, whose address accepts and closes connections from then on', () => {
  it.each([
    ['fails the work when the time for an answer is over', 10_000, false],
    ['fails the work as soon as it is hung up', 60_000, true],
  ])('%s', async (_, answerWithinMs, isHungUp) => {
    const way = await wayToRedis()
    const lossy = new TicketQueue(defaultOutput, { url: way.url, prefix }, () => {}, answerWithinMs)
    await lossy.publish([entry('T-G', '{}')])
    way.fallSilent()
    const publishing = fate(lossy.publish([entry('T-H', '{}')]))
    way.closeAll()
    await vi.waitFor(() => expect(way.refused()).toBeGreaterThan(1), 40_000)
    if (isHungUp) lossy.hangUp()
    expect(await publishing).toBe('failed')
    await lossy.close()
    await way.end()
  })
})

describe('job ids', () => {
  it('name the ticket and its revision, and can be read back', () => {
    const key = { ticketId: 'T-0123456789ABCDEFGHJKMNPQRS', revision: 12 }
    expect(outboxKeyOf(jobIdOf(key))).toEqual(key)
  })

  it('that are not ours are told by null', () => {
    expect(outboxKeyOf('repeat.x')).toBeNull()
    expect(outboxKeyOf('17')).toBeNull()
  })
})
