import type { FeatureName } from '../../../../dedupe/features.ts'
import type { Question } from '../../../../dedupe/score.ts'
import type { FittedTree } from './boosting.ts'
import type { Model } from './model.ts'

/** Models in the form of dedupe/weights.json, a tree on each line. */
export function printedWeights(models: ReadonlyMap<Question, Model>): string {
  const questions = [...models].map(([question, model]) => `  ${JSON.stringify(question)}: ${printed(model)}`)
  return `{\n${questions.join(',\n')}\n}\n`
}

function printed({ names, logistic, trees }: Model): string {
  const weights = names
    .map((name, column) => [name, rounded(logistic.weights[column] ?? 0)] as const)
    .filter(([, weight]) => weight !== 0)
  return [
    '{',
    `    "intercept": ${rounded(logistic.intercept)},`,
    `    "features": ${JSON.stringify(Object.fromEntries(weights))},`,
    `    "trees": [\n      ${trees.map((tree) => JSON.stringify(named(tree, names))).join(',\n      ')}\n    ]`,
    '  }',
  ].join('\n')
}

type NamedTree = number | readonly [FeatureName | undefined, number, NamedTree, NamedTree]

function named(tree: FittedTree, names: readonly FeatureName[]): NamedTree {
  if (typeof tree === 'number') return tree
  const [column, threshold, below, from] = tree
  return [names[column], threshold, named(below, names), named(from, names)]
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
