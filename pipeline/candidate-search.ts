import type { Hit, KeyAnswer, KeyAsk, MatchKey } from '../dedupe/decision.ts'
import { decisive, type ReportKey } from '../dedupe/keys.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import type { Ledger } from './stores/store.ts'
import { momentOf } from './ticket-of.ts'
import { WorthTally } from './worth-tally.ts'

/** How many tickets, at most, a report is compared with: those that share the most telling keys. */
const mostCandidates = 4
/** What a ticket must share to be compared at all, in nats: a rare term, or a band, a reporter, a text. */
const leastWorth = 4
/** A small part of the worth of all keys of a report: of tickets that share less, one in twenty is about its matter. */
const littleShare = 0.05
/** How many more tickets of a candidate's incident are compared. */
const membersLoaded = 8
/** Reports whose times are in the same span of this length are looked up together. */
const spanMs = 7 * 86_400_000

/** A report that looks for tickets it may repeat. */
export interface Seeker {
  readonly ticketId: string
  readonly at: number
  readonly keys: readonly ReportKey[]
  /** How far back and ahead tickets still matter, in milliseconds. */
  readonly backMs: number
  readonly aheadMs: number
}

/** Tickets to compare a report with, most worth first. */
export interface Found {
  readonly ticketIds: readonly string[]
  /** How many of them, from the first on, share more than a little with the report. */
  readonly alike: number
  /** Whether more tickets shared its keys than were found. */
  readonly cut: boolean
}

/** The same, by the numbers of the tickets. */
interface Ranking {
  readonly first: readonly number[]
  readonly alike: number
  readonly cut: boolean
}

interface Member {
  readonly ticketId: string
  readonly at: number
}

const tally = new WorthTally()

/** Tickets of this batch are numbered from here on: after all that a store holds. */
const firstMade = 2 ** 40

/** Finds tickets that share keys with a batch of reports: in the store's index, and among those made before them in the batch. */
export class CandidateSearch {
  private readonly store: Ledger
  /** What the store answered, by span of time and key. */
  private readonly answers = new Map<number, Map<MatchKey, KeyAnswer>>()
  private readonly windows = new Map<number, Pick<KeyAsk, 'since' | 'until'>>()
  private readonly made = new Map<MatchKey, Hit[]>()
  private madeCount = 0
  /** As what tickets made or corrected in this batch are found. */
  private readonly seekers = new Map<string, Seeker>()
  private readonly corrected = new Set<string>()
  /** Ids of tickets made or corrected in this batch, and of those that were looked up, by number. */
  private readonly ids = new Map<number, string>()
  /** As of the last `load` or `refresh`. */
  private readonly rankings = new WeakMap<Seeker, Ranking>()
  private readonly tickets = new Map<string, Ticket>()
  /** Newest first; of one moment, the last made first. */
  private readonly members = new Map<string, readonly Member[]>()

  constructor(store: Ledger) {
    this.store = store
  }

  /** Asks the store all that these reports will ask for, in one go per question. */
  async load(seekers: readonly Seeker[]): Promise<void> {
    const spans = Map.groupBy(seekers, ({ at }) => spanOf(at))
    for (const [span, together] of spans) this.answers.set(span, await this.ask(span, together))
    for (const seeker of seekers) this.rankings.set(seeker, this.rank(seeker))
    await this.loadFound(seekers.flatMap((seeker) => this.rankings.get(seeker)?.first ?? []))
  }

  /**
   * To be called before `find`: what this batch has made or corrected may take or give a place, and then tickets come up
   * that nobody has asked for.
   */
  async refresh(seeker: Seeker): Promise<void> {
    if (this.corrected.size === 0 && !seeker.keys.some(({ key }) => this.made.has(key))) return
    for (let known = -1; known < this.ids.size; ) {
      known = this.ids.size
      const ranking = this.rank(seeker)
      this.rankings.set(seeker, ranking)
      await this.loadFound(ranking.first)
    }
  }

  /** Uses the window of the whole span for every report in it, so that the answer does not depend on how batches are cut. */
  private async ask(span: number, seekers: readonly Seeker[]): Promise<Map<MatchKey, KeyAnswer>> {
    const asks = new Map<MatchKey, KeyAsk>()
    const since = span * spanMs - Math.max(...seekers.map(({ backMs }) => backMs))
    const until = (span + 1) * spanMs + Math.max(...seekers.map(({ aheadMs }) => aheadMs))
    this.windows.set(span, { since, until })
    for (const { keys } of seekers)
      for (const { key, limit } of keys) asks.set(key, { key, since, until, limit })
    const wanted = [...asks.values()]
    const answers = wanted.length === 0 ? [] : await this.store.candidates(wanted)
    const found = new Map<MatchKey, KeyAnswer>()
    for (const [index, { key }] of wanted.entries()) {
      const answer = answers[index]
      if (answer !== undefined && answer.hits.length > 0) found.set(key, answer)
    }
    return found
  }

  /** The tickets that share the most telling keys with a report, most worth first. */
  find(seeker: Seeker): Found {
    const { first, alike, cut } = this.rankings.get(seeker) ?? this.rank(seeker)
    return { ticketIds: first.flatMap((n) => this.ids.get(n) ?? []), alike, cut }
  }

  /** By worth; of one worth the newest first, of one moment the last made. */
  private rank(seeker: Seeker): Ranking {
    const since = seeker.at - seeker.backMs
    const until = seeker.at + seeker.aheadMs
    const span = spanOf(seeker.at)
    let cut = false
    tally.begin()
    for (const key of seeker.keys) {
      const answer = this.answerTo(key, span)
      if (answer === undefined) continue
      cut ||= answer.cut
      const worth = answer.cut ? key.commonWorth : key.worth
      tally.add(this.current(answer.hits), since, until, worth)
    }
    const first: number[] = []
    const take = (least: number) => {
      for (let n = tally.takeBest(least); n >= 0; n = tally.takeBest(least)) {
        first.push(n)
        if (first.length > mostCandidates) return
      }
    }
    const worthOfAll = seeker.keys.reduce((sum, { worth }) => (worth < decisive ? sum + worth : sum), 0)
    take(Math.max(leastWorth, littleShare * worthOfAll))
    const alike = first.length
    if (alike <= mostCandidates) take(leastWorth)
    cut ||= first.length > mostCandidates
    return { first: first.slice(0, mostCandidates), alike: Math.min(alike, mostCandidates), cut }
  }

  /** Without those that the store still has under their old words, as they were corrected in this batch. */
  private current(hits: readonly Hit[]): readonly Hit[] {
    if (this.corrected.size === 0) return hits
    return hits.filter(({ n }) => n >= firstMade || !this.corrected.has(this.ids.get(n) ?? ''))
  }

  /** A ticket that was loaded, as the store has it. */
  ticket(id: string): Ticket | undefined {
    return this.tickets.get(id)
  }

  /** Some tickets of an incident, newest first: as the store would tell them if it held this batch too. */
  membersOf(incidentId: string): readonly string[] {
    return (this.members.get(incidentId) ?? []).map(({ ticketId }) => ticketId)
  }

  /** Makes known that a ticket of this batch, or one that it changed, belongs to an incident. */
  join(incidentId: string, ticketId: string, at: number): void {
    const known = (this.members.get(incidentId) ?? []).filter((member) => member.ticketId !== ticketId)
    const place = known.findIndex((member) => member.at <= at)
    const joined = known.toSpliced(place < 0 ? known.length : place, 0, { ticketId, at })
    this.members.set(incidentId, joined.slice(0, membersLoaded))
  }

  /**
   * Makes a ticket with other words than the store has known to the reports after it.
   * @param incidentId to which it belongs now
   */
  revise(seeker: Seeker, incidentId: string | null): void {
    const { ticketId } = seeker
    this.corrected.add(ticketId)
    for (const { key } of this.seekers.get(ticketId)?.keys ?? []) {
      const left = (this.made.get(key) ?? []).filter(({ n }) => this.ids.get(n) !== ticketId)
      this.made.set(key, left)
    }
    this.add(seeker)
    if (incidentId !== null) this.join(incidentId, ticketId, seeker.at)
  }

  /** Makes a ticket of this batch known to the reports after it. */
  add(seeker: Seeker): void {
    const hit = { n: firstMade + this.madeCount++, at: seeker.at }
    this.ids.set(hit.n, seeker.ticketId)
    this.seekers.set(seeker.ticketId, seeker)
    for (const { key } of seeker.keys) {
      const hits = this.made.get(key)
      if (hits === undefined) this.made.set(key, [hit])
      else hits.push(hit)
    }
  }

  /** What the store would answer if it held the tickets of this batch too, so that where a batch ends makes no difference. */
  private answerTo({ key, limit }: ReportKey, span: number): KeyAnswer | undefined {
    const stored = this.answers.get(span)?.get(key)
    const all = this.made.get(key)
    const window = this.windows.get(span)
    if (all === undefined || window === undefined) return stored
    const made = all.filter(({ at }) => at >= window.since && at <= window.until)
    if (made.length === 0) return stored
    const hits = [...made.reverse(), ...(stored?.hits ?? [])].sort((a, b) => b.at - a.at)
    return { hits: hits.slice(0, limit), cut: (stored?.cut ?? false) || hits.length > limit }
  }

  /** The tickets of these numbers, with their masters and some more tickets of their incidents. */
  private async loadFound(numbers: readonly number[]): Promise<void> {
    const missing = [...new Set(numbers)].filter((n) => !this.ids.has(n))
    if (missing.length === 0) return
    for (const [n, ticket] of await this.store.ticketsByNumber(missing)) {
      this.ids.set(n, ticket.id)
      this.tickets.set(ticket.id, ticket)
    }
    const found = [...this.tickets.values()]
    await this.loadTickets(found.flatMap(({ dedupe }) => dedupe.masterId ?? []))
    await this.loadMembers([...this.tickets.values()])
  }

  private async loadTickets(ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.tickets.has(id))
    if (missing.length === 0) return
    for (const [id, ticket] of await this.store.tickets(missing)) this.tickets.set(id, ticket)
  }

  /** Looks up some more tickets of the incidents that these belong to. */
  async loadMembers(found: readonly Ticket[]): Promise<void> {
    const incidentIds = new Set(found.flatMap(({ dedupe }) => dedupe.incidentId ?? []))
    for (const id of incidentIds) {
      if (this.members.has(id)) continue
      const ids = await this.store.incidentMembers(id, membersLoaded)
      await this.loadTickets(ids)
      const members = ids.flatMap((ticketId) => {
        const ticket = this.tickets.get(ticketId)
        return ticket === undefined ? [] : [{ ticketId, at: momentOf(ticket) }]
      })
      this.members.set(id, members)
    }
  }
}

function spanOf(at: number): number {
  return Math.floor(at / spanMs)
}
