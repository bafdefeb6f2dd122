import type { Decision } from '../dedupe/decision.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import type { BatchTickets } from './batch-tickets.ts'
import type { CandidateSearch } from './candidate-search.ts'
import { foundedBy, foundingOf, type IncidentFacts, incidentOf, joined } from './incidents.ts'
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

  /** The incident of a new ticket, or one decided again. Where the related ticket belongs to none yet, the two make one. */
  incidentFor(decision: Decision, ticket: Ticket): string | null {
    if (decision.verdict === 'new') return null
    const other = this.ticketNow(decision.verdict === 'duplicate' ? decision.masterId : decision.with)
    const head = other === null ? null : this.ticketNow(other.dedupe.masterId ?? other.id)
    if (head === null) return null
    const known = other?.dedupe.incidentId ?? head.dedupe.incidentId
    if (known !== null || decision.verdict === 'duplicate') return known
    const incidentId = foundedBy(head, ticket)
    this.tickets.know(head)
    const label = foundingOf(head, decision.finding)
    this.search.join(incidentId, head.id, momentOf(head))
    const dedupe = joined({ ...head.dedupe, incident: label }, incidentId, ticket.ingestedAt)
    this.tickets.put({ ...head, dedupe }, 'ticket.updated', null)
    return incidentId
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
      const facts: IncidentFacts = { counts, known: [...members, ...looked] }
      for (const ticket of members)
        this.tickets.amend({ ...ticket, dedupe: { ...ticket.dedupe, incident: incidentOf(ticket, facts) } })
    }
  }

  /** A ticket as of now, also one that was only looked up. */
  private ticketNow(id: string): Ticket | null {
    return this.tickets.current(id) ?? this.search.ticket(id) ?? null
  }
}
