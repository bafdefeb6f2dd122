import type { Judged } from '../../cli/tune/score.ts'

/** Distinct gold clusters remembered per predicted cluster; a wrong partner is looked for among them. */
const partnersKept = 8
/** Earlier members of its gold cluster that a row is compared with. */
const comparedPerRow = 30

/** Two rows by their place in the order of arrival. */
export interface WorstPair {
  readonly earlier: number
  readonly later: number
  readonly value: number
}

/** Rows put together wrongly, highest value first; at most one pair a row. */
export function wrongPairs(
  rows: readonly Judged[],
  scoreOf: (row: number) => number,
  limit: number,
): readonly WorstPair[] {
  const partners = new Map<string, number[]>()
  const pairs: WorstPair[] = []
  rows.forEach((row, later) => {
    if (row.predicted === null) return
    const known = partners.get(row.predicted) ?? []
    partners.set(row.predicted, known)
    const earlier = known.find((index) => differ(rows[index], row, 'gold'))
    if (earlier !== undefined) pairs.push({ earlier, later, value: scoreOf(later) })
    if (known.length < partnersKept && known.every((index) => differ(rows[index], row, 'gold')))
      known.push(later)
  })
  return highest(pairs, limit)
}

/** Rows that belong together and were not put together, highest similarity first; at most one pair a row. */
export function missedPairs(
  rows: readonly Judged[],
  similarity: (earlier: number, later: number) => number,
  limit: number,
): readonly WorstPair[] {
  const members = new Map<string, number[]>()
  const pairs: WorstPair[] = []
  rows.forEach((row, later) => {
    if (row.gold === null) return
    const known = members.get(row.gold) ?? []
    members.set(row.gold, known)
    const missed = known.slice(-comparedPerRow).filter((index) => differ(rows[index], row, 'predicted'))
    const best = missed
      .map((earlier) => ({ earlier, later, value: similarity(earlier, later) }))
      .reduce<WorstPair | null>((top, pair) => (top === null || pair.value > top.value ? pair : top), null)
    if (best !== null) pairs.push(best)
    known.push(later)
  })
  return highest(pairs, limit)
}

/** Whether two rows that may be compared are in different clusters. */
function differ(a: Judged | undefined, b: Judged, by: 'gold' | 'predicted'): boolean {
  if (a === undefined || (a.apart !== null && a.apart === b.apart)) return false
  return a[by] === null || a[by] !== b[by]
}

function highest(pairs: readonly WorstPair[], limit: number): readonly WorstPair[] {
  return pairs.toSorted((a, b) => b.value - a.value || a.later - b.later).slice(0, limit)
}
