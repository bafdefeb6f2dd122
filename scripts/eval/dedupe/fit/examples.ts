/** Examples of one question: a row of numbers each, what is true of it, and how much it counts. */
export interface Examples {
  readonly rows: readonly Float64Array[]
  readonly labels: readonly (0 | 1)[]
  readonly weights: readonly number[]
}

/** What is fitted to: for each column which way it may speak. */
export interface Columns<Name extends string> {
  readonly names: readonly Name[]
  readonly signs: readonly (-1 | 0 | 1)[]
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}
