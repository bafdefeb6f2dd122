import assert from 'node:assert/strict'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type { Commit, Store } from '../store.ts'
import { commit, idOf, now, ticket, ticketWrite } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const hour = 3_600_000

interface Part {
  readonly incident: string | null
  readonly revision?: number
  readonly reporter?: string | null
  readonly channel?: Ticket['channel']
  /** Hours after the first. */
  readonly hours?: number
}

/** A revision of the ticket with this name, inside an incident. */
function part(name: string, { incident, revision = 1, reporter = name, channel = 'sms', hours = 0 }: Part) {
  const plain = ticket(name)
  const given: Partial<Ticket> = {
    ...{ revision, channel },
    reporter: { ...plain.reporter, key: reporter },
    dedupe: { ...plain.dedupe, verdict: incident === null ? 'new' : 'related', incidentId: incident },
  }
  return ticketWrite(ticket(name, given), { at: now + hours * hour })
}

async function countsOf(store: Store, id: string) {
  return (await store.incidentCounts([id], [])).get(id)
}

/** Two incidents: one with three tickets, one with one. */
async function twoIncidents(store: Store): Promise<void> {
  await commit(store, {
    tickets: [
      part('a', { incident: 'I-1', hours: 2 }),
      part('b', { incident: 'I-1', hours: 1, reporter: 'a' }),
      part('c', { incident: 'I-1', hours: 3, reporter: null, channel: 'email' }),
      part('d', { incident: 'I-2' }),
      part('e', { incident: null }),
    ],
  })
}

/** Counts over tickets as they were first committed, whatever becomes of them. */
function keepingFirst(store: Store): Store {
  const seen = new Map<string, string | null>()
  const first = ({ tickets, ...rest }: Commit): Commit => ({
    ...rest,
    tickets: tickets.map((write) => {
      const { id, dedupe } = write.ticket
      if (!seen.has(id)) seen.set(id, dedupe.incidentId)
      const incidentId = seen.get(id) ?? null
      return { ...write, ticket: { ...write.ticket, dedupe: { ...dedupe, incidentId } } }
    }),
  })
  return { ...store, commit: (given, ...rest) => store.commit(first(given), ...rest) }
}

/** Which tickets are about one incident, and how many they are. */
export const incidentRules: readonly StoreRule[] = [
  {
    name: 'an incident counts its tickets, their known reporters and channels, and knows the first and the last time',
    breach: 'counts unknown reporters',
    broken: (store) => ({
      ...store,
      incidentCounts: async (...args) =>
        new Map(
          [...(await store.incidentCounts(...args))].map(([id, counts]) => [
            id,
            { ...counts, reporters: counts.reports },
          ]),
        ),
    }),
    async check(open) {
      const store = await open()
      await twoIncidents(store)
      assert.deepEqual(Object.fromEntries(await store.incidentCounts(['I-2', 'I-1', 'I-9', 'I-1'], [])), {
        'I-1': {
          ...{ firstAt: now + hour, lastAt: now + 3 * hour, reports: 3, reporters: 1 },
          channels: ['email', 'sms'],
        },
        'I-2': { firstAt: now, lastAt: now, reports: 1, reporters: 1, channels: ['sms'] },
      })
      assert.deepEqual(await store.incidentCounts([], []), new Map())
    },
  },
  {
    name: 'the tickets of an incident come newest first, as many as asked for',
    breach: 'gives the oldest first',
    broken: (store) => ({
      ...store,
      incidentMembers: async (id, limit) =>
        (await store.incidentMembers(id, 1000)).toReversed().slice(0, limit),
    }),
    async check(open) {
      const store = await open()
      await twoIncidents(store)
      await commit(store, { tickets: [part('f', { incident: 'I-1', hours: 2 })] })
      const [a, b, c, f] = ['a', 'b', 'c', 'f'].map((name) => idOf('T', name))
      assert.deepEqual(await store.incidentMembers('I-1', 10), [c, f, a, b])
      assert.deepEqual(await store.incidentMembers('I-1', 2), [c, f])
      assert.deepEqual(await store.incidentMembers('I-9', 2), [])
    },
  },
  {
    name: 'a ticket that changes or leaves its incident is counted where it is, and only there',
    breach: 'keeps every ticket in its first incident',
    broken: keepingFirst,
    async check(open) {
      const store = await open()
      await twoIncidents(store)
      const before = await countsOf(store, 'I-1')
      const moved = part('c', { incident: 'I-2', revision: 2, hours: 3, reporter: null, channel: 'email' })
      await commit(store, { tickets: [moved] })
      const sms = { channels: ['sms'], reporters: 1 }
      assert.deepEqual(await countsOf(store, 'I-1'), {
        ...before,
        ...sms,
        reports: 2,
        lastAt: now + 2 * hour,
      })
      const both = { ...before, reports: 2, reporters: 1, firstAt: now }
      assert.deepEqual(await countsOf(store, 'I-2'), both)
      await commit(store, { tickets: [moved, part('b', { incident: null, revision: 2, hours: 1 })] })
      assert.deepEqual(await countsOf(store, 'I-2'), both)
      const only = { ...sms, reports: 1, firstAt: now + 2 * hour, lastAt: now + 2 * hour }
      assert.deepEqual(await countsOf(store, 'I-1'), only)
      await commit(store, { tickets: [part('a', { incident: null, revision: 2 })] })
      assert.equal(await countsOf(store, 'I-1'), undefined)
      assert.deepEqual(await store.incidentMembers('I-1', 10), [])
      await commit(store, { tickets: [part('a', { incident: 'I-1', revision: 1 })] })
      assert.equal(await countsOf(store, 'I-1'), undefined)
    },
  },
  {
    name: 'a ticket that is corrected counts with its new time, reporter and channel',
    breach: 'counts a correction as one more report',
    broken: (store) => {
      let commits = 0
      return {
        ...store,
        commit: async (given, ...rest) => {
          commits++
          await store.commit(given, ...rest)
        },
        incidentCounts: async (...args) =>
          new Map(
            [...(await store.incidentCounts(...args))].map(([id, counts]) => [
              id,
              { ...counts, reports: commits },
            ]),
          ),
      }
    },
    async check(open) {
      const store = await open()
      await commit(store, { tickets: [part('a', { incident: 'I-1' })] })
      const corrected = { incident: 'I-1', revision: 2, reporter: null, channel: 'board', hours: 5 } as const
      await commit(store, { tickets: [part('a', corrected)] })
      const at = now + 5 * hour
      const expected = { firstAt: at, lastAt: at, reports: 1, reporters: 0, channels: ['board'] }
      assert.deepEqual(await countsOf(store, 'I-1'), expected)
    },
  },
  {
    name: 'the counts of an incident, asked with tickets to be written, are those after the commit',
    breach: 'counts the tickets being added on top of those that are there',
    broken: (store) => ({
      ...store,
      incidentCounts: async (ids, adding) => {
        const counts = await store.incidentCounts(ids, [])
        return new Map(
          [...counts].map(([id, found]) => [id, { ...found, reports: found.reports + adding.length }]),
        )
      },
    }),
    async check(open) {
      const store = await open()
      await twoIncidents(store)
      const ids = ['I-1', 'I-2', 'I-3', 'I-9']
      const commits = [
        // A repeated reporter, a new one, an unknown one; a first time and a last one; an incident of its own.
        [
          part('f', { incident: 'I-1', reporter: 'a' }),
          part('g', { incident: 'I-1', reporter: 'b', channel: 'board', hours: 9 }),
          part('h', { incident: 'I-1', reporter: null }),
          part('i', { incident: 'I-3', hours: 5 }),
          part('j', { incident: null }),
        ],
        // Written again as they are; moved; gone; corrected; given twice.
        [
          part('f', { incident: 'I-1', reporter: 'a' }),
          part('g', { incident: 'I-2', revision: 2, reporter: 'b', channel: 'board', hours: 9 }),
          part('h', { incident: null, revision: 2 }),
          part('a', { incident: 'I-1', revision: 2, reporter: 'x', hours: 4 }),
          part('d', { incident: null, revision: 2 }),
          part('i', { incident: 'I-1', revision: 2, hours: 5 }),
          part('i', { incident: null, revision: 3, hours: 5 }),
        ],
      ]
      for (const tickets of commits) {
        const told = await store.incidentCounts(ids, tickets)
        await commit(store, { tickets })
        const found = await store.incidentCounts(ids, [])
        assert.deepEqual(Object.fromEntries(told), Object.fromEntries(found))
      }
      const before = { reports: 4, reporters: 2, channels: ['email', 'sms'] }
      assert.deepEqual(await countsOf(store, 'I-1'), { firstAt: now, lastAt: now + 4 * hour, ...before })
    },
  },
  {
    name: 'incidents with a ticket since a time are found, those of most reports first, as many as asked for',
    breach: 'ignores the time',
    broken: (store) => ({
      ...store,
      findIncidents: (options) => store.findIncidents({ ...options, since: 0 }),
    }),
    async check(open) {
      const store = await open()
      await twoIncidents(store)
      await commit(store, { tickets: [part('f', { incident: 'I-3', hours: 4 })] })
      const found = async (since: number, limit = 10) =>
        (await store.findIncidents({ since, limit })).map(({ id, reports }) => [id, reports])
      const all = [
        ['I-1', 3],
        ['I-2', 1],
        ['I-3', 1],
      ]
      assert.deepEqual(await found(0), all)
      assert.deepEqual(await found(0, 2), all.slice(0, 2))
      assert.deepEqual(await found(now + 3 * hour), [
        ['I-1', 3],
        ['I-3', 1],
      ])
      assert.deepEqual(await found(now + 5 * hour), [])
      const [first] = await store.findIncidents({ since: 0, limit: 1 })
      assert.deepEqual(first, { id: 'I-1', ...(await countsOf(store, 'I-1')) })
    },
  },
]
