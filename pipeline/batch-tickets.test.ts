import { describe, expect, it } from 'vitest'
import type { TicketEvent } from '../normalizers/ticket.ts'
import { BatchTickets } from './batch-tickets.ts'
import { ticket } from './stores/suite/fixtures.ts'
import { momentOf } from './ticket-of.ts'

const none: ReadonlySet<string> = new Set()

/** What is told of a ticket to which all of this happens in one batch. */
function told(isStored: boolean, ...events: readonly TicketEvent[]) {
  const tickets = new BatchTickets({ tickets: async () => new Map() })
  if (isStored) tickets.know(ticket('a'))
  for (const event of events) tickets.put(ticket('a'), event, null)
  return tickets.writes(none, none).map(({ event, ticket: { revision } }) => [event, revision])
}

describe('a ticket that changes more than once in a batch', () => {
  it.each<[TicketEvent, TicketEvent[]]>([
    ['ticket.linked', ['ticket.linked', 'ticket.updated']],
    ['ticket.unlinked', ['ticket.updated', 'ticket.unlinked']],
    ['ticket.updated', ['ticket.updated', 'ticket.updated']],
  ])('is told of once, as %s', (event, events) => {
    expect(told(true, ...events)).toEqual([[event, 2]])
  })

  it('is told of as created where nothing is linked in the end, if the batch makes it', () => {
    expect(told(false, 'ticket.linked', 'ticket.unlinked')).toEqual([['ticket.created', 1]])
    expect(told(false, 'ticket.created', 'ticket.updated')).toEqual([['ticket.created', 1]])
  })

  it('is told of as linked where it is in the end, if the batch makes it', () => {
    const tickets = new BatchTickets({ tickets: async () => new Map() })
    const made = ticket('a')
    const repeat = { ...made, dedupe: { ...made.dedupe, masterId: 'T-B' } }
    for (let time = 0; time < 2; time += 1) tickets.put(repeat, 'ticket.linked', null)
    expect(tickets.writes(none, none)).toMatchObject([{ event: 'ticket.linked' }])
    const corrected = new BatchTickets({ tickets: async () => new Map() })
    corrected.put(made, 'ticket.created', null)
    corrected.put(repeat, 'ticket.linked', null)
    expect(corrected.writes(none, none)).toMatchObject([{ event: 'ticket.linked' }])
  })

  it('keeps the keys that it was given first where it gets no others, and all names of its thread', () => {
    const tickets = new BatchTickets({ tickets: async () => new Map() })
    tickets.put(ticket('a'), 'ticket.created', [1])
    tickets.put(ticket('a'), 'ticket.updated', null)
    tickets.put(ticket('b'), 'ticket.created', [1])
    tickets.put(ticket('b'), 'ticket.updated', [2])
    for (const key of ['<1@x>', '<2@x>']) tickets.addThreadKeys(ticket('a').id, [key])
    expect(tickets.writes(none, none)).toMatchObject([
      { matchKeys: [1], threadKeys: ['<1@x>', '<2@x>'] },
      { matchKeys: [2], threadKeys: [] },
    ])
  })
})

describe('the tickets of a batch', () => {
  it('keep what the batch has changed where they would be written again as they were', () => {
    const tickets = new BatchTickets({ tickets: async () => new Map() })
    for (const name of ['a', 'b']) tickets.know(ticket(name))
    tickets.put({ ...ticket('a'), body: 'changed' }, 'ticket.linked', [1])
    for (const name of ['a', 'b']) tickets.keep(ticket(name))
    expect(tickets.writes(none, none)).toMatchObject([
      { event: 'ticket.linked', ticket: { body: 'changed', revision: 2 }, matchKeys: [1] },
      { event: 'ticket.updated', ticket: { body: ticket('b').body, revision: 1 }, matchKeys: null },
    ])
  })

  it('are written in the order in which they were put, but for those that go first and last', () => {
    const tickets = new BatchTickets({ tickets: async () => new Map() })
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ticket(name))
    if (!a || !b || !c || !d) throw new Error('four tickets')
    for (const each of [a, b, c, d]) tickets.put(each, 'ticket.created', null)
    const writes = tickets.writes(new Set([c.id, a.id, 'T-OTHER']), new Set([d.id, a.id, 'T-OTHER']))
    expect(writes.map(({ ticket: { id } }) => id)).toEqual([c.id, b.id, d.id, a.id])
    expect(writes.map(({ at }) => at)).toEqual([c, b, d, a].map(momentOf))
  })
})
