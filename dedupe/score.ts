import type { FeatureName, Features } from './features.ts'
import weights from './weights.json' with { type: 'json' }

/** What is asked of two reports: whether they are the same report, or about the same incident. */
export type Question = 'duplicate' | 'incident'

/** A number, or a feature, a threshold, and what follows below it and from it on. */
export type Tree = number | readonly [FeatureName, number, Tree, Tree]

/** Of one question. */
export interface Weights {
  readonly intercept: number
  readonly features: Readonly<Partial<Record<FeatureName, number>>>
  /** What the features say together, which a sum of each by itself does not. */
  readonly trees: readonly Tree[]
}

/**
 * The logistic scores of a pair, each in (0, 1) and worked out when asked for: a weighted sum, and small trees that
 * correct it. README.md says how they were fitted.
 */
export class Scores {
  private readonly scorers: Scorers
  private readonly numbers: readonly number[]
  private readonly steps: Uint8Array

  constructor(features: Features) {
    known ??= new Scorers(features)
    this.scorers = known
    this.numbers = Object.values(features)
    this.steps = known.stepsOf(this.numbers)
  }

  of(question: Question): number {
    return this.scorers[question].score(this.numbers, this.steps)
  }
}

/**
 * The thresholds of each feature, ascending. A feature counts as how many of them it has reached, its step, so that a
 * node takes four bytes: all trees together stay in the processor's cache.
 */
type Thresholds = readonly Float64Array[]

/** Both questions' weights, laid out for speed. Made at the first pair, which says in what order features stand. */
class Scorers implements Readonly<Record<Question, Scorer>> {
  readonly duplicate: Scorer
  readonly incident: Scorer
  private readonly thresholds: Thresholds

  constructor(features: Features) {
    const names = Object.keys(features) as FeatureName[]
    const all = weights as unknown as Readonly<Record<Question, Weights>>
    const trees = [...all.duplicate.trees, ...all.incident.trees]
    this.thresholds = thresholdsIn(trees, names)
    this.duplicate = new Scorer(all.duplicate, names, this.thresholds)
    this.incident = new Scorer(all.incident, names, this.thresholds)
  }

  stepsOf(numbers: readonly number[]): Uint8Array {
    const steps = new Uint8Array(numbers.length)
    for (let at = 0; at < numbers.length; at += 1)
      steps[at] = reached(this.thresholds[at] ?? none, numbers[at] ?? 0)
    return steps
  }
}

let known: Scorers | null = null
const none = new Float64Array()

function thresholdsIn(trees: readonly Tree[], names: readonly FeatureName[]): Thresholds {
  const found = new Map<FeatureName, Set<number>>(names.map((name) => [name, new Set()]))
  const collect = (tree: Tree) => {
    if (typeof tree === 'number') return
    const [name, threshold, below, from] = tree
    found.get(name)?.add(threshold)
    collect(below)
    collect(from)
  }
  trees.forEach(collect)
  return names.map((name) => Float64Array.from(found.get(name) ?? []).sort())
}

/** How many of these numbers, which ascend, a value has reached. */
export function reached(thresholds: ArrayLike<number>, value: number): number {
  let [low, high] = [0, thresholds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((thresholds[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** All nodes of all trees in one row, each followed by the one to go on with below its threshold. */
class Scorer {
  private readonly intercept: number
  private readonly places: Uint8Array
  private readonly weights: Float64Array
  /** Of a node the place of its feature, the step that it asks for, and how far on the node from that step on is. */
  private readonly nodes: Uint32Array
  private readonly values: Float64Array
  private readonly roots: Uint32Array

  constructor(
    { intercept, features, trees }: Weights,
    names: readonly FeatureName[],
    thresholds: Thresholds,
  ) {
    const entries = Object.entries(features) as [FeatureName, number][]
    this.intercept = intercept
    this.places = Uint8Array.from(entries, ([name]) => names.indexOf(name))
    this.weights = Float64Array.from(entries, ([, weight]) => weight)
    const nodes: number[] = []
    const values = new Map<number, number>()
    const add = (tree: Tree): number => {
      const number = nodes.length
      if (typeof tree === 'number') {
        if (!values.has(tree)) values.set(tree, values.size)
        nodes.push(packed(leaf, 0, values.get(tree) ?? 0))
        return number
      }
      const [name, threshold, below, from] = tree
      const place = names.indexOf(name)
      nodes.push(0)
      add(below)
      const further = add(from) - number
      nodes[number] = packed(place, reached(thresholds[place] ?? none, threshold), further)
      return number
    }
    this.roots = Uint32Array.from(trees, add)
    this.nodes = Uint32Array.from(nodes)
    this.values = Float64Array.from(values.keys())
  }

  score(numbers: readonly number[], steps: Uint8Array): number {
    const { places, weights } = this
    let sum = this.intercept
    for (let at = 0; at < places.length; at += 1) sum += (weights[at] ?? 0) * (numbers[places[at] ?? 0] ?? 0)
    return 1 / (1 + Math.exp(-sum - this.correction(steps)))
  }

  /** What the trees say. In one function of its own, for V8 keeps its sum in a register then, not in an object for each tree. */
  private correction(steps: Uint8Array): number {
    const { nodes, values, roots } = this
    let sum = 0
    for (let tree = 0; tree < roots.length; tree += 1) {
      let at = roots[tree] ?? 0
      let node = nodes[at] ?? 0
      while (node >>> 24 !== leaf) {
        // All ones below the step, else none: a processor guesses wrongly at every second node what a condition will say.
        const below = ((steps[node >>> 24] ?? 0) - ((node >>> 16) & 0xff)) >> 31
        at += (below & 1) | (~below & node & 0xffff)
        node = nodes[at] ?? 0
      }
      sum += values[node & 0xffff] ?? 0
    }
    return sum
  }
}

const leaf = 0xff

function packed(place: number, step: number, rest: number): number {
  if (place < 0 || place > leaf || step > 0xff || rest > 0xffff)
    throw new Error('weights.json names an unknown feature, or is too large for its layout')
  return ((place << 24) | (step << 16) | rest) >>> 0
}
