import type { FeatureName } from '../../../../dedupe/features.ts'
import type { Question, Tree, Weights } from '../../../../dedupe/score.ts'
import type { FittedTree } from './boosting.ts'
import type { Model } from './model.ts'

/** The weights of each question, as in dedupe/weights.json. */
export type WeightsFile = Readonly<Record<Question, Weights>>

export function weightsOf({ names, logistic, trees }: Model): Weights {
  return {
    intercept: logistic.intercept,
    features: Object.fromEntries(names.map((name, column) => [name, logistic.weights[column] ?? 0])),
    trees: trees.map((tree) => named(tree, names)),
  }
}

function named(tree: FittedTree, names: readonly FeatureName[]): Tree {
  if (typeof tree === 'number') return tree
  const [column, threshold, below, from] = tree
  const name = names[column]
  if (name === undefined) throw new Error(`there is no column ${column}`)
  return [name, threshold, named(below, names), named(from, names)]
}

/** Weights whose scores, before they are squeezed into (0, 1), are the mean of those of both. */
export function meanOf(one: Weights, other: Weights): Weights {
  const names = Object.keys({ ...one.features, ...other.features }) as FeatureName[]
  return {
    intercept: (one.intercept + other.intercept) / 2,
    features: Object.fromEntries(
      names.map((name) => [name, ((one.features[name] ?? 0) + (other.features[name] ?? 0)) / 2]),
    ),
    trees: [...one.trees, ...other.trees].map(halved),
  }
}

function halved(tree: Tree): Tree {
  if (typeof tree === 'number') return tree / 2
  const [name, threshold, below, from] = tree
  return [name, threshold, halved(below), halved(from)]
}

/** In the form of dedupe/weights.json, a tree on each line. */
export function printedWeights({ duplicate, incident }: WeightsFile): string {
  return `{\n  "duplicate": ${printed(duplicate)},\n  "incident": ${printed(incident)}\n}\n`
}

function printed({ intercept, features, trees }: Weights): string {
  const weights = Object.entries(features)
    .map(([name, weight]) => [name, rounded(weight)] as const)
    .filter(([, weight]) => weight !== 0)
  return [
    '{',
    `    "intercept": ${rounded(intercept)},`,
    `    "features": ${JSON.stringify(Object.fromEntries(weights))},`,
    `    "trees": [\n      ${trees.map((tree) => JSON.stringify(tree, roundedNumbers)).join(',\n      ')}\n    ]`,
    '  }',
  ].join('\n')
}

function roundedNumbers(_: string, value: unknown): unknown {
  return typeof value === 'number' ? rounded(value) : value
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
