import type { FeatureName, Features } from './features.ts'
import weights from './weights.json' with { type: 'json' }

/** What is asked of two reports: whether they are the same report, or about the same incident. */
export type Question = 'duplicate' | 'incident'

interface Weights {
  readonly intercept: number
  readonly features: Readonly<Partial<Record<FeatureName, number>>>
}

const prepared = { duplicate: prepare(weights.duplicate), incident: prepare(weights.incident) }

function prepare({ intercept, features }: Weights) {
  return { intercept, entries: Object.entries(features) as [FeatureName, number][] }
}

/** The logistic score of a pair, in (0, 1); fitted by scripts/eval/dedupe/fit.ts. */
export function scoreOf(question: Question, features: Features): number {
  const { intercept, entries } = prepared[question]
  let sum = intercept
  for (const [name, weight] of entries) sum += weight * features[name]
  return 1 / (1 + Math.exp(-sum))
}
