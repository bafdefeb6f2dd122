import assert from 'node:assert/strict'
import type { Commit, LinkWrite, Store } from '../store.ts'
import { commit, commitTickets, idOf, link, now, ticket, ticketWrite } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const anyTime = [0, now * 2] as const
const hour = 3_600_000

/** The store with every commit changed before it is made. */
function committing(store: Store, change: (given: Commit) => Commit | Promise<Commit>): Store {
  return { ...store, commit: async (given, ...rest) => store.commit(await change(given), ...rest) }
}

/** A master and its duplicates with these links. */
async function linked(store: Store, master: string, links: readonly LinkWrite[]): Promise<void> {
  const masterId = idOf('T', master)
  const duplicates = links.map(({ ticketId }) => ticketWrite(ticket('x', { id: ticketId }, masterId)))
  await commit(store, { tickets: [ticketWrite(ticket(master)), ...duplicates], links })
}

async function countsOf(store: Store, master: string, adding: readonly LinkWrite[] = []) {
  return (await store.linkCounts([idOf('T', master)], adding)).get(idOf('T', master))
}

async function namesFound(
  store: Store,
  keys: readonly string[],
  since: number,
  until: number,
  limit: number,
) {
  return (await store.candidates(keys, since, until, limit)).map(({ ticketId }) => ticketId)
}

/** What the drain looks up: links, threads, candidates. */
export const lookupRules: readonly StoreRule[] = [
  {
    name: 'links are a set: one that is there and is added again counts once',
    breach: 'counts the links being added on top of those that are there',
    broken: (store) => ({
      ...store,
      linkCounts: async (masterIds, adding) => {
        const counts = await store.linkCounts(masterIds, [])
        return new Map(
          [...counts].map(([id, found]) => [id, { ...found, reports: found.reports + adding.length }]),
        )
      },
    }),
    async check(open) {
      const store = await open()
      const links = [link('b', 'a'), link('c', 'a', { channel: 'email' })]
      await linked(store, 'a', links)
      await commit(store, { links })
      const adding = [link('c', 'a', { channel: 'email' }), link('d', 'a', { channel: 'sms' })]
      const counts = await countsOf(store, 'a', adding)
      assert.deepEqual([counts?.reports, counts?.reporters], [3, 3])
      assert.deepEqual([...(counts?.channels ?? [])].sort(), ['email', 'hotline', 'sms'])
      assert.deepEqual(await countsOf(store, 'unheard of'), { reports: 0, reporters: 0, channels: [] })
      assert.equal((await countsOf(store, 'unheard of', [link('e', 'unheard of')]))?.reports, 1)
    },
  },
  {
    name: 'a link by the master’s own reporter, or by an unknown one, adds no reporter',
    breach: 'counts every reporter',
    broken: (store) =>
      committing(store, (given) => ({
        ...given,
        links: given.links.map((one) => ({ ...one, masterReporterKey: null })),
      })),
    async check(open) {
      const store = await open()
      await linked(store, 'a', [
        link('b', 'a', { reporterKey: 'caller' }),
        link('c', 'a', { reporterKey: null }),
        link('d', 'a', { reporterKey: 'someone' }),
        link('e', 'a', { reporterKey: 'someone' }),
      ])
      const counts = await countsOf(store, 'a', [link('f', 'a', { reporterKey: 'caller' })])
      assert.deepEqual([counts?.reports, counts?.reporters], [5, 1])
    },
  },
  {
    name: 'a duplicate linked to another master, or to none any more, leaves the first one',
    breach: 'keeps the first link of a duplicate',
    broken: (store) => {
      const seen = new Set<string>()
      return committing(store, (given) => {
        const links = given.links.filter(({ ticketId }) => !seen.has(ticketId))
        for (const { ticketId } of links) seen.add(ticketId)
        return { ...given, links }
      })
    },
    async check(open) {
      const store = await open()
      await linked(store, 'a', [link('b', 'a'), link('c', 'a')])
      await commitTickets(store, ticket('z'))
      assert.equal((await countsOf(store, 'a', [link('b', 'z')]))?.reports, 1)
      await commit(store, { links: [link('b', 'z')] })
      assert.equal((await countsOf(store, 'a'))?.reports, 1)
      assert.equal((await countsOf(store, 'z'))?.reports, 1)
      await commitTickets(store, ticket('c', { revision: 2 }))
      assert.equal((await countsOf(store, 'a'))?.reports, 0)
    },
  },
  {
    name: 'a ticket is found by every thread key it was ever given, within its source, and the first ticket keeps a key',
    breach: 'mixes up the threads of different sources',
    broken: (store) => ({
      ...store,
      ticketsByThread: async (_source, keys) =>
        new Map([
          ...(await store.ticketsByThread('mail', keys)),
          ...(await store.ticketsByThread('hotline', keys)),
        ]),
    }),
    async check(open) {
      const store = await open()
      await commit(store, {
        tickets: [ticketWrite(ticket('a'), { threadKeys: ['<1@example.org>', 'a\u0000$'] })],
      })
      const mail = ticket('b', { sourceId: 'mail' })
      await commit(store, { tickets: [ticketWrite(mail, { threadKeys: ['<1@example.org>', '<2>'] })] })
      const later = ticketWrite(ticket('a', { revision: 2 }), { threadKeys: ['<3>'] })
      await commit(store, { tickets: [later, ticketWrite(ticket('c'), { threadKeys: ['<3>', '<4>'] })] })
      const keys = ['<1@example.org>', 'a\u0000$', '<2>', '<3>', '<4>', '<5>']
      const a = idOf('T', 'a')
      const inHotline = new Map([
        ['<1@example.org>', a],
        ['a\u0000$', a],
        ['<3>', a],
        ['<4>', idOf('T', 'c')],
      ])
      assert.deepEqual(await store.ticketsByThread('hotline', keys), inHotline)
      const inMail = new Map([
        ['<1@example.org>', mail.id],
        ['<2>', mail.id],
      ])
      assert.deepEqual(await store.ticketsByThread('mail', keys), inMail)
    },
  },
  {
    name: 'candidates lie inside the window, both ends included',
    breach: 'ignores the window',
    broken: (store) => ({
      ...store,
      candidates: (keys, _since, _until, limit) => store.candidates(keys, ...anyTime, limit),
    }),
    async check(open) {
      const store = await open()
      const names = ['a', 'b', 'c', 'd']
      const tickets = names.map((name, index) =>
        ticketWrite(ticket(name), { matchKeys: ['k'], at: now + index * hour }),
      )
      await commit(store, { tickets })
      const found = await namesFound(store, ['k'], now + hour, now + 2 * hour, 10)
      assert.deepEqual(found, [idOf('T', 'b'), idOf('T', 'c')])
    },
  },
  {
    name: 'of each key the oldest candidates come, as many as asked for',
    breach: 'gives the newest',
    broken: (store) => ({
      ...store,
      candidates: async (keys, since, until, limit) =>
        (await store.candidates(keys, since, until, 1000)).toReversed().slice(0, limit),
    }),
    async check(open) {
      const store = await open()
      const times: Readonly<Record<string, number>> = { d: 4, b: 2, a: 1, c: 3 }
      const tickets = Object.entries(times).map(([name, at]) =>
        ticketWrite(ticket(name), { matchKeys: ['k', `only ${name}`], at }),
      )
      await commit(store, { tickets })
      assert.deepEqual(await namesFound(store, ['k'], ...anyTime, 2), [idOf('T', 'a'), idOf('T', 'b')])
      const both = await namesFound(store, ['k', 'only d'], ...anyTime, 1)
      assert.deepEqual(both, [idOf('T', 'a'), idOf('T', 'd')])
      assert.deepEqual(await namesFound(store, [], ...anyTime, 9), [])
    },
  },
  {
    name: 'a candidate tells what a decision needs, and the keys that it shares',
    breach: 'leaves out the shared keys',
    broken: (store) => ({
      ...store,
      candidates: async (...args) => (await store.candidates(...args)).map((one) => ({ ...one, keys: [] })),
    }),
    async check(open) {
      const store = await open()
      const masterId = idOf('T', 'a')
      const anonymous = { ...ticket('b').reporter, key: null }
      const tickets = [
        ticketWrite(ticket('a'), { matchKeys: ['k1', 'k2', 'k3'], at: 1 }),
        ticketWrite(ticket('b', { channel: 'sms', sourceId: 's', reporter: anonymous }, masterId), {
          matchKeys: ['k2'],
          at: 2,
        }),
      ]
      await commit(store, { tickets })
      const found = await store.candidates(['k2', 'none', 'k1', 'k2'], ...anyTime, 10)
      const sorted = found.map((one) => ({ ...one, keys: [...one.keys].sort() }))
      assert.deepEqual(sorted, [
        {
          ticketId: masterId,
          sourceId: 'hotline',
          channel: 'hotline',
          reporterKey: 'caller',
          at: 1,
          masterId: null,
          keys: ['k1', 'k2'],
        },
        {
          ticketId: idOf('T', 'b'),
          sourceId: 's',
          channel: 'sms',
          reporterKey: null,
          at: 2,
          masterId,
          keys: ['k2'],
        },
      ])
    },
  },
  {
    name: 'new match keys replace the old ones, and null leaves them',
    breach: 'forgets the keys when none are given',
    broken: (store) =>
      committing(store, (given) => ({
        ...given,
        tickets: given.tickets.map((write) => ({ ...write, matchKeys: write.matchKeys ?? [] })),
      })),
    async check(open) {
      const store = await open()
      const revise = (revision: number, matchKeys: readonly string[] | null, at: number) =>
        commit(store, { tickets: [ticketWrite(ticket('a', { revision }), { matchKeys, at })] })
      await revise(1, ['k1', 'k2'], 10)
      await revise(2, null, 20)
      assert.deepEqual(await namesFound(store, ['k1'], 20, 20, 9), [idOf('T', 'a')])
      assert.deepEqual(await namesFound(store, ['k1'], 0, 19, 9), [])
      await revise(3, ['k2', 'k3'], 20)
      assert.deepEqual(await namesFound(store, ['k1'], ...anyTime, 9), [])
      assert.deepEqual(await namesFound(store, ['k2', 'k3'], ...anyTime, 9), [idOf('T', 'a')])
    },
  },
]
