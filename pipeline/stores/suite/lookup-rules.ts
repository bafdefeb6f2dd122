import assert from 'node:assert/strict'
import type { KeyAsk, MatchKeys } from '../../../dedupe/decision.ts'
import type { Channel } from '../../../normalizers/ticket.ts'
import type { Commit, LinkWrite, Store } from '../store.ts'
import {
  ask,
  commit,
  commitTickets,
  countedMaster,
  idOf,
  link,
  now,
  ticket,
  ticketsUnder,
  ticketWrite,
} from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const hour = 3_600_000

/** The store with every commit changed before it is made. */
function committing(store: Store, change: (given: Commit) => Commit | Promise<Commit>): Store {
  return { ...store, commit: async (given, ...rest) => store.commit(await change(given), ...rest) }
}

/** The store with every ask changed before it is answered. */
function asking(store: Store, change: (given: KeyAsk) => KeyAsk): Store {
  return { ...store, candidates: (asks) => store.candidates(asks.map(change)) }
}

/** A master and its duplicates with these links. */
async function linked(store: Store, master: string, links: readonly LinkWrite[]): Promise<void> {
  const masterId = idOf('T', master)
  const duplicates = links.map(({ ticketId }) => ticketWrite(ticket('x', { id: ticketId }, masterId)))
  await commit(store, { tickets: [ticketWrite(ticket(master)), ...duplicates], links })
}

async function countsOf(store: Store, name: string, adding: readonly LinkWrite[] = [], own = 'caller') {
  const master = countedMaster(idOf('T', name), own)
  return (await store.linkCounts([master], adding)).get(master.id)
}

/** Ids of the tickets under these keys, in the order of the answers. */
async function idsUnder(store: Store, ...asks: readonly KeyAsk[]) {
  return (await ticketsUnder(store, ...asks)).map(({ hits }) => hits.map(({ ticketId }) => ticketId))
}

/** What the drain looks up: links, threads, candidates. */
export const lookupRules: readonly StoreRule[] = [
  {
    name: 'links are a set: one that is there and is added again counts once',
    breach: 'counts the links being added on top of those that are there',
    broken: (store) => ({
      ...store,
      linkCounts: async (masters, adding) => {
        const counts = await store.linkCounts(masters, [])
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
    broken: (store) => ({
      ...store,
      linkCounts: (masters, adding) =>
        store.linkCounts(
          masters.map(({ id }) => countedMaster(id, null)),
          adding,
        ),
    }),
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
      const corrected = await countsOf(store, 'a', [link('f', 'a', { reporterKey: null })], 'someone')
      assert.deepEqual([corrected?.reports, corrected?.reporters], [5, 1])
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
      assert.deepEqual(await countsOf(store, 'a'), { reports: 0, reporters: 0, channels: [] })
      await commitTickets(store, ticket('b', { revision: 2 }, idOf('T', 'a')))
      assert.equal((await countsOf(store, 'z'))?.reports, 0)
    },
  },
  {
    name: 'what links add to a count goes with the last of them',
    breach: 'never takes a channel away',
    broken: (store) => {
      const seen = new Set<Channel>()
      return {
        ...store,
        linkCounts: async (...args) => {
          const found = await store.linkCounts(...args)
          for (const { channels } of found.values()) for (const channel of channels) seen.add(channel)
          return new Map([...found].map(([id, counts]) => [id, { ...counts, channels: [...seen].sort() }]))
        },
      }
    },
    async check(open) {
      const store = await open()
      const byMail = { channel: 'email', reporterKey: 'someone' } as const
      await linked(store, 'a', [link('b', 'a', byMail), link('c', 'a', byMail), link('d', 'a')])
      assert.deepEqual(await countsOf(store, 'a'), {
        reports: 3,
        reporters: 2,
        channels: ['email', 'hotline'],
      })
      await commitTickets(store, ticket('b', { revision: 2 }))
      assert.deepEqual(await countsOf(store, 'a'), {
        reports: 2,
        reporters: 2,
        channels: ['email', 'hotline'],
      })
      const moving = [link('c', 'z', byMail)]
      assert.deepEqual(await countsOf(store, 'a', moving), {
        reports: 1,
        reporters: 1,
        channels: ['hotline'],
      })
      await commit(store, { tickets: [ticketWrite(ticket('z'))], links: moving })
      assert.deepEqual(await countsOf(store, 'a'), { reports: 1, reporters: 1, channels: ['hotline'] })
      assert.deepEqual(await countsOf(store, 'z'), { reports: 1, reporters: 1, channels: ['email'] })
      const again = [link('c', 'z', { channel: 'sms', reporterKey: null })]
      await commit(store, { links: again })
      assert.deepEqual(await countsOf(store, 'z'), { reports: 1, reporters: 0, channels: ['sms'] })
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
    name: 'a thread key stays with the ticket that it was given to first, though an older ticket is given it later',
    breach: 'lets the oldest ticket have it',
    broken: (store) => {
      const given = new Map<string, string[]>()
      const noting = committing(store, (one) => {
        for (const { ticket: of, threadKeys } of one.tickets)
          given.set(of.id, [...(given.get(of.id) ?? []), ...threadKeys])
        return one
      })
      const oldest = (key: string) => [...given].find(([, keys]) => keys.includes(key))
      const ticketsByThread: Store['ticketsByThread'] = async (_source, keys) =>
        new Map(
          keys.flatMap((key) => (oldest(key) ?? []).slice(0, 1).map((id) => [key, String(id)] as const)),
        )
      return { ...noting, ticketsByThread }
    },
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('a'), ticket('b'))
      const revised = (name: string, revision: number, ...threadKeys: readonly string[]) =>
        ticketWrite(ticket(name, { revision }), { threadKeys })
      await commit(store, { tickets: [revised('b', 2, '<1>')] })
      await commit(store, { tickets: [revised('a', 2, '<1>', '<2>')] })
      const together = ticketWrite(ticket('c'), { threadKeys: ['<3>'] })
      await commit(store, { tickets: [together, revised('a', 3, '<3>', '<4>')] })
      const owners = await store.ticketsByThread('hotline', ['<1>', '<2>', '<3>', '<4>'])
      assert.deepEqual(
        [...owners].sort(),
        [...Object.entries({ '<1>': 'b', '<2>': 'a', '<3>': 'c', '<4>': 'a' })].map(([key, name]) => [
          key,
          idOf('T', name),
        ]),
      )
    },
  },
  {
    name: 'candidates lie inside the window, both ends included, and tell their time',
    breach: 'ignores the window',
    broken: (store) => asking(store, (given) => ({ ...given, since: 0, until: now * 2 })),
    async check(open) {
      const store = await open()
      const names = ['a', 'b', 'c', 'd']
      const tickets = names.map((name, index) =>
        ticketWrite(ticket(name), { matchKeys: [5], at: now + index * hour }),
      )
      await commit(store, { tickets })
      assert.deepEqual(await ticketsUnder(store, ask(5, { since: now + hour, until: now + 2 * hour })), [
        {
          hits: [
            { ticketId: idOf('T', 'c'), at: now + 2 * hour },
            { ticketId: idOf('T', 'b'), at: now + hour },
          ],
          cut: false,
        },
      ])
    },
  },
  {
    name: 'of each key the newest candidates come, newest first, of one moment the last made first',
    breach: 'gives the oldest first',
    broken: (store) => ({
      ...store,
      candidates: async (asks) =>
        (await store.candidates(asks)).map(({ hits, cut }) => ({ hits: hits.toReversed(), cut })),
    }),
    async check(open) {
      const store = await open()
      const times: Readonly<Record<string, number>> = { d: 4, b: 2, a: 1, c: 2 }
      const tickets = Object.entries(times).map(([name, at]) =>
        ticketWrite(ticket(name), { matchKeys: [5], at }),
      )
      await commit(store, { tickets })
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => idOf('T', name))
      assert.deepEqual(await idsUnder(store, ask(5), ask(5, { limit: 2 })), [
        [d, c, b, a],
        [d, c],
      ])
    },
  },
  {
    name: 'each ask has its answer in its place, which says whether there were more than asked for',
    breach: 'never says that it cut',
    broken: (store) => ({
      ...store,
      candidates: async (asks) => (await store.candidates(asks)).map((each) => ({ ...each, cut: false })),
    }),
    async check(open) {
      const store = await open()
      const highest = 2 ** 48 - 1
      const tickets = [
        ticketWrite(ticket('a'), { matchKeys: [0, highest], at: 1 }),
        ticketWrite(ticket('b'), { matchKeys: [highest], at: 2 }),
      ]
      await commit(store, { tickets })
      const [a, b] = ['a', 'b'].map((name) => ({ ticketId: idOf('T', name), at: name === 'a' ? 1 : 2 }))
      const many = Array.from({ length: 2000 }, (_, index) => ask(1000 + index))
      const asks = [ask(highest, { limit: 1 }), ...many, ask(0, { limit: 1 }), ask(highest, { limit: 2 })]
      const answers = await ticketsUnder(store, ...asks)
      assert.equal(answers.length, asks.length)
      assert.deepEqual(answers[0], { hits: [b], cut: true })
      assert.deepEqual(
        answers.slice(1, -2),
        many.map(() => ({ hits: [], cut: false })),
      )
      assert.deepEqual(answers.slice(-2), [
        { hits: [a], cut: false },
        { hits: [b, a], cut: false },
      ])
      assert.deepEqual(await store.candidates([]), [])
      assert.deepEqual(await store.candidates([ask(highest, { limit: 0 })]), [{ hits: [], cut: true }])
    },
  },
  {
    name: 'the number of a candidate leads to its ticket as it is now, and the numbers ascend in the order of making',
    breach: 'leads to the ticket made before',
    broken: (store) => ({
      ...store,
      ticketsByNumber: async (numbers) => {
        const before = await store.ticketsByNumber(numbers.map((n) => n - 1))
        return new Map([...before].map(([n, found]) => [n + 1, found]))
      },
    }),
    async check(open) {
      const store = await open()
      const made = (...names: readonly string[]) => ({
        tickets: names.map((name) => ticketWrite(ticket(name), { matchKeys: [5] })),
      })
      await commit(store, made('c', 'a'))
      await commit(store, { tickets: [ticketWrite(ticket('c', { revision: 2 }), { matchKeys: null })] })
      await commit(store, made('b'))
      const [answer] = await store.candidates([ask(5)])
      const numbers = (answer?.hits ?? []).map(({ n }) => n)
      assert.deepEqual(
        numbers,
        numbers.toSorted((one, other) => other - one),
      )
      const found = await store.ticketsByNumber([...numbers, Math.max(...numbers) + 1])
      assert.deepEqual(
        numbers.map((n) => [found.get(n)?.id, found.get(n)?.revision]),
        [
          [idOf('T', 'b'), 1],
          [idOf('T', 'a'), 1],
          [idOf('T', 'c'), 2],
        ],
      )
      assert.equal(found.size, 3)
      assert.deepEqual(await store.ticketsByNumber([]), new Map())
    },
  },
  {
    name: 'the number of a ticket is told by its id, and stays what it was when the ticket is revised',
    breach: 'numbers tickets as they are revised',
    broken: (store) => ({
      ...store,
      ticketNumbers: async (ids) => {
        const [numbers, tickets] = [await store.ticketNumbers(ids), await store.tickets(ids)]
        return new Map([...numbers].map(([id, n]) => [id, n + (tickets.get(id)?.revision ?? 1) - 1]))
      },
    }),
    async check(open) {
      const store = await open()
      const names = ['c', 'a', 'b']
      const tickets = names.map((name) => ticketWrite(ticket(name), { matchKeys: [5] }))
      await commit(store, { tickets })
      await commit(store, { tickets: [ticketWrite(ticket('c', { revision: 2 }), { matchKeys: [5] })] })
      const ids = names.map((name) => idOf('T', name))
      const numbers = await store.ticketNumbers([...ids, idOf('T', 'unknown')])
      const [answer] = await store.candidates([ask(5)])
      assert.deepEqual(
        (answer?.hits ?? []).map(({ n }) => n),
        ids.toReversed().map((id) => numbers.get(id)),
      )
      assert.equal(numbers.size, 3)
      assert.deepEqual(await store.ticketNumbers([]), new Map())
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
      const revise = (revision: number, matchKeys: MatchKeys | null, at: number) =>
        commit(store, { tickets: [ticketWrite(ticket('a', { revision }), { matchKeys, at })] })
      const a = [idOf('T', 'a')]
      await revise(1, [1, 2], 10)
      await revise(2, null, 20)
      const window = { since: 20, until: 20 }
      assert.deepEqual(await idsUnder(store, ask(1, window), ask(1, { until: 19 })), [a, []])
      await revise(3, [2, 3], 20)
      assert.deepEqual(await idsUnder(store, ask(1), ask(2), ask(3)), [[], a, a])
    },
  },
]
