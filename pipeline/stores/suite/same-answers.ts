import type { Store } from '../store.ts'
import {
  ask,
  commit,
  countedMaster,
  decide,
  idOf,
  item,
  link,
  now,
  outcome,
  publishedAt,
  ticket,
  ticketsUnder,
  ticketWrite,
} from './fixtures.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f']

/** Takes a store through a working day: every kind of outcome, links, updates, publishing, quarantine. */
export async function workingDay(store: Store): Promise<void> {
  await decide(store, { a: 'ticketed', b: 'quarantined', c: 'skipped', d: 'quarantined' })
  await store.archive([
    item('e', { locator: 'x;1', sourceId: 'mail' }),
    item('f', { archivedAt: '2026-03-01T00:00:00Z' }),
  ])
  const duplicate = ticket('e', { sourceId: 'mail', channel: 'email' }, idOf('T', 'a'))
  const { dedupe } = ticket('a')
  const master = ticket('a', { revision: 2, title: null, dedupe: { ...dedupe, incidentId: 'I-1' } })
  await commit(store, {
    tickets: [
      ticketWrite(duplicate, { event: 'ticket.linked', matchKeys: [1], threadKeys: ['<1>'], at: now + 5 }),
      ticketWrite(master, { event: 'ticket.updated', matchKeys: [1, 2], at: now + 5 }),
    ],
    links: [link('e', 'a', { channel: 'email' })],
    outcomes: [await outcome(store, 'e', 'linked')],
    terms: { id: 'first', base: Buffer.from('base'), addition: Buffer.from('addition') },
  })
  await store.markPublished([{ ticketId: idOf('T', 'a'), revision: 1 }], publishedAt)
  await store.markPublished([{ ticketId: idOf('T', 'e'), revision: 1 }], publishedAt)
  await store.redrive([idOf('R', 'b')])
  await store.discard([idOf('R', 'd')], '无效')
  const [next] = await store.pending(1, 1e9, now)
  await store.postpone(next?.seq ?? 0, 1, now + 1000)
}

/** Everything that a store answers afterwards. */
export async function answers(store: Store): Promise<unknown> {
  const ids = names.map((name) => idOf('T', name))
  return {
    items: await Promise.all(names.map((name) => store.item(idOf('R', name)))),
    ofTickets: await Promise.all(ids.map((id) => store.itemsOfTicket(id))),
    byExternalId: await store.itemsByExternalId('GD-e'),
    unknown: [
      await store.unknownItems([...ids, idOf('R', 'a')]),
      await store.unknownLocators('mail', ['x;1', 'x;2']),
    ],
    pending: [
      await store.pending(9, 1e9, now),
      await store.pending(9, 1e9, now + 1000),
      await store.pendingCount(),
    ],
    tickets: [...(await store.tickets(ids))].sort(),
    threads: [...(await store.ticketsByThread('mail', ['<1>', '<2>']))],
    counts: [
      ...(await store.linkCounts(
        ids.map((id) => countedMaster(id)),
        [link('f', 'a')],
      )),
    ].sort(),
    candidates: await ticketsUnder(
      store,
      ...[1, 2, 3].map((key) => ask(key, { since: now, until: now + 10 })),
    ),
    incidents: [
      [...(await store.incidentCounts(['I-1', 'I-2'], []))],
      await store.incidentMembers('I-1', 9),
      await store.findIncidents({ since: 0, limit: 9 }),
    ],
    terms: await store.termStatistics(),
    inOrder: await store.ticketsInOrder({ after: null, since: now + 1, limit: 9 }),
    outbox: [await store.outbox(9), await store.outboxCount(), await store.undelivered(null, 9)],
    found: await store.findTickets({ limit: 9 }),
    tally: [await store.tally({ byDay: true }), await store.tally({ byDay: false, sourceId: 'mail' })],
    arrivals: await store.arrivalDays('mail', 9),
    quarantined: [await store.quarantined({ limit: 9 }), await store.quarantineCounts({})],
  }
}
