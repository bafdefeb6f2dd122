import type { MatchKeys } from '../dedupe/decision.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { firstEvent } from './stores/outbox-entry.ts'
import type { Ledger, TicketWrite } from './stores/store.ts'
import { momentOf } from './ticket-of.ts'

/** A ticket as a batch will leave it. */
interface Entry {
  /** As the store has it; null when this batch makes it. */
  readonly before: Ticket | null
  ticket: Ticket
  event: TicketEvent
  threadKeys: string[]
  matchKeys: MatchKeys | null
}

/** Tickets as one batch will leave them, and as the store has those that it may change. */
export class BatchTickets {
  private readonly entries = new Map<string, Entry>()
  private readonly existing = new Map<string, Ticket>()
  private readonly store: Pick<Ledger, 'tickets'>

  constructor(store: Pick<Ledger, 'tickets'>) {
    this.store = store
  }

  /** Loads tickets that the batch may change. */
  async load(ids: Iterable<string>): Promise<void> {
    const missing = [...ids].filter((id) => !this.existing.has(id))
    if (missing.length === 0) return
    for (const [id, ticket] of await this.store.tickets(missing)) this.existing.set(id, ticket)
  }

  /** Makes known a ticket that was loaded elsewhere. */
  know(ticket: Ticket): void {
    if (!this.existing.has(ticket.id) && !this.entries.has(ticket.id)) this.existing.set(ticket.id, ticket)
  }

  /** The ticket as the store has it; null when it has none, or was not asked. */
  stored(id: string): Ticket | null {
    return this.existing.get(id) ?? null
  }

  /** The ticket as of now: as this batch has changed it, else as the store has it. */
  current(id: string): Ticket | null {
    return this.entries.get(id)?.ticket ?? this.stored(id)
  }

  /** One revision a batch, however often it changes. @param matchKeys null: those that it has */
  put(ticket: Ticket, event: TicketEvent, matchKeys: MatchKeys | null): void {
    const entry = this.entries.get(ticket.id)
    const before = entry === undefined ? this.stored(ticket.id) : entry.before
    const revised = { ...ticket, revision: (before?.revision ?? 0) + 1 }
    if (entry === undefined) {
      this.entries.set(ticket.id, { before, ticket: revised, event, threadKeys: [], matchKeys })
    } else {
      entry.ticket = revised
      entry.event = nextEvent(entry, event)
      entry.matchKeys = matchKeys ?? entry.matchKeys
    }
  }

  /** Writes a ticket again as it is. What it was told as waits, or is out: what changes it further is an update. */
  keep(ticket: Ticket): void {
    if (this.entries.has(ticket.id)) return
    const event = 'ticket.updated'
    this.entries.set(ticket.id, { before: ticket, ticket, event, threadKeys: [], matchKeys: null })
  }

  /** Changes what a ticket says within the revision that this batch makes anyway. */
  amend(ticket: Ticket): void {
    const entry = this.entries.get(ticket.id)
    if (entry !== undefined) entry.ticket = ticket
  }

  addThreadKeys(ticketId: string, keys: readonly string[]): void {
    this.entries.get(ticketId)?.threadKeys.push(...keys)
  }

  /** The tickets that will be written. */
  written(): readonly Ticket[] {
    return Array.from(this.entries.values(), ({ ticket }) => ticket)
  }

  /**
   * All that will be written, in the order in which it was first put.
   * @param first tickets that go before the others
   * @param last tickets that go last, in their order
   */
  writes(first: ReadonlySet<string>, last: ReadonlySet<string>): readonly TicketWrite[] {
    const [sooner, later] = [first.difference(last), last].map((ids) => {
      return new Set([...ids].flatMap((id) => this.entries.get(id) ?? []))
    }) as [Set<Entry>, Set<Entry>]
    const others = new Set(this.entries.values()).difference(sooner).difference(later)
    return [...sooner, ...others, ...later].map(({ ticket, event, threadKeys, matchKeys }) => {
      return { ticket, event, threadKeys, matchKeys, at: momentOf(ticket) }
    })
  }
}

/** As the outbox would tell it of one batch after the other. */
function nextEvent({ before, ticket, event: first }: Entry, event: TicketEvent): TicketEvent {
  if (event === 'ticket.created' || event === 'ticket.updated') return first
  if (before !== null) return event
  return firstEvent(ticket.dedupe.masterId)
}
