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
 * The logistic scores of a pair, each in (0, 1) and worked out when asked for: a weighted sum, and small trees that
 * correct it. README.md says how they were fitted.
 */
export class Scores {
  private readonly scorers: Scorers
  private readonly numbers: Float64Array

  constructor(features: Features) {
    known ??= scorersFor(features)
    this.scorers = known
    const values = Object.values(features)
    this.numbers = new Float64Array(values.length)
    for (let at = 0; at < values.length; at += 1) this.numbers[at] = values[at] ?? 0
  }

  of(question: Question): number {
    return this.scorers[question].score(this.numbers)
  }
}

/** Weights laid out for speed: features by place, all nodes of all trees in one row. */
class Scorer {
  private readonly intercept: number
  private readonly places: Uint8Array
  private readonly weights: Float64Array
  /** For each node the place of its feature, or `leaf`. */
  private readonly nodes: Uint8Array
  /** A node's threshold, or a leaf's value. */
  private readonly values: Float64Array
  /** The node to go on with from the threshold on; below it is the next one. */
  private readonly others: Uint32Array
  private readonly roots: Uint32Array

  constructor({ intercept, features, trees }: Weights, placeOf: (name: FeatureName) => number) {
    const entries = Object.entries(features) as [FeatureName, number][]
    this.intercept = intercept
    this.places = Uint8Array.from(entries, ([name]) => placeOf(name))
    this.weights = Float64Array.from(entries, ([, weight]) => weight)
    const rows: Node[] = []
    this.roots = Uint32Array.from(trees, (tree) => addTo(rows, tree, placeOf))
    this.nodes = Uint8Array.from(rows, ({ place }) => place)
    this.values = Float64Array.from(rows, ({ value }) => value)
    this.others = Uint32Array.from(rows, ({ other }) => other)
  }

  /** All in one function: a number that another one returns is an object of its own, of which there were hundreds. */
  score(features: Float64Array): number {
    const { places, weights, nodes, values, others, roots } = this
    let sum = this.intercept
    for (let at = 0; at < places.length; at += 1) sum += (weights[at] ?? 0) * (features[places[at] ?? 0] ?? 0)
    for (let tree = 0; tree < roots.length; tree += 1) {
      let node = roots[tree] ?? 0
      let place = nodes[node] ?? leaf
      while (place !== leaf) {
        node = (features[place] ?? 0) < (values[node] ?? 0) ? node + 1 : (others[node] ?? 0)
        place = nodes[node] ?? leaf
      }
      sum += values[node] ?? 0
    }
    return 1 / (1 + Math.exp(-sum))
  }
}

const leaf = 0xff

interface Node {
  readonly place: number
  readonly value: number
  other: number
}

/** Adds a tree's nodes, each followed by what is below its threshold. Returns the first one's number. */
function addTo(rows: Node[], tree: Tree, placeOf: (name: FeatureName) => number): number {
  const number = rows.length
  if (typeof tree === 'number') {
    rows.push({ place: leaf, value: tree, other: 0 })
    return number
  }
  const [name, threshold, below, from] = tree
  const node = { place: placeOf(name), value: threshold, other: 0 }
  rows.push(node)
  addTo(rows, below, placeOf)
  node.other = addTo(rows, from, placeOf)
  return number
}

type Scorers = Readonly<Record<Question, Scorer>>

/** Made at the first pair, which says in what order features stand. */
let known: Scorers | null = null

function scorersFor(features: Features): Scorers {
  const places = new Map(Object.keys(features).map((name, place) => [name, place]))
  const placeOf = (name: FeatureName) => places.get(name) ?? -1
  return {
    duplicate: new Scorer(weights.duplicate as unknown as Weights, placeOf),
    incident: new Scorer(weights.incident as unknown as Weights, placeOf),
  }
}
