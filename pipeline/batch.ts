import { isAnotherReport } from '../dedupe/another-report.ts'
import type { Candidate, DedupeSettings } from '../dedupe/decision.ts'
import { decideSameReport, type Sketch, sketchOf } from '../dedupe/same-report.ts'
import { matchText } from '../normalizers/text.ts'
import type { FollowUp, Ticket, TicketEvent } from '../normalizers/ticket.ts'
import type { Reading, TicketReading } from './interpret.ts'
import type {
  Commit,
  Ledger,
  LinkWrite,
  Outcome,
  OutcomeWrite,
  PendingItem,
  TicketWrite,
} from './stores/store.ts'
import { dedupeOf, momentOf, saysTheSame } from './ticket-of.ts'
import { textsOf } from './ticket-texts.ts'

/** Candidates asked for per key: more of the same words than this are one mass letter, and any of them shows it. */
const candidatesPerKey = 50
const dayMs = 86_400_000

/** A ticket as this batch will leave it. */
interface Entry {
  /** As the store has it; null when this batch makes it. */
  readonly before: Ticket | null
  ticket: Ticket
  event: TicketEvent
  threadKeys: string[]
  matchKeys: readonly string[] | null
}

/** A reading that makes a ticket, with what deciding needs. */
interface Report {
  readonly reading: TicketReading<PendingItem>
  readonly ticket: Ticket
  readonly sketch: Sketch
}

/**
 * Decides a batch of readings in order, each seeing what those before it decided, and answers the commit.
 * Serial by design: the drain holds a lease, so no other process decides meanwhile.
 */
export async function decideBatch(
  readings: readonly Reading<PendingItem>[],
  store: Ledger,
  settings: DedupeSettings,
): Promise<Commit> {
  const batch = new Batch(settings)
  const reports: Report[] = []
  for (const reading of readings) {
    if (reading.outcome !== 'ticket') continue
    const { ticket } = reading
    reports.push({ reading, ticket, sketch: sketchOf(ticket, matchText) })
  }
  await batch.load(reports, store)
  const byItem = new Map(reports.map((report) => [report.reading.item.seq, report]))
  for (const reading of readings) {
    const report = byItem.get(reading.item.seq)
    if (report === undefined) batch.settleWithoutTicket(reading)
    else batch.settle(report)
  }
  await batch.countLinks(store)
  return batch.commit()
}

class Batch {
  private readonly entries = new Map<string, Entry>()
  private readonly existing = new Map<string, Ticket>()
  private readonly threads = new Map<string, string>()
  private readonly byKey = new Map<string, Candidate[]>()
  private readonly links: LinkWrite[] = []
  private readonly outcomes: OutcomeWrite[] = []
  private readonly settings: DedupeSettings

  constructor(settings: DedupeSettings) {
    this.settings = settings
  }

  /** Looks up all that the decisions will ask for, in one go per question. */
  async load(reports: readonly Report[], store: Ledger): Promise<void> {
    if (reports.length === 0) return
    const ids = new Set(reports.map(({ ticket }) => ticket.id))
    for (const [sourceId, keys] of referencesBySource(reports)) {
      for (const [key, ticketId] of await store.ticketsByThread(sourceId, [...keys])) {
        this.threads.set(threadKey(sourceId, key), ticketId)
        ids.add(ticketId)
      }
    }
    for (const [id, ticket] of await store.tickets([...ids])) this.existing.set(id, ticket)
    await this.loadCandidates(reports, store)
  }

  private async loadCandidates(reports: readonly Report[], store: Ledger): Promise<void> {
    const keys = new Set<string>()
    let since = Number.POSITIVE_INFINITY
    let until = Number.NEGATIVE_INFINITY
    for (const { ticket, sketch } of reports) {
      const at = momentOf(ticket)
      since = Math.min(since, at)
      until = Math.max(until, at)
      for (const key of sketch.keys) keys.add(key)
    }
    if (keys.size === 0) return
    const windowMs = this.settings.windowDays * dayMs
    const found = await store.candidates([...keys], since - windowMs, until + windowMs, candidatesPerKey)
    for (const candidate of found) this.addCandidate(candidate)
  }

  private addCandidate(candidate: Candidate): void {
    for (const key of candidate.keys) {
      const sharing = this.byKey.get(key)
      if (sharing === undefined) this.byKey.set(key, [candidate])
      else sharing.push(candidate)
    }
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

  private settleKnown({ reading, ticket, sketch }: Report, before: Ticket): void {
    const { item } = reading
    if (before.provenance.rawId === item.rawId) this.repeatCommit(item, before, sketch)
    else if (saysTheSame(before, ticket)) {
      this.close(item, { kind: 'linked', ticketId: before.id, reason: 'unchanged', details: {} })
    } else if (isAnotherReport(before, ticket, matchText)) {
      const details = { ticket: before.id, externalId: before.externalId }
      this.close(item, { kind: 'quarantined', ticketId: null, reason: 'EXTERNAL_ID_REUSED', details })
    } else {
      const { dedupe, followUps } = before
      this.put({ ...ticket, dedupe, followUps }, 'ticket.updated', sketch.keys)
      this.close(item, { kind: 'ticketed', ticketId: ticket.id, reason: 'updated', details: {} })
    }
  }

  /** An interrupted commit had written this very ticket; writing it once more completes the rest. */
  private repeatCommit(item: PendingItem, before: Ticket, sketch: Sketch): void {
    const { masterId } = before.dedupe
    const event =
      before.revision > 1 ? 'ticket.updated' : masterId === null ? 'ticket.created' : 'ticket.linked'
    this.keep(before, event, sketch.keys)
    if (before.revision > 1) {
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

  private settleNew({ reading, ticket, sketch }: Report): void {
    const at = momentOf(ticket)
    const report = { ...ticket, ticketId: ticket.id, reporterKey: ticket.reporter.key, at }
    const candidates = sketch.keys.flatMap((key) => this.byKey.get(key) ?? [])
    const decision = decideSameReport(report, sketch, candidates, this.settings)
    const decided = { ...ticket, dedupe: dedupeOf(decision, ticket) }
    const { masterId } = decision
    this.put(decided, masterId === null ? 'ticket.created' : 'ticket.linked', sketch.keys)
    this.addCandidate({ ...report, masterId, keys: sketch.keys })
    if (masterId === null) {
      this.close(reading.item, { kind: 'ticketed', ticketId: ticket.id, reason: 'created', details: {} })
    } else {
      this.link(ticket, masterId)
      this.close(reading.item, { kind: 'linked', ticketId: ticket.id, reason: 'duplicate', details: {} })
    }
  }

  /** Masters count their repeats: all links of this batch at once. */
  async countLinks(store: Ledger): Promise<void> {
    const masterIds = [...new Set(this.links.map(({ masterId }) => masterId))]
    if (masterIds.length === 0) return
    const unseen = masterIds.filter((id) => this.current(id) === null)
    for (const [id, ticket] of await store.tickets(unseen)) this.existing.set(id, ticket)
    const withReporter = this.links.map((link) => ({
      ...link,
      masterReporterKey: this.current(link.masterId)?.reporter.key ?? null,
    }))
    this.links.splice(0, this.links.length, ...withReporter)
    for (const [id, counts] of await store.linkCounts(masterIds, this.links)) {
      const master = this.current(id)
      if (master === null) continue
      const dedupe = {
        ...master.dedupe,
        reports: 1 + counts.reports,
        reporters: (master.reporter.key === null ? 0 : 1) + counts.reporters,
        channels: [...new Set([master.channel, ...counts.channels])].sort(),
      }
      if (JSON.stringify(dedupe) !== JSON.stringify(master.dedupe))
        this.put({ ...master, dedupe }, 'ticket.updated', null)
    }
  }

  commit(): Commit {
    const entries = [...this.entries.values()]
    const texts = textsOf(entries.map(({ ticket }) => ticket))
    const tickets: TicketWrite[] = []
    for (const [index, { ticket, event, threadKeys, matchKeys }] of entries.entries()) {
      const text = texts[index]
      if (text !== undefined)
        tickets.push({ ticket, text, event, threadKeys, matchKeys, at: momentOf(ticket) })
    }
    return { tickets, links: this.links, outcomes: this.outcomes }
  }

  /** The ticket as of now: as this batch has changed it, else as the store has it. */
  private current(id: string): Ticket | null {
    return this.entries.get(id)?.ticket ?? this.existing.get(id) ?? null
  }

  /** One revision a batch, however often it changes; the first event of an unpublished revision stays. */
  private put(ticket: Ticket, event: TicketEvent, matchKeys: readonly string[] | null): void {
    const entry = this.entries.get(ticket.id)
    const before = entry === undefined ? (this.existing.get(ticket.id) ?? null) : entry.before
    const revised = { ...ticket, revision: (before?.revision ?? 0) + 1 }
    if (entry === undefined) {
      this.entries.set(ticket.id, { before, ticket: revised, event, threadKeys: [], matchKeys })
    } else {
      entry.ticket = revised
      entry.matchKeys = matchKeys ?? entry.matchKeys
    }
  }

  /** Writes a ticket again as it is. */
  private keep(ticket: Ticket, event: TicketEvent, matchKeys: readonly string[] | null): void {
    if (this.entries.has(ticket.id)) return
    this.entries.set(ticket.id, { before: ticket, ticket, event, threadKeys: [], matchKeys })
  }

  private link(ticket: Ticket, masterId: string): void {
    const { channel, reporter } = ticket
    this.links.push({
      ticketId: ticket.id,
      masterId,
      reporterKey: reporter.key,
      masterReporterKey: null,
      channel,
    })
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
  }
}
