/** Bins of one permutation, and how many of them make a band. Two texts alike by 0.7 share a band in 96 of 100 cases. */
const bins = 24
const bandBins = 3
export const bands = bins / bandBins

const none = 0xffffffff

/**
 * One-permutation MinHash (Li, Owen and Zhang 2012), empty bins filled from the next full one (Shrivastava and Li
 * 2014), as keys of LSH bands: texts that share most of their terms share a band.
 * @param terms distinct hashes of 32 bits; fewer than `bins` of them are too few to tell likeness by
 * @returns one hash of 32 bits for each band; empty for too short a text
 */
export function bandHashes(terms: ArrayLike<number>): readonly number[] {
  if (terms.length < bins) return []
  const least = new Uint32Array(bins).fill(none)
  for (let at = 0; at < terms.length; at += 1) {
    const hash = mixed(terms[at] ?? 0)
    const value = Math.floor(hash / bins)
    const bin = hash - value * bins
    if (value < (least[bin] ?? none)) least[bin] = value
  }
  return Array.from({ length: bands }, (_, band) => bandHash(band, least))
}

function bandHash(band: number, least: Uint32Array): number {
  let hash = 0x811c9dc5 ^ band
  for (let at = band * bandBins; at < (band + 1) * bandBins; at += 1)
    hash = Math.imul(hash ^ filled(least, at), 0x01000193)
  return mixed(hash >>> 0)
}

function filled(least: Uint32Array, bin: number): number {
  for (let step = 0; step < bins; step += 1) {
    const value = least[(bin + step) % bins] ?? none
    // The distance to the bin that it was taken from is part of the value; else two bins filled from one would always agree.
    if (value !== none) return (value + step * 0x9e3779b1) >>> 0
  }
  return none
}

function mixed(term: number): number {
  let hash = Math.imul(term ^ (term >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return (hash ^ (hash >>> 16)) >>> 0
}
