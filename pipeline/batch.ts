import { isAnotherReport } from '../dedupe/another-report.ts'
import { matchText } from '../normalizers/text.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { BatchIncidents } from './batch-incidents.ts'
import { BatchLinks } from './batch-links.ts'
import { BatchThreads, nextKey } from './batch-threads.ts'
import { BatchTickets } from './batch-tickets.ts'
import { CandidateSearch } from './candidate-search.ts'
import { noRepeats, withCounts } from './counting.ts'
import type { Decider, Inquiry } from './decider.ts'
import { isFull, withFollowUp } from './follow-ups.ts'
import { joined } from './incidents.ts'
import type { Reading, TicketReading } from './interpret.ts'
import { decidedAgain, eventOf, isFoundOtherwise, isOpenAgain, keptOver } from './redecision.ts'
import { firstEvent } from './stores/outbox-entry.ts'
import type { Commit, DrainStore, Outcome, OutcomeWrite, PendingItem } from './stores/store.ts'
import { dedupeOf, saysTheSame } from './ticket-of.ts'

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
  store: DrainStore,
  decider: Decider,
): Promise<Commit> {
  const batch = new Batch(store, decider)
  for (const part of byEpoch(readings, decider)) await batch.take(part)
  await batch.count()
  return batch.commit()
}

/** Readings in their order, parted where an epoch of the statistics ends. */
function byEpoch(
  readings: readonly Reading<PendingItem>[],
  decider: Decider,
): readonly (readonly Reading<PendingItem>[])[] {
  const parts: Reading<PendingItem>[][] = []
  let epoch: number | null = null
  for (const reading of readings) {
    const its = decider.epochOf(reading.item.seq)
    if (its !== epoch) parts.push([])
    epoch = its
    parts.at(-1)?.push(reading)
  }
  return parts
}

class Batch {
  private readonly tickets: BatchTickets
  private readonly threads: BatchThreads
  private readonly links: BatchLinks
  private readonly incidents: BatchIncidents
  /** Order of archiving of the items that tickets were last made from, by raw id. */
  private readonly seqs = new Map<string, number>()
  /** Tickets that were decided again. */
  private readonly decidedAgain = new Set<string>()
  private readonly outcomes: OutcomeWrite[] = []
  private readonly store: DrainStore
  private readonly decider: Decider
  private readonly search: CandidateSearch

  constructor(store: DrainStore, decider: Decider) {
    this.store = store
    this.decider = decider
    this.search = new CandidateSearch(store)
    this.tickets = new BatchTickets(store)
    this.threads = new BatchThreads(store)
    this.links = new BatchLinks(store, this.tickets)
    this.incidents = new BatchIncidents(store, this.tickets, this.search)
  }

  /** Settles readings of one epoch, each seeing what those before it decided. */
  async take(readings: readonly Reading<PendingItem>[]): Promise<void> {
    await this.decider.begin(this.decider.epochOf(readings[0]?.item.seq ?? 0), this.store)
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
      else {
        await this.search.refresh(report.inquiry.seeker)
        this.settle(report)
      }
      await this.incidents.bringRepeats()
    }
  }

  /** Looks up all that the decisions will ask for, in one go per question. */
  private async load(reports: readonly Report[]): Promise<void> {
    if (reports.length === 0) return
    await this.tickets.load(reports.map(({ ticket }) => ticket.id))
    await this.loadThreads(reports)
    await this.loadSeqs(reports)
    await this.links.load(reports.map(({ ticket }) => this.tickets.stored(ticket.id) ?? ticket))
    const corrected = reports.flatMap(({ ticket }) => this.tickets.stored(ticket.id) ?? [])
    await this.search.expect(corrected)
    await this.search.load(reports.map(({ inquiry }) => inquiry.seeker))
    // By the words that a correction brings its ticket may be found, and is not yet.
    await this.search.loadMembers(corrected)
  }

  /** The tickets that are answered; where one is full, also that which goes on with its thread. */
  private async loadThreads(reports: readonly Report[]): Promise<void> {
    let found = await this.threads.load(reports.map(({ reading }) => reading))
    while (found.length > 0) {
      await this.tickets.load(found)
      const tickets = found.flatMap((id) => this.tickets.current(id) ?? [])
      found = await this.threads.loadNext(tickets.filter(isFull))
    }
  }

  /** Nearly every report is of a new ticket, or of the very item that its ticket was made from. */
  private async loadSeqs(reports: readonly Report[]): Promise<void> {
    const rawIds = new Set<string>()
    for (const { reading, ticket } of reports) {
      this.seqs.set(reading.item.rawId, reading.item.seq)
      const before = this.tickets.stored(ticket.id)?.provenance.rawId
      if (before !== undefined) rawIds.add(before)
    }
    const missing = [...rawIds].filter((rawId) => !this.seqs.has(rawId))
    if (missing.length === 0) return
    for (const [rawId, seq] of await this.store.seqs(missing)) this.seqs.set(rawId, seq)
  }

  private settleWithoutTicket(reading: Reading<PendingItem>): void {
    const { item, outcome } = reading
    if (outcome === 'skipped') {
      const { policy, detail } = reading
      this.close(item, { kind: outcome, ticketId: null, reason: policy, details: { detail } })
    } else if (outcome === 'quarantined') {
      const { code, details } = reading
      this.close(item, { kind: outcome, ticketId: null, reason: code, details })
    }
  }

  private settle(report: Report): void {
    const { item, threadKeys } = report.reading
    const { id } = report.ticket
    const before = this.tickets.current(id)
    if (before !== null) this.settleKnown(report, before)
    else if (!this.settleFollowUp(report)) this.settleNew(report)
    const owner = this.outcomes.at(-1)?.ticketId
    const continues = owner === id ? this.answered(report).flatMap((tickets) => tickets.at(-1) ?? []) : []
    if (owner) this.rememberThread(item.sourceId, owner, [...threadKeys, ...continues.map(nextKey)])
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
      this.correct(inquiry, ticket, before)
      this.close(item, { kind: 'ticketed', ticketId: ticket.id, reason: 'updated', details: {} })
    }
  }

  private correct(inquiry: Inquiry, ticket: Ticket, before: Ticket): void {
    const { dedupe, followUps } = before
    const corrected = { ...ticket, dedupe, followUps }
    if (!this.links.isMaster(before.id) && isOpenAgain(before, ticket)) {
      this.decideAgain(inquiry, corrected)
      return
    }
    const kept = { ...corrected, dedupe: keptOver(before, ticket) }
    const counted = dedupe.masterId === null ? kept.dedupe : withCounts(kept, noRepeats)
    this.tickets.put({ ...kept, dedupe: counted }, 'ticket.updated', inquiry.keys)
    if (before.reporter.key !== ticket.reporter.key || before.channel !== ticket.channel)
      this.links.recount(corrected)
    if (isFoundOtherwise(before, ticket)) this.search.revise(inquiry.seeker, dedupe.incidentId)
  }

  /** Other words may repeat something else, or nothing. @param corrected with what was decided about its old words */
  private decideAgain(inquiry: Inquiry, corrected: Ticket): void {
    const { id, dedupe: before } = corrected
    const { apartFrom } = before
    const asked = { ...inquiry.ticket, dedupe: { ...inquiry.ticket.dedupe, apartFrom } }
    const decision = this.decider.decide({ ...inquiry, ticket: asked }, this.search, (id) =>
      this.tickets.current(id),
    )
    const incidentId = this.incidents.incidentFor(decision, corrected)
    const dedupe = decidedAgain(before, dedupeOf(decision, corrected), incidentId, corrected.ingestedAt)
    const decided = { ...corrected, dedupe }
    this.tickets.put(decided, eventOf(before, dedupe), inquiry.keys)
    this.decidedAgain.add(id)
    this.search.revise(inquiry.seeker, incidentId)
    if (incidentId !== null && dedupe.incident === null) this.incidents.join(incidentId, decided)
    this.links.forget(id)
    if (before.masterId !== null && before.masterId !== dedupe.masterId)
      this.links.leave(decided, before.masterId)
    if (dedupe.masterId !== null) this.links.link(decided, dedupe.masterId)
  }

  /** An interrupted commit had written this very ticket; writing it once more completes the rest. */
  private repeatCommit(item: PendingItem, before: Ticket): void {
    const { masterId } = before.dedupe
    this.tickets.keep(before)
    // It may count what the interruption kept from being linked, and what repeats its new words no more.
    this.links.recount(before)
    if (before.revision > 1) {
      for (const { masterId: left } of before.dedupe.history)
        if (left !== null && left !== masterId) this.links.countAgain(left)
      this.close(item, { kind: 'ticketed', ticketId: before.id, reason: 'updated', details: {} })
    } else if (masterId === null) {
      this.close(item, { kind: 'ticketed', ticketId: before.id, reason: 'created', details: {} })
    } else {
      this.close(item, { kind: 'linked', ticketId: before.id, reason: 'duplicate', details: {} })
    }
  }

  /**
   * A message that answers an earlier one of its thread updates that ticket instead of opening one. Where that is full,
   * it updates the one that goes on with the thread, or opens it.
   */
  private settleFollowUp(report: Report): boolean {
    const { ticket, reading } = report
    const { item } = reading
    for (const ticketId of this.answered(report).flat()) {
      const earlier = this.tickets.current(ticketId)
      if (earlier === null) continue
      const isThere = earlier.followUps.some(({ rawId }) => rawId === item.rawId)
      if (!isThere && isFull(earlier)) continue
      if (isThere) this.tickets.keep(earlier)
      else this.tickets.put(withFollowUp(earlier, ticket), 'ticket.updated', null)
      this.close(item, { kind: 'linked', ticketId: earlier.id, reason: 'follow-up', details: {} })
      return true
    }
    return false
  }

  /** For each message that it answers, the nearest first: its ticket, and those that go on with that one's thread. */
  private answered({ reading: { item, refersTo }, ticket }: Report): readonly (readonly string[])[] {
    return refersTo.map((key) => this.threads.ticketsOf(item.sourceId, key, ticket.id))
  }

  private settleNew({ reading, ticket, inquiry }: Report): void {
    const { item } = reading
    const decision = this.decider.decide(inquiry, this.search, (id) => this.tickets.current(id))
    const dedupe = dedupeOf(decision, ticket)
    const incidentId = this.incidents.incidentFor(decision, ticket)
    const decided = { ...ticket, dedupe: joined(dedupe, incidentId, ticket.ingestedAt) }
    const { masterId } = dedupe
    this.tickets.put(decided, firstEvent(masterId), inquiry.keys)
    this.search.add(inquiry.seeker)
    this.decider.count(inquiry)
    if (incidentId !== null) this.incidents.join(incidentId, ticket)
    if (masterId === null) {
      this.close(item, { kind: 'ticketed', ticketId: ticket.id, reason: 'created', details: {} })
    } else {
      this.links.link(ticket, masterId)
      this.close(item, { kind: 'linked', ticketId: ticket.id, reason: 'duplicate', details: {} })
    }
  }

  /** Writes into masters and incidents what this batch has made of them. */
  async count(): Promise<void> {
    await this.links.count()
    await this.incidents.count()
  }

  /**
   * What was decided again goes last, in the order of deciding: interrupted before it, the repetition decides it once
   * more, and finds changed already what changes with it. What comes along with a master goes before it for the same
   * reason.
   */
  commit(): Commit {
    // New tickets are numbered in the order in which they were made.
    const stored = (ids: ReadonlySet<string>) =>
      new Set([...ids].filter((id) => this.tickets.stored(id) !== null))
    const tickets = this.tickets.writes(stored(this.incidents.along), stored(this.decidedAgain))
    const terms = this.decider.termWrite(this.outcomes.map(({ rawId }) => rawId))
    return { tickets, links: this.links.writes(), outcomes: this.outcomes, terms }
  }

  private close(item: PendingItem, outcome: Outcome): void {
    this.outcomes.push({ ...outcome, seq: item.seq, rawId: item.rawId })
  }

  private rememberThread(sourceId: string, ticketId: string, keys: readonly string[]): void {
    if (keys.length === 0) return
    // Tickets are written in another order than they took their names in.
    this.tickets.addThreadKeys(ticketId, this.threads.add(sourceId, ticketId, keys))
  }
}
