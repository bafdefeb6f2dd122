import type { Ticket } from '../normalizers/ticket.ts'
import { countedMaster, linkOf, realLinks, unlinkOf, withCounts } from './counting.ts'
import { incidentIn } from './incidents.ts'
import type { Judgement, RuledTicket } from './rulings.ts'
import type { Commit, DatedTicket, LinkWrite, Store } from './stores/store.ts'
import { momentOf } from './ticket-of.ts'

/** Of an incident so many tickets are read, for its label and its times. */
const membersRead = 8

type IncidentOf = (ticket: Ticket) => Ticket['dedupe']['incident']

/** Some of the tickets that a ruling changes, on their way into the store: revisions and counts. */
export class RulingWrites {
  private readonly store: Store
  private readonly incidentId: string | null
  private readonly incidentOf: IncidentOf
  private readonly before = new Map<string, Ticket>()
  private readonly changed = new Map<string, RuledTicket>()
  /** Repeats where they are now. */
  private readonly links: LinkWrite[] = []
  /** Of which repeats come or go. */
  private readonly masters = new Set<string>()

  /** @param incidentId whose tickets are told what is known of it, by `incidentOf` */
  constructor(store: Store, incidentId: string | null, incidentOf: IncidentOf) {
    this.store = store
    this.incidentId = incidentId
    this.incidentOf = incidentOf
  }

  /** A ticket as it is in the store. */
  know(ticket: Ticket): void {
    this.before.set(ticket.id, ticket)
  }

  take(ticket: Ticket, ruled: RuledTicket): void {
    this.know(ticket)
    this.rule(ruled)
  }

  /** What becomes of a ticket that is known. */
  rule({ ticket, event }: RuledTicket): void {
    const { masterId } = ticket.dedupe
    const left = this.before.get(ticket.id)?.dedupe.masterId ?? null
    if (masterId !== null) this.links.push(linkOf(ticket, masterId))
    else if (left !== null) this.links.push(unlinkOf(ticket))
    if (masterId !== null || left !== null)
      for (const id of [left, masterId]) if (id !== null) this.masters.add(id)
    this.put(ticket, event)
  }

  /** Has the masters that are known here count their repeats: those of these writes, and those in the store. */
  async countLinks(): Promise<void> {
    const masters = [...this.masters].flatMap((id) => this.now(id) ?? [])
    for (const [id, counts] of await this.store.linkCounts(masters.map(countedMaster), this.links)) {
      const master = this.now(id)
      if (master !== null) this.put({ ...master, dedupe: withCounts(master, counts) }, 'ticket.updated')
    }
  }

  /** Tells what is now known of another incident to tickets that stay in it, as a master does that a repeat leaves. */
  async countOthers(): Promise<void> {
    const changed = Array.from(this.changed.values(), ({ ticket }) => ticket)
    const others = Map.groupBy(changed, ({ dedupe }) => dedupe.incidentId)
    for (const id of [null, this.incidentId]) others.delete(id)
    if (others.size === 0) return
    const ids = [...others.keys()].flatMap((id) => id ?? [])
    for (const [id, counts] of await this.store.incidentCounts(ids, changed.map(datedOf))) {
      const known = others.get(id) ?? []
      const incidentOf = incidentIn({ counts, known, label: null })
      for (const ticket of known)
        this.amend({ ...ticket, dedupe: { ...ticket.dedupe, incident: incidentOf(ticket) } })
    }
  }

  /**
   * The named ticket goes last, and the other just before it: interrupted before them, the ruling said again finds
   * them as they were, and what changes with them changed already.
   */
  commit(): Pick<Commit, 'tickets' | 'links'> {
    const tickets = [...this.changed.values()].reverse().map(({ ticket, event }) => {
      return { ticket: this.told(ticket), event, threadKeys: [], matchKeys: null, at: momentOf(ticket) }
    })
    return { tickets, links: realLinks(this.links) }
  }

  private told(ticket: Ticket): Ticket {
    if (this.incidentId === null || ticket.dedupe.incidentId !== this.incidentId) return ticket
    return { ...ticket, dedupe: { ...ticket.dedupe, incident: this.incidentOf(ticket) } }
  }

  private now(id: string): Ticket | null {
    return this.changed.get(id)?.ticket ?? this.before.get(id) ?? null
  }

  /** Within the revision that it gets anyway. */
  private amend(ticket: Ticket): void {
    const known = this.changed.get(ticket.id)
    if (known !== undefined) this.changed.set(ticket.id, { ...known, ticket })
  }

  /** One revision, however often it changes; the first event stays. What is as before is left out. */
  private put(ticket: Ticket, event: RuledTicket['event']): void {
    const before = this.before.get(ticket.id)
    if (JSON.stringify(before?.dedupe) === JSON.stringify(ticket.dedupe)) return
    const revision = (before?.revision ?? 0) + 1
    const { event: first = event } = this.changed.get(ticket.id) ?? {}
    this.changed.set(ticket.id, { ticket: { ...ticket, revision }, event: first })
  }
}

/**
 * What the tickets of a judgement's incident are told of it: as it is when all is written.
 * @param before the tickets that the ruling names, and their masters
 * @param pages what becomes of those that repeat them, read anew
 */
export async function incidentAfter(
  { tickets, incidentId }: Judgement,
  before: readonly Ticket[],
  pages: () => AsyncIterable<{ readonly ruled: readonly { readonly ruled: RuledTicket }[] }>,
  store: Store,
): Promise<IncidentOf> {
  if (incidentId === null) return ({ dedupe }) => dedupe.incident
  const named = tickets.map(({ ticket }) => ticket)
  const adding = named.map(datedOf)
  let [first, last] = [named[0], named[0]]
  for await (const { ruled } of pages()) {
    for (const { ticket } of ruled.map((each) => each.ruled)) {
      adding.push(datedOf(ticket))
      if (first === undefined || momentOf(ticket) < momentOf(first)) first = ticket
      if (last === undefined || momentOf(ticket) > momentOf(last)) last = ticket
    }
  }
  const counts = (await store.incidentCounts([incidentId], adding)).get(incidentId)
  if (counts === undefined) return ({ dedupe }) => dedupe.incident
  const members = await store.incidentMembers(incidentId, membersRead)
  const found = await store.tickets(members)
  const was = new Map(before.map(({ id, dedupe }) => [id, dedupe.incidentId]))
  const joining = named.filter(
    ({ id, dedupe }) => dedupe.incidentId === incidentId && was.get(id) !== incidentId,
  )
  // In the members' order: a store answers by id in any.
  const known = [...joining, ...members.flatMap((member) => found.get(member) ?? [])]
  const ends = [first, last].flatMap((ticket) => ticket ?? [])
  return incidentIn({ counts, known: [...known, ...ends], label: null })
}

/** What counting needs of a ticket, without all that it says. */
function datedOf(ticket: Ticket): DatedTicket {
  const { id, channel, reporter, dedupe } = ticket
  const { incidentId } = dedupe
  return {
    ticket: { id, channel, reporter: { key: reporter.key }, dedupe: { incidentId } },
    at: momentOf(ticket),
  }
}
