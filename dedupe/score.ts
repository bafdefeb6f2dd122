import type { FeatureName, Features } from './features.ts'
import weights from './weights.json' with { type: 'json' }

/** What is asked of two reports: whether they are the same report, or about the same incident. */
export type Question = 'duplicate' | 'incident'

/** A number, or a feature, a threshold, and what follows below it and from it on. */
type Tree = number | readonly [FeatureName, number, Tree, Tree]

interface Weights {
  readonly intercept: number
  readonly features: readonly (readonly [FeatureName, number])[]
  /** What the features say together, which a sum of each by itself does not. */
  readonly trees: readonly Tree[]
}

const prepared = { duplicate: prepare(weights.duplicate), incident: prepare(weights.incident) }

function prepare({
  intercept,
  features,
  trees,
}: typeof weights.duplicate | typeof weights.incident): Weights {
  return {
    intercept,
    features: Object.entries(features) as [FeatureName, number][],
    trees: trees as unknown as readonly Tree[],
  }
}

/** The logistic score of a pair, in (0, 1): a weighted sum, and small trees that correct it; see README.md for how they were fitted. */
export function scoreOf(question: Question, features: Features): number {
  const { intercept, features: linear, trees } = prepared[question]
  let sum = intercept
  for (const [name, weight] of linear) sum += weight * features[name]
  for (const tree of trees) sum += leafOf(tree, features)
  return 1 / (1 + Math.exp(-sum))
}

function leafOf(tree: Tree, features: Features): number {
  let node = tree
  while (typeof node !== 'number') node = features[node[0]] < node[1] ? node[2] : node[3]
  return node
}
