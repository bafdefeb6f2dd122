import { Components } from './components.ts'
import { countGrams, hash32 } from './grams.ts'

const shingle = 3
const hashes = 128
/** 32 bands of 4: two texts at similarity 0.5 meet in a band with probability 0.87. */
const bandRows = 4
/** Earlier texts that a text is compared with in one band; more of the same are in one component already. */
const comparedPerBand = 32

const multipliers = Uint32Array.from({ length: hashes }, (_, at) => hash32(`multiplier ${at}`, 0) | 1)
const offsets = Uint32Array.from({ length: hashes }, (_, at) => hash32(`offset ${at}`, 0))

const minSimilarity = 0.5

/**
 * MinHash-128 (Broder 1997) over character 3-shingles, candidates by LSH bands, joined at an estimated
 * Jaccard similarity, with connected components.
 * @returns each text's cluster, null for a text alone
 */
export function minhashClusters(texts: readonly string[]): readonly (number | null)[] {
  const components = new Components(texts.length)
  const firsts = new Map<string, number>()
  const buckets = new Map<string, number[]>()
  const signatures = new Map<number, Uint32Array>()
  texts.forEach((text, index) => {
    const first = firsts.get(text)
    if (first !== undefined) {
      if (text !== '') components.join(first, index)
      return
    }
    firsts.set(text, index)
    const signature = signatureOf(text)
    if (signature === null) return
    signatures.set(index, signature)
    for (const key of bandsOf(signature)) {
      const bucket = buckets.get(key) ?? []
      buckets.set(key, bucket)
      for (const other of bucket.slice(-comparedPerBand)) {
        const theirs = signatures.get(other)
        if (theirs && similarity(signature, theirs) >= minSimilarity) components.join(other, index)
      }
      bucket.push(index)
    }
  })
  return components.clusters()
}

/** The least value of each hash over the text's shingles; null for an empty text. */
export function signatureOf(text: string): Uint32Array | null {
  const grams = countGrams(text, shingle)
  if (grams.size === 0) return null
  const signature = new Uint32Array(hashes).fill(0xffffffff)
  for (const gram of grams.keys()) {
    const value = hash32(gram, 3)
    for (let at = 0; at < hashes; at++) {
      const hashed = (Math.imul(value, multipliers[at] ?? 1) + (offsets[at] ?? 0)) >>> 0
      if (hashed < (signature[at] ?? 0)) signature[at] = hashed
    }
  }
  return signature
}

/** The share of hashes in which two texts agree: an estimate of their Jaccard similarity, in [0, 1]. */
export function similarity(a: Uint32Array, b: Uint32Array): number {
  return a.reduce((same, value, at) => same + (value === b[at] ? 1 : 0), 0) / hashes
}

function bandsOf(signature: Uint32Array): string[] {
  return Array.from(
    { length: hashes / bandRows },
    (_, band) => `${band}:${signature.subarray(band * bandRows, (band + 1) * bandRows).join(',')}`,
  )
}
