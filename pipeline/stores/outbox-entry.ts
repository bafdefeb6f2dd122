import type { TicketEvent } from '../../normalizers/ticket.ts'
import type { TicketWrite } from './store.ts'

/** What waits in the outbox for one ticket. */
export interface WaitingEvent {
  readonly event: TicketEvent
  /** The newest `ticket.linked` or `ticket.unlinked` of the revisions that wait, and which of them it belongs to. */
  readonly linkEvent: TicketEvent | null
  readonly linkRevision: number | null
}

/** The first revision to wait. */
export function firstWaiting(event: TicketEvent, revision: number): WaitingEvent {
  return isLinkEvent(event)
    ? { event, linkEvent: event, linkRevision: revision }
    : { event, linkEvent: null, linkRevision: null }
}

/** What goes out again of a ticket. Downstream hears first that there is one, whatever it was told before. */
export function waitingAgain(
  published: { readonly event: TicketEvent; readonly delivered: number; readonly masterId: string | null },
  revision: number,
): WaitingEvent {
  if (published.delivered > 0) return firstWaiting(published.event, revision)
  return firstWaiting(firstEvent(published.masterId), revision)
}

/** How downstream hears of a ticket for the first time. */
export function firstEvent(masterId: string | null): TicketEvent {
  return masterId === null ? 'ticket.created' : 'ticket.linked'
}

/** A newer revision takes the place of one that waits. What downstream has not heard of begins as it stands by now. */
export function nextWaiting(
  waiting: WaitingEvent,
  { event, ticket: { revision, dedupe } }: Pick<TicketWrite, 'event' | 'ticket'>,
  isKnownDownstream: boolean,
): WaitingEvent {
  if (event === null || !isLinkEvent(event)) return waiting
  const link = { linkEvent: event, linkRevision: revision }
  if (isKnownDownstream) return { event, ...link }
  return { event: firstEvent(dedupe.masterId), ...link }
}

function isLinkEvent(event: TicketEvent): boolean {
  return event === 'ticket.linked' || event === 'ticket.unlinked'
}
