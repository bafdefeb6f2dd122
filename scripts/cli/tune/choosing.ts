/** What came of one threshold. */
export interface Outcome {
  /** In [0, 1]. */
  readonly threshold: number
  /** How many were put together, or shown. */
  readonly found: number
  /** How many of them rightly. */
  readonly true: number
}

/**
 * The threshold that finds most, of those at which the wanted share of what is found is right; null where none is.
 * What finds no more is no reason to move: of equal ones the one nearest to the current setting.
 */
export function mostFinding<T extends Outcome>(
  outcomes: readonly T[],
  wanted: number,
  current: number,
): T | null {
  const reaching = outcomes.filter((one) => one.found > 0 && one.true >= wanted * one.found)
  return first(reaching, [
    (one) => -one.true,
    (one) => one.found,
    (one) => Math.abs(one.threshold - current),
    (one) => -one.threshold,
  ])
}

/** The threshold of the best precision; of equal ones the one that finds most. Null where nothing is found at all. */
export function mostPrecise<T extends Outcome>(outcomes: readonly T[], current: number): T | null {
  const finding = outcomes.filter(({ found }) => found > 0)
  return first(finding, [
    (one) => -one.true / one.found,
    (one) => -one.true,
    (one) => Math.abs(one.threshold - current),
    (one) => -one.threshold,
  ])
}

/** The smallest by the first measure, of equal ones by the next. */
function first<T>(all: readonly T[], measures: readonly ((one: T) => number)[]): T | null {
  const compare = (a: T, b: T) =>
    measures.reduce((found, measure) => (found === 0 ? measure(a) - measure(b) : found), 0)
  return all.toSorted(compare)[0] ?? null
}
