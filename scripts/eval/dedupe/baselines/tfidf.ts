import { Components } from './components.ts'
import { countGrams } from './grams.ts'

/** A gram that stands in more texts than this finds no candidates; exact up to so many texts. */
const maxPostings = 1000

/** Weights by gram number, of length 1. */
type Vector = ReadonlyMap<number, number>

/** Batch tf-idf over character 2- and 3-grams: all texts are known before the first is weighed. */
export class TfIdf {
  private readonly vectors: readonly Vector[]
  private readonly postings: readonly (readonly number[])[]
  private readonly texts: readonly string[]

  constructor(texts: readonly string[]) {
    this.texts = texts
    const numbers = new Map<string, number>()
    const postings: number[][] = []
    const counts = texts.map((text, index) => {
      const counted = new Map<number, number>()
      for (const [gram, count] of [...countGrams(text, 2), ...countGrams(text, 3)]) {
        const number = numbers.get(gram) ?? numbers.size
        numbers.set(gram, number)
        const posting = postings[number] ?? []
        postings[number] = posting
        if (!counted.has(number)) posting.push(index)
        counted.set(number, (counted.get(number) ?? 0) + count)
      }
      return counted
    })
    this.postings = postings
    this.vectors = counts.map((counted) => weigh(counted, postings, texts.length))
  }

  /** Cosine of two texts, in [0, 1]. */
  similarity(a: number, b: number): number {
    return dot(this.vectors[a], this.vectors[b])
  }

  /**
   * Connected components at a cosine.
   * @returns each text's cluster, null for a text alone
   */
  clusters(minCosine = 0.2): readonly (number | null)[] {
    const components = new Components(this.texts.length)
    const firsts = new Map<string, number>()
    this.texts.forEach((text, index) => {
      const first = firsts.get(text)
      if (first !== undefined) {
        if (text !== '') components.join(first, index)
        return
      }
      firsts.set(text, index)
      for (const other of this.candidates(index)) {
        const known = components.rootOf(other) === components.rootOf(index)
        if (!known && this.similarity(other, index) >= minCosine) components.join(other, index)
      }
    })
    return components.clusters()
  }

  /** Earlier texts that share a gram which is not too common. */
  private candidates(index: number): ReadonlySet<number> {
    const found = new Set<number>()
    for (const number of this.vectors[index]?.keys() ?? []) {
      const posting = this.postings[number] ?? []
      if (posting.length > maxPostings) continue
      for (const other of posting) {
        if (other >= index) break
        found.add(other)
      }
    }
    return found
  }
}

/** Smoothed idf, and length 1. */
function weigh(counts: ReadonlyMap<number, number>, postings: readonly number[][], texts: number): Vector {
  const weights = [...counts].map(([number, count]) => {
    const idf = Math.log((1 + texts) / (1 + (postings[number]?.length ?? 0))) + 1
    return [number, count * idf] as const
  })
  const length = Math.hypot(...weights.map(([, weight]) => weight))
  return new Map(weights.map(([number, weight]) => [number, weight / length]))
}

function dot(a: Vector | undefined, b: Vector | undefined): number {
  if (a === undefined || b === undefined) return 0
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let sum = 0
  for (const [number, weight] of small) sum += weight * (large.get(number) ?? 0)
  return Math.min(1, sum)
}
