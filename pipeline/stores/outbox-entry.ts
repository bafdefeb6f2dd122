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
  return firstWaiting(published.masterId === null ? 'ticket.created' : 'ticket.linked', revision)
}

/**
 * A newer revision takes the place of one that waits. What downstream has not heard of still begins as it was to
 * begin, except that nothing begins as linked once it repeats nothing.
 */
export function nextWaiting(
  waiting: WaitingEvent,
  { event, ticket: { revision, dedupe } }: Pick<TicketWrite, 'event' | 'ticket'>,
  isKnownDownstream: boolean,
): WaitingEvent {
  if (event === null || !isLinkEvent(event)) return waiting
  const link = { linkEvent: event, linkRevision: revision }
  if (isKnownDownstream) return { event, ...link }
  return { event: dedupe.masterId === null ? 'ticket.created' : waiting.event, ...link }
}

function isLinkEvent(event: TicketEvent): boolean {
  return event === 'ticket.linked' || event === 'ticket.unlinked'
}
