import type { FollowUp, Ticket } from '../normalizers/ticket.ts'

/** Each message of a thread is a revision of the whole ticket: one that has so many, or so much text, gets no more. */
const mostFollowUps = 200
const mostFollowUpCharacters = 500_000

/** Whether the next message of its thread opens another ticket. */
export function isFull({ followUps }: Ticket): boolean {
  return followUps.length >= mostFollowUps || JSON.stringify(followUps).length >= mostFollowUpCharacters
}

/** A ticket with one more follow-up. @param message as the ticket that it would make by itself */
export function withFollowUp(ticket: Ticket, message: Ticket): Ticket {
  return { ...ticket, followUps: [...ticket.followUps, followUpOf(message)] }
}

function followUpOf(ticket: Ticket): FollowUp {
  return {
    rawId: ticket.provenance.rawId,
    externalId: ticket.externalId,
    from: ticket.reporter.key,
    name: ticket.reporter.name,
    email: ticket.reporter.email,
    phone: ticket.reporter.phone,
    submittedAt: ticket.submittedAt,
    title: ticket.title,
    body: ticket.body,
    attachments: ticket.attachments,
    notes: ticket.provenance.notes,
  }
}
