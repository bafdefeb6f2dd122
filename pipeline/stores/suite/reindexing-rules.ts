import assert from 'node:assert/strict'
import type { Store, TermWrite } from '../store.ts'
import {
  ask,
  assertCode,
  commit,
  commitTickets,
  idOf,
  processing,
  takeOver,
  ticket,
  ticketsUnder,
  ticketWrite,
  underAnyLease,
} from './fixtures.ts'
import type { StoreRule } from './rule.ts'

function terms(id: string, addition: string | null, base: string | null = null): TermWrite {
  const bytes = (text: string | null) => (text === null ? null : new Uint8Array(Buffer.from(text)))
  return { id, base: bytes(base), addition: bytes(addition) }
}

async function termsIn(store: Store) {
  const { base, additions } = await store.termStatistics()
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
  return { base: base === null ? null : text(base), additions: additions.map(text) }
}

/** All pages of this size. */
async function allInOrder(store: Store, limit: number, since: number | null = null) {
  const found: { name: string; at: number; matchKeys: readonly number[] }[] = []
  let after: string | null = null
  for (let page = 0; page < 20; page++) {
    const { tickets, next } = await store.ticketsInOrder({ after, since, limit })
    for (const each of tickets)
      found.push({ name: each.ticket.externalId, at: each.at, matchKeys: each.matchKeys })
    if (next === null) return found
    after = next
  }
  throw new Error('the pages have no end')
}

/** Term statistics, and recreating the index. */
export const reindexingRules: readonly StoreRule[] = [
  {
    name: 'term statistics come back byte for byte: the base, and what was added since, in order',
    breach: 'gives the additions in reverse',
    broken: (store) => ({
      ...store,
      termStatistics: async () => {
        const found = await store.termStatistics()
        return { ...found, additions: found.additions.toReversed() }
      },
    }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await termsIn(store), { base: null, additions: [] })
      await commit(store, { terms: terms('1', 'b') })
      await commit(store, { terms: terms('2', 'a') })
      await commit(store, { terms: terms('3', null) })
      assert.deepEqual(await termsIn(store), { base: null, additions: ['b', 'a'] })
      const base = new Uint8Array(300 * 1024).map((_, index) => index % 251)
      await commit(store, { terms: { id: '4', base, addition: new Uint8Array([0, 255]) } })
      await commit(store, { terms: terms('5', 'c') })
      await commit(store, { terms: null })
      await store.close()
      const found = await (await open()).termStatistics()
      assert.deepEqual(found.base, base)
      assert.deepEqual(found.additions, [new Uint8Array([0, 255]), new Uint8Array(Buffer.from('c'))])
    },
  },
  {
    name: 'terms written again under the same id are not taken twice, nor after a later base',
    breach: 'takes every write for a new one',
    broken: (store) => {
      let writes = 0
      return {
        ...store,
        commit: (given, ...rest) => {
          const renamed = given.terms && { ...given.terms, id: `write ${writes++}` }
          return store.commit({ ...given, terms: renamed }, ...rest)
        },
      }
    },
    async check(open) {
      const store = await open()
      await commit(store, { terms: terms('1', 'a') })
      await commit(store, { terms: terms('1', 'a') })
      assert.deepEqual(await termsIn(store), { base: null, additions: ['a'] })
      await commit(store, { terms: terms('2', 'b', 'base') })
      await commit(store, { terms: terms('3', 'c') })
      await commit(store, { terms: terms('1', 'a') })
      await commit(store, { terms: terms('2', 'b', 'base') })
      assert.deepEqual(await termsIn(store), { base: 'base', additions: ['b', 'c'] })
    },
  },
  {
    name: 'all tickets come in the order they were made, in pages, each with its time and keys',
    breach: 'ends after the first page',
    broken: (store) => ({
      ...store,
      ticketsInOrder: async (options) => ({ ...(await store.ticketsInOrder(options)), next: null }),
    }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.ticketsInOrder({ after: null, since: null, limit: 2 }), {
        tickets: [],
        next: null,
      })
      const names = ['e', 'a', 'd', 'b', 'c']
      const tickets = names.map((name, at) => ticketWrite(ticket(name), { at, matchKeys: [at, 2 ** 48 - 1] }))
      await commit(store, { tickets })
      await commit(store, { tickets: [ticketWrite(ticket('e', { revision: 2 }), { at: 9, matchKeys: [] })] })
      const expected = names.map((name, at) => ({ name: `GD-${name}`, at, matchKeys: [at, 2 ** 48 - 1] }))
      const revised = [{ name: 'GD-e', at: 9, matchKeys: [] }, ...expected.slice(1)]
      for (const limit of [1, 2, 5, 9]) assert.deepEqual(await allInOrder(store, limit), revised)
      const since = revised.filter(({ at }) => at >= 3)
      for (const limit of [1, 9]) assert.deepEqual(await allInOrder(store, limit, 3), since)
      const { tickets: found } = await store.ticketsInOrder({ after: null, since: null, limit: 1 })
      assert.deepEqual(found[0]?.ticket, ticket('e', { revision: 2 }))
    },
  },
  {
    name: 'a page of tickets ends early where their texts are long, and has one at least',
    breach: 'takes no notice of how long they are',
    broken: (store) => ({
      ...store,
      ticketsInOrder: ({ after, since, limit }) => store.ticketsInOrder({ after, since, limit }),
    }),
    async check(open) {
      const store = await open()
      const names = ['a', 'b', 'c', 'd']
      const long = names.map((name) => ticket(name, { body: '很长'.repeat(1_000) }))
      await commitTickets(store, ...long)
      const characters = JSON.stringify(long[0]).length
      const found = async (maxCharacters: number, after: string | null = null, limit = 9) => {
        const page = await store.ticketsInOrder({ after, since: null, limit, maxCharacters })
        return { ...page, tickets: page.tickets.map(({ ticket: { id } }) => id) }
      }
      const ids = names.map((name) => idOf('T', name))
      const first = await found(characters * 3)
      assert.deepEqual(first.tickets, ids.slice(0, 3))
      assert.deepEqual(await found(characters, first.next), { tickets: ids.slice(3), next: null })
      const second = await found(1)
      assert.deepEqual(second.tickets, ids.slice(0, 1))
      const third = await found(characters * 3 - 1, second.next)
      assert.deepEqual(third.tickets, ids.slice(1, 3))
      assert.deepEqual(await found(1, third.next), { tickets: ids.slice(3), next: null })
    },
  },
  {
    name: 'reindexing replaces the keys of tickets that have not changed meanwhile, and keeps the terms',
    breach: 'replaces the keys of tickets that have changed',
    broken: (store) => ({
      ...store,
      reindex: async (entries, ...rest) => {
        const stored = await store.tickets(entries.map(({ ticketId }) => ticketId))
        const revised = entries.map((entry) => ({
          ...entry,
          revision: stored.get(entry.ticketId)?.revision ?? entry.revision,
        }))
        return store.reindex(revised, ...rest)
      },
    }),
    async check(open) {
      const store = await open()
      const [a, b] = ['a', 'b'].map((name) => idOf('T', name))
      await commit(store, {
        tickets: [
          ticketWrite(ticket('a'), { matchKeys: [1, 2], at: 10 }),
          ticketWrite(ticket('b', { revision: 2 }), { matchKeys: [1], at: 20 }),
        ],
      })
      const entries = ['a', 'b', 'unknown'].map((name) => ({
        ...{ ticketId: idOf('T', name), revision: 1, matchKeys: [2, 3] },
      }))
      const lease = await processing(store)
      assert.equal(await store.reindex(entries, terms('1', 'x', 'y'), lease), 1)
      assert.equal(await store.reindex(entries, terms('1', 'x', 'y'), lease), 1)
      const answers = await ticketsUnder(store, ask(1), ask(2), ask(3))
      assert.deepEqual(
        answers.map(({ hits }) => hits),
        [[{ ticketId: b, at: 20 }], [{ ticketId: a, at: 10 }], [{ ticketId: a, at: 10 }]],
      )
      assert.deepEqual(await termsIn(store), { base: 'y', additions: ['x'] })
      assert.equal((await store.outbox(1))[0]?.revision, 1)
    },
  },
  {
    name: 'nothing is reindexed under a lost lease',
    breach: 'reindexes for whoever holds the lease now',
    broken: (store) =>
      underAnyLease(store, (current) => ({
        reindex: (entries, given, lease) => store.reindex(entries, given, current(lease)),
      })),
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('a'))
      const stale = await processing(store)
      await takeOver(store, stale)
      const entries = [{ ticketId: idOf('T', 'a'), revision: 1, matchKeys: [1] }]
      await assertCode('LEASE_LOST', store.reindex(entries, terms('1', 'x'), stale))
      assert.deepEqual(await store.candidates([ask(1)]), [{ hits: [], cut: false }])
      assert.deepEqual(await termsIn(store), { base: null, additions: [] })
    },
  },
  {
    name: 'progress is kept by name as it was last saved, and can be taken away',
    breach: 'keeps one progress for all names',
    broken: (store) => ({
      ...store,
      progress: () => store.progress('one'),
      saveProgress: (_name, value) => store.saveProgress('one', value),
    }),
    async check(open) {
      const store = await open()
      assert.equal(await store.progress('rebuild'), null)
      await store.saveProgress('rebuild', '{"after":"7"}')
      await store.saveProgress('replay', '')
      await store.saveProgress('rebuild', '{"after":"9"}')
      await store.close()
      const again = await open()
      assert.equal(await again.progress('rebuild'), '{"after":"9"}')
      assert.equal(await again.progress('replay'), '')
      await again.saveProgress('rebuild', null)
      assert.equal(await again.progress('rebuild'), null)
    },
  },
  {
    name: 'no progress is saved under a lost lease',
    breach: 'saves it for whoever holds the lease now',
    broken: (store) => ({ ...store, saveProgress: (name, value) => store.saveProgress(name, value) }),
    async check(open) {
      const store = await open()
      const stale = await processing(store)
      await store.saveProgress('rebuild', '7', stale)
      assert.equal(await store.progress('rebuild'), '7')
      const lease = await takeOver(store, stale)
      for (const value of ['3', null])
        await assertCode('LEASE_LOST', store.saveProgress('rebuild', value, stale))
      assert.equal(await store.progress('rebuild'), '7')
      await store.saveProgress('rebuild', null, lease)
      assert.equal(await store.progress('rebuild'), null)
    },
  },
]
