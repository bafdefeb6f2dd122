import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import type { Connector, Item } from '../connectors/connector.ts'
import { rawIdOf } from './ids.ts'
import { intake } from './intake.ts'
import { keepLease } from './lease-keeper.ts'
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts'
import type { Store } from './stores/store.ts'

const sourceId = 'inbox'
let dir: string
let store: Store

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'intake-'))
  store = await openSqliteStore(`${dir}/a.db`, { randomBytes })
})

afterEach(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const dropped = () => new YiwangError('SOURCE_UNREACHABLE', { source: sourceId, host: 'x', reason: 'cut' })

function itemAt(number: number): Item {
  const body = new TextEncoder().encode(`report ${number}`)
  return { externalId: `r${number}`, mediaType: 'text/plain', body, meta: {}, cursor: { number } }
}

/** Holds items 1 to `count`; its connection breaks after each `perConnection`. */
function breakingConnector(count: number, perConnection: number): Connector {
  return {
    async open() {},
    async *read(from) {
      const first = Number(from?.number ?? 0) + 1
      for (let number = first; number <= count; number += 1) {
        if (number === first + perConnection) throw dropped()
        yield itemAt(number)
      }
    },
    async ack() {},
    async close() {},
  }
}

async function pull(connector: Connector, { leaseMs = 30_000, follow = true } = {}) {
  const lease = await keepLease(store, `source.${sourceId}`, leaseMs)
  if (lease === null) throw new Error('nobody else pulls')
  const onBatch = vi.fn()
  try {
    const signal = new AbortController().signal
    const options = { sourceId, connector, store, lease, signal, onBatch, follow }
    const report = await intake({ ...options, timeZone: 'Asia/Shanghai', batchSize: 500, clock: Date.now })
    return { report, onBatch }
  } catch (thrown) {
    return { thrown, onBatch }
  } finally {
    await lease.release()
  }
}

describe('intake', () => {
  it('keeps what a source gave before it failed, says that it failed, and gets to the end', async () => {
    const connector = breakingConnector(700, 300)
    const first = await pull(connector)
    expect(first.thrown).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    expect(first.onBatch).toHaveBeenLastCalledWith({ sourceId, read: 300, added: 300, known: 0 })
    expect(await store.cursor(sourceId)).toEqual({ number: 300 })
    await pull(connector)
    expect((await pull(connector)).report).toEqual({ sourceId, read: 100, added: 100, known: 0 })
    expect(await store.pendingCount()).toBe(700)
  })

  it('archives the first items without waiting for a full batch, so that the drain can begin', async () => {
    const { onBatch } = await pull(breakingConnector(700, 2000))
    expect(onBatch.mock.calls.map(([{ read }]) => read)).toEqual([50, 550, 700])
  })

  it('archives a batch when it has many bytes', async () => {
    const large: Connector = {
      ...breakingConnector(0, 1),
      async *read() {
        for (let number = 1; number <= 7; number += 1)
          yield { ...itemAt(number), body: Buffer.alloc(3 * 2 ** 20, `${number}`) }
      },
    }
    const { onBatch } = await pull(large)
    expect(onBatch.mock.calls.map(([{ read }]) => read)).toEqual([3, 6, 7])
  })

  it('acknowledges what is in the archive alone, and moves the cursor after that', async () => {
    const seen: unknown[] = []
    const ack = async (items: readonly Item[]) => {
      const ids = items.map(({ externalId, body }) => rawIdOf(sourceId, externalId, body))
      seen.push([items.length, await store.unknownItems(ids), await store.cursor(sourceId)])
    }
    await pull({ ...breakingConnector(60, 100), ack })
    expect(seen).toEqual([
      [50, [], null],
      [10, [], { number: 50 }],
    ])
    expect(await store.cursor(sourceId)).toEqual({ number: 60 })
  })

  it('archives where an item stands at its source, and on which day it came', async () => {
    const source: Connector = {
      ...breakingConnector(0, 1),
      async *read() {
        yield { ...itemAt(1), meta: { locator: 'INBOX;UID=1' } }
      },
    }
    await pull(source)
    expect(await store.unknownLocators(sourceId, ['INBOX;UID=1', 'INBOX;UID=2'])).toEqual(['INBOX;UID=2'])
    expect(await store.arrivalDays(sourceId, 9)).toMatchObject([
      { day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    ])
  })

  it('neither acknowledges what was named on the command line nor remembers how far it was read', async () => {
    await pull(breakingConnector(5, 10))
    const ack = vi.fn(async () => {})
    const { report } = await pull({ ...breakingConnector(10, 20), ack }, { follow: false })
    expect(report).toEqual({ sourceId, read: 10, added: 5, known: 5 })
    expect(ack).not.toHaveBeenCalled()
    expect(await store.cursor(sourceId)).toEqual({ number: 5 })
  })

  it('moves no cursor once another has its lease, and says so', async () => {
    const ack = async () => void (await store.acquire(`source.${sourceId}`, 'another', 30_000))
    const { thrown } = await pull({ ...breakingConnector(5, 10), ack }, { leaseMs: 0 })
    expect(thrown).toMatchObject({ code: 'LEASE_LOST' })
    expect(await store.cursor(sourceId)).toBeNull()
  })

  it('saves no cursor from what it could not acknowledge on, asks no further, and archives all that there is', async () => {
    const refused = new YiwangError('SOURCE_REFUSED', {
      source: sourceId,
      host: 'x',
      command: 'UID MOVE INBOX',
      answer: 'NO',
    })
    const ack = vi.fn(async () => {})
    ack.mockResolvedValueOnce().mockRejectedValueOnce(refused)
    const source = { ...breakingConnector(1700, 2000), ack }
    const { thrown, onBatch } = await pull(source)
    expect(thrown).toBe(refused)
    expect(onBatch).toHaveBeenLastCalledWith({ sourceId, read: 1700, added: 1700, known: 0 })
    expect(ack).toHaveBeenCalledTimes(2)
    expect(await store.cursor(sourceId)).toEqual({ number: 50 })
    expect((await pull(source)).report).toEqual({ sourceId, read: 1650, added: 0, known: 1650 })
    expect(ack).toHaveBeenCalledTimes(7)
    expect(await store.cursor(sourceId)).toEqual({ number: 1700 })
  })

  it('says of a pull that has lost its lease before anything came that it has, and not that all is read', async () => {
    const silent: Connector = {
      ...breakingConnector(0, 1),
      // biome-ignore lint/correctness/useYield: as a mailbox that is stopped while it says nothing
      async *read(_from, signal) {
        await store.acquire(`source.${sourceId}`, 'another', 30_000)
        await once(signal, 'abort')
      },
    }
    expect((await pull(silent, { leaseMs: 0 })).thrown).toMatchObject({ code: 'LEASE_LOST' })
  })

  it('does not archive a batch again that the archive could not take', async () => {
    const archive = vi
      .spyOn(store, 'archive')
      .mockRejectedValue(new YiwangError('STORE_FULL', { url: 'sqlite:a.db', reason: 'full' }))
    expect((await pull(breakingConnector(700, 600))).thrown).toMatchObject({ code: 'STORE_FULL' })
    expect(archive).toHaveBeenCalledOnce()
  })
})
