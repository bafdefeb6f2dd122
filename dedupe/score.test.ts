import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FeatureName, Features } from './features.ts'
import { type Question, Scores } from './score.ts'
import { pair, report } from './testing/reports.ts'
import weights from './weights.json' with { type: 'json' }

type Tree = number | readonly [FeatureName, number, Tree, Tree]

interface Weights {
  readonly intercept: number
  readonly features: Readonly<Partial<Record<FeatureName, number>>>
  readonly trees: readonly Tree[]
}

/** As README.md tells it, and as slow as that. */
function plainScore(question: Question, features: Features): number {
  const { intercept, features: weighed, trees } = (weights as unknown as Record<Question, Weights>)[question]
  const leafOf = (tree: Tree): number => {
    if (typeof tree === 'number') return tree
    const [name, threshold, below, from] = tree
    return leafOf(features[name] < threshold ? below : from)
  }
  const linear = Object.entries(weighed).map(([name, weight]) => weight * features[name as FeatureName])
  const sum = [...linear, ...trees.map(leafOf)].reduce((total, value) => total + value, intercept)
  return 1 / (1 + Math.exp(-sum))
}

const example = pair(report('柳树街路灯不亮'), report('柳树街的路灯坏了')).features
const names = Object.keys(example) as FeatureName[]
const thresholds = [...JSON.stringify(weights).matchAll(/\["\w+",(-?[\d.]+)/g)].map(([, value]) =>
  Number(value),
)
const value = fc.oneof(fc.constantFrom(...thresholds), fc.double({ min: -5, max: 12, noNaN: true }))
const anyFeatures = fc
  .array(value, { minLength: names.length, maxLength: names.length })
  .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])) as Features)

it('scores by the weights and every tree, also where a feature is just at a threshold', () => {
  fc.assert(
    fc.property(
      anyFeatures,
      fc.constantFrom('duplicate' as const, 'incident' as const),
      (features, question) => {
        expect(new Scores(features).of(question)).toBeCloseTo(plainScore(question, features), 12)
      },
    ),
  )
})
