import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it, type MockInstance, vi } from 'vitest'
import { systemClock } from '../config/clock.ts'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe, defaultOutput, defaultProcessing } from '../config/schema.ts'
import type { Settings } from '../config/settings.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { type RedisServer, startRedis } from '../scripts/servers/redis.ts'
import { Outputs } from './outputs.ts'
import { Receipts } from './receipts.ts'
import type { Lease, Store } from './stores/store.ts'
import { commit, commitTickets, idOf, processing, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { freshSqlite } from './stores/suite/fresh.ts'
import { forever, untilFollowed } from './testing/app-folder.ts'
import { TicketQueue } from './ticket-queue.ts'

const redis = { url: inject('redisUrl'), prefix: `outputs-test-${process.pid}` }
const connection = { connection: { url: redis.url }, prefix: redis.prefix }
const settings: Settings = {
  ...{ path: '', timeZone: 'Asia/Shanghai', store: { url: '' }, blobs: { url: '' }, redis, sources: [] },
  outputs: [defaultOutput, { ...defaultOutput, queue: 'inspection', kinds: ['complaint'] }],
  dedupe: defaultDedupe,
  processing: defaultProcessing,
  log: { level: 'silent' },
}

const copied: Settings = { ...settings, outputs: [defaultOutput, { ...defaultOutput, queue: 'copy' }] }
const key = (name: string) => ({ ticketId: idOf('T', name), revision: 1 })

let store: Store
let outputs: Outputs
let end: () => Promise<void>

beforeEach(async () => {
  const { open, dispose } = await freshSqlite()
  store = await open()
  outputs = outputsOf(settings)
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

function outputsOf(of: Settings): Outputs {
  return new Outputs({ settings: of, store, clock: systemClock, log: createLogger({ level: 'silent' }) })
}

async function published(by: Outputs, from = store): Promise<number> {
  return await by.relay({ lease: await processing(from), signal: forever(), onBatch: () => {} })
}

const publish = () => published(outputs)

async function consumeOne(): Promise<void> {
  const consumer = new Worker('tickets', async () => {}, connection)
  await new Promise<void>((resolve) => consumer.once('completed', () => resolve()))
  await consumer.close()
}

async function wipe(): Promise<void> {
  for (const url of [redis.url, `${redis.url}/1`]) {
    const direct = new Redis(url)
    const keys = await direct.keys(`${redis.prefix}*`)
    if (keys.length > 0) await direct.del(...keys)
    await direct.quit()
  }
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
  await store.markDelivered([key('help')])
  expect(await outputs.isForgotten()).toBe(false)
})

it('is not forgotten while no output takes what was made', async () => {
  const inspection = { ...defaultOutput, queue: 'inspection', kinds: ['complaint'] as const }
  const picky = outputsOf({ ...settings, outputs: [inspection] })
  await commitTickets(store, ticket('help'))
  await published(picky)
  expect((await store.undelivered(null, 9)).keys).toHaveLength(1)
  expect(await picky.isForgotten()).toBe(false)
  await commitTickets(store, ticket('complaint', { kind: 'complaint' }))
  await published(picky)
  await wipe()
  expect(await picky.isForgotten()).toBe(true)
  await picky.close()
})

it('does not publish again what a consumer has just completed, which is noted a moment later', async () => {
  await commitTickets(store, ticket('done'), ticket('lost'))
  await publish()
  await wipe()
  const noted = setTimeout(1_500).then(() => store.markDelivered([key('done')]))
  expect(await outputs.republish(forever())).toBe(1)
  await noted
  expect((await store.outbox(9)).map(({ ticketId }) => ticketId)).toEqual([idOf('T', 'lost')])
})

describe('once Redis has come back as it was earlier', () => {
  const said = [
    { code: 'QUEUE_LOST' },
    expect.stringContaining('Redis has lost data. Run "yiwang republish"'),
  ]
  let dir: string
  let server: RedisServer
  let told: MockInstance
  let ours: Outputs
  const publishAll = () => published(ours)

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'outputs-'))
    server = await startRedis({ dir })
    const log = createLogger({ level: 'silent' })
    told = vi.spyOn(log, 'error')
    const of = { ...settings, redis: { url: server.url, prefix: 'loss' } }
    ours = new Outputs({ settings: of, store, clock: systemClock, log })
    await commitTickets(store, ticket('kept', { kind: 'complaint' }))
    await publishAll()
    const direct = new Redis(server.url)
    await direct.save()
    await direct.quit()
  })

  afterEach(async () => {
    await ours.close()
    await server.stop()
    rmSync(dir, { recursive: true })
  })

  async function goBack(): Promise<void> {
    await ours.close()
    await server.kill()
    await server.restart()
  }

  it('says so before it publishes more, and no second time', async () => {
    await commitTickets(store, ticket('lost'))
    await publishAll()
    await goBack()
    await commitTickets(store, ticket('b'), ticket('c'))
    await publishAll()
    await ours.lookForLosses()
    expect(told.mock.calls).toEqual([said])
    expect(await ours.republish(forever())).toBe(1)
  })

  it('says so when it is asked, also a process that has published nothing itself', async () => {
    await commitTickets(store, ticket('lost'))
    await publishAll()
    await ours.lookForLosses()
    expect(told.mock.calls).toEqual([])
    await goBack()
    await ours.lookForLosses()
    expect(told.mock.calls).toEqual([said])
  })

  it.each([0, 1, 2])('says nothing where a process died at step %i of publishing', async (step) => {
    await commitTickets(store, ...Array.from({ length: 501 }, (_, index) => ticket(`late${index}`)))
    const { saveProgress } = store
    let steps = 0
    vi.spyOn(store, 'saveProgress').mockImplementation(async (...given) => {
      if (steps++ >= step) throw new Error('died')
      await saveProgress(...given)
    })
    await publishAll().catch(() => {})
    expect(steps).toBe(step + 1)
    vi.mocked(store.saveProgress).mockImplementation(saveProgress)
    await publishAll()
    expect(told.mock.calls).toEqual([])
    expect(await store.outboxCount()).toBe(0)
  })

  it('says nothing of what was published by an attempt that the connection broke, and by the next', async () => {
    const { publish: send } = TicketQueue.prototype
    using sent = vi.spyOn(TicketQueue.prototype, 'publish')
    sent.mockImplementationOnce(async function (this: TicketQueue, entries) {
      // A client sends again what it has no answer to.
      await send.call(this, entries)
      await send.call(this, entries)
      throw new Error('Connection is closed.')
    })
    await commitTickets(store, ticket('late'))
    await expect(publishAll()).rejects.toThrow('QUEUE_UNREACHABLE')
    expect(await publishAll()).toBe(1)
    expect(told.mock.calls).toEqual([])
  })

  it('says nothing where no output takes what is not delivered', async () => {
    const complaints = { ...defaultOutput, kinds: ['complaint'] as const }
    const of = { ...settings, redis: { url: server.url, prefix: 'loss' }, outputs: [complaints] }
    await ours.close()
    const log = createLogger({ level: 'silent' })
    told = vi.spyOn(log, 'error')
    ours = new Outputs({ settings: of, store, clock: systemClock, log })
    await commitTickets(store, ticket('help'), ticket('done', { kind: 'complaint' }))
    await publishAll()
    await store.markDelivered([key('kept'), key('done')])
    await goBack()
    await ours.lookForLosses()
    expect(told.mock.calls).toEqual([])
  })

  it('says nothing where nothing was lost, or downstream had all of it', async () => {
    await goBack()
    await ours.lookForLosses()
    await commitTickets(store, ticket('done'))
    await publishAll()
    await store.markDelivered([key('kept'), key('done')])
    await goBack()
    await ours.lookForLosses()
    expect(told.mock.calls).toEqual([])
  })
})

describe('once its lease has run out and another process has it', () => {
  let told: MockInstance
  let next: Outputs
  let stale: Lease

  beforeEach(async () => {
    const log = createLogger({ level: 'silent' })
    told = vi.spyOn(log, 'error')
    next = new Outputs({ settings, store, clock: systemClock, log })
    await commitTickets(store, ticket('a'))
    await store.release(await processing(store))
    stale = (await store.acquire('processing', 'suspended', 60_000)) ?? stale
  })

  afterEach(async () => {
    await next.close()
  })

  const relayStale = () => outputs.relay({ lease: stale, signal: forever(), onBatch: () => {} })

  async function goOn(...tickets: readonly Ticket[]): Promise<void> {
    await store.renew(stale, 0)
    await commitTickets(store, ...tickets)
    await published(next)
  }

  it('publishes nothing any more: the other may have told of it as new already', async () => {
    const { tryOut } = TicketQueue.prototype
    using tried = vi.spyOn(TicketQueue.prototype, 'tryOut')
    tried.mockImplementationOnce(async function (this: TicketQueue) {
      await tryOut.call(this)
      await goOn(ticket('a', { revision: 2 }))
    })
    await expect(relayStale()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await jobs('tickets')).toEqual([`${idOf('T', 'a')}.2 ticket.created`])
  })

  it('leaves the counts of jobs to the other, and none of them seems to be another store’s', async () => {
    const { added } = TicketQueue.prototype
    using asked = vi.spyOn(TicketQueue.prototype, 'added')
    asked.mockImplementationOnce(added).mockImplementationOnce(async function (this: TicketQueue) {
      const count = await added.call(this)
      await goOn(ticket('b'))
      return count
    })
    expect(await relayStale()).toBe(1)
    await goOn(ticket('c'))
    expect(await jobs('tickets')).toHaveLength(3)
    expect(told.mock.calls).toEqual([])
  })
})

it('says that another store publishes on the same queue, where Redis takes one for the other', async () => {
  const log = createLogger({ level: 'silent' })
  const told = vi.spyOn(log, 'error')
  const { open, dispose } = await freshSqlite()
  const anotherStore = await open()
  const another = new Outputs({ settings, store: anotherStore, clock: systemClock, log })
  const publishThere = () => published(another, anotherStore)
  await commitTickets(anotherStore, ticket('theirs'))
  await publishThere()
  await publishThere()
  await commitTickets(anotherStore, ticket('next'))
  await publishThere()
  expect(told.mock.calls).toEqual([])
  await commitTickets(store, ticket('same', { body: 'of this store' }))
  await publish()
  await commitTickets(anotherStore, ticket('same', { body: 'of the other store' }))
  await publishThere()
  const said = expect.stringContaining('give this store a redis.prefix of its own')
  expect(told.mock.calls).toEqual([[{ code: 'QUEUE_SHARED' }, said]])
  const queue = new Queue('tickets', connection)
  expect((await queue.getJob(`${idOf('T', 'same')}.1`))?.data.ticket.body).toBe('of this store')
  await Promise.all([queue.close(), another.close(), anotherStore.close()])
  await dispose()
})

it.each([
  ['prefix', { ...redis, prefix: `${redis.prefix}-for-a-while` }],
  ['address', { ...redis, url: `${redis.url}/1` }],
  ['database', { ...redis, url: `${redis.url}?db=1` }],
])('says nothing where another %s was tried meanwhile, and the first is back', async (_, tried) => {
  const log = createLogger({ level: 'silent' })
  const told = vi.spyOn(log, 'error')
  for (const [index, of] of [redis, redis, tried, redis, redis].entries()) {
    const now = new Outputs({ settings: { ...settings, redis: of }, store, clock: systemClock, log })
    const name = `tried${index}`
    await commitTickets(store, ticket(name))
    await published(now)
    await now.close()
    await store.markDelivered([key(name)])
  }
  expect(told.mock.calls).toEqual([])
})

it('notes what was completed until it is told to stop', async () => {
  using heard = vi.spyOn(Receipts.prototype, 'add')
  await commitTickets(store, ticket('help'))
  const endReceipts = await outputs.followReceipts()
  await publish()
  await untilFollowed(redis, 'tickets')
  const consumer = new Worker('tickets', async () => {}, connection)
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce(), 40_000)
  await endReceipts()
  await consumer.close()
  expect((await store.undelivered(null, 9)).keys).toEqual([])
})

it('says once a minute that Redis takes nothing', () => {
  const log = createLogger({ level: 'silent' })
  const warn = vi.spyOn(log, 'warn')
  let now = 0
  const failing = new Outputs({ settings, store, clock: () => now, log })
  for (now of [0, 59_999, 60_000, 60_001]) failing.complain(new Error('connect ECONNREFUSED'))
  expect(warn.mock.calls.map(([about]) => about)).toEqual(Array(2).fill({ code: 'QUEUE_UNREACHABLE' }))
})

describe('republish', () => {
  it('brings back what only one of two outputs had completed, and nothing that no other output takes', async () => {
    await commitTickets(store, ticket('complaint', { kind: 'complaint' }), ticket('help'))
    const endReceipts = await outputs.followReceipts()
    await publish()
    await untilFollowed(redis, 'tickets')
    const consumer = new Worker('tickets', async () => {}, connection)
    await vi.waitFor(async () => expect((await store.undelivered(null, 9)).keys).toHaveLength(1), 40_000)
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
    await consumeOne()
    expect(await outputs.republish(forever())).toBe(0)
    await wipe()
    expect(await outputs.republish(forever())).toBe(0)
  })

  it('asks about a job only those outputs that take it', async () => {
    await commitTickets(store, ticket('complaint', { kind: 'complaint' }), ticket('help'))
    await publish()
    using asked = vi.spyOn(TicketQueue.prototype, 'states')
    expect(await outputs.republish(forever())).toBe(0)
    expect(asked.mock.calls).toEqual([[[key('complaint'), key('help')]], [[key('complaint')]]])
  })

  it('takes for delivered what all outputs have completed, and for gone what one has lost', async () => {
    await outputs.close()
    outputs = outputsOf(copied)
    await commitTickets(store, ticket('help'))
    await publish()
    await consumeOne()
    expect(await outputs.republish(forever())).toBe(0)
    expect((await store.undelivered(null, 9)).keys).toEqual([key('help')])
    const copies = new Queue('copy', connection)
    await copies.obliterate()
    await copies.close()
    expect(await outputs.republish(forever())).toBe(1)
  })

  it('leaves nothing out, however much it is', async () => {
    const many = Array.from({ length: 501 }, (_, at) => ticket(`t${at}`))
    await commitTickets(store, ...many)
    await publish()
    await wipe()
    expect(await outputs.republish(forever())).toBe(many.length)
  })

  it('leaves alone what changed since, where an output lacks it that may never have taken it', async () => {
    const revise = (revision: number, event: TicketEvent) =>
      commit(store, { tickets: [ticketWrite(ticket('help', { revision }), { event })] })
    await revise(1, 'ticket.created')
    await publish()
    await revise(2, 'ticket.linked')
    expect(await outputs.republish(forever())).toBe(0)
    await publish()
    const id = idOf('T', 'help')
    expect(await jobs('tickets')).toEqual([`${id}.1 ticket.created`, `${id}.2 ticket.linked`])
    await revise(3, 'ticket.updated')
    await wipe()
    expect(await outputs.republish(forever())).toBe(1)
    await publish()
    expect(await jobs('tickets')).toEqual([`${id}.3 ticket.created`])
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
