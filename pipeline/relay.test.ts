import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { systemClock } from '../config/clock.ts'
import { defaultOutput } from '../config/schema.ts'
import type { TicketEvent } from '../normalizers/ticket.ts'
import { type Output, type RelayOptions, relay, takes } from './relay.ts'
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts'
import type { Outbox, Store } from './stores/store.ts'
import { commit, commitTickets, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { forever } from './testing/app-folder.ts'
import { TicketQueue } from './ticket-queue.ts'

const redis = { url: inject('redisUrl'), prefix: `relay-test-${process.pid}` }
const output = defaultOutput

let dir: string
let store: Store
let queue: TicketQueue

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'relay-'))
  store = await openSqliteStore(`${dir}/a.db`, { randomBytes })
  queue = new TicketQueue(defaultOutput, redis, () => {})
})

afterEach(async () => {
  const direct = new Queue('tickets', { connection: { url: redis.url }, prefix: redis.prefix })
  await direct.obliterate({ force: true })
  await Promise.all([direct.close(), queue.close(), store.close()])
  rmSync(dir, { recursive: true })
})

function run(
  from: Outbox,
  outputs: readonly Output[] = [{ settings: output, queue }],
  prepare: RelayOptions['prepare'] = async () => {},
  stopping: Pick<RelayOptions, 'signal' | 'onBatch'> = { signal: forever(), onBatch: () => {} },
): Promise<number> {
  const common = { timeZone: 'Asia/Shanghai', clock: systemClock, ...stopping }
  return relay({ ...common, store: from, outputs, redisUrl: redis.url, prepare })
}

async function published(name = 'tickets'): Promise<readonly string[]> {
  const direct = new Queue(name, { connection: { url: redis.url }, prefix: redis.prefix })
  const jobs = await direct.getJobs()
  await direct.close()
  return jobs.map(({ id, name }) => `${id} ${name}`).sort()
}

const jobs = (name: string, ...told: readonly string[]) => told.map((one) => `${ticket(name).id}.${one}`)

describe('the relay', () => {
  it('tells of a new ticket once, also when it changes while it is on its way', async () => {
    await commitTickets(store, ticket('a'))
    await run(store)
    await commitTickets(store, ticket('b'))
    let reads = 0
    const changing: Outbox = {
      ...store,
      // The second read is made while Redis takes what the first one found.
      outbox: async (limit, range) => {
        reads += 1
        if (reads === 2)
          await commitTickets(store, ticket('a', { revision: 2 }), ticket('b', { revision: 2 }))
        return await store.outbox(limit, range)
      },
    }
    expect(await run(changing)).toBe(3)
    expect(await store.outboxCount()).toBe(0)
    expect((await published()).filter((one) => one.startsWith(ticket('b').id))).toEqual(
      jobs('b', '1 ticket.created', '2 ticket.updated'),
    )
  })

  describe.each(['one output', 'two outputs'])('where %s got a ticket and it was not marked', (which) => {
    const died = async () => {
      throw new Error('died')
    }
    const names = which === 'one output' ? ['tickets'] : ['tickets', 'inspection']
    let outputs: Output[]

    beforeEach(() => {
      outputs = names.map((name) => {
        const settings = { ...output, queue: name }
        return { settings, queue: new TicketQueue(settings, redis, () => {}) }
      })
    })

    afterEach(async () => {
      const direct = new Queue('inspection', { connection: { url: redis.url }, prefix: redis.prefix })
      await direct.obliterate({ force: true })
      await Promise.all([direct.close(), ...outputs.map(({ queue }) => queue.close())])
    })

    it('tells what changed it since as what it is', async () => {
      await commitTickets(store, ticket('a'), ticket('b'), ticket('c'))
      await expect(run({ ...store, markPublished: died }, outputs)).rejects.toThrow('died')
      await commitTickets(store, ticket('a', { revision: 2 }), ticket('d', { revision: 2 }))
      await commit(store, {
        tickets: [ticketWrite(ticket('b', { revision: 2 }), { event: 'ticket.linked' })],
      })
      expect(await run(store, outputs)).toBe(4)
      expect(await store.outboxCount()).toBe(0)
      for (const name of names)
        expect(await published(name)).toEqual(
          [
            ...jobs('a', '1 ticket.created', '2 ticket.updated'),
            ...jobs('b', '1 ticket.created', '2 ticket.linked'),
            ...jobs('c', '1 ticket.created'),
            ...jobs('d', '2 ticket.created'),
          ].sort(),
        )
    })

    it('tells of a link once', async () => {
      await commitTickets(store, ticket('a'))
      await run(store, outputs)
      const revise = (revision: number, event: TicketEvent) =>
        commit(store, { tickets: [ticketWrite(ticket('a', { revision }), { event })] })
      await revise(2, 'ticket.linked')
      await expect(run({ ...store, markPublished: died }, outputs)).rejects.toThrow('died')
      await revise(3, 'ticket.updated')
      await run(store, outputs)
      for (const name of names)
        expect(await published(name)).toEqual(
          jobs('a', '1 ticket.created', '2 ticket.linked', '3 ticket.updated'),
        )
    })

    it('tells all of a link of which only some have heard', async () => {
      const [first] = outputs
      await commitTickets(store, ticket('a'))
      await expect(run({ ...store, markPublished: died }, outputs.slice(0, 1))).rejects.toThrow('died')
      const revise = (revision: number, event: TicketEvent) =>
        commit(store, { tickets: [ticketWrite(ticket('a', { revision }), { event })] })
      await revise(2, 'ticket.linked')
      await expect(run({ ...store, markPublished: died }, outputs)).rejects.toThrow('died')
      await revise(3, 'ticket.updated')
      await run(store, outputs)
      expect(await published(first?.settings.queue)).toEqual(jobs('a', '1 ticket.created', '3 ticket.linked'))
    })

    it('knows so from a job that is completed', async () => {
      await commitTickets(store, ticket('a'))
      await expect(run({ ...store, markPublished: died }, outputs)).rejects.toThrow('died')
      const workers = names.map(
        (name) => new Worker(name, async () => {}, { connection: { url: redis.url }, prefix: redis.prefix }),
      )
      await Promise.all(workers.map((worker) => once(worker, 'completed')))
      await Promise.all(workers.map((worker) => worker.close()))
      await commitTickets(store, ticket('a', { revision: 2 }))
      await run(store, outputs)
      for (const name of names)
        expect(await published(name)).toEqual(jobs('a', '1 ticket.created', '2 ticket.updated'))
    })

    it('knows so from receipts where the job is gone', async () => {
      await commitTickets(store, ticket('a', { revision: 2 }))
      await store.markDelivered([{ ticketId: ticket('a').id, revision: 1 }])
      expect(await run(store, outputs)).toBe(1)
      expect(await published()).toEqual(jobs('a', '2 ticket.updated'))
    })
  })

  it('tells an output of a new ticket that only another one got before it changed, and the other of the change', async () => {
    await commitTickets(store, ticket('a'))
    const other = new TicketQueue({ ...output, queue: 'inspection' }, redis, () => {})
    const outputs = [
      { settings: output, queue },
      { settings: { ...output, queue: 'inspection' }, queue: other },
    ]
    const closed = new Error('Connection is closed.')
    vi.spyOn(other, 'publish').mockRejectedValueOnce(closed).mockRejectedValueOnce(closed)
    await expect(run(store, outputs)).rejects.toThrow('QUEUE_UNREACHABLE')
    await commitTickets(store, ticket('a', { revision: 2 }))
    await expect(run(store, outputs)).rejects.toThrow('QUEUE_UNREACHABLE')
    expect(await run(store, outputs)).toBe(1)
    expect(await published('inspection')).toEqual(jobs('a', '2 ticket.created'))
    expect(await published()).toEqual(jobs('a', '1 ticket.created', '2 ticket.updated'))
    const direct = new Queue('inspection', { connection: { url: redis.url }, prefix: redis.prefix })
    await direct.obliterate({ force: true })
    await Promise.all([direct.close(), other.close()])
  })

  it('asks about thousands of earlier revisions a part at a time', async () => {
    await commitTickets(store, ticket('a'))
    const died = () => Promise.reject(new Error('died'))
    await expect(run({ ...store, markPublished: died })).rejects.toThrow('died')
    await commitTickets(store, ticket('a', { revision: 20_002 }))
    using asked = vi.spyOn(queue, 'states')
    expect(await run(store)).toBe(1)
    expect(asked.mock.calls.map(([keys]) => keys.length)).toEqual([10_000, 10_000, 1])
    expect(await published()).toEqual(jobs('a', '1 ticket.created', '20002 ticket.updated'))
  })

  it('sends no more than 4 MiB at a time, or one ticket, so that a slow connection carries it in time', async () => {
    const long = '长'.repeat(500_000)
    const names = Array.from({ length: 12 }, (_, place) => `long ${place}`)
    await commitTickets(store, ...names.map((name) => ticket(name, { body: long })))
    await commitTickets(store, ticket('longest', { body: '长'.repeat(2_000_000) }), ticket('short'))
    const sent = vi.spyOn(queue, 'publish')
    expect(await run(store)).toBe(14)
    const batches = sent.mock.calls.map(([entries]) => entries)
    for (const batch of batches.filter(({ length }) => length > 1))
      expect(batch.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(4 * 2 ** 20)
    expect(batches.length).toBeLessThanOrEqual(8)
    expect(await published()).toHaveLength(14)
  })

  it('sends one batch after the other, and none after one that failed', async () => {
    const names = Array.from({ length: 1_001 }, (_, place) => `${place}`)
    await commitTickets(store, ...names.map((name) => ticket(name)))
    const sent: string[] = []
    const failAt = (lengthThatFails: number) =>
      vi.spyOn(queue, 'publish').mockImplementation(async ({ length }) => {
        sent.push(`${length} begin`)
        await setTimeout(50)
        sent.push(`${length} end`)
        if (length === lengthThatFails) throw new Error('Connection is closed.')
      })
    failAt(500)
    await expect(run(store)).rejects.toThrow('QUEUE_UNREACHABLE')
    await setTimeout(100)
    expect(sent.splice(0)).toEqual(['500 begin', '500 end'])
    failAt(1)
    await expect(run(store)).rejects.toThrow('QUEUE_UNREACHABLE')
    expect(sent).toEqual(['500 begin', '500 end', '500 begin', '500 end', '1 begin', '1 end'])
    expect(await store.outboxCount()).toBe(1)
  })

  it('ends with what is under way once it is told to stop, and the rest waits', async () => {
    const names = Array.from({ length: 1_500 }, (_, place) => `${place}`)
    await commitTickets(store, ...names.map((name) => ticket(name)))
    const stop = new AbortController()
    const stopping = { signal: stop.signal, onBatch: () => stop.abort() }
    expect(await run(store, undefined, undefined, stopping)).toBe(1_000)
    expect([(await published()).length, await store.outboxCount()]).toEqual([1_000, 500])
  })

  it('does nothing between giving a batch to all outputs that take it and marking it', async () => {
    await commitTickets(store, ticket('a'))
    const done: string[] = []
    const outputs = ['one', 'two', 'picky'].map((name): Output => {
      const settings = { ...output, queue: name, channels: name === 'picky' ? ['sms' as const] : [] }
      const own = new TicketQueue(settings, redis, () => {})
      vi.spyOn(own, 'tryOut').mockResolvedValue()
      vi.spyOn(own, 'publish').mockImplementation(async () => void done.push(`publish ${name}`))
      return { settings, queue: own }
    })
    const { markPublished } = store
    vi.spyOn(store, 'markPublished').mockImplementation(async (...given) => {
      done.push('mark')
      await markPublished(...given)
    })
    await run(store, outputs, async ({ settings }) => void done.push(`prepare ${settings.queue}`))
    expect(done).toEqual(['prepare one', 'prepare two', 'publish one', 'publish two', 'mark'])
    for (const { queue } of outputs) await queue.close()
  })
})

it('reads a ticket once, however many outputs choose', async () => {
  await commitTickets(store, ticket('a'))
  const outputs = ['one', 'two', 'three'].map((name): Output => {
    const settings = { ...output, queue: name, sources: [name === 'two' ? 'nowhere' : 'hotline'] }
    const own = new TicketQueue(settings, redis, () => {})
    vi.spyOn(own, 'tryOut').mockResolvedValue()
    vi.spyOn(own, 'publish').mockResolvedValue()
    return { settings, queue: own }
  })
  using parsed = vi.spyOn(JSON, 'parse')
  await run(store, outputs)
  expect(parsed.mock.calls.filter(([text]) => text.includes(ticket('a').id))).toHaveLength(1)
  expect(outputs.map(({ queue: { publish } }) => vi.mocked(publish).mock.calls.length)).toEqual([1, 0, 1])
  for (const { queue } of outputs) await queue.close()
})

describe('where the user of Redis has few rights, the relay', () => {
  const user = `few-${process.pid}`
  const queues = ['tickets', 'inspection']
  let direct: Redis
  let outputs: Output[]

  beforeEach(async () => {
    direct = new Redis(redis.url)
    const url = redis.url.replace('//', `//${user}:secret@`)
    outputs = queues.map((name) => {
      const settings = { ...defaultOutput, queue: name }
      return { settings, queue: new TicketQueue(settings, { ...redis, url }, () => {}) }
    })
    await commitTickets(store, ticket('a'))
  })

  afterEach(async () => {
    for (const { queue } of outputs) await queue.close()
    await direct.acl('DELUSER', user)
    await direct.quit()
  })

  const onQueues = () =>
    Promise.all(queues.map((name) => direct.lrange(`${redis.prefix}:${name}:wait`, 0, -1)))

  it.each([
    ['to streams', '-@stream'],
    ['to lists', '-@list'],
    ['to lists and to delete', '-@list', '-del'],
    ['to sorted sets', '-@sortedset'],
    ['to hashes', '-@hash'],
    ['to one of two outputs', 'resetkeys', `~${redis.prefix}:tickets:*`],
  ])('publishes nothing without rights %s, and everything once they are given', async (_, ...lacking) => {
    await direct.acl('SETUSER', user, 'on', '>secret', '~*', '+@all', ...lacking)
    for (const _ of [1, 2, 3]) await expect(run(store, outputs)).rejects.toThrow('QUEUE_REFUSED')
    expect([await onQueues(), await store.outboxCount()]).toEqual([[[], []], 1])
    await direct.acl('SETUSER', user, '~*', '+@all')
    expect(await run(store, outputs)).toBe(1)
    const id = `${ticket('a').id}.1`
    expect([await onQueues(), await store.outboxCount()]).toEqual([[[id], [id]], 0])
    expect(await direct.keys(`${redis.prefix}:*:yiwang-check:*`)).toEqual([])
    await direct.del(...(await direct.keys(`${redis.prefix}:inspection:*`)))
  })
})

describe('the filter of an output', () => {
  const wanted = {
    ...output,
    sources: ['hotline'],
    channels: ['hotline' as const],
    kinds: ['complaint' as const],
  }
  const fits = ticket('a', { kind: 'complaint' })

  it('lets through what fits in everything', () => {
    expect(takes(wanted, fits, 'ticket.created')).toBe(true)
    expect(takes({ ...wanted, events: ['ticket.created'] }, fits, 'ticket.created')).toBe(true)
  })

  it.each([
    ['source', { sourceId: 'inbox' }],
    ['channel', { channel: 'sms' as const }],
    ['kind', { kind: 'praise' as const }],
  ])('holds back what is of another %s', (_, other) => {
    expect(takes(wanted, { ...fits, ...other }, 'ticket.created')).toBe(false)
  })

  it('holds back another event', () => {
    expect(takes({ ...wanted, events: ['ticket.linked'] }, fits, 'ticket.created')).toBe(false)
  })
})
