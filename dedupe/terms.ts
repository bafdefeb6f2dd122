import { clauseEnd } from './fold.ts'
import { joinsPlaces, kindIn } from './marks.ts'
import { isLight } from './names.ts'
import { TermPlaces } from './term-places.ts'
import { focalUnits, pairHash, type Units } from './units.ts'

/** The terms of a text: pairs of neighbouring units, hashed. Flat arrays; those by term may be longer than `terms`. */
export interface Terms {
  /** Where each unit stands in the text, see Units; one more at the end. */
  readonly starts: Uint32Array
  /** For each unit the hash of it and the next; 0 at the end of a clause. */
  readonly pairs: Uint32Array
  /** The distinct hashes among them, and for each unit the place of its hash among these. */
  readonly terms: Uint32Array
  readonly placeOf: Uint32Array
  /** For each term how much of its weight counts, in [0, 1]: words that every report uses count little. */
  readonly factors: Float32Array
  /** For each term whether it is part of a name. */
  readonly named: Uint8Array
  /** For each term whether it stands where a report says what it is about: in its title or first words. */
  readonly focal: Uint8Array
  /** For each term whether it stands there more than once, as what a report is about does. */
  readonly repeated: Uint8Array
}

/** For the terms of one text after the other. */
const known = new TermPlaces()

/**
 * @param kinds for each character the mark of the word that it belongs to, see marks.ts
 * @param inName for each character 1 where it is part of a name
 */
export function termsOf(
  { codes, starts, size }: Units,
  kinds: Uint8Array,
  inName: Uint8Array,
  titleTerms: ReadonlySet<number>,
): Terms {
  const found = arraysFor(size)
  const { pairs, placeOf, factors, named, focal, repeated } = found
  const inFocus = (at: number, hash: number) =>
    at < focalUnits || (titleTerms.size > 0 && titleTerms.has(hash))
  known.begin(found.terms)
  for (let at = 0; at + 1 < size; at += 1) {
    const one = codes[at] ?? 0
    const other = codes[at + 1] ?? 0
    if (one === clauseCode || other === clauseCode) continue
    const hash = pairHash(one, other)
    pairs[at] = hash
    const first = starts[at] ?? 0
    const second = starts[at + 1] ?? 0
    const withinName = inName[first] === 1 && inName[second] === 1
    const mark = kinds[first] ?? 0
    const next = kinds[second] ?? 0
    // Two everyday words of places that meet in a name are as telling as any name: 学府嘉苑.
    const plain = withinName && joinsPlaces(mark, next) ? 1 : factorOf(one, kindIn(mark), other, kindIn(next))
    const isNamed = withinName && plain >= 0.2 ? 1 : 0
    const factor = isNamed === 1 && mark === 0 ? Math.max(leastOfName, plain) : plain
    const before = known.size
    const place = known.add(hash)
    placeOf[at] = place
    if (place < before) repeated[place] = 1
    else if (inFocus(at, hash)) focal[place] = 1
    factors[place] = Math.max(factors[place] ?? 0, factor)
    named[place] = Math.max(named[place] ?? 0, isNamed)
  }
  for (let at = 0; at <= size; at += 1) found.starts[at] = starts[at] ?? 0
  return { ...found, terms: found.terms.subarray(0, known.size) }
}

/** For a text of so many units. One buffer for all: each with one of its own would cost more than what is done with them. */
function arraysFor(size: number): Terms {
  const buffer = new ArrayBuffer(23 * size + 4)
  return {
    pairs: new Uint32Array(buffer, 0, size),
    placeOf: new Uint32Array(buffer, 4 * size, size),
    factors: new Float32Array(buffer, 8 * size, size),
    terms: new Uint32Array(buffer, 12 * size, size),
    starts: new Uint32Array(buffer, 16 * size, size + 1),
    named: new Uint8Array(buffer, 20 * size + 4, size),
    focal: new Uint8Array(buffer, 21 * size + 4, size),
    repeated: new Uint8Array(buffer, 22 * size + 4, size),
  }
}

/** Of what stands in a name at least this counts, light characters too. */
const leastOfName = 0.6

const clauseCode = clauseEnd.charCodeAt(0)

/** How much of a pair's weight counts where both units stand in words of these kinds (row, column: wordKinds). */
const pairFactors = [
  // none, frame, generic, place, matter, division
  [1, 0.3, 0.5, 1, 0.6, 0.5],
  [0.3, 0, 0.25, 0.3, 0.25, 0.3],
  [0.5, 0.25, 0.25, 0.5, 0.25, 0.25],
  [1, 0.3, 0.5, 0.2, 0.6, 0.5],
  [0.6, 0.25, 0.3, 0.6, 0.25, 0.3],
  [0.5, 0.3, 0.25, 0.5, 0.3, 0.1],
]
const kindCount = pairFactors.length
const factorOfPair = Float64Array.from(pairFactors.flat())

function factorOf(one: number, oneKind: number, other: number, otherKind: number): number {
  const factor = factorOfPair[oneKind * kindCount + otherKind] ?? 1
  const first = oneKind === 0 && isLight(one) ? 0.35 : 1
  const second = otherKind === 0 && isLight(other) ? 0.5 : 1
  return factor * first * second
}
