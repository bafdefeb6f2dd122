import type { FeatureName, Features } from './features.ts'
import weights from './weights.json' with { type: 'json' }

/** What is asked of two reports: whether they are the same report, or about the same incident. */
export type Question = 'duplicate' | 'incident'

/** A number, or a feature, a threshold, and what follows below it and from it on. */
type Tree = number | readonly [FeatureName, number, Tree, Tree]

interface Weights {
  readonly intercept: number
  readonly features: Readonly<Partial<Record<FeatureName, number>>>
  /** What the features say together, which a sum of each by itself does not. */
  readonly trees: readonly Tree[]
}

/**
 * The logistic score of a pair, in (0, 1): a weighted sum, and small trees that correct it. README.md says how they
 * were fitted.
 */
export function scoreOf(question: Question, features: Features): number {
  scorers ??= scorersFor(features)
  return scorers[question].score(Object.values(features))
}

/** Weights laid out for speed: features by place, all nodes of all trees in one row. */
class Scorer {
  private readonly intercept: number
  private readonly places: readonly number[]
  private readonly weights: Float64Array
  /** For each node the place of its feature, or -1 for a leaf. */
  private readonly nodes: number[] = []
  /** A node's threshold, or a leaf's value. */
  private readonly values: number[] = []
  /** The node to go on with from the threshold on; below it is the next one. */
  private readonly others: number[] = []
  private readonly roots: number[]

  constructor({ intercept, features, trees }: Weights, placeOf: (name: FeatureName) => number) {
    const entries = Object.entries(features) as [FeatureName, number][]
    this.intercept = intercept
    this.places = entries.map(([name]) => placeOf(name))
    this.weights = Float64Array.from(entries, ([, weight]) => weight)
    this.roots = trees.map((tree) => this.add(tree, placeOf))
  }

  private add(tree: Tree, placeOf: (name: FeatureName) => number): number {
    const node = this.nodes.length
    if (typeof tree === 'number') {
      this.nodes.push(-1)
      this.values.push(tree)
      this.others.push(0)
      return node
    }
    const [name, threshold, below, from] = tree
    this.nodes.push(placeOf(name))
    this.values.push(threshold)
    this.others.push(0)
    this.add(below, placeOf)
    this.others[node] = this.add(from, placeOf)
    return node
  }

  score(features: readonly number[]): number {
    let sum = this.intercept
    for (let at = 0; at < this.places.length; at += 1)
      sum += (this.weights[at] ?? 0) * (features[this.places[at] ?? 0] ?? 0)
    for (const root of this.roots) sum += this.leaf(root, features)
    return 1 / (1 + Math.exp(-sum))
  }

  private leaf(root: number, features: readonly number[]): number {
    let node = root
    for (;;) {
      const place = this.nodes[node] ?? -1
      const value = this.values[node] ?? 0
      if (place < 0) return value
      node = (features[place] ?? 0) < value ? node + 1 : (this.others[node] ?? 0)
    }
  }
}

type Scorers = Readonly<Record<Question, Scorer>>

let scorers: Scorers | null = null

/** Made at the first pair, which says in what order features stand. */
function scorersFor(features: Features): Scorers {
  const places = new Map(Object.keys(features).map((name, place) => [name, place]))
  const placeOf = (name: FeatureName) => places.get(name) ?? -1
  return {
    duplicate: new Scorer(weights.duplicate as unknown as Weights, placeOf),
    incident: new Scorer(weights.incident as unknown as Weights, placeOf),
  }
}
