import { isAnotherReport } from '../dedupe/another-report.ts'
import type { Decision, MatchKeys } from '../dedupe/decision.ts'
import { matchText } from '../normalizers/text.ts'
import type { FollowUp, Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { CandidateSearch } from './candidate-search.ts'
import { linkOf, realLinks, unlinkOf, withCounts } from './counting.ts'
import type { Decider, Inquiry } from './decider.ts'
import { foundedBy, foundingOf, type IncidentFacts, incidentOf, joined } from './incidents.ts'
import type { Reading, TicketReading } from './interpret.ts'
import { decidedAgain, eventOf, isOpenAgain } from './redecision.ts'
import type {
  Commit,
  Ledger,
  LinkWrite,
  Outcome,
  OutcomeWrite,
  PendingItem,
  TicketWrite,
} from './stores/store.ts'
import { epochOf } from './term-ledger.ts'
import { dedupeOf, momentOf, saysTheSame } from './ticket-of.ts'
import { textsOf } from './ticket-texts.ts'

/** A ticket as this batch will leave it. */
interface Entry {
  /** As the store has it; null when this batch makes it. */
  readonly before: Ticket | null
  ticket: Ticket
  event: TicketEvent
  threadKeys: string[]
  matchKeys: MatchKeys | null
}

/** A reading that makes a ticket, with what deciding needs. */
interface Report {
  readonly reading: TicketReading<PendingItem>
  readonly ticket: Ticket
  readonly inquiry: Inquiry
}

/**
 * Decides a batch of readings in order, each seeing what those before it decided, and answers the commit.
 * Serial by design: the drain holds a lease, so no other process decides meanwhile.
 */
export async function decideBatch(
  readings: readonly Reading<PendingItem>[],
  store: Ledger,
  decider: Decider,
): Promise<Commit> {
  const batch = new Batch(store, decider)
  for (const part of byEpoch(readings)) await batch.take(part)
  await batch.countLinks()
  await batch.countIncidents()
  return batch.commit()
}

/** Readings in their order, parted where an epoch of the statistics ends. */
function byEpoch(readings: readonly Reading<PendingItem>[]): readonly (readonly Reading<PendingItem>[])[] {
  const parts: Reading<PendingItem>[][] = []
  let epoch: number | null = null
  for (const reading of readings) {
    const its = epochOf(reading.item.seq)
    if (its !== epoch) parts.push([])
    epoch = its
    parts.at(-1)?.push(reading)
  }
  return parts
}

class Batch {
  private readonly entries = new Map<string, Entry>()
  private readonly existing = new Map<string, Ticket>()
  private readonly threads = new Map<string, string>()
  /** Order of archiving of the items that tickets were last made from, by raw id. */
  private readonly seqs = new Map<string, number>()
  /** Repeats where they are now. */
  private links: LinkWrite[] = []
  /** How many repeats the store has linked to masters that may be corrected. */
  private readonly repeats = new Map<string, number>()
  /** Tickets that repeat a master no more, by its id. */
  private readonly leavers = new Map<string, Set<string>>()
  /** Tickets that were decided again. */
  private readonly decidedAgain = new Set<string>()
  private readonly outcomes: OutcomeWrite[] = []
  /** Incidents that tickets of this batch have joined. */
  private readonly incidents = new Set<string>()
  private readonly store: Ledger
  private readonly decider: Decider
  private readonly search: CandidateSearch

  constructor(store: Ledger, decider: Decider) {
    this.store = store
    this.decider = decider
    this.search = new CandidateSearch(store)
  }

  /** Settles readings of one epoch, each seeing what those before it decided. */
  async take(readings: readonly Reading<PendingItem>[]): Promise<void> {
    await this.decider.begin(epochOf(readings[0]?.item.seq ?? 0), this.store)
    const reports = new Map<number, Report>()
    for (const reading of readings) {
      if (reading.outcome !== 'ticket') continue
      const { item, ticket } = reading
      reports.set(item.seq, { reading, ticket, inquiry: this.decider.inquire(ticket) })
    }
    await this.load([...reports.values()])
    for (const reading of readings) {
      const report = reports.get(reading.item.seq)
      if (report === undefined) this.settleWithoutTicket(reading)
      else this.settle(report)
    }
  }

  /** Looks up all that the decisions will ask for, in one go per question. */
  private async load(reports: readonly Report[]): Promise<void> {
    if (reports.length === 0) return
    const ids = new Set(reports.map(({ ticket }) => ticket.id))
    for (const [sourceId, keys] of referencesBySource(reports)) {
      for (const [key, ticketId] of await this.store.ticketsByThread(sourceId, [...keys])) {
        if (!this.threads.has(threadKey(sourceId, key))) this.threads.set(threadKey(sourceId, key), ticketId)
        ids.add(ticketId)
      }
    }
    await this.know(ids)
    await this.loadSeqs(reports)
    await this.loadRepeats(reports)
    await this.search.load(reports.map(({ inquiry }) => inquiry.seeker))
  }

  /** Nearly every report is of a new ticket, or of the very item that its ticket was made from. */
  private async loadSeqs(reports: readonly Report[]): Promise<void> {
    const rawIds = new Set<string>()
    for (const { reading, ticket } of reports) {
      this.seqs.set(reading.item.rawId, reading.item.seq)
      const before = this.existing.get(ticket.id)?.provenance.rawId
      if (before !== undefined) rawIds.add(before)
    }
    const missing = [...rawIds].filter((rawId) => !this.seqs.has(rawId))
    if (missing.length === 0) return
    for (const [rawId, seq] of await this.store.seqs(missing)) this.seqs.set(rawId, seq)
  }

  /** An interrupted commit may have ended links that their master counts still. */
  private async loadRepeats(reports: readonly Report[]): Promise<void> {
    const masters = reports.flatMap(({ ticket }) => {
      const { id, dedupe } = this.existing.get(ticket.id) ?? ticket
      return dedupe.reports > 1 && !this.repeats.has(id) ? [id] : []
    })
    if (masters.length === 0) return
    for (const [id, counts] of await this.store.linkCounts(masters, [])) this.repeats.set(id, counts.reports)
  }

  /** Tickets that this batch may change, as the store has them. */
  private async know(ids: Iterable<string>): Promise<void> {
    const missing = [...ids].filter((id) => !this.existing.has(id))
    if (missing.length === 0) return
    for (const [id, ticket] of await this.store.tickets(missing)) this.existing.set(id, ticket)
  }

  settleWithoutTicket(reading: Reading<PendingItem>): void {
    const { item, outcome } = reading
    if (outcome === 'skipped') {
      const { policy, detail } = reading
      this.close(item, { kind: outcome, ticketId: null, reason: policy, details: { detail } })
    } else if (outcome === 'quarantined') {
      const { code, details } = reading
      this.close(item, { kind: outcome, ticketId: null, reason: code, details })
    }
  }

  settle(report: Report): void {
    const { item } = report.reading
    const before = this.current(report.ticket.id)
    if (before !== null) this.settleKnown(report, before)
    else if (!this.settleFollowUp(report)) this.settleNew(report)
    const owner = this.outcomes.at(-1)?.ticketId
    if (owner) this.rememberThread(item.sourceId, owner, report.reading.threadKeys)
  }

  private settleKnown({ reading, ticket, inquiry }: Report, before: Ticket): void {
    const { item } = reading
    if (before.provenance.rawId === item.rawId) this.repeatCommit(item, before)
    else if (saysTheSame(before, ticket)) {
      this.close(item, { kind: 'linked', ticketId: before.id, reason: 'unchanged', details: {} })
    } else if (isAnotherReport(before, ticket, matchText)) {
      const details = { ticket: before.id, externalId: before.externalId }
      this.close(item, { kind: 'quarantined', ticketId: null, reason: 'EXTERNAL_ID_REUSED', details })
    } else if (item.seq < (this.seqs.get(before.provenance.rawId) ?? 0)) {
      // It waited, or was redriven, while a later version came through.
      this.close(item, { kind: 'linked', ticketId: before.id, reason: 'superseded', details: {} })
    } else {
      const { dedupe, followUps } = before
      const corrected = { ...ticket, dedupe, followUps }
      if (!this.isMaster(before.id) && isOpenAgain(before, ticket)) this.decideAgain(inquiry, corrected)
      else this.put(corrected, 'ticket.updated', inquiry.keys)
      this.close(item, { kind: 'ticketed', ticketId: ticket.id, reason: 'updated', details: {} })
    }
  }

  /** Other words may repeat something else, or nothing. @param corrected with what was decided about its old words */
  private decideAgain(inquiry: Inquiry, corrected: Ticket): void {
    const { id, dedupe: before } = corrected
    const { apartFrom } = before
    const asked = { ...inquiry.ticket, dedupe: { ...inquiry.ticket.dedupe, apartFrom } }
    const decision = this.decider.decide({ ...inquiry, ticket: asked }, this.search, (id) => this.current(id))
    const incidentId = this.incidentFor(decision, corrected)
    const dedupe = decidedAgain(before, dedupeOf(decision, corrected), incidentId, corrected.ingestedAt)
    const decided = { ...corrected, dedupe }
    this.put(decided, eventOf(before, dedupe), inquiry.keys)
    this.decidedAgain.add(id)
    this.search.revise(inquiry.seeker)
    if (incidentId !== null && dedupe.incident === null) this.joinIncident(incidentId, decided)
    this.links = this.links.filter(({ ticketId }) => ticketId !== id)
    if (before.masterId !== null && before.masterId !== dedupe.masterId) this.leave(decided, before.masterId)
    if (dedupe.masterId !== null) this.link(decided, dedupe.masterId)
  }

  private leave(ticket: Ticket, masterId: string): void {
    const leavers = this.leavers.get(masterId) ?? new Set()
    this.leavers.set(masterId, leavers.add(ticket.id))
    this.links.push(unlinkOf(ticket))
  }

  /** Whether others repeat a ticket, as this batch will leave it: others were compared with it, so it keeps its role. */
  private isMaster(id: string): boolean {
    if (this.links.some(({ masterId }) => masterId === id)) return true
    const left = [...(this.leavers.get(id) ?? [])].filter((ticketId) => {
      return this.existing.get(ticketId)?.dedupe.masterId === id
    })
    return (this.repeats.get(id) ?? 0) > left.length
  }

  /** An interrupted commit had written this very ticket; writing it once more completes the rest. */
  private repeatCommit(item: PendingItem, before: Ticket): void {
    const { masterId } = before.dedupe
    const event =
      before.revision > 1 ? 'ticket.updated' : masterId === null ? 'ticket.created' : 'ticket.linked'
    this.keep(before, event, null)
    if (before.revision > 1) {
      if (masterId !== null) this.link(before, masterId)
      for (const { masterId: left } of before.dedupe.history)
        if (left !== null && left !== masterId) this.leavers.set(left, this.leavers.get(left) ?? new Set())
      this.close(item, { kind: 'ticketed', ticketId: before.id, reason: 'updated', details: {} })
    } else if (masterId === null) {
      this.close(item, { kind: 'ticketed', ticketId: before.id, reason: 'created', details: {} })
    } else {
      this.link(before, masterId)
      this.close(item, { kind: 'linked', ticketId: before.id, reason: 'duplicate', details: {} })
    }
  }

  /** A message that answers an earlier one of its thread updates that ticket instead of opening one. */
  private settleFollowUp({ reading, ticket }: Report): boolean {
    const { item, refersTo } = reading
    for (const key of refersTo) {
      const ticketId = this.threads.get(threadKey(item.sourceId, key))
      const earlier = ticketId === undefined ? null : this.current(ticketId)
      if (earlier === null) continue
      if (earlier.followUps.some(({ rawId }) => rawId === item.rawId))
        this.keep(earlier, 'ticket.updated', null)
      else
        this.put(
          { ...earlier, followUps: [...earlier.followUps, followUpOf(ticket)] },
          'ticket.updated',
          null,
        )
      this.close(item, { kind: 'linked', ticketId: earlier.id, reason: 'follow-up', details: {} })
      return true
    }
    return false
  }

  private settleNew({ reading, ticket, inquiry }: Report): void {
    const { item } = reading
    const decision = this.decider.decide(inquiry, this.search, (id) => this.current(id))
    const dedupe = dedupeOf(decision, ticket)
    const incidentId = this.incidentFor(decision, ticket)
    const decided = { ...ticket, dedupe: joined(dedupe, incidentId, ticket.ingestedAt) }
    const { masterId } = dedupe
    this.put(decided, masterId === null ? 'ticket.created' : 'ticket.linked', inquiry.keys)
    this.search.add(inquiry.seeker)
    this.decider.count(inquiry)
    if (incidentId !== null) this.joinIncident(incidentId, ticket)
    if (masterId === null) {
      this.close(item, { kind: 'ticketed', ticketId: ticket.id, reason: 'created', details: {} })
    } else {
      this.link(ticket, masterId)
      this.close(item, { kind: 'linked', ticketId: ticket.id, reason: 'duplicate', details: {} })
    }
  }

  private joinIncident(incidentId: string, ticket: Ticket): void {
    this.incidents.add(incidentId)
    this.search.join(incidentId, ticket.id, momentOf(ticket))
  }

  /** The incident of a new ticket, or one decided again. Where the related ticket belongs to none yet, the two make one. */
  private incidentFor(decision: Decision, ticket: Ticket): string | null {
    if (decision.verdict === 'new') return null
    const other = this.ticketNow(decision.verdict === 'duplicate' ? decision.masterId : decision.with)
    const head = other === null ? null : this.ticketNow(other.dedupe.masterId ?? other.id)
    if (head === null) return null
    const known = other?.dedupe.incidentId ?? head.dedupe.incidentId
    if (known !== null || decision.verdict === 'duplicate') return known
    const incidentId = foundedBy(head, ticket)
    this.existing.set(head.id, this.existing.get(head.id) ?? head)
    const label = foundingOf(head, decision.finding)
    this.search.join(incidentId, head.id, momentOf(head))
    this.put(
      { ...head, dedupe: joined({ ...head.dedupe, incident: label }, incidentId, ticket.ingestedAt) },
      'ticket.updated',
      null,
    )
    return incidentId
  }

  /** Masters count their repeats: all links of this batch at once. */
  async countLinks(): Promise<void> {
    const masterIds = [
      ...new Set([...this.leavers.keys(), ...realLinks(this.links).map(({ masterId }) => masterId)]),
    ]
    if (masterIds.length === 0) return
    await this.know(masterIds.filter((id) => this.current(id) === null))
    this.links = this.links.map((link) => ({
      ...link,
      masterReporterKey: this.current(link.masterId)?.reporter.key ?? null,
    }))
    for (const [id, counts] of await this.store.linkCounts(masterIds, this.links)) {
      const master = this.current(id)
      // What repeats something else since its own repeats have left counts by itself.
      if (master === null || master.dedupe.masterId !== null) continue
      const dedupe = withCounts(master, counts)
      if (JSON.stringify(dedupe) !== JSON.stringify(master.dedupe))
        this.put({ ...master, dedupe }, 'ticket.updated', null)
    }
  }

  /** Writes into the tickets that joined an incident in this batch what is known of it now. */
  async countIncidents(): Promise<void> {
    if (this.incidents.size === 0) return
    const written = [...this.entries.values()]
    const adding = written.map(({ ticket }) => ({ ticket, at: momentOf(ticket) }))
    const parts = Map.groupBy(written, ({ ticket }) => ticket.dedupe.incidentId)
    for (const [id, counts] of await this.store.incidentCounts([...this.incidents], adding)) {
      const members = parts.get(id) ?? []
      const looked = this.search
        .membersOf(id)
        .flatMap((member) => this.ticketNow(member) ?? [])
        .filter(({ dedupe }) => dedupe.incidentId === id)
      const facts: IncidentFacts = { counts, known: [...members.map(({ ticket }) => ticket), ...looked] }
      for (const entry of members) {
        const { ticket } = entry
        entry.ticket = { ...ticket, dedupe: { ...ticket.dedupe, incident: incidentOf(ticket, facts) } }
      }
    }
  }

  /**
   * What was decided again goes last, in the order of deciding: interrupted before it, the repetition decides it once
   * more, and finds changed already what changes with it.
   */
  commit(): Commit {
    const again = [...this.decidedAgain].flatMap((id) => this.entries.get(id) ?? [])
    const entries = [...new Set(this.entries.values()).difference(new Set(again)), ...again]
    const texts = textsOf(entries.map(({ ticket }) => ticket))
    const tickets: TicketWrite[] = []
    for (const [index, { ticket, event, threadKeys, matchKeys }] of entries.entries()) {
      const text = texts[index]
      if (text !== undefined)
        tickets.push({ ticket, text, event, threadKeys, matchKeys, at: momentOf(ticket) })
    }
    const terms = this.decider.termWrite(this.outcomes.map(({ rawId }) => rawId))
    return { tickets, links: realLinks(this.links), outcomes: this.outcomes, terms }
  }

  /** The ticket as of now: as this batch has changed it, else as the store has it. */
  private current(id: string): Ticket | null {
    return this.entries.get(id)?.ticket ?? this.existing.get(id) ?? null
  }

  /** The same for a ticket that was only looked up. */
  private ticketNow(id: string): Ticket | null {
    return this.current(id) ?? this.search.ticket(id) ?? null
  }

  /** One revision a batch, however often it changes. */
  private put(ticket: Ticket, event: TicketEvent, matchKeys: MatchKeys | null): void {
    const entry = this.entries.get(ticket.id)
    const before = entry === undefined ? (this.existing.get(ticket.id) ?? null) : entry.before
    const revised = { ...ticket, revision: (before?.revision ?? 0) + 1 }
    if (entry === undefined) {
      this.entries.set(ticket.id, { before, ticket: revised, event, threadKeys: [], matchKeys })
    } else {
      entry.ticket = revised
      entry.event = nextEvent(entry, event)
      entry.matchKeys = matchKeys ?? entry.matchKeys
    }
  }

  /** Writes a ticket again as it is. */
  private keep(ticket: Ticket, event: TicketEvent, matchKeys: MatchKeys | null): void {
    if (this.entries.has(ticket.id)) return
    this.entries.set(ticket.id, { before: ticket, ticket, event, threadKeys: [], matchKeys })
  }

  private link(ticket: Ticket, masterId: string): void {
    this.links.push(linkOf(ticket, masterId))
  }

  private close(item: PendingItem, outcome: Outcome): void {
    this.outcomes.push({ ...outcome, seq: item.seq, rawId: item.rawId })
  }

  private rememberThread(sourceId: string, ticketId: string, keys: readonly string[]): void {
    if (keys.length === 0) return
    for (const key of keys.map((name) => threadKey(sourceId, name))) {
      // The first ticket of a name keeps it, as in the store: a forged Message-ID draws no answers away.
      if (!this.threads.has(key)) this.threads.set(key, ticketId)
    }
    const entry = this.entries.get(ticketId)
    if (entry !== undefined) entry.threadKeys.push(...keys)
  }
}

/** As the outbox would tell it of one batch after the other. */
function nextEvent({ before, event: first }: Entry, event: TicketEvent): TicketEvent {
  if (event === 'ticket.created' || event === 'ticket.updated') return first
  if (before !== null) return event
  return first === 'ticket.linked' && event === 'ticket.unlinked' ? 'ticket.created' : first
}

function referencesBySource(reports: readonly Report[]): Map<string, Set<string>> {
  const bySource = new Map<string, Set<string>>()
  for (const { reading } of reports) {
    if (reading.refersTo.length === 0) continue
    const keys = bySource.get(reading.item.sourceId) ?? new Set<string>()
    for (const key of reading.refersTo) keys.add(key)
    bySource.set(reading.item.sourceId, keys)
  }
  return bySource
}

function threadKey(sourceId: string, key: string): string {
  return `${sourceId}\0${key}`
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
