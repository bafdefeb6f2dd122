import assert from 'node:assert/strict'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type { Store } from '../store.ts'
import {
  ask,
  commit,
  decide,
  decidedAt,
  idOf,
  item,
  outcome,
  pendingIds,
  ticket,
  ticketWrite,
} from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const allKinds = { a: 'ticketed', b: 'linked', c: 'quarantined', d: 'skipped' } as const

async function quarantinedIds(
  store: Store,
  options: { sourceId?: string; code?: string; after?: string } = {},
) {
  return (await store.quarantined({ ...options, limit: 100 })).map(({ rawId }) => rawId)
}

/** The ticket as release 0.1.0 wrote it. */
function early(given: Ticket): Ticket {
  const { verdict, masterId, incidentId, score, reasons, algorithm, reports, reporters, channels } =
    given.dedupe
  const dedupe = { verdict, masterId, incidentId, score, reasons, algorithm, reports, reporters, channels }
  return { ...given, dedupe: dedupe as Ticket['dedupe'] }
}

/** What people look at, and what they do with quarantined items. */
export const viewRules: readonly StoreRule[] = [
  {
    name: 'the books add up by source and by day: seen = ticketed + linked + quarantined + skipped + pending',
    breach: 'leaves out what is pending',
    broken: (store) => ({
      ...store,
      tally: async (options) =>
        (await store.tally(options)).map((row) => ({ ...row, seen: row.seen - row.pending })),
    }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.tally({ byDay: true }), [])
      await decide(store, allKinds)
      await store.archive([
        item('e', { day: '2026-03-02' }),
        item('f', { sourceId: 'mail' }),
        item('a', { day: '2026-03-03' }),
      ])
      await store.redrive([idOf('R', 'c')])
      const none = { ticketed: 0, linked: 0, quarantined: 0, skipped: 0 }
      const first = { ticketed: 1, linked: 1, quarantined: 0, skipped: 1, pending: 1 }
      const mail = { ...none, sourceId: 'mail', seen: 1, pending: 1 }
      assert.deepEqual(await store.tally({ byDay: true }), [
        { ...first, sourceId: 'hotline', day: '2026-03-01', seen: 4 },
        { ...none, sourceId: 'hotline', day: '2026-03-02', seen: 1, pending: 1 },
        { ...mail, day: '2026-03-01' },
      ])
      const hotline = { ...first, sourceId: 'hotline', day: null, seen: 5, pending: 2 }
      assert.deepEqual(await store.tally({ byDay: false }), [hotline, { ...mail, day: null }])
      assert.deepEqual(await store.tally({ byDay: false, sourceId: 'hotline' }), [hotline])
      assert.deepEqual(await store.tally({ byDay: false, sourceId: 'nowhere' }), [])
    },
  },
  {
    name: 'the books add up at every moment, while items come in and are decided',
    breach: 'counts what was seen at another moment than what became of it',
    broken: (store) => ({
      ...store,
      tally: async (options) => {
        const before = await store.tally(options)
        await store.archive([item('later')])
        const [after] = await store.tally(options)
        return before.map((row) => ({ ...row, seen: after?.seen ?? 0 }))
      },
    }),
    async check(open) {
      const [store, reader] = await Promise.all([open(), open()])
      await store.archive([item('first')])
      let left = 30
      const working = (async () => {
        for (; left > 0; left--) await decide(store, { [`a ${left}`]: 'ticketed', [`b ${left}`]: 'skipped' })
      })()
      try {
        while (left > 0) {
          const [row] = await reader.tally({ byDay: false })
          const { seen, ticketed, linked, quarantined, skipped, pending } = row ?? assert.fail('no books')
          assert.equal(ticketed + linked + quarantined + skipped + pending, seen)
        }
      } finally {
        left = 0
        await working
      }
    },
  },
  {
    name: 'the days on which a source brought something are told with their first and last moment, newest first, as many as asked for',
    breach: 'takes the items of all sources for those of one',
    broken: (store) => ({
      ...store,
      arrivalDays: async (sourceId, limit) => {
        const all = [
          ...(await store.arrivalDays(sourceId, limit)),
          ...(await store.arrivalDays('mail', limit)),
        ]
        return all.sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, limit)
      },
    }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.arrivalDays('hotline', 9), [])
      const at = (moment: string) => ({ archivedAt: moment, day: moment.slice(0, 10) })
      const [early, noon, late] = ['08:05:00', '12:00:00', '23:59:59'].map(
        (time) => `2026-03-01T${time}+08:00`,
      )
      const next = '2026-03-04T09:00:00+08:00'
      await store.archive([item('a', at(early ?? '')), item('b', at(noon ?? ''))])
      await store.archive([item('m', { sourceId: 'mail', ...at('2026-03-02T09:00:00+08:00') })])
      await store.archive([item('c', at(late ?? '')), item('d', at(next))])
      const days = [
        { day: '2026-03-04', firstAt: next, lastAt: next },
        { day: '2026-03-01', firstAt: early, lastAt: late },
      ]
      assert.deepEqual(await store.arrivalDays('hotline', 9), days)
      assert.deepEqual(await store.arrivalDays('hotline', 2), days)
      assert.deepEqual(await store.arrivalDays('hotline', 1), days.slice(0, 1))
      assert.deepEqual(await store.arrivalDays('nowhere', 9), [])
    },
  },
  {
    name: 'tickets are found by source, channel, kind, verdict, incident, master and time, newest first, as many as asked for',
    breach: 'ignores what is asked for',
    broken: (store) => ({ ...store, findTickets: ({ limit }) => store.findTickets({ limit }) }),
    async check(open) {
      const store = await open()
      const tickets = [
        ticketWrite(ticket('a', { kind: 'praise' }), { at: 30 }),
        ticketWrite(ticket('b', { channel: 'sms', sourceId: 'sms' }), { at: 10 }),
        ticketWrite(ticket('c', {}, idOf('T', 'a')), { at: 20 }),
      ]
      await commit(store, { tickets })
      const { dedupe } = ticket('d')
      const related = ticket('d', { channel: 'wechat', dedupe: { ...dedupe, incidentId: 'I-1' } })
      await commit(store, { tickets: [ticketWrite(related, { at: 5 })] })
      const found = async (query: Omit<Parameters<Store['findTickets']>[0], 'limit'>, limit = 10) =>
        (await store.findTickets({ ...query, limit })).map(({ id }) => id)
      const [a = '', b, c, d] = ['a', 'b', 'c', 'd'].map((name) => idOf('T', name))
      assert.deepEqual(await found({}), [a, c, b, d])
      assert.deepEqual(await found({}, 2), [a, c])
      assert.deepEqual(await found({ sourceId: 'sms' }), [b])
      assert.deepEqual(await found({ channel: 'hotline' }), [a, c])
      assert.deepEqual(await found({ kind: 'praise' }), [a])
      assert.deepEqual(await found({ verdict: 'duplicate' }), [c])
      assert.deepEqual(await found({ incidentId: 'I-1' }), [d])
      assert.deepEqual(await found({ incidentId: 'I-9' }), [])
      assert.deepEqual(await found({ masterId: a }), [c])
      assert.deepEqual(await found({ masterId: a, channel: 'sms' }), [])
      assert.deepEqual(await found({ since: 20, until: 30 }), [a, c])
      assert.deepEqual(await found({ since: 11, until: 29, channel: 'hotline' }), [c])
      assert.deepEqual(await found({ sourceId: 'nowhere' }), [])
    },
  },
  {
    name: 'of the tickets that are found the ids alone are told too, in the same order',
    breach: 'tells them oldest first',
    broken: (store) => ({
      ...store,
      findTicketIds: async (query) => (await store.findTicketIds(query)).toReversed(),
    }),
    async check(open) {
      const store = await open()
      const tickets = ['a', 'b', 'c'].map((name, index) => ticketWrite(ticket(name), { at: index % 2 }))
      await commit(store, { tickets })
      for (const query of [
        { limit: 9 },
        { limit: 2 },
        { since: 1, limit: 9 },
        { kind: 'praise', limit: 9 },
      ] as const)
        assert.deepEqual(
          await store.findTicketIds(query),
          (await store.findTickets(query)).map(({ id }) => id),
        )
    },
  },
  {
    name: 'of the repeats of a master those alone are found that have an id or a moment somewhere, in whatever field',
    breach: 'takes a dot in it for any character',
    broken: (store) => ({
      ...store,
      findTicketIds: async ({ holding = '', limit, ...query }) => {
        const found = await store.findTickets({ ...query, limit: 1000 })
        const pattern = new RegExp(holding.replaceAll('+', '\\+'))
        return found.flatMap((one) => (pattern.test(JSON.stringify(one)) ? [one.id] : [])).slice(0, limit)
      },
    }),
    async check(open) {
      const store = await open()
      const [a = '', b = ''] = ['a', 'b'].map((name) => idOf('T', name))
      const moved = (name: string, at: string) => {
        const { dedupe, ...of } = ticket(name, {}, a)
        const left = { at, by: 'person', event: 'unlinked', masterId: b, incidentId: null } as const
        return ticketWrite({ ...of, dedupe: { ...dedupe, history: [left] } })
      }
      const at = '2026-03-01T09:00:00.125+08:00'
      const tickets = [
        ...[ticketWrite(ticket('a')), ticketWrite(ticket('b')), ticketWrite(ticket('c', {}, a))],
        ...[moved('d', at), moved('e', at.replace('.', ':'))],
      ]
      await commit(store, { tickets })
      const found = async (holding: string, masterId = a) =>
        (await store.findTicketIds({ masterId, holding, limit: 9 })).toSorted()
      const [c = '', d = '', e = ''] = ['c', 'd', 'e'].map((name) => idOf('T', name))
      assert.deepEqual(await found(b), [d, e].toSorted())
      assert.deepEqual(await found(at), [d])
      assert.deepEqual(await found(a), [c, d, e].toSorted())
      assert.deepEqual(await found(a, b), [])
      assert.deepEqual(await found(d, b), [])
    },
  },
  {
    name: 'tickets that release 0.1.0 wrote are read and published with the fields that came later',
    breach: 'gives a ticket as it was written',
    broken: (store) => ({
      ...store,
      tickets: async (ids) => new Map([...(await store.tickets(ids))].map(([id, one]) => [id, early(one)])),
    }),
    async check(open) {
      const store = await open()
      const now = ticket('a')
      const written = early(now) as Ticket
      await commit(store, { tickets: [ticketWrite(written, { matchKeys: [1], at: 1 })] })
      const [candidates] = await store.candidates([ask(1)])
      const numbers = candidates?.hits.map(({ n }) => n) ?? []
      const page = await store.ticketsInOrder({ after: null, since: null, limit: 9 })
      const read = [
        ...(await store.tickets([now.id])).values(),
        ...(await store.ticketsByNumber(numbers)).values(),
        ...(await store.findTickets({ limit: 9 })),
        ...page.tickets.map((indexed) => indexed.ticket),
        await store.ticket(now.id),
        ...(await store.outbox(9)).map((entry) => JSON.parse(Buffer.from(entry.text).toString())),
      ]
      assert.deepEqual(
        read,
        Array.from({ length: 6 }, () => now),
      )
    },
  },
  {
    name: 'quarantined items are listed with code and details, oldest first, by source and by code',
    breach: 'ignores the code asked for',
    broken: (store) => ({
      ...store,
      quarantined: ({ code, ...options }) => store.quarantined(options),
    }),
    async check(open) {
      const store = await open()
      await decide(store, { b: 'quarantined', a: 'quarantined', c: 'skipped' })
      await store.archive([item('mail', { sourceId: 'mail' })])
      const poison = await outcome(store, 'mail', 'quarantined')
      await commit(store, { outcomes: [{ ...poison, reason: 'ITEM_POISON' }] })
      const { rawId, sourceId, externalId, archivedAt } = item('b')
      const details = { mediaType: 'text/csv', reason: 'no header' }
      assert.deepEqual(await store.quarantined({ limit: 1 }), [
        { rawId, sourceId, externalId, archivedAt, code: 'ITEM_UNREADABLE', details },
      ])
      const [a, b, mail] = ['a', 'b', 'mail'].map((name) => idOf('R', name))
      assert.deepEqual(await quarantinedIds(store), [b, a, mail])
      assert.deepEqual(await quarantinedIds(store, { code: 'ITEM_POISON' }), [mail])
      assert.deepEqual(await quarantinedIds(store, { sourceId: 'hotline' }), [b, a])
    },
  },
  {
    name: 'quarantined items are counted by source and code, most first, of one source or code alone where asked',
    breach: 'ignores the source asked for',
    broken: (store) => ({
      ...store,
      quarantineCounts: ({ sourceId, ...options }) => store.quarantineCounts(options),
    }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.quarantineCounts({}), [])
      await store.archive([item('mail', { sourceId: 'mail' })])
      const poison = await outcome(store, 'mail', 'quarantined')
      await commit(store, { outcomes: [{ ...poison, reason: 'ITEM_POISON' }] })
      await decide(store, { ...allKinds, e: 'quarantined', f: 'quarantined' })
      const [unreadable, mail] = [
        { sourceId: 'hotline', code: 'ITEM_UNREADABLE', count: 3 },
        { sourceId: 'mail', code: 'ITEM_POISON', count: 1 },
      ]
      assert.deepEqual(await store.quarantineCounts({}), [unreadable, mail])
      assert.deepEqual(await store.quarantineCounts({ sourceId: 'mail' }), [mail])
      assert.deepEqual(await store.quarantineCounts({ code: 'ITEM_UNREADABLE' }), [unreadable])
      assert.deepEqual(await store.quarantineCounts({ sourceId: 'mail', code: 'ITEM_UNREADABLE' }), [])
    },
  },
  {
    name: 'quarantined items go on after one of them, whatever has become of it',
    breach: 'begins anew',
    broken: (store) => ({
      ...store,
      quarantined: ({ after, ...options }) => store.quarantined(options),
    }),
    async check(open) {
      const store = await open()
      await decide(store, { a: 'quarantined', b: 'quarantined', c: 'quarantined' })
      const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map((name) => idOf('R', name))
      assert.deepEqual(await quarantinedIds(store, { after: a }), [b, c])
      await store.redrive([a, b])
      assert.deepEqual(await quarantinedIds(store, { after: b }), [c])
      assert.deepEqual(await quarantinedIds(store, { after: c }), [])
    },
  },
  {
    name: 'redriven items are pending again in their old place, as if never tried; others stay',
    breach: 'says so but does nothing',
    broken: (store) => ({ ...store, redrive: async () => 1 }),
    async check(open) {
      const store = await open()
      await decide(store, allKinds)
      await store.archive([item('z')])
      const rawIds = ['a', 'b', 'c', 'd', 'none'].map((name) => idOf('R', name))
      assert.equal(await store.redrive(rawIds), 1)
      assert.deepEqual(await pendingIds(store), [idOf('R', 'c'), idOf('R', 'z')])
      assert.deepEqual(await quarantinedIds(store), [])
      const story = await store.item(idOf('R', 'c'))
      assert.deepEqual([story?.outcome, story?.decidedAt, story?.attempts], [null, null, 0])
      assert.equal(await store.redrive(rawIds), 0)
    },
  },
  {
    name: 'discarded items are skipped by the policy "discarded", with the reason given; others stay',
    breach: 'says so but does nothing',
    broken: (store) => ({ ...store, discard: async () => 1 }),
    async check(open) {
      const store = await open()
      await decide(store, allKinds)
      assert.equal(
        await store.discard(
          Object.keys(allKinds).map((name) => idOf('R', name)),
          '垃圾邮件',
        ),
        1,
      )
      const story = await store.item(idOf('R', 'c'))
      const details = { detail: '垃圾邮件' }
      assert.deepEqual(story?.outcome, { kind: 'skipped', ticketId: null, reason: 'discarded', details })
      assert.equal(story?.decidedAt, decidedAt)
      assert.deepEqual(await quarantinedIds(store), [])
      assert.equal((await store.tally({ byDay: false }))[0]?.skipped, 2)
    },
  },
]
