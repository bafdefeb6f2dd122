import { describe, expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { decideBatch } from './batch.ts'
import { Decider } from './decider.ts'
import type { TicketReading } from './interpret.ts'
import type { DrainStore, PendingItem, Store } from './stores/store.ts'
import { decidedAt, processing } from './stores/suite/fixtures.ts'
import { freshSqlite } from './stores/suite/fresh.ts'
import { readingOf } from './testing/readings.ts'

const batchSize = 100
const batches = 12

/** What a batch reads of the store, in rows. */
function counted(store: Store) {
  const rows = { hits: 0, tickets: 0, members: 0 }
  const ledger: DrainStore = {
    ...store,
    candidates: async (asks) => {
      const answers = await store.candidates(asks)
      rows.hits += answers.reduce((sum, { hits }) => sum + hits.length, 0)
      return answers
    },
    tickets: async (ids) => {
      const found = await store.tickets(ids)
      rows.tickets += found.size
      return found
    },
    ticketsByNumber: async (numbers) => {
      const found = await store.ticketsByNumber(numbers)
      rows.tickets += found.size
      return found
    },
    incidentMembers: async (id, limit) => {
      const found = await store.incidentMembers(id, limit)
      rows.members += found.length
      return found
    },
  }
  return { ledger, rows }
}

function copy(number: number, reporters: 'many' | 'one'): TicketReading<PendingItem> {
  const phone = `+86138${String(reporters === 'many' ? number : 0).padStart(8, '0')}`
  const body = '恒固沥青拌和站夜里开炉冒黄烟，刺鼻的气味飘进杏园村七组，家家不敢开窗，请环保局来测废气。'
  return readingOf({ name: `copy ${number}`, seq: number }, phone, { body })
}

describe('a flood of one text', () => {
  it.each([
    ['many', 'related'],
    ['one', 'duplicate'],
  ] as const)('from %s reads no more for a late batch than for an early one', async (reporters, verdict) => {
    const { open, dispose } = await freshSqlite()
    const store = await open()
    const lease = await processing(store)
    const decider = new Decider(defaultDedupe)
    const read: { hits: number; tickets: number; members: number }[] = []
    let last: readonly Ticket[] = []
    for (let batch = 0; batch < batches; batch += 1) {
      const { ledger, rows } = counted(store)
      const readings = Array.from({ length: batchSize }, (_, at) => copy(batch * batchSize + at, reporters))
      const commit = await decideBatch(readings, ledger, decider)
      await store.commit({ ...commit, outcomes: [] }, lease, decidedAt)
      read.push(rows)
      last = commit.tickets.map((write) => write.ticket)
    }
    // From the second epoch of the statistics on: the words that all use weigh nothing any more.
    const [early, late] = [read[6], read.at(-1)]
    expect(late?.hits).toBeLessThanOrEqual((early?.hits ?? 0) * 1.1)
    expect(late?.tickets).toBeLessThanOrEqual((early?.tickets ?? 0) * 1.1)
    expect(late?.members).toBeLessThanOrEqual((early?.members ?? 0) * 1.1)
    const copies = last.filter(({ dedupe }) => dedupe.verdict === verdict)
    expect(copies).toHaveLength(batchSize)
    expect(Math.max(...copies.map((each) => JSON.stringify(each).length))).toBeLessThan(5_000)
    await store.close()
    await dispose()
  })
})
