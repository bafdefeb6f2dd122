import assert from 'node:assert/strict'
import type { TicketEvent } from '../../../normalizers/ticket.ts'
import type { Store } from '../store.ts'
import { commit, commitTickets, idOf, publishedAt, ticket, ticketWrite } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const key = (name: string, revision: number) => ({ ticketId: idOf('T', name), revision })

async function revise(
  store: Store,
  name: string,
  revision: number,
  event: TicketEvent | null,
  masterId: string | null = null,
): Promise<void> {
  await commit(store, { tickets: [ticketWrite(ticket(name, { revision }, masterId), { event })] })
}

async function entries(store: Store, limit: number) {
  const found = await store.outbox(limit)
  return found.map((entry) => ({ ...entry, text: Buffer.from(entry.text).toString() }))
}

async function waiting(store: Store) {
  return (await store.outbox(100)).map(({ ticketId, revision, event }) => [ticketId, revision, event])
}

/** What publishing relies on. */
export const outboxRules: readonly StoreRule[] = [
  {
    name: 'the outbox gives revision, event and text, oldest ticket first, as many as asked for',
    breach: 'gives the newest first',
    broken: (store) => ({
      ...store,
      outbox: async (limit) => (await store.outbox(1000)).toReversed().slice(0, limit),
    }),
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('b'), ticket('c'))
      await commit(store, { tickets: [ticketWrite(ticket('a'), { event: 'ticket.linked' })] })
      assert.equal(await store.outboxCount(), 3)
      assert.deepEqual(await entries(store, 1), [
        { ...key('b', 1), event: 'ticket.created', text: JSON.stringify(ticket('b')) },
      ])
      const order = (await store.outbox(10)).map(({ ticketId, event }) => [ticketId, event])
      assert.deepEqual((await store.outbox(1, { skip: 2 }))[0]?.ticketId, idOf('T', 'a'))
      assert.deepEqual(order, [
        [idOf('T', 'b'), 'ticket.created'],
        [idOf('T', 'c'), 'ticket.created'],
        [idOf('T', 'a'), 'ticket.linked'],
      ])
    },
  },
  {
    name: 'the outbox gives long texts a few at a time, and at least one',
    breach: 'gives as many as are asked for',
    broken: (store) => ({ ...store, outbox: (limit) => store.outbox(limit) }),
    async check(open) {
      const store = await open()
      const body = 'long '.repeat(1_000)
      await commitTickets(store, ...['a', 'b', 'c', 'd'].map((name) => ticket(name, { body })))
      const [first] = await store.outbox(1)
      const bytes = first?.text.byteLength ?? 0
      const found = async (maxBytes: number, skip = 0) =>
        (await store.outbox(9, { skip, maxBytes })).map(({ ticketId }) => ticketId)
      assert.deepEqual(await found(bytes * 3), [idOf('T', 'a'), idOf('T', 'b'), idOf('T', 'c')])
      assert.deepEqual(await found(bytes * 3 - 1, 1), [idOf('T', 'b'), idOf('T', 'c')])
      assert.deepEqual(await found(1, 3), [idOf('T', 'd')])
    },
  },
  {
    name: 'a ticket that changes while it waits keeps its first event and goes out once, with the newest number and text',
    breach: 'lets a ticket forget that it is new',
    broken: (store) => ({
      ...store,
      outbox: async (limit) =>
        (await store.outbox(limit)).map((entry) =>
          entry.revision > 1 ? { ...entry, event: 'ticket.updated' } : entry,
        ),
    }),
    async check(open) {
      const store = await open()
      await revise(store, 'a', 1, 'ticket.created')
      await revise(store, 'a', 2, 'ticket.updated')
      await revise(store, 'a', 3, null)
      const text = JSON.stringify(ticket('a', { revision: 3 }))
      assert.deepEqual(await entries(store, 10), [{ ...key('a', 3), event: 'ticket.created', text }])
    },
  },
  {
    name: 'a ticket committed without an event is not published',
    breach: 'publishes it as updated',
    broken: (store) => ({
      ...store,
      commit: (given, ...rest) => {
        const tickets = given.tickets.map((write) => ({ ...write, event: write.event ?? 'ticket.updated' }))
        return store.commit({ ...given, tickets }, ...rest)
      },
    }),
    async check(open) {
      const store = await open()
      await revise(store, 'a', 1, null)
      await revise(store, 'b', 1, 'ticket.created')
      await store.markPublished([key('b', 1)], publishedAt)
      await revise(store, 'b', 2, null)
      assert.equal(await store.outboxCount(), 0)
      assert.deepEqual(await store.outbox(10), [])
    },
  },
  {
    name: 'marking a revision as published leaves a newer one waiting, as an update of what is known by now',
    breach: 'clears whatever waits for that ticket',
    broken: (store) => ({
      ...store,
      markPublished: async (keys, at) => {
        const entries = await store.outbox(1000)
        const same = entries.filter((entry) => keys.some(({ ticketId }) => ticketId === entry.ticketId))
        await store.markPublished(same, at)
      },
    }),
    async check(open) {
      const store = await open()
      await revise(store, 'a', 1, 'ticket.created')
      await revise(store, 'b', 1, 'ticket.created')
      await revise(store, 'c', 1, 'ticket.linked')
      await revise(store, 'a', 2, 'ticket.updated')
      await revise(store, 'c', 2, 'ticket.updated')
      await store.markPublished([key('a', 1), key('b', 1), key('c', 1), key('unknown', 1)], publishedAt)
      assert.deepEqual(await waiting(store), [
        [idOf('T', 'a'), 2, 'ticket.updated'],
        [idOf('T', 'c'), 2, 'ticket.updated'],
      ])
      await store.markPublished([key('a', 2), key('c', 2)], publishedAt)
      await store.markPublished([key('a', 2)], publishedAt)
      assert.equal(await store.outboxCount(), 0)
      await revise(store, 'a', 3, 'ticket.updated')
      await store.markPublished([key('a', 1)], publishedAt)
      assert.deepEqual(await waiting(store), [[idOf('T', 'a'), 3, 'ticket.updated']])
      assert.equal((await store.publications([idOf('T', 'a')])).get(idOf('T', 'a'))?.published, 2)
    },
  },
  {
    name: 'of a ticket that downstream knows, being linked or unlinked goes out as such, whatever waits for it',
    breach: 'lets what waits keep its event',
    broken: (store) => {
      const waits = new Map<string, TicketEvent>()
      return {
        ...store,
        outbox: async (...args) =>
          (await store.outbox(...args)).map((entry) => {
            const event = waits.get(entry.ticketId) ?? entry.event
            waits.set(entry.ticketId, event)
            return { ...entry, event }
          }),
        markPublished: async (keys, at) => {
          for (const { ticketId } of keys) waits.delete(ticketId)
          await store.markPublished(keys, at)
        },
      }
    },
    async check(open) {
      const store = await open()
      const a = idOf('T', 'a')
      await revise(store, 'a', 1, 'ticket.created')
      await store.markPublished([key('a', 1)], publishedAt)
      await revise(store, 'a', 2, 'ticket.linked')
      await store.markPublished([key('a', 1)], publishedAt)
      assert.deepEqual(await waiting(store), [[a, 2, 'ticket.linked']])
      await store.markPublished([key('a', 2)], publishedAt)
      await revise(store, 'a', 3, 'ticket.updated')
      assert.deepEqual(await waiting(store), [[a, 3, 'ticket.updated']])
      await revise(store, 'a', 4, 'ticket.unlinked')
      assert.deepEqual(await waiting(store), [[a, 4, 'ticket.unlinked']])
      await revise(store, 'a', 5, 'ticket.updated')
      await revise(store, 'a', 6, null)
      assert.deepEqual(await waiting(store), [[a, 6, 'ticket.unlinked']])
      await revise(store, 'a', 7, 'ticket.linked')
      assert.deepEqual(await waiting(store), [[a, 7, 'ticket.linked']])
    },
  },
  {
    name: 'a link event that came after the revision which went out still waits, and one that went out with it does not',
    breach: 'makes an update of whatever waits behind what went out',
    broken: (store) => {
      const out = new Set<string>()
      return {
        ...store,
        outbox: async (...args) =>
          (await store.outbox(...args)).map((entry) =>
            out.has(entry.ticketId) ? { ...entry, event: 'ticket.updated' } : entry,
          ),
        markPublished: async (keys, at) => {
          for (const { ticketId } of keys) out.add(ticketId)
          await store.markPublished(keys, at)
        },
      }
    },
    async check(open) {
      const store = await open()
      await revise(store, 'a', 1, 'ticket.created')
      await revise(store, 'b', 1, 'ticket.linked')
      await revise(store, 'c', 1, 'ticket.linked')
      await revise(store, 'a', 2, 'ticket.linked')
      await revise(store, 'b', 2, 'ticket.unlinked')
      await revise(store, 'c', 2, 'ticket.updated')
      // Not to a master any more, but to an incident.
      await revise(store, 'd', 1, 'ticket.linked')
      await revise(store, 'd', 2, 'ticket.linked')
      await revise(store, 'e', 1, 'ticket.created')
      await revise(store, 'e', 2, 'ticket.linked', idOf('T', 'a'))
      await revise(store, 'e', 3, 'ticket.updated', idOf('T', 'a'))
      // What downstream has never heard of begins as it stands now.
      assert.deepEqual(await waiting(store), [
        [idOf('T', 'a'), 2, 'ticket.created'],
        [idOf('T', 'b'), 2, 'ticket.created'],
        [idOf('T', 'c'), 2, 'ticket.linked'],
        [idOf('T', 'd'), 2, 'ticket.created'],
        [idOf('T', 'e'), 3, 'ticket.linked'],
      ])
      await store.markPublished([key('d', 2), key('e', 3)], publishedAt)
      await store.markPublished([key('a', 1), key('b', 1), key('c', 1)], publishedAt)
      assert.deepEqual(await waiting(store), [
        [idOf('T', 'a'), 2, 'ticket.linked'],
        [idOf('T', 'b'), 2, 'ticket.unlinked'],
        [idOf('T', 'c'), 2, 'ticket.updated'],
      ])
      await revise(store, 'a', 3, 'ticket.updated')
      await store.markPublished([key('a', 2)], publishedAt)
      assert.deepEqual((await waiting(store))[0], [idOf('T', 'a'), 3, 'ticket.updated'])
    },
  },
  {
    name: 'a commit that meets the note of what was published tells of no ticket as new a second time',
    breach: 'goes by what waited when the commit began',
    broken: (store) => {
      const began = new Map<string, TicketEvent>()
      return {
        ...store,
        commit: async (...args) => {
          for (const { ticketId, event } of await store.outbox(1000)) began.set(ticketId, event)
          await store.commit(...args)
        },
        outbox: async (...args) =>
          (await store.outbox(...args)).map((entry) => ({
            ...entry,
            event: began.get(entry.ticketId) ?? entry.event,
          })),
      }
    },
    async check(open) {
      const [store, relay] = [await open(), await open()]
      const names = Array.from({ length: 40 }, (_, at) => String(at))
      const isRepeat = (name: string) => Number(name) % 2 === 1
      const reviseAll = (revision: number, master: string | null, event: TicketEvent, linking: TicketEvent) =>
        commit(store, {
          tickets: names.map((name) =>
            isRepeat(name)
              ? ticketWrite(ticket(name, { revision }, master), { event: linking })
              : ticketWrite(ticket(name, { revision }), { event }),
          ),
        })
      await reviseAll(1, idOf('T', 'first'), 'ticket.created', 'ticket.linked')
      await reviseAll(2, idOf('T', 'second'), 'ticket.updated', 'ticket.linked')
      // In the opposite order, so that they meet in the middle of it.
      const publishAll = async () => {
        for (const name of names.toReversed()) await relay.markPublished([key(name, 1)], publishedAt)
      }
      await Promise.all([reviseAll(3, null, 'ticket.updated', 'ticket.unlinked'), publishAll()])
      assert.deepEqual(
        await waiting(store),
        names.map((name) => [idOf('T', name), 3, isRepeat(name) ? 'ticket.unlinked' : 'ticket.updated']),
      )
    },
  },
  {
    name: 'published revisions are undelivered until downstream has completed them',
    breach: 'does not note what was delivered',
    broken: (store) => ({ ...store, markDelivered: async () => {} }),
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('a'), ticket('b'), ticket('c'), ticket('d'))
      assert.deepEqual((await store.undelivered(null, 10)).keys, [])
      // A quick consumer completes the job before the relay has noted that it was published.
      await store.markDelivered([key('c', 1)])
      await store.markPublished(
        ['a', 'b', 'c'].map((name) => key(name, 1)),
        publishedAt,
      )
      await store.markDelivered([key('a', 1), key('unknown', 1)])
      assert.deepEqual((await store.undelivered(null, 10)).keys, [key('b', 1)])
      await revise(store, 'a', 2, 'ticket.updated')
      await store.markPublished([key('a', 2)], publishedAt)
      await store.markDelivered([key('a', 1)])
      assert.deepEqual((await store.undelivered(null, 10)).keys, [key('a', 2), key('b', 1)])
      // Several consumers end in any order, also while a newer revision waits.
      await store.markDelivered([key('a', 2)])
      await store.markDelivered([key('a', 1)])
      await revise(store, 'b', 2, 'ticket.updated')
      await store.markDelivered([key('b', 1)])
      assert.deepEqual((await store.undelivered(null, 10)).keys, [])
    },
  },
  {
    name: 'undelivered revisions come in pages that leave none out',
    breach: 'ends after the first page',
    broken: (store) => ({
      ...store,
      undelivered: async (after, limit) => ({ ...(await store.undelivered(after, limit)), next: null }),
    }),
    async check(open) {
      const store = await open()
      const names = ['e', 'a', 'd', 'b', 'c']
      await commitTickets(store, ...names.map((name) => ticket(name)))
      await store.markPublished(
        names.map((name) => key(name, 1)),
        publishedAt,
      )
      const found: unknown[] = []
      let page = await store.undelivered(null, 2)
      for (let turn = 0; turn < 9; turn++) {
        found.push(...page.keys)
        if (page.next === null) break
        page = await store.undelivered(page.next, 2)
      }
      assert.deepEqual(
        found,
        names.map((name) => key(name, 1)),
      )
    },
  },
  {
    name: 'how far a ticket has come is told for the tickets asked about',
    breach: 'takes what waits for published',
    broken: (store) => ({
      ...store,
      publications: async (ids) => {
        const found = await store.publications(ids)
        return new Map([...found].map(([id, each]) => [id, { ...each, published: 1, waiting: false }]))
      },
    }),
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('a'), ticket('b'), ticket('c'))
      await store.markPublished([key('a', 1), key('b', 1)], publishedAt)
      await store.markDelivered([key('a', 1)])
      await revise(store, 'b', 2, 'ticket.updated')
      const found = await store.publications(['a', 'b', 'c', 'unknown'].map((name) => idOf('T', name)))
      assert.deepEqual(Object.fromEntries(found), {
        [idOf('T', 'a')]: { waiting: false, published: 1, event: 'ticket.created', delivered: 1 },
        [idOf('T', 'b')]: { waiting: true, published: 1, event: null, delivered: 0 },
        [idOf('T', 'c')]: { waiting: true, published: 0, event: null, delivered: 0 },
      })
    },
  },
  {
    name: 'a published revision can be put back, with its event, and leaves what is newer',
    breach: 'puts nothing back',
    broken: (store) => ({ ...store, requeue: async () => {} }),
    async check(open) {
      const store = await open()
      await commitTickets(store, ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ticket(name)))
      await store.markPublished(
        [key('a', 1), key('b', 1), key('d', 1), key('e', 1), key('f', 1)],
        publishedAt,
      )
      await store.markDelivered([key('b', 1), key('e', 1), key('f', 1)])
      await revise(store, 'b', 2, 'ticket.updated')
      await revise(store, 'd', 2, 'ticket.updated')
      await revise(store, 'f', 2, 'ticket.updated')
      await store.markPublished([key('d', 2), key('f', 2)], publishedAt)
      await revise(store, 'f', 3, 'ticket.linked')
      // What was delivered since it was looked for is not gone.
      await store.requeue(['a', 'b', 'c', 'd', 'e', 'unknown'].map((name) => key(name, 1)))
      await store.requeue([key('f', 2)])
      assert.deepEqual(await waiting(store), [
        [idOf('T', 'a'), 1, 'ticket.created'],
        [idOf('T', 'b'), 2, 'ticket.updated'],
        [idOf('T', 'c'), 1, 'ticket.created'],
        [idOf('T', 'f'), 3, 'ticket.linked'],
      ])
      await store.markPublished([key('a', 1)], publishedAt)
      assert.equal(await store.outboxCount(), 3)
    },
  },
  {
    name: 'a ticket put back of which nothing was delivered begins anew, and one of which something was goes on',
    breach: 'puts it back with the event that it had',
    broken: (store) => ({
      ...store,
      outbox: async (...args) =>
        (await store.outbox(...args)).map((entry) =>
          entry.revision === 2 ? { ...entry, event: 'ticket.updated' } : entry,
        ),
    }),
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('master'), ticket('new'), ticket('known'), ticket('waits'))
      const linked = (revision: number) => ticket('linked', { revision }, idOf('T', 'master'))
      await commit(store, { tickets: [ticketWrite(linked(1), { event: 'ticket.linked' })] })
      const names = ['master', 'new', 'known', 'waits', 'linked']
      await store.markPublished(
        names.map((name) => key(name, 1)),
        publishedAt,
      )
      await store.markDelivered([key('master', 1), key('known', 1)])
      await revise(store, 'new', 2, 'ticket.updated')
      await revise(store, 'known', 2, 'ticket.updated')
      await commit(store, { tickets: [ticketWrite(linked(2), { event: 'ticket.updated' })] })
      const second = ['new', 'known', 'linked'].map((name) => key(name, 2))
      await store.markPublished(second, publishedAt)
      await revise(store, 'waits', 2, 'ticket.updated')
      await store.requeue([...second, key('waits', 1)])
      assert.deepEqual(await waiting(store), [
        [idOf('T', 'new'), 2, 'ticket.created'],
        [idOf('T', 'known'), 2, 'ticket.updated'],
        [idOf('T', 'waits'), 2, 'ticket.created'],
        [idOf('T', 'linked'), 2, 'ticket.linked'],
      ])
      // It is as new as at its first time: what it becomes meanwhile does not go before it.
      await revise(store, 'new', 3, 'ticket.linked')
      assert.deepEqual((await waiting(store))[0], [idOf('T', 'new'), 3, 'ticket.created'])
      await store.markPublished([key('new', 3), key('waits', 2), ...second], publishedAt)
      assert.equal(await store.outboxCount(), 0)
      assert.deepEqual((await store.undelivered(null, 10)).keys, [
        key('new', 3),
        key('known', 2),
        key('waits', 2),
        key('linked', 2),
      ])
    },
  },
]
