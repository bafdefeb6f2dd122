import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import {
  ask,
  assertCode,
  commit,
  commitTickets,
  countedMaster,
  decide,
  decidedAt,
  idOf,
  item,
  now,
  outcome,
  pendingIds,
  processing,
  publishedAt,
  takeOver,
  ticket,
  ticketsUnder,
  ticketWrite,
  underAnyLease,
} from './fixtures.ts'
import type { StoreRule } from './rule.ts'

/** Everything that a commit can change, to compare before and after. */
async function everything(store: Store, names: readonly string[]) {
  const stories = await Promise.all(names.map((name) => store.item(idOf('R', name))))
  return {
    stories: stories.map((story) => [story?.outcome, story?.decidedAt, story?.attempts]),
    tickets: await store.findTickets({ limit: 100 }),
    outbox: await store.outbox(100),
    undelivered: await store.undelivered(null, 100),
    tally: await store.tally({ byDay: true }),
    pending: await pendingIds(store),
    threads: [...(await store.ticketsByThread('hotline', ['<m1>', '<m2>']))].sort(),
    candidates: await ticketsUnder(store, ask(1), ask(2)),
    counts: [...(await store.linkCounts([countedMaster(idOf('T', 'a'))], []))],
    incidents: [...(await store.incidentCounts(['I-1'], []))],
    terms: await store.termStatistics(),
  }
}

/** The work list and the commit. */
export const ledgerRules: readonly StoreRule[] = [
  {
    name: 'items without an outcome are pending, oldest first, as many as asked for',
    breach: 'gives the newest first',
    broken: (store) => ({
      ...store,
      pending: async (limit, maxBytes, at) =>
        (await store.pending(1000, maxBytes, at)).toReversed().slice(0, limit),
    }),
    async check(open) {
      const store = await open()
      await store.archive(['c', 'a'].map((name) => item(name)))
      await store.archive([item('b'), item('a')])
      const [first, second, third] = await store.pending(10, 1e9, now)
      assert.deepEqual(
        await pendingIds(store),
        ['c', 'a', 'b'].map((name) => idOf('R', name)),
      )
      assert.ok(first && second && third && first.seq < second.seq && second.seq < third.seq)
      assert.equal((await store.pending(2, 1e9, now)).length, 2)
      await commit(store, { outcomes: [await outcome(store, 'a', 'skipped')] })
      assert.deepEqual(
        await pendingIds(store),
        ['c', 'b'].map((name) => idOf('R', name)),
      )
      assert.equal(await store.pendingCount(), 2)
    },
  },
  {
    name: 'a batch of pending items ends before its bodies exceed the bytes asked for, but is never empty',
    breach: 'ignores the size of bodies',
    broken: (store) => ({ ...store, pending: (limit, _maxBytes, at) => store.pending(limit, 1e12, at) }),
    async check(open) {
      const store = await open()
      const body = new Uint8Array(1000)
      await store.archive(['a', 'b', 'c'].map((name) => item(name, { body })))
      assert.equal((await store.pending(10, 2500, now)).length, 2)
      assert.equal((await store.pending(10, 10, now)).length, 1)
    },
  },
  {
    name: 'the order of archiving is told by raw id, whatever became of the item',
    breach: 'knows only what waits',
    broken: (store) => ({
      ...store,
      seqs: async (rawIds) => {
        const waiting = await store.pending(1000, 1e9, now * 2)
        return new Map(waiting.flatMap(({ rawId, seq }) => (rawIds.includes(rawId) ? [[rawId, seq]] : [])))
      },
    }),
    async check(open) {
      const store = await open()
      await decide(store, { a: 'ticketed', b: 'quarantined' })
      await store.archive([item('c')])
      const rawIds = ['c', 'a', 'b'].map((name) => idOf('R', name))
      const found = await store.seqs([...rawIds, idOf('R', 'unknown')])
      const stories = await Promise.all(rawIds.map((rawId) => store.item(rawId)))
      assert.deepEqual(
        rawIds.map((rawId) => found.get(rawId)),
        stories.map((story) => story?.seq),
      )
      assert.equal(found.size, 3)
    },
  },
  {
    name: 'a postponed item keeps the attempts that it was given and waits until its time',
    breach: 'forgets the attempts',
    broken: (store) => ({
      ...store,
      pending: async (...args) => (await store.pending(...args)).map((one) => ({ ...one, attempts: 0 })),
    }),
    async check(open) {
      const store = await open()
      await store.archive([item('a'), item('b')])
      const [first] = await store.pending(1, 1e9, now)
      await store.postpone(first?.seq ?? 0, 3, now + 100)
      await store.postpone(first?.seq ?? 0, 2, now + 200)
      assert.deepEqual(await pendingIds(store, now + 199), [idOf('R', 'b')])
      const [again] = await store.pending(1, 1e9, now + 200)
      assert.deepEqual([again?.rawId, again?.attempts], [idOf('R', 'a'), 2])
      assert.equal(await store.pendingCount(), 2)
      await commit(store, { outcomes: [await outcome(store, 'a', 'quarantined')] })
      assert.equal((await store.item(idOf('R', 'a')))?.attempts, 2)
    },
  },
  {
    name: 'an item that is postponed for longer than any is was so before the clock was set back, and waits no more',
    breach: 'lets it wait',
    broken: (store) => ({
      ...store,
      pending: async (...args) => {
        const found = await store.pending(...args)
        return found.filter(({ attempts }) => attempts === 0)
      },
    }),
    async check(open) {
      const store = await open()
      await store.archive([item('a'), item('b')])
      const [first] = await store.pending(1, 1e9, now)
      await store.postpone(first?.seq ?? 0, 1, now + 86_400_000)
      assert.deepEqual(await pendingIds(store, now), [idOf('R', 'a'), idOf('R', 'b')])
      assert.deepEqual(await pendingIds(store, now + 86_400_000 - 900_000), [idOf('R', 'b')])
    },
  },
  {
    name: 'a commit keeps tickets and outcomes, to be read after reopening',
    breach: 'forgets the details of an outcome',
    broken: (store) => ({
      ...store,
      commit: (given, ...rest) => {
        const outcomes = given.outcomes.map((one) => ({ ...one, details: {} }))
        return store.commit({ ...given, outcomes }, ...rest)
      },
    }),
    async check(open) {
      const store = await open()
      await decide(store, { a: 'ticketed', b: 'quarantined', c: 'skipped' })
      const body = `𠀀👍\u0000${'长'.repeat(100_000)}`
      await commitTickets(store, ticket('long', { body }))
      await store.close()
      const again = await open()
      assert.deepEqual(await again.ticket(idOf('T', 'a')), ticket('a'))
      assert.equal((await again.ticket(idOf('T', 'long')))?.body, body)
      const found = await again.tickets([idOf('T', 'long'), idOf('T', 'none'), idOf('T', 'a')])
      assert.deepEqual([...found.keys()].sort(), [idOf('T', 'a'), idOf('T', 'long')].sort())
      const story = await again.item(idOf('R', 'b'))
      const details = { mediaType: 'text/csv', reason: 'no header' }
      const expected = { kind: 'quarantined', ticketId: null, reason: 'ITEM_UNREADABLE', details }
      assert.deepEqual(story?.outcome, expected)
      assert.equal(story?.decidedAt, decidedAt)
    },
  },
  {
    name: 'the same commit again changes nothing, even after it was published',
    breach: 'publishes what is committed again',
    broken: (store) => ({
      ...store,
      commit: async (given, ...rest) => {
        await store.commit(given, ...rest)
        await store.requeue(
          given.tickets.map(({ ticket: { id: ticketId, revision } }) => ({ ticketId, revision })),
        )
      },
    }),
    async check(open) {
      const store = await open()
      await store.archive([item('a'), item('b')])
      const master = ticketWrite(ticket('a'), { threadKeys: ['<m1>'], matchKeys: [1] })
      const { dedupe } = ticket('b', {}, idOf('T', 'a'))
      const duplicate = ticketWrite(ticket('b', { dedupe: { ...dedupe, incidentId: 'I-1' } }), {
        threadKeys: ['<m2>'],
        matchKeys: [2],
      })
      const channel = 'hotline' as const
      const linked = { ticketId: idOf('T', 'b'), masterId: idOf('T', 'a'), channel }
      const given = {
        tickets: [master, duplicate],
        links: [{ ...linked, reporterKey: 'someone' }],
        outcomes: [await outcome(store, 'a', 'ticketed'), await outcome(store, 'b', 'linked')],
        terms: { id: 'first', base: Buffer.from([1]), addition: Buffer.from([2]) },
      }
      await commit(store, given)
      const before = await everything(store, ['a', 'b'])
      assert.equal(before.outbox.length, 2)
      await commit(store, given)
      assert.deepEqual(await everything(store, ['a', 'b']), before)
      await store.markPublished(before.outbox, publishedAt)
      const published = await everything(store, ['a', 'b'])
      await commit(store, given)
      assert.deepEqual(await everything(store, ['a', 'b']), published)
      assert.equal(published.outbox.length, 0)
    },
  },
  {
    name: 'a commit that got part of the way is completed by its repetition',
    breach: 'takes a commit for done when its tickets are there',
    broken: (store) => ({
      ...store,
      commit: async (given, ...rest) => {
        const known = await store.tickets(given.tickets.map(({ ticket }) => ticket.id))
        if (given.tickets.length === 0 || known.size < given.tickets.length)
          await store.commit(given, ...rest)
      },
    }),
    async check(open) {
      const store = await open()
      await store.archive([item('a')])
      const tickets = [ticketWrite(ticket('a'))]
      await commit(store, { tickets })
      await commit(store, { tickets, outcomes: [await outcome(store, 'a', 'ticketed')] })
      assert.deepEqual(await pendingIds(store), [])
      assert.equal((await store.outbox(10)).length, 1)
    },
  },
  {
    name: 'an older revision does not replace a newer one',
    breach: 'takes whatever comes last',
    broken: (store) => {
      let highest = 0
      return {
        ...store,
        commit: (given, ...rest) => {
          const tickets = given.tickets.map((write) => {
            highest = Math.max(highest + 1, write.ticket.revision)
            return { ...write, ticket: { ...write.ticket, revision: highest } }
          })
          return store.commit({ ...given, tickets }, ...rest)
        },
      }
    },
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('a'))
      await commitTickets(store, ticket('a', { revision: 3, body: 'new' }))
      await commitTickets(store, ticket('a', { revision: 2, body: 'old' }))
      const found = await store.ticket(idOf('T', 'a'))
      assert.deepEqual([found?.revision, found?.body], [3, 'new'])
      assert.equal((await store.outbox(1))[0]?.revision, 3)
    },
  },
  {
    name: 'an item keeps its first outcome',
    breach: 'lets a later outcome replace it',
    broken: (store) => ({
      ...store,
      commit: async (given, ...rest) => {
        await store.redrive(given.outcomes.map(({ rawId }) => rawId))
        await store.commit(given, ...rest)
      },
    }),
    async check(open) {
      const store = await open()
      await decide(store, { a: 'quarantined' })
      await commit(store, { outcomes: [await outcome(store, 'a', 'skipped')] })
      assert.equal((await store.item(idOf('R', 'a')))?.outcome?.kind, 'quarantined')
    },
  },
  {
    name: 'nothing of a commit under a lost lease is written',
    breach: 'commits for whoever holds the lease now',
    broken: (store) =>
      underAnyLease(store, (current) => ({
        commit: (given, lease, at) => store.commit(given, current(lease), at),
      })),
    async check(open) {
      const store = await open()
      await store.archive([item('a')])
      const stale = await processing(store)
      await takeOver(store, stale)
      const tickets = [ticketWrite(ticket('a'), { threadKeys: ['<m1>'], matchKeys: [1] })]
      const terms = { id: 'first', base: Buffer.from([1]), addition: null }
      const given = { tickets, links: [], outcomes: [await outcome(store, 'a', 'ticketed')], terms }
      const before = await everything(store, ['a'])
      await assertCode('LEASE_LOST', store.commit(given, stale, decidedAt))
      assert.deepEqual(await everything(store, ['a']), before)
      assert.equal(await store.pendingCount(), 1)
    },
  },
]
