import { Components } from './components.ts'
import { countGrams, hash32 } from './grams.ts'

const shingle = 3
/** Four parts of 16 bits: fingerprints at most three bits apart agree in one of them. */
const partBits = 16

interface Fingerprint {
  readonly high: number
  readonly low: number
}

const maxDistance = 3

/**
 * SimHash-64 (Charikar 2002; near-duplicates at Hamming distance 3 as in Manku, Jain and Das Sarma 2007)
 * over character 3-shingles, with connected components.
 * @returns each text's cluster, null for a text alone
 */
export function simhashClusters(texts: readonly string[]): readonly (number | null)[] {
  const components = new Components(texts.length)
  const firsts = new Map<string, number>()
  const buckets = new Map<string, { readonly index: number; readonly print: Fingerprint }[]>()
  texts.forEach((text, index) => {
    const print = fingerprint(text)
    if (print === null) return
    const name = `${print.high}:${print.low}`
    const first = firsts.get(name)
    if (first !== undefined) {
      components.join(first, index)
      return
    }
    firsts.set(name, index)
    for (const key of partsOf(print)) {
      const bucket = buckets.get(key) ?? []
      buckets.set(key, bucket)
      for (const other of bucket) {
        if (distance(print, other.print) <= maxDistance) components.join(other.index, index)
      }
      bucket.push({ index, print })
    }
  })
  return components.clusters()
}

/** Null for an empty text, which is like no other. */
function fingerprint(text: string): Fingerprint | null {
  const grams = countGrams(text, shingle)
  if (grams.size === 0) return null
  const weights = new Int32Array(64)
  for (const [gram, count] of grams) {
    const halves = [hash32(gram, 1), hash32(gram, 2)]
    for (let bit = 0; bit < 64; bit++) {
      const set = ((halves[bit >> 5] ?? 0) >>> (bit & 31)) & 1
      weights[bit] = (weights[bit] ?? 0) + (set === 1 ? count : -count)
    }
  }
  return { high: packed(weights.subarray(0, 32)), low: packed(weights.subarray(32)) }
}

function packed(weights: Int32Array): number {
  let bits = 0
  weights.forEach((weight, bit) => {
    if (weight > 0) bits |= 1 << bit
  })
  return bits >>> 0
}

function partsOf({ high, low }: Fingerprint): string[] {
  const mask = (1 << partBits) - 1
  return [high >>> partBits, high & mask, low >>> partBits, low & mask].map((part, at) => `${at}:${part}`)
}

function distance(a: Fingerprint, b: Fingerprint): number {
  return ones(a.high ^ b.high) + ones(a.low ^ b.low)
}

function ones(bits: number): number {
  let rest = bits >>> 0
  let count = 0
  for (; rest !== 0; rest &= rest - 1) count += 1
  return count
}
