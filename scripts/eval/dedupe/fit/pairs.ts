import { Comparer } from '../../../../dedupe/comparison.ts'
import { type Features, pairOf } from '../../../../dedupe/features.ts'
import { keysOf } from '../../../../dedupe/keys.ts'
import { type Profile, profileOf } from '../../../../dedupe/profile.ts'
import { TermCounts, TermStatistics } from '../../../../dedupe/term-statistics.ts'
import { matchText } from '../../../../normalizers/text.ts'
import type { Ticket } from '../../../../normalizers/ticket.ts'
import { CandidateSearch } from '../../../../pipeline/candidate-search.ts'
import { incoming } from '../../../../pipeline/intake.ts'
import { interpret } from '../../../../pipeline/interpret.ts'
import { interpretersFor } from '../../../../pipeline/interpreters.ts'
import { momentOf, reportOf } from '../../../../pipeline/ticket-of.ts'
import { itemOf } from '../../../cli/tune/framing.ts'
import { arrivalsOf, idOf, settingsFor, sourceIdsOf } from '../../../cli/tune/pipeline-run.ts'
import type { EvalRow } from '../../../cli/tune/rows.ts'
import { MemoryIndex } from './memory-index.ts'

const dayMs = 86_400_000
/** Pairs further apart are not decided about. */
const windowDays = 60
/** What a report says counts for the reports after so many. */
const epochRows = 512

/** Two reports that the program would compare, by their places in the rows. */
export interface RowPair {
  readonly later: number
  readonly earlier: number
  readonly features: Features
  readonly incidentFeatures: Features
  /** Whether the reporters are known to differ, or the texts are equal: then no score is asked for. */
  readonly person: string
  readonly equal: boolean
}

/**
 * All pairs of rows that the program would compare, in order of arrival, as it would see them.
 * @param before counts of other reports that came before
 */
export async function pairsOf(
  rows: readonly EvalRow[],
  before: readonly TermCounts[],
): Promise<readonly RowPair[]> {
  const tickets = await ticketsOf(rows)
  const statistics = statisticsAfter(before)
  const index = new MemoryIndex()
  const rowOf = new Map(
    tickets.flatMap((ticket, row) => (ticket === null ? [] : [[ticket.id, row] as const])),
  )
  const profiles = new Map<string, Profile>()
  const pairs: RowPair[] = []
  let waiting: Profile[] = []
  for (const [later, ticket] of tickets.entries()) {
    if (later % epochRows === 0) {
      for (const profile of waiting) statistics.add(termsOf(profile))
      waiting = []
    }
    if (ticket === null) continue
    const profile = profileOf(reportOf(ticket), matchText)
    const comparer = new Comparer(profile, statistics)
    const keys = keysOf(comparer)
    const at = momentOf(ticket)
    const seeker = { ticketId: ticket.id, at, keys, backMs: windowDays * dayMs, aheadMs: windowDays * dayMs }
    const search = new CandidateSearch(index as never)
    await search.load([seeker])
    for (const id of search.find(seeker).ticketIds) {
      const other = profiles.get(id)
      const earlier = rowOf.get(id)
      if (other === undefined || earlier === undefined) continue
      const { features, incidentFeatures, person } = pairOf(profile, other, comparer.compare(other))
      pairs.push({ later, earlier, features, incidentFeatures, person, equal: profile.plain === other.plain })
    }
    profiles.set(ticket.id, profile)
    index.add(
      ticket,
      at,
      keys.map(({ key }) => key),
    )
    waiting.push(profile)
  }
  return pairs
}

function termsOf({ terms, matters, domains }: Profile): number[] {
  return [...terms, ...matters, ...domains]
}

export function statisticsAfter(before: readonly TermCounts[]): TermStatistics {
  const statistics = new TermStatistics()
  for (const counts of before) statistics.addAll(counts)
  return statistics
}

/** In how many of the rows each term stands. */
export async function countsOf(rows: readonly EvalRow[]): Promise<TermCounts> {
  const counts = new TermCounts()
  for (const ticket of await ticketsOf(rows)) {
    if (ticket === null) continue
    const { terms, matters, domains } = profileOf(reportOf(ticket), matchText)
    counts.count([terms, matters, domains])
  }
  return counts
}

/** The rows through the program's own normalizers; null where a row makes no ticket. */
export async function ticketsOf(rows: readonly EvalRow[]): Promise<readonly (Ticket | null)[]> {
  const sourceIds = sourceIdsOf(rows)
  const interpreters = await interpretersFor(settingsFor(sourceIds, '.'), 'fit')
  const blobs = { put: () => Promise.reject(new Error('rows have no files')) }
  const arrivals = arrivalsOf(rows, '2026-01-01T00:00:00+08:00')
  return Promise.all(
    rows.map(async (row, at) => {
      const item = incoming(itemOf(row, at + 1), idOf(row, sourceIds), arrivals[at] ?? '')
      const reading = await interpret(item, interpreters, blobs)
      return reading.outcome === 'ticket' ? reading.ticket : null
    }),
  )
}
