import type { Ticket } from '../normalizers/ticket.ts'
import { simplify } from './fold.ts'
import { endsName } from './names.ts'
import { focalUnits } from './units.ts'
import { domainTerm, matterTerm, type WordKind, words } from './words.ts'

/** Kinds of words by number; 0: none. */
const kindNumbers: Readonly<Record<WordKind | 'division', number>> = {
  ...{ frame: 1, generic: 2, place: 3, matter: 4, division: 5 },
}
/** Set where a word begins, beside the number of its kind. */
const wordStart = 8

/** The number of the kind in a mark. */
export function kindIn(mark: number): number {
  return mark & ~wordStart
}

/** Whether a character so marked may be part of a name. */
export function mayBeNamed(mark: number): boolean {
  return mark === 0 || kindIn(mark) === kindNumbers.place
}

/** Whether two words of places meet here, as 学府 and 嘉苑 do. */
export function joinsPlaces(mark: number, next: number): boolean {
  return kindIn(mark) === kindNumbers.place && next === (kindNumbers.place | wordStart)
}

export interface Marked {
  /** For each character the number of the kind of word that it belongs to, and whether it begins that word. */
  readonly kinds: Uint8Array
  /** Each once, in the order of the text. */
  readonly matters: number[]
  readonly domains: number[]
  readonly focalMatters: number[]
}

/** Marks the words of the lists, and the divisions that the report's place names. @param text folded */
export function markWords(text: string, place: Ticket['place']): Marked {
  const marked: Marked = { kinds: new Uint8Array(text.length), matters: [], domains: [], focalMatters: [] }
  words.scan(text, (word, start, end) => {
    mark(marked.kinds, kindNumbers[word.kind], start, end)
    marked.kinds[start] = kindNumbers[word.kind] | wordStart
    for (const { concept, domain } of word.meanings) {
      const matter = matterTerm(concept)
      if (marked.matters.includes(matter)) continue
      marked.matters.push(matter)
      if (start < focalUnits) marked.focalMatters.push(matter)
      if (!marked.domains.includes(domainTerm(domain))) marked.domains.push(domainTerm(domain))
    }
  })
  for (const name of [place.province, place.city, place.district]) {
    if (name === null) continue
    const full = simplify(name)
    markDivision(text, marked.kinds, full, false)
    markDivision(text, marked.kinds, full.slice(0, -1), true)
  }
  return marked
}

/** As `fill` does, at less cost for a word of a few characters. */
export function mark(marks: Uint8Array, value: number, start: number, end: number): void {
  for (let at = start; at < end; at += 1) marks[at] = value
}

/** Marks a division wherever it is named; its short name not where it is part of another, as 铜山 in 铜山里. */
function markDivision(text: string, kinds: Uint8Array, name: string, isShort: boolean): void {
  if (name.length < 2) return
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const end = at + name.length
    if (!isShort || !endsName(text, end)) mark(kinds, kindNumbers.division, at, end)
  }
}
