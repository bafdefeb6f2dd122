import { Components } from './components.ts'
import { countGrams, hash32 } from './grams.ts'

/** Up to so many texts every gram is compared by. */
const exactUpTo = 5_000
/** In larger files a gram that stands in more texts than this adds nothing to a cosine, or the cost would be quadratic. */
const maxPostings = 200
const minCosine = 0.2

/** Weights of length 1 by gram number, numbers ascending. */
interface Vector {
  readonly grams: Uint32Array
  readonly weights: Float32Array
}

/** Batch tf-idf over character 2- and 3-grams: all texts are known before the first is weighed. */
export class TfIdf {
  private readonly vectors: readonly Vector[]
  private readonly frequencies: readonly number[]

  constructor(texts: readonly string[]) {
    const numbers = new Map<number, number>()
    const frequencies: number[] = []
    const counted = texts.map((text) => {
      const counts = new Map<number, number>()
      for (const [gram, count] of [...countGrams(text, 2), ...countGrams(text, 3)]) {
        const hash = hash32(gram, 0)
        const number = numbers.get(hash) ?? numbers.size
        numbers.set(hash, number)
        if (!counts.has(number)) frequencies[number] = (frequencies[number] ?? 0) + 1
        counts.set(number, (counts.get(number) ?? 0) + count)
      }
      return compact(counts)
    })
    this.frequencies = frequencies
    this.vectors = counted.map((vector) => weigh(vector, frequencies, texts.length))
  }

  /** Cosine of two texts, in [0, 1]. */
  similarity(a: number, b: number): number {
    const [left, right] = [this.vectors[a], this.vectors[b]]
    return left === undefined || right === undefined ? 0 : Math.min(1, dot(left, right))
  }

  /**
   * Connected components at a cosine of 0.2.
   * @returns each text's cluster, null for a text alone
   */
  clusters(): readonly (number | null)[] {
    const components = new Components(this.vectors.length)
    const limit = this.vectors.length <= exactUpTo ? exactUpTo : maxPostings
    const postings = new Map<number, { readonly text: number; readonly weight: number }[]>()
    const sums = new Float64Array(this.vectors.length)
    const firsts = new Map<string, number>()
    this.vectors.forEach(({ grams, weights }, index) => {
      const name = `${grams.join()} ${weights.join()}`
      const first = firsts.get(name)
      if (first !== undefined) {
        if (grams.length > 0) components.join(first, index)
        return
      }
      firsts.set(name, index)
      const touched: number[] = []
      grams.forEach((gram, at) => {
        if ((this.frequencies[gram] ?? 0) > limit) return
        const weight = weights[at] ?? 0
        const posting = postings.get(gram) ?? []
        postings.set(gram, posting)
        for (const other of posting) {
          if (sums[other.text] === 0) touched.push(other.text)
          sums[other.text] = (sums[other.text] ?? 0) + other.weight * weight
        }
        posting.push({ text: index, weight })
      })
      for (const other of touched) {
        if ((sums[other] ?? 0) >= minCosine) components.join(other, index)
        sums[other] = 0
      }
    })
    return components.clusters()
  }
}

function compact(counts: ReadonlyMap<number, number>): Vector {
  const grams = Uint32Array.from(counts.keys()).sort()
  return { grams, weights: Float32Array.from(grams, (gram) => counts.get(gram) ?? 0) }
}

/** Smoothed idf, and length 1. */
function weigh({ grams, weights }: Vector, frequencies: readonly number[], texts: number): Vector {
  const raw = weights.map(
    (count, at) => count * (Math.log((1 + texts) / (1 + (frequencies[grams[at] ?? 0] ?? 0))) + 1),
  )
  const length = Math.sqrt(raw.reduce((sum, weight) => sum + weight * weight, 0))
  return { grams, weights: raw.map((weight) => weight / length) }
}

function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (let left = 0, right = 0; left < a.grams.length && right < b.grams.length; ) {
    const mine = a.grams[left] ?? 0
    const theirs = b.grams[right] ?? 0
    if (mine === theirs) sum += (a.weights[left++] ?? 0) * (b.weights[right++] ?? 0)
    else if (mine < theirs) left++
    else right++
  }
  return sum
}
