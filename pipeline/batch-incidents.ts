import type { Decision, Finding } from '../dedupe/decision.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import type { BatchTickets } from './batch-tickets.ts'
import type { CandidateSearch } from './candidate-search.ts'
import { foundedBy, foundingOf, incidentIn, joined } from './incidents.ts'
import { hasLeft } from './lineage.ts'
import type { Ledger } from './stores/store.ts'
import { momentOf } from './ticket-of.ts'

/** Which incidents tickets of one batch join. */
export class BatchIncidents {
  private readonly grown = new Set<string>()
  private readonly store: Pick<Ledger, 'incidentCounts'>
  private readonly tickets: BatchTickets
  private readonly search: CandidateSearch

  constructor(store: Pick<Ledger, 'incidentCounts'>, tickets: BatchTickets, search: CandidateSearch) {
    this.store = store
    this.tickets = tickets
    this.search = search
  }

  join(incidentId: string, ticket: Ticket): void {
    this.grown.add(incidentId)
    this.search.join(incidentId, ticket.id, momentOf(ticket))
  }

  /** The incident of a new ticket, or one decided again; with it come those that it brings along. */
  incidentFor(decision: Decision, ticket: Ticket): string | null {
    if (decision.verdict === 'new') return null
    const other = this.ticketNow(decision.verdict === 'duplicate' ? decision.masterId : decision.with)
    const head = other === null ? null : this.ticketNow(other.dedupe.masterId ?? other.id)
    if (head === null) return null
    const known = other?.dedupe.incidentId ?? head.dedupe.incidentId
    if (decision.verdict === 'duplicate') return known
    const incidentId = known ?? this.found(head, ticket, decision.finding)
    for (const id of decision.bringing) this.bring(id, incidentId, ticket.ingestedAt)
    return incidentId
  }

  /** Where the related ticket belongs to no incident yet, the two make one. */
  private found(head: Ticket, ticket: Ticket, finding: Finding): string {
    const incidentId = foundedBy(head, ticket)
    this.putIn(incidentId, head, ticket.ingestedAt, foundingOf(head, finding))
    return incidentId
  }

  private bring(id: string, incidentId: string, at: string): void {
    const ticket = this.ticketNow(id)
    if (ticket === null || ticket.dedupe.incidentId !== null || hasLeft(ticket.dedupe, incidentId)) return
    this.putIn(incidentId, ticket, at, null)
  }

  /** Writes an earlier ticket into an incident. @param incident what is known of it, null where its tickets tell */
  private putIn(
    incidentId: string,
    ticket: Ticket,
    at: string,
    incident: Ticket['dedupe']['incident'],
  ): void {
    this.tickets.know(ticket)
    this.join(incidentId, ticket)
    const dedupe = joined({ ...ticket.dedupe, incident }, incidentId, at)
    this.tickets.put({ ...ticket, dedupe }, 'ticket.updated', null)
  }

  /** Writes into the tickets that joined an incident in this batch what is known of it now. */
  async count(): Promise<void> {
    if (this.grown.size === 0) return
    const written = this.tickets.written()
    const adding = written.map((ticket) => ({ ticket, at: momentOf(ticket) }))
    const parts = Map.groupBy(written, ({ dedupe }) => dedupe.incidentId)
    for (const [id, counts] of await this.store.incidentCounts([...this.grown], adding)) {
      const members = parts.get(id) ?? []
      const looked = this.search
        .membersOf(id)
        .flatMap((member) => this.ticketNow(member) ?? [])
        .filter(({ dedupe }) => dedupe.incidentId === id)
      const incidentOf = incidentIn({ counts, known: [...members, ...looked] })
      for (const ticket of members)
        this.tickets.amend({ ...ticket, dedupe: { ...ticket.dedupe, incident: incidentOf(ticket) } })
    }
  }

  /** A ticket as of now, also one that was only looked up. */
  private ticketNow(id: string): Ticket | null {
    return this.tickets.current(id) ?? this.search.ticket(id) ?? null
  }
}
