import type { DedupeSettings } from '../config/settings.ts'
import { openTo } from '../dedupe/apart.ts'
import { Comparer } from '../dedupe/comparison.ts'
import { type Candidate, decide, isPromising } from '../dedupe/decide.ts'
import type { Decision, MatchKeys } from '../dedupe/decision.ts'
import { decideByEqualText } from '../dedupe/equal-text.ts'
import { plainText } from '../dedupe/fold.ts'
import { keysOf, type ReportKey, textKeys } from '../dedupe/keys.ts'
import { type Profile, profileOf } from '../dedupe/profile.ts'
import { matchText } from '../normalizers/text.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import type { CandidateSearch, Found, Seeker } from './candidate-search.ts'
import type { Ledger, TermWrite } from './stores/store.ts'
import { epochOf, TermLedger } from './term-ledger.ts'
import { reportOf } from './ticket-of.ts'

const dayMs = 86_400_000
/** So many tickets in a row that have little in common with a report end the search. */
const patience = 2

/** A ticket about which something is to be decided. */
export interface Inquiry {
  readonly ticket: Ticket
  readonly seeker: Seeker
  /** The keys that it will be found by. */
  readonly keys: MatchKeys
  /** Null where only equal texts are recognised. */
  readonly comparer: Comparer | null
}

/** Decides about tickets, one after the other; holds what deciding needs from one batch to the next. */
export class Decider {
  private readonly settings: DedupeSettings
  private readonly profiles: ProfileCache
  private terms: TermLedger | null = null
  private readonly windowMs: number

  constructor(settings: DedupeSettings, profiles = new ProfileCache()) {
    this.settings = settings
    this.profiles = profiles
    const days = [settings, ...settings.windows].map(({ windowDays, incidentDays }) =>
      settings.similar ? Math.max(windowDays, incidentDays) : windowDays,
    )
    this.windowMs = Math.max(...days) * dayMs
  }

  /** How much older than a ticket those are that it is compared with, in milliseconds. */
  get reachMs(): number {
    return this.windowMs + (this.settings.similar ? this.settings.recurrenceDays * dayMs : 0)
  }

  /** After a batch that was not committed: its terms are not counted, so the statistics are read anew. */
  forgetTerms(): void {
    this.terms = null
  }

  /** The epoch of the statistics that an item is decided by: where only equal texts count, one for all. */
  epochOf(seq: number): number {
    return this.settings.similar ? epochOf(seq) : 0
  }

  /** Gets the statistics ready for items of this epoch. */
  async begin(epoch: number, store: Pick<Ledger, 'termStatistics'>): Promise<void> {
    if (!this.settings.similar) return
    this.terms ??= await TermLedger.load(store)
    this.terms.begin(epoch)
  }

  inquire(ticket: Ticket): Inquiry {
    if (this.terms === null) return this.inquiryOf(ticket, textKeys(plainText(ticket, matchText)), null)
    const comparer = new Comparer(this.profiles.of(ticket), this.terms.statistics)
    return this.inquiryOf(ticket, keysOf(comparer), comparer)
  }

  private inquiryOf(ticket: Ticket, keys: readonly ReportKey[], comparer: Comparer | null): Inquiry {
    const { at } = reportOf(ticket)
    const [backMs, aheadMs] = [this.reachMs, this.windowMs]
    return {
      ...{ ticket, comparer },
      seeker: { ticketId: ticket.id, at, keys, backMs, aheadMs },
      keys: keys.map(({ key }) => key),
    }
  }

  /** @param current a ticket as this batch has changed it; null where it has not */
  decide(inquiry: Inquiry, search: CandidateSearch, current: (id: string) => Ticket | null): Decision {
    const ranked = search.find(inquiry.seeker)
    const ticketOf = (id: string) => current(id) ?? search.ticket(id) ?? null
    const own = belongingOf(inquiry.ticket, ticketOf)
    const near = this.promising(inquiry, ranked, ticketOf)
    const found = withHeads(near, inquiry.ticket.id, search, ticketOf)
    const belongings = found.map((ticket) => ({ ticket, ...belongingOf(ticket, ticketOf) }))
    const tickets = openTo(own, belongings).map(({ ticket }) => ticket)
    if (inquiry.comparer === null) {
      const equal = tickets.map((ticket) => ({ report: reportOf(ticket), masterId: ticket.dedupe.masterId }))
      return decideByEqualText(reportOf(inquiry.ticket), equal, this.settings, matchText)
    }
    const candidates = tickets.map((ticket) => this.candidateOf(ticket, ticketOf))
    return decide(inquiry.comparer, candidates, this.settings, ranked.cut)
  }

  /**
   * The tickets found, until several in a row have little in common with the report but the words that they were
   * found by, or one where the next shares but a little: those that share most come first, and to work out what an old
   * ticket says costs most of a decision.
   */
  private promising(
    { comparer }: Inquiry,
    { ticketIds, alike }: Found,
    ticketOf: (id: string) => Ticket | null,
  ): readonly string[] {
    if (comparer === null) return ticketIds
    let misses = 0
    const near: string[] = []
    for (const [place, id] of ticketIds.entries()) {
      if (misses >= (place < alike ? patience : 1)) break
      const ticket = ticketOf(id)
      if (ticket === null) continue
      near.push(id)
      misses = isPromising(comparer, this.candidateOf(ticket, ticketOf)) ? 0 : misses + 1
    }
    return near
  }

  private candidateOf(ticket: Ticket, ticketOf: (id: string) => Ticket | null): Candidate {
    const { masterId, incidentId, apartFrom } = belongingOf(ticket, ticketOf)
    return { profile: this.profiles.of(ticket), masterId, incidentId, apartFrom }
  }

  /** Counts a new ticket's terms. */
  count({ comparer }: Inquiry): void {
    if (comparer === null) return
    const { terms, matters, domains } = comparer.profile
    this.terms?.count(terms, matters, domains)
  }

  /** What the batch's commit must write of the statistics. @param names what the batch is known by */
  termWrite(names: readonly string[]): TermWrite | null {
    return this.terms?.write(names) ?? null
  }
}

/** A repeat is about its master's incident. */
function belongingOf({ id, dedupe }: Ticket, ticketOf: (id: string) => Ticket | null) {
  const { masterId, incidentId, apartFrom } = dedupe
  const master = masterId === null ? null : ticketOf(masterId)
  return { id, masterId, incidentId: incidentId ?? master?.dedupe.incidentId ?? null, apartFrom }
}

/** The tickets found, their masters, and more tickets of the incidents that they belong to. */
function withHeads(
  ids: readonly string[],
  ownId: string,
  search: CandidateSearch,
  ticketOf: (id: string) => Ticket | null,
): readonly Ticket[] {
  const wanted = new Set(ids)
  for (const id of ids) {
    const ticket = ticketOf(id)
    if (ticket?.dedupe.masterId) wanted.add(ticket.dedupe.masterId)
    const { incidentId } = ticket?.dedupe ?? {}
    if (!incidentId) continue
    for (const member of search.membersOf(incidentId))
      if (ticketOf(member)?.dedupe.incidentId === incidentId) wanted.add(member)
  }
  wanted.delete(ownId)
  // Where a commit was interrupted, a repeat may be there before its master: no ticket repeats its own repeat.
  return [...wanted].flatMap((id) => ticketOf(id) ?? []).filter(({ dedupe }) => dedupe.masterId !== ownId)
}

const mostProfiles = 1_500
/** Of all their texts together. */
const mostCharacters = 3_000_000

/** Profiles of tickets lately compared: working one out costs more than comparing it. */
export class ProfileCache {
  private readonly known = new Map<string, { readonly rawId: string; readonly profile: Profile }>()
  private characters = 0

  of(ticket: Ticket): Profile {
    // A corrected ticket is made from another item, by which all may differ that is compared.
    const { rawId } = ticket.provenance
    const found = this.known.get(ticket.id)
    if (found?.rawId === rawId) return found.profile
    const profile = profileOf(reportOf(ticket), matchText)
    if (this.known.size >= mostProfiles || this.characters >= mostCharacters) this.forget()
    this.drop(ticket.id)
    this.known.set(ticket.id, { rawId, profile })
    this.characters += profile.plain.length
    return profile
  }

  /** The half that was learnt first goes. */
  private forget(): void {
    let left = this.known.size >> 1
    for (const id of this.known.keys()) {
      if (left-- <= 0) break
      this.drop(id)
    }
  }

  private drop(id: string): void {
    this.characters -= this.known.get(id)?.profile.plain.length ?? 0
    this.known.delete(id)
  }
}
