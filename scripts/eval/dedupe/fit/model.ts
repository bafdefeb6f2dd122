import type { FeatureName } from '../../../../dedupe/features.ts'
import type { Question } from '../../../../dedupe/score.ts'
import { type BoostingOptions, type FittedTree, fitTrees } from './boosting.ts'
import { fitLogistic, type Logistic, logitOf } from './logistic.ts'
import { isUsed, signOf } from './signs.ts'
import { type Example, examplesFor } from './training.ts'

/** The scorer of one question, before it is written down. */
export interface Model {
  readonly names: readonly FeatureName[]
  readonly logistic: Logistic
  readonly trees: readonly FittedTree[]
}

export interface ModelOptions extends BoostingOptions {
  /** Of the weighted sum. */
  readonly ridge: number
}

/** Fits a weighted sum, and small trees to what it leaves over. */
export function fitModel(question: Question, examples: readonly Example[], options: ModelOptions): Model {
  const all = Object.keys(examples[0]?.features ?? {}) as FeatureName[]
  const names = all.filter((name) => isUsed(question, name))
  const columns = { names, signs: names.map(signOf) }
  const training = examplesFor(question, examples, names)
  const logistic = fitLogistic(training, columns, options.ridge)
  const start = training.rows.map((row) => logitOf(logistic, row))
  return { names, logistic, trees: fitTrees(training, columns, start, options) }
}
