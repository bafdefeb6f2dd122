import { expect, it } from 'vitest'
import type { Weights } from '../../../../dedupe/score.ts'
import { meanOf, printedWeights, weightsOf } from './printed-weights.ts'

const one: Weights = { intercept: 1, features: { cover: 2 }, trees: [['cover', 0.5, -1, 1]] }
const other: Weights = { intercept: 2, features: { cover: 1, days: -1 }, trees: [['days', 3, 0.5, 0]] }

it('weightsOf names the columns', () => {
  const model = {
    names: ['cover', 'days'] as const,
    logistic: { intercept: 1, weights: [2, 0] },
    trees: [[1, 3, [0, 0.5, 1, 2], 0]] as const,
  }
  expect(weightsOf(model)).toEqual({
    intercept: 1,
    features: { cover: 2, days: 0 },
    trees: [['days', 3, ['cover', 0.5, 1, 2], 0]],
  })
})

it('meanOf scores half of the sum of both', () => {
  expect(meanOf(one, other)).toEqual({
    intercept: 1.5,
    features: { cover: 1.5, days: -0.5 },
    trees: [
      ['cover', 0.5, -0.5, 0.5],
      ['days', 3, 0.25, 0],
    ],
  })
})

it('printedWeights are read back as they were, to four places, without weights of nothing', () => {
  const long: Weights = {
    intercept: 0.123456,
    features: { cover: 0.00001 },
    trees: [['days', 3, 0.54321, 0]],
  }
  expect(JSON.parse(printedWeights({ duplicate: one, incident: long }))).toEqual({
    duplicate: one,
    incident: { intercept: 0.1235, features: {}, trees: [['days', 3, 0.5432, 0]] },
  })
})
