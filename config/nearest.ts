import { distance } from 'fastest-levenshtein'

/**
 * The known word that was probably meant, or null when none is near: at most a third of the letters differ, or it is
 * the first half or more.
 */
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

/** The known words, the most alike first. */
export function nearestFirst(word: string, known: readonly string[]): readonly string[] {
  const ranked = known.map((candidate) => ({
    candidate,
    found: slips(word.toLowerCase(), candidate.toLowerCase()),
  }))
  return ranked.toSorted((one, other) => one.found - other.found).map(({ candidate }) => candidate)
}

/** A city has a hundred sources, and a mailbox may have hundreds of folders. */
const mostNamed = 10

/** The first of these names, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const left = names.length - mostNamed
  return [...names.slice(0, mostNamed), ...(left > 0 ? [`… (+${left})`] : [])].join(', ')
}

/** Letters that changed places are one slip, and so is what was put behind: `warning`, `hostname`. */
function slips(word: string, candidate: string): number {
  const isLonger = word.startsWith(candidate) && candidate.length * 2 >= word.length
  return Math.min(distance(word, candidate), isLonger || sorted(word) === sorted(candidate) ? 1 : Infinity)
}

function sorted(word: string): string {
  return [...word].toSorted().join('')
}
