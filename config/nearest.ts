import { distance } from 'fastest-levenshtein'

/** The known word that was probably meant, or null when none is near: at most a third of the letters differ. */
export function nearest(word: string, known: Iterable<string>): string | null {
  if (word.length > 100) return null
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const found = slips(word.toLowerCase(), candidate.toLowerCase())
    if (found < bestDistance) [best, bestDistance] = [candidate, found]
  }
  return best
}

/** Letters that changed places are one slip. */
function slips(word: string, candidate: string): number {
  return Math.min(distance(word, candidate), sorted(word) === sorted(candidate) ? 1 : Infinity)
}

function sorted(word: string): string {
  return [...word].toSorted().join('')
}
