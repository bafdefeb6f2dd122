import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitTrees, leafValue } from './boosting.ts'
import type { Columns, Examples } from './examples.ts'
import { fitLogistic, logitOf } from './logistic.ts'

const trees = { trees: 20, depth: 3, rate: 0.3, penalty: 1, leastCurvature: 0.1 }

/** Of steps that a sum keeps exactly: beside the sum of 1 the last digits would decide. */
const place = fc.integer({ min: 0, max: 64 }).map((step) => step / 64)

/** Examples of two columns, true where their sum is above 1. */
const examples = fc
  .array(fc.tuple(place, place), { minLength: 20, maxLength: 60 })
  .map((points): Examples => {
    return {
      rows: points.map((point) => Float64Array.from(point)),
      labels: points.map(([one, other]) => (one + other > 1 ? 1 : 0)),
      weights: points.map(() => 1),
    }
  })

const columns = (...signs: readonly (-1 | 0 | 1)[]): Columns<string> => ({ names: ['one', 'other'], signs })

describe('fitLogistic', () => {
  it('finds which way the columns speak', () => {
    fc.assert(
      fc.property(examples, (given) => {
        fc.pre(new Set(given.labels).size === 2)
        const { weights } = fitLogistic(given, columns(0, 0), 0.1)
        expect(Math.max(weights[0] ?? 0, weights[1] ?? 0)).toBeGreaterThan(0)
      }),
      { numRuns: 20 },
    )
  })

  it('gives no column a weight against its sign', () => {
    fc.assert(
      fc.property(examples, (given) => {
        const { weights } = fitLogistic(given, columns(-1, 1), 1)
        expect(weights[0]).toBeLessThanOrEqual(0)
        expect(weights[1]).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 20 },
    )
  })

  it('adds up the weighted columns and the intercept', () => {
    expect(logitOf({ intercept: 1, weights: [2, 3] }, Float64Array.of(10, 100))).toBe(321)
  })
})

describe('fitTrees', () => {
  const flat = ({ rows }: Examples) => rows.map(() => 0)
  const scored = (given: Examples, signs: Columns<string>) => {
    const fitted = fitTrees(given, signs, flat(given), trees)
    return (...row: readonly number[]) =>
      fitted.reduce<number>((sum, tree) => sum + leafValue(tree, Float64Array.from(row)), 0)
  }

  it('never falls along a column that may only speak for, nor rises along one that may only speak against', () => {
    fc.assert(
      fc.property(examples, place, place, place, (given, low, high, other) => {
        const [from, to] = low < high ? [low, high] : [high, low]
        const rising = scored(given, columns(1, 0))
        expect(rising(to, other)).toBeGreaterThanOrEqual(rising(from, other) - 1e-9)
        const falling = scored(given, columns(-1, 0))
        expect(falling(to, other)).toBeLessThanOrEqual(falling(from, other) + 1e-9)
      }),
      { numRuns: 50 },
    )
  })

  it('tells apart what the columns tell apart', () => {
    const rows = Array.from({ length: 100 }, (_, at) => Float64Array.of(at / 100, (at * 37) % 100))
    const labels = rows.map((row) => ((row[0] ?? 0) > 0.6 ? 1 : 0) as 0 | 1)
    const score = scored({ rows, labels, weights: rows.map(() => 1) }, columns(1, 0))
    expect(score(0.9, 50)).toBeGreaterThan(1)
    expect(score(0.3, 50)).toBeLessThan(-1)
  })

  it('stops where nothing is left to be told apart', () => {
    const rows = Array.from({ length: 10 }, () => Float64Array.of(1, 1))
    const given = { rows, labels: rows.map(() => 1 as const), weights: rows.map(() => 1) }
    expect(
      fitTrees(
        given,
        columns(0, 0),
        rows.map(() => 0),
        trees,
      ),
    ).toEqual([])
  })
})
