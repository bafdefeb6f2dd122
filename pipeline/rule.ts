import { YiwangError } from '../config/errors.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { countedMaster, linkOf, realLinks, unlinkOf, withCounts } from './counting.ts'
import { ticketIdOf } from './ids.ts'
import { incidentIdOf, incidentIn } from './incidents.ts'
import {
  type Family,
  type RuledTicket,
  type Ruling,
  ruleApart,
  ruleDuplicate,
  ruleRelated,
} from './rulings.ts'
import type { Commit, Lease, LinkWrite, Store } from './stores/store.ts'
import { momentOf } from './ticket-of.ts'

/** More repeats than a flood brings. */
const allRepeats = 1_000_000
/** Of an incident so many tickets are read, for its label and its times. */
const membersRead = 8

/**
 * Carries out what a person says of tickets, under the lease that decisions are made under. Saying it again changes
 * nothing, and completes what an interruption has left undone. Returns the tickets that changed, the named one first.
 * @param at RFC 3339, for the history
 * @throws YiwangError TICKET_UNKNOWN, LINK_SELF, LINK_LOOP, NOT_LINKED, LEASE_LOST
 */
export async function carryOut(
  ruling: Ruling,
  store: Store,
  lease: Lease,
  at: string,
): Promise<readonly Ticket[]> {
  const one = await familyOf(ruling.ticketId, store)
  const other = ruling.verdict === 'apart' ? null : await familyOf(ruling.otherId, store)
  const before = new Map([one, other].flatMap((family) => (family === null ? [] : ticketsOf(family))))
  const work = new RulingWork(store, before, await judged(ruling, one, other, store, at))
  await work.countLinks()
  await work.countIncidents()
  const commit = work.commit()
  if (commit.tickets.length + commit.links.length > 0) await store.commit(commit, lease, at)
  return commit.tickets.map(({ ticket }) => ticket).reverse()
}

async function familyOf(id: string, store: Store): Promise<Family> {
  const named = await ticketOf(id, store)
  const { masterId } = named.dedupe
  const head = masterId === null ? named : await ticketOf(masterId, store)
  const repeats = await repeatsOf(head.id, store)
  return { named, head, repeats, own: masterId === null ? [] : await repeatsOf(id, store) }
}

function repeatsOf(masterId: string, store: Store): Promise<readonly Ticket[]> {
  return store.findTickets({ masterId, limit: allRepeats })
}

async function ticketOf(id: string, store: Store): Promise<Ticket> {
  const ticket = await store.ticket(id)
  if (ticket === null) throw new YiwangError('TICKET_UNKNOWN', { ticket: id })
  return ticket
}

function ticketsOf({ named, head, repeats, own }: Family): readonly (readonly [string, Ticket])[] {
  return [named, head, ...repeats, ...own].map((ticket) => [ticket.id, ticket])
}

async function judged(
  { verdict }: Ruling,
  one: Family,
  other: Family | null,
  store: Store,
  at: string,
): Promise<readonly RuledTicket[]> {
  if (verdict === 'apart' || other === null) return ruleApart(one, at)
  if (verdict === 'duplicate') return ruleDuplicate(one, other, at)
  const ids = [one.head.id, other.head.id]
  const names = [...ids, ticketIdOf(other.head.id, one.head.id)].map(incidentIdOf)
  const taken = await store.incidentCounts(names, [])
  const apart = [one, other].flatMap(({ head }) => head.dedupe.apartFrom)
  return ruleRelated(one, other, at, (id) => taken.has(id) || apart.includes(id))
}

/** A ruling on its way into the store: revisions and counts. */
class RulingWork {
  private readonly store: Store
  private readonly before: ReadonlyMap<string, Ticket>
  private readonly changed = new Map<string, RuledTicket>()
  /** Repeats where they are now. */
  private readonly links: LinkWrite[] = []

  constructor(store: Store, before: ReadonlyMap<string, Ticket>, ruled: readonly RuledTicket[]) {
    this.store = store
    this.before = before
    for (const { ticket, event } of ruled) {
      const { masterId } = ticket.dedupe
      const left = before.get(ticket.id)?.dedupe.masterId ?? null
      if (masterId !== null) this.links.push(linkOf(ticket, masterId))
      else if (left !== null) this.links.push(unlinkOf(ticket))
      this.put(ticket, event)
    }
  }

  async countLinks(): Promise<void> {
    const left = this.links.flatMap(({ ticketId }) => this.before.get(ticketId)?.dedupe.masterId ?? [])
    const masterIds = [...new Set([...left, ...realLinks(this.links).map(({ masterId }) => masterId)])]
    if (masterIds.length === 0) return
    const masters = masterIds.flatMap((id) => this.now(id) ?? [])
    for (const [id, counts] of await this.store.linkCounts(masters.map(countedMaster), this.links)) {
      const master = this.now(id)
      if (master === null || master.dedupe.masterId !== null) continue
      this.put({ ...master, dedupe: withCounts(master, counts) }, 'ticket.updated')
    }
  }

  /** Writes into the tickets that join an incident what is known of it. */
  async countIncidents(): Promise<void> {
    const changed = [...this.changed.values()].map(({ ticket }) => ticket)
    const joining = changed.filter(
      ({ id, dedupe }) => dedupe.incident === null || dedupe.incidentId !== this.incidentBefore(id),
    )
    const ids = new Set(joining.flatMap(({ dedupe }) => dedupe.incidentId ?? []))
    const adding = changed.map((ticket) => ({ ticket, at: momentOf(ticket) }))
    for (const [id, counts] of await this.store.incidentCounts([...ids], adding)) {
      const members = await this.store.incidentMembers(id, membersRead)
      const tickets = await this.store.tickets(members)
      const added = joining.filter(({ dedupe }) => dedupe.incidentId === id)
      // In the members' order: a store answers by id in any.
      const known = [...added, ...members.flatMap((member) => tickets.get(member) ?? [])]
      const incidentOf = incidentIn({ counts, known, label: null })
      for (const ticket of added) this.describe(ticket, incidentOf(ticket))
    }
  }

  private incidentBefore(id: string): string | null {
    return this.before.get(id)?.dedupe.incidentId ?? null
  }

  private describe(ticket: Ticket, incident: Ticket['dedupe']['incident']): void {
    this.put({ ...ticket, dedupe: { ...ticket.dedupe, incident } }, 'ticket.updated')
  }

  /**
   * The named ticket goes last: interrupted before it, the ruling said again finds the ticket as it was, and what
   * changes with it changed already.
   */
  commit(): Commit {
    const writes = [...this.changed.values()].reverse().map(({ ticket, event }) => {
      return { ticket, event, threadKeys: [], matchKeys: null, at: momentOf(ticket) }
    })
    return { tickets: writes, links: realLinks(this.links), outcomes: [], terms: null }
  }

  private now(id: string): Ticket | null {
    return this.changed.get(id)?.ticket ?? this.before.get(id) ?? null
  }

  /** One revision, however often it changes; the first event stays. What is as before is left out. */
  private put(ticket: Ticket, event: RuledTicket['event']): void {
    const before = this.before.get(ticket.id)
    const known = this.changed.get(ticket.id)
    const isChanged = JSON.stringify(before?.dedupe) !== JSON.stringify(ticket.dedupe)
    if (known === undefined && !isChanged) return
    const revision = (before?.revision ?? 0) + 1
    this.changed.set(ticket.id, { ticket: { ...ticket, revision }, event: known?.event ?? event })
  }
}
