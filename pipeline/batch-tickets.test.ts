import { describe, expect, it } from 'vitest'
import type { TicketEvent } from '../normalizers/ticket.ts'
import { BatchTickets } from './batch-tickets.ts'
import { ticket } from './stores/suite/fixtures.ts'

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
})
