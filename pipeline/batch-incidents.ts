import type { Decision, Finding } from '../dedupe/decision.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import type { BatchTickets } from './batch-tickets.ts'
import type { CandidateSearch } from './candidate-search.ts'
import { foundedBy, foundingOf, incidentIn, joined } from './incidents.ts'
import { hasLeft } from './lineage.ts'
import type { DrainStore } from './stores/store.ts'
import { momentOf } from './ticket-of.ts'

/** A master that a flood repeats brings so many repeats along: a batch stays bounded. */
const repeatsBrought = 1_000

type IncidentStore = Pick<DrainStore, 'incidentCounts' | 'findTickets'>

/** Which incidents tickets of one batch join. */
export class BatchIncidents {
  private readonly grown = new Set<string>()
  /** What incidents that began in this batch are called: the ticket that tells it may leave again. */
  private readonly labels = new Map<string, string>()
  /** When earlier tickets came into an incident, by their id: what repeats them comes along. */
  private readonly entered = new Map<string, string>()
  /** Those that came along with their masters. */
  readonly along = new Set<string>()
  private readonly store: IncidentStore
  private readonly tickets: BatchTickets
  private readonly search: CandidateSearch

  constructor(store: IncidentStore, tickets: BatchTickets, search: CandidateSearch) {
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
    // What was looked up as part of an incident may repeat a master that was not: it tells the incident itself.
    const known = other?.dedupe.incidentId ?? head?.dedupe.incidentId ?? null
    if (decision.verdict === 'duplicate') return known
    const incidentId = known ?? (head && this.found(head, ticket, decision.finding))
    if (incidentId === null) return null
    for (const id of decision.bringing) this.bring(id, incidentId, ticket.ingestedAt)
    return incidentId
  }

  /** Where the related ticket belongs to no incident yet, the two make one. */
  private found(head: Ticket, ticket: Ticket, finding: Finding): string {
    const incidentId = foundedBy(head, ticket)
    this.putIn(incidentId, head, ticket.ingestedAt, foundingOf(head, finding), 'ticket.updated')
    return incidentId
  }

  private bring(id: string, incidentId: string, at: string): void {
    const ticket = this.ticketNow(id)
    if (ticket === null || ticket.dedupe.incidentId !== null) return
    // A repeat goes where its master goes, also to where its own earlier words were.
    const { masterId, apartFrom } = ticket.dedupe
    if (masterId === null ? hasLeft(ticket.dedupe, incidentId) : apartFrom.includes(incidentId)) return
    this.putIn(incidentId, ticket, at, null, 'ticket.linked')
  }

  /** Writes an earlier ticket into an incident. @param incident what is known of it, null where its tickets tell */
  private putIn(
    incidentId: string,
    ticket: Ticket,
    at: string,
    incident: Ticket['dedupe']['incident'],
    event: TicketEvent,
  ): void {
    this.tickets.know(ticket)
    this.join(incidentId, ticket)
    if (incident !== null) this.labels.set(incidentId, incident.label)
    const dedupe = joined({ ...ticket.dedupe, incident }, incidentId, at)
    this.tickets.put({ ...ticket, dedupe }, event, null)
    this.entered.set(ticket.id, at)
  }

  /** What repeats a ticket that has just come into an incident shares that incident. */
  async bringRepeats(): Promise<void> {
    for (const [masterId, at] of this.entered) {
      this.entered.delete(masterId)
      const { incidentId = null } = this.ticketNow(masterId)?.dedupe ?? {}
      if (incidentId === null) continue
      const isRepeated = (this.tickets.stored(masterId)?.dedupe.reports ?? 1) > 1
      const stored = isRepeated ? await this.store.findTickets({ masterId, limit: repeatsBrought }) : []
      for (const ticket of stored) this.tickets.know(ticket)
      for (const id of new Set([...stored, ...this.tickets.written()].map((ticket) => ticket.id))) {
        if (this.tickets.current(id)?.dedupe.masterId !== masterId) continue
        this.bring(id, incidentId, at)
        this.along.add(id)
      }
    }
  }

  /** Writes into the tickets of incidents that this batch revises, or that it adds to, what is known of these now. */
  async count(): Promise<void> {
    const written = this.tickets.written()
    const told = written.filter((ticket) => this.isTold(ticket))
    if (told.length === 0) return
    const adding = written.map((ticket) => ({ ticket, at: momentOf(ticket) }))
    const parts = Map.groupBy(told, ({ dedupe }) => dedupe.incidentId ?? '')
    for (const [id, counts] of await this.store.incidentCounts([...parts.keys()], adding)) {
      const members = parts.get(id) ?? []
      const looked = this.search
        .knownMembersOf(id)
        .flatMap((member) => this.ticketNow(member) ?? [])
        .filter(({ dedupe }) => dedupe.incidentId === id)
      const incidentOf = incidentIn({
        counts,
        known: [...members, ...looked],
        label: this.labels.get(id) ?? null,
      })
      for (const ticket of members)
        this.tickets.amend({ ...ticket, dedupe: { ...ticket.dedupe, incident: incidentOf(ticket) } })
    }
  }

  /** What is written again as it is may be out already. */
  private isTold({ id, revision, dedupe: { incidentId } }: Ticket): boolean {
    if (incidentId === null) return false
    return this.grown.has(incidentId) || this.tickets.stored(id)?.revision !== revision
  }

  /** A ticket as of now, also one that was only looked up. */
  private ticketNow(id: string): Ticket | null {
    return this.tickets.current(id) ?? this.search.ticket(id) ?? null
  }
}
