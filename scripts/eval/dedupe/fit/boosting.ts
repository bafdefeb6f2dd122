import { reached } from '../../../../dedupe/score.ts'
import { type Columns, type Examples, sigmoid } from './examples.ts'

/** A number, or a column, a threshold, and what follows below it and from it on. */
export type FittedTree = number | readonly [column: number, threshold: number, FittedTree, FittedTree]

export interface BoostingOptions {
  readonly trees: number
  readonly depth: number
  readonly rate: number
  /** Added to the curvature of a leaf: large ones keep leaves of few examples small. */
  readonly penalty: number
  /** Curvature that a leaf needs. */
  readonly leastCurvature: number
}

const mostThresholds = 48

interface Bounds {
  readonly low: number
  readonly high: number
}

interface Split {
  readonly column: number
  readonly threshold: number
  readonly gain: number
  readonly below: readonly number[]
  readonly from: readonly number[]
}

/**
 * Small trees, each fitted to what the sum before it leaves over (Friedman 2001; second order as in Chen and Guestrin
 * 2016). A column with a sign is followed only that way: both sides of its splits are bounded by their middle.
 */
export function fitTrees<Name extends string>(
  examples: Examples,
  columns: Columns<Name>,
  start: readonly number[],
  options: BoostingOptions,
): readonly FittedTree[] {
  const logits = Float64Array.from(start)
  const bins = columns.names.map((_, column) => binned(examples.rows, column))
  const trees: FittedTree[] = []
  for (let number = 0; number < options.trees; number += 1) {
    const tree = new TreeFit(examples, columns.signs, bins, logits, options).tree()
    if (typeof tree === 'number') break
    for (const [index, row] of examples.rows.entries())
      logits[index] = (logits[index] ?? 0) + leafValue(tree, row)
    trees.push(tree)
  }
  return trees
}

export function leafValue(tree: FittedTree, row: Float64Array): number {
  let node = tree
  while (typeof node !== 'number') node = (row[node[0]] ?? 0) < node[1] ? node[2] : node[3]
  return node
}

function thresholdsOf(rows: readonly Float64Array[], column: number): readonly number[] {
  const values = [...new Set(rows.map((row) => row[column] ?? 0))].sort((a, b) => a - b)
  const middles = values.slice(1).map((value, at) => (value + (values[at] ?? 0)) / 2)
  if (middles.length <= mostThresholds) return middles
  return Array.from({ length: mostThresholds }, (_, at) => {
    return middles[Math.floor(((at + 0.5) * middles.length) / mostThresholds)] ?? 0
  })
}

/** One column: where it can be split, and for each row between which of these places it lies. */
interface Binned {
  readonly thresholds: readonly number[]
  readonly bins: Uint8Array
}

function binned(rows: readonly Float64Array[], column: number): Binned {
  const thresholds = thresholdsOf(rows, column)
  return { thresholds, bins: Uint8Array.from(rows, (row) => reached(thresholds, row[column] ?? 0)) }
}

class TreeFit {
  private readonly signs: readonly (-1 | 0 | 1)[]
  private readonly columns: readonly Binned[]
  private readonly options: BoostingOptions
  private readonly gradients: Float64Array
  private readonly curvatures: Float64Array

  constructor(
    { labels, weights }: Examples,
    signs: readonly (-1 | 0 | 1)[],
    columns: readonly Binned[],
    logits: Float64Array,
    options: BoostingOptions,
  ) {
    this.signs = signs
    this.columns = columns
    this.options = options
    this.gradients = logits.map((logit, at) => (sigmoid(logit) - (labels[at] ?? 0)) * (weights[at] ?? 0))
    this.curvatures = logits.map((logit, at) => sigmoid(logit) * (1 - sigmoid(logit)) * (weights[at] ?? 0))
  }

  tree(): FittedTree {
    return this.grow(Array.from(this.gradients.keys()), 0, { low: -Infinity, high: Infinity })
  }

  private grow(members: readonly number[], depth: number, bounds: Bounds): FittedTree {
    const leaf = rounded(this.leafOf(members, bounds) * this.options.rate)
    if (depth === this.options.depth) return leaf
    const split = this.bestSplit(members, bounds)
    if (split === null) return leaf
    const { column, threshold, below, from } = split
    const middle = (this.leafOf(below, bounds) + this.leafOf(from, bounds)) / 2
    const [lower, upper] = [
      { low: bounds.low, high: middle },
      { low: middle, high: bounds.high },
    ]
    const sign = this.signs[column] ?? 0
    return [
      column,
      rounded(threshold),
      this.grow(below, depth + 1, sign === 0 ? bounds : sign > 0 ? lower : upper),
      this.grow(from, depth + 1, sign === 0 ? bounds : sign > 0 ? upper : lower),
    ]
  }

  private bestSplit(members: readonly number[], bounds: Bounds): Split | null {
    let best: { column: number; threshold: number; gain: number } | null = null
    for (const [column, binned] of this.columns.entries()) {
      const found = this.bestThreshold(members, column, binned, bounds)
      if (found !== null && found.gain > (best?.gain ?? 1e-6)) best = found
    }
    if (best === null) return null
    const { thresholds, bins } = this.columns[best.column] ?? { thresholds: [], bins: new Uint8Array() }
    const bin = thresholds.indexOf(best.threshold)
    const isBelow = (at: number) => (bins[at] ?? 0) <= bin
    return { ...best, below: members.filter(isBelow), from: members.filter((at) => !isBelow(at)) }
  }

  private bestThreshold(
    members: readonly number[],
    column: number,
    { thresholds, bins }: Binned,
    bounds: Bounds,
  ) {
    if (thresholds.length === 0) return null
    const gradients = new Float64Array(thresholds.length + 1)
    const curvatures = new Float64Array(thresholds.length + 1)
    let [gradient, curvature] = [0, 0]
    for (const at of members) {
      const bin = bins[at] ?? 0
      gradients[bin] = (gradients[bin] ?? 0) + (this.gradients[at] ?? 0)
      curvatures[bin] = (curvatures[bin] ?? 0) + (this.curvatures[at] ?? 0)
      gradient += this.gradients[at] ?? 0
      curvature += this.curvatures[at] ?? 0
    }
    const whole = this.gainOf(gradient, curvature, bounds)
    const sign = this.signs[column] ?? 0
    let best: { column: number; threshold: number; gain: number } | null = null
    let [belowGradient, belowCurvature] = [0, 0]
    for (const [bin, threshold] of thresholds.entries()) {
      belowGradient += gradients[bin] ?? 0
      belowCurvature += curvatures[bin] ?? 0
      const [fromGradient, fromCurvature] = [gradient - belowGradient, curvature - belowCurvature]
      if (Math.min(belowCurvature, fromCurvature) < this.options.leastCurvature) continue
      const difference =
        this.bounded(fromGradient, fromCurvature, bounds) -
        this.bounded(belowGradient, belowCurvature, bounds)
      if (difference * sign < 0) continue
      const gain =
        this.gainOf(belowGradient, belowCurvature, bounds) +
        this.gainOf(fromGradient, fromCurvature, bounds) -
        whole
      if (gain > (best?.gain ?? 0)) best = { column, threshold, gain }
    }
    return best
  }

  private leafOf(members: readonly number[], bounds: Bounds): number {
    let [gradient, curvature] = [0, 0]
    for (const at of members) {
      gradient += this.gradients[at] ?? 0
      curvature += this.curvatures[at] ?? 0
    }
    return this.bounded(gradient, curvature, bounds)
  }

  private bounded(gradient: number, curvature: number, { low, high }: Bounds): number {
    return Math.max(low, Math.min(high, -gradient / (curvature + this.options.penalty)))
  }

  private gainOf(gradient: number, curvature: number, bounds: Bounds): number {
    const leaf = this.bounded(gradient, curvature, bounds)
    return -(gradient * leaf + ((curvature + this.options.penalty) * leaf * leaf) / 2)
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
