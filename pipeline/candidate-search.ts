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
  /** Of one moment the last made comes first; 0 where nothing can come between those that the store told. */
  readonly n: number
}

/** What the store answered. */
interface Answer extends KeyAnswer {
  /** How many hits may be left out, as their tickets were corrected since, so that it still tells as many as asked for. */
  readonly spare: number
}

const tally = new WorthTally()

/** Tickets of this batch are numbered from here on: after all that a store holds. */
const firstMade = 2 ** 40

/** Finds tickets that share keys with a batch of reports: in the store's index, and among those made before them in the batch. */
export class CandidateSearch {
  private readonly store: Ledger
  /** What the store answered, by span of time and key. */
  private readonly answers = new Map<number, Map<MatchKey, Answer>>()
  private readonly windows = new Map<number, Pick<KeyAsk, 'since' | 'until'>>()
  private readonly made = new Map<MatchKey, Hit[]>()
  private madeCount = 0
  /** As what tickets made or corrected in this batch are found. */
  private readonly seekers = new Map<string, Seeker>()
  /** Numbers of tickets that the store still has under their old words. */
  private readonly corrected = new Set<number>()
  /** Numbers of tickets, made in this batch or in the store, as far as they are known. */
  private readonly numbers = new Map<string, number>()
  private mayCorrect = false
  /** How many tickets of an incident this batch may take out of it, or move to another time. */
  private readonly unsteady = new Map<string, number>()
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

  /** Makes known which tickets of the store this batch may correct. To be called before `load`. */
  async expect(tickets: readonly Ticket[]): Promise<void> {
    if (tickets.length === 0) return
    this.mayCorrect = true
    for (const [id, n] of await this.store.ticketNumbers(tickets.map(({ id }) => id))) this.numbers.set(id, n)
    for (const { dedupe } of tickets)
      if (dedupe.incidentId !== null)
        this.unsteady.set(dedupe.incidentId, (this.unsteady.get(dedupe.incidentId) ?? 0) + 1)
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
    await this.widen(seeker)
    for (let known = -1; known < this.ids.size; ) {
      known = this.ids.size
      const ranking = this.rank(seeker)
      this.rankings.set(seeker, ranking)
      await this.loadFound(ranking.first)
    }
  }

  /** Asks once more where an answer was cut, and may have fewer tickets left than were asked for. */
  private async widen(seeker: Seeker): Promise<void> {
    const span = spanOf(seeker.at)
    const answers = this.answers.get(span)
    const window = this.windows.get(span)
    if (answers === undefined || window === undefined) return
    const spare = this.corrected.size
    const narrow = seeker.keys.filter(({ key }) => {
      const known = answers.get(key)
      return known?.cut === true && known.spare < spare
    })
    if (narrow.length === 0) return
    const asks = narrow.map(({ key, limit }) => ({ key, ...window, limit: limit + spare }))
    for (const [index, answer] of (await this.store.candidates(asks)).entries())
      answers.set(narrow[index]?.key ?? 0, { ...answer, spare })
  }

  /** Uses the window of the whole span for every report in it, so that the answer does not depend on how batches are cut. */
  private async ask(span: number, seekers: readonly Seeker[]): Promise<Map<MatchKey, Answer>> {
    const asks = new Map<MatchKey, KeyAsk>()
    const since = span * spanMs - Math.max(...seekers.map(({ backMs }) => backMs))
    const until = (span + 1) * spanMs + Math.max(...seekers.map(({ aheadMs }) => aheadMs))
    this.windows.set(span, { since, until })
    for (const { keys } of seekers)
      for (const { key, limit } of keys) asks.set(key, { key, since, until, limit })
    const wanted = [...asks.values()]
    const answers = wanted.length === 0 ? [] : await this.store.candidates(wanted)
    const found = new Map<MatchKey, Answer>()
    for (const [index, { key }] of wanted.entries()) {
      const answer = answers[index]
      if (answer !== undefined && answer.hits.length > 0) found.set(key, { ...answer, spare: 0 })
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
      tally.add(answer.hits, since, until, worth)
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
    return hits.filter(({ n }) => !this.corrected.has(n))
  }

  /** A ticket that was loaded, as the store has it. */
  ticket(id: string): Ticket | undefined {
    return this.tickets.get(id)
  }

  /** Some tickets of an incident, newest first: as the store would tell them if it held this batch too. */
  membersOf(incidentId: string): readonly string[] {
    return this.knownMembersOf(incidentId).slice(0, membersLoaded)
  }

  /** Those and all others that are known: those that were looked up stay among them, however many this batch adds. */
  knownMembersOf(incidentId: string): readonly string[] {
    return (this.members.get(incidentId) ?? []).map(({ ticketId }) => ticketId)
  }

  /** Makes known that a ticket of this batch, or one that it changed, belongs to an incident. */
  join(incidentId: string, ticketId: string, at: number): void {
    const known = (this.members.get(incidentId) ?? []).filter((member) => member.ticketId !== ticketId)
    const n = this.numbers.get(ticketId) ?? 0
    const place = known.findIndex((member) => member.at < at || (member.at === at && member.n <= n))
    this.members.set(incidentId, known.toSpliced(place < 0 ? known.length : place, 0, { ticketId, at, n }))
  }

  /**
   * Makes a ticket with other words than the store has known to the reports after it.
   * @param incidentId to which it belongs now
   */
  revise(seeker: Seeker, incidentId: string | null): void {
    const { ticketId } = seeker
    const n = this.numbers.get(ticketId)
    if (n !== undefined && n < firstMade) this.corrected.add(n)
    for (const [id, members] of this.members)
      if (id !== incidentId)
        this.members.set(
          id,
          members.filter((member) => member.ticketId !== ticketId),
        )
    for (const { key } of this.seekers.get(ticketId)?.keys ?? []) {
      const made = this.made.get(key) ?? []
      this.made.set(
        key,
        made.filter((hit) => hit.n !== n),
      )
    }
    this.add(seeker)
    if (incidentId !== null) this.join(incidentId, ticketId, seeker.at)
  }

  /** Makes a ticket of this batch known to the reports after it. */
  add(seeker: Seeker): void {
    const hit = { n: this.numbers.get(seeker.ticketId) ?? firstMade + this.madeCount++, at: seeker.at }
    this.numbers.set(seeker.ticketId, hit.n)
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
    if (window === undefined || (all === undefined && this.corrected.size === 0)) return stored
    const made = (all ?? []).filter(({ at }) => at >= window.since && at <= window.until)
    const hits = [...made, ...this.current(stored?.hits ?? [])].sort((a, b) => b.at - a.at || b.n - a.n)
    return { hits: hits.slice(0, limit), cut: (stored?.cut ?? false) || hits.length > limit }
  }

  /** The tickets of these numbers, with their masters and some more tickets of their incidents. */
  private async loadFound(numbers: readonly number[]): Promise<void> {
    const missing = [...new Set(numbers)].filter((n) => !this.ids.has(n))
    if (missing.length === 0) return
    for (const [n, ticket] of await this.store.ticketsByNumber(missing)) {
      this.ids.set(n, ticket.id)
      this.numbers.set(ticket.id, n)
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
      const ids = await this.store.incidentMembers(id, membersLoaded + (this.unsteady.get(id) ?? 0))
      await this.loadTickets(ids)
      // Only a ticket of the store that is corrected can come between them.
      if (this.mayCorrect)
        for (const [ticketId, n] of await this.store.ticketNumbers(ids)) this.numbers.set(ticketId, n)
      const members = ids.flatMap((ticketId) => {
        const ticket = this.tickets.get(ticketId)
        return ticket === undefined
          ? []
          : [{ ticketId, at: momentOf(ticket), n: this.numbers.get(ticketId) ?? 0 }]
      })
      this.members.set(id, members)
    }
  }
}

function spanOf(at: number): number {
  return Math.floor(at / spanMs)
}
