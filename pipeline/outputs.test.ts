import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { systemClock } from '../config/clock.ts'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe, defaultOutput } from '../config/schema.ts'
import type { Settings } from '../config/settings.ts'
import { Outputs } from './outputs.ts'
import type { Store } from './stores/store.ts'
import { commit, commitTickets, idOf, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { freshSqlite } from './stores/suite/fresh.ts'

const redis = { url: inject('redisUrl'), prefix: `outputs-test-${process.pid}` }
const connection = { connection: { url: redis.url }, prefix: redis.prefix }
const settings: Settings = {
  ...{ path: '', timeZone: 'Asia/Shanghai', store: { url: '' }, blobs: { url: '' }, redis, sources: [] },
  outputs: [defaultOutput, { ...defaultOutput, queue: 'inspection', kinds: ['complaint'] }],
  dedupe: defaultDedupe,
  processing: { batchSize: 500, maxAttempts: 5, pullConcurrency: 2, leaseMs: 30_000 },
  log: { level: 'silent' },
}
const forever = () => new AbortController().signal

let store: Store
let outputs: Outputs
let end: () => Promise<void>

beforeEach(async () => {
  const { open, dispose } = await freshSqlite()
  store = await open()
  outputs = new Outputs({ settings, store, clock: systemClock, log: createLogger({ level: 'silent' }) })
  end = async () => {
    await outputs.close()
    await store.close()
    await dispose()
  }
})

afterEach(async () => {
  await wipe()
  await end()
})

const publish = () => outputs.relay({ signal: forever(), onBatch: () => {} })

async function wipe(): Promise<void> {
  const direct = new Redis(redis.url)
  const keys = await direct.keys(`${redis.prefix}:*`)
  if (keys.length > 0) await direct.del(...keys)
  await direct.quit()
}

async function jobs(name: string): Promise<readonly string[]> {
  const queue = new Queue(name, connection)
  const found = await queue.getJobs()
  await queue.close()
  return found.map((job) => `${job.id} ${job.name}`).sort()
}

it('is forgotten once Redis was wiped, for as long as something is not known to be delivered', async () => {
  expect(await outputs.isForgotten()).toBe(false)
  await commitTickets(store, ticket('help'))
  await publish()
  expect(await outputs.isForgotten()).toBe(false)
  await wipe()
  expect(await outputs.isForgotten()).toBe(true)
  await store.markDelivered([{ ticketId: idOf('T', 'help'), revision: 1 }])
  expect(await outputs.isForgotten()).toBe(false)
})

describe('republish', () => {
  it('brings back what only one of two outputs had completed, and nothing that no other output takes', async () => {
    await commitTickets(store, ticket('complaint', { kind: 'complaint' }), ticket('help'))
    const endReceipts = await outputs.followReceipts()
    await publish()
    const consumer = new Worker('tickets', async () => {}, connection)
    await vi.waitFor(async () => expect((await store.undelivered(null, 9)).keys).toHaveLength(1), 15_000)
    await consumer.close()
    await endReceipts()
    await wipe()
    expect(await outputs.republish(forever())).toBe(1)
    await publish()
    const again = `${idOf('T', 'complaint')}.1 ticket.created`
    expect(await jobs('inspection')).toEqual([again])
    expect(await jobs('tickets')).toEqual([again])
  })

  it('takes a job that its only output has completed for delivered', async () => {
    await commitTickets(store, ticket('help'))
    await publish()
    const consumer = new Worker('tickets', async () => {}, connection)
    await new Promise<void>((resolve) => consumer.once('completed', () => resolve()))
    await consumer.close()
    expect(await outputs.republish(forever())).toBe(0)
    await wipe()
    expect(await outputs.republish(forever())).toBe(0)
  })

  it('begins with ticket.created what changed after it was published and was not consumed', async () => {
    await commitTickets(store, ticket('help'))
    await publish()
    await commit(store, {
      tickets: [ticketWrite(ticket('help', { revision: 2 }), { event: 'ticket.updated' })],
    })
    await publish()
    await wipe()
    expect(await outputs.republish(forever())).toBe(1)
    await publish()
    expect(await jobs('tickets')).toEqual([`${idOf('T', 'help')}.2 ticket.created`])
  })
})
