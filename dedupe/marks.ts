import type { Ticket } from '../normalizers/ticket.ts'
import { clauseEnd, simplify } from './fold.ts'
import { endsName, isLight } from './names.ts'
import { focalUnits } from './units.ts'
import { wordKinds, words } from './words.ts'

/** Set where a word begins, beside the number of its kind. */
const wordStart = 8

/** The number of the kind in a mark. */
export function kindIn(mark: number): number {
  return mark & ~wordStart
}

/** Whether a character so marked may be part of a name. */
export function mayBeNamed(mark: number): boolean {
  return mark === 0 || kindIn(mark) === wordKinds.place
}

/** Whether two words of places meet here, as 学府 and 嘉苑 do. */
export function joinsPlaces(mark: number, next: number): boolean {
  return kindIn(mark) === wordKinds.place && next === (wordKinds.place | wordStart)
}

export interface Marked {
  /** For each character the number of the kind of word that it belongs to, and whether it begins that word. */
  readonly kinds: Uint8Array
  /** Each once, in the order of the text. */
  readonly matters: readonly number[]
  readonly domains: readonly number[]
  readonly focalMatters: readonly number[]
}

/**
 * Marks the words of the lists, the divisions that the report's place names, and the reporter's name: who reports is
 * compared by itself.
 * @param text folded
 * @param reporter a full name; null where none is known
 */
export function markWords(text: string, place: Ticket['place'], reporter: string | null): Marked {
  const kinds = new Uint8Array(text.length)
  const [matters, domains, focalMatters]: [number[], number[], number[]] = [[], [], []]
  words.scan(text, (word, start, end) => {
    // What a form writes before what was filled in (电子邮箱：) is framing; in a sentence it may be the matter.
    const isLabel = word.kind === wordKinds.label
    if (isLabel && !isClause(text, start, end)) return
    if (word.kind === wordKinds.generic && endsTown(text, start, end, kinds)) return
    const kind = isLabel ? wordKinds.frame : word.kind
    mark(kinds, kind, start, end)
    kinds[start] = kind | wordStart
    for (const { matter, domain } of word.meanings) {
      if (matters.includes(matter)) continue
      matters.push(matter)
      if (start < focalUnits) focalMatters.push(matter)
      if (!domains.includes(domain)) domains.push(domain)
    }
  })
  if (reporter !== null) markAll(text, kinds, reporter, wordKinds.frame)
  for (const name of [place.province, place.city, place.district]) {
    if (name === null) continue
    const full = simplify(name)
    markDivision(text, kinds, full, false)
    markDivision(text, kinds, full.slice(0, -1), true)
  }
  return { kinds, matters, domains, focalMatters }
}

/** Before and after 城镇 and 乡镇 where they name no town: 全市城镇, 城镇居民, 新型城镇化. */
const beforeTowns = new Set([clauseEnd, ...'各省市县区乡'])
const afterTowns = new Set('居职户企化')

/** Of 金城镇 and 金乡镇, which are towns, 城镇 and 乡镇 are no everyday words. */
function endsTown(text: string, start: number, end: number, kinds: Uint8Array): boolean {
  if (end - start !== 2 || text[end - 1] !== '镇' || start === 0 || kinds[start - 1] !== 0) return false
  const before = text.charAt(start - 1)
  if (beforeTowns.has(before) || isLight(before.charCodeAt(0))) return false
  return !afterTowns.has(text.charAt(end))
}

function isClause(text: string, start: number, end: number): boolean {
  return (start === 0 || text[start - 1] === clauseEnd) && (end === text.length || text[end] === clauseEnd)
}

/** As `fill` does, at less cost for a word of a few characters. */
export function mark(marks: Uint8Array, value: number, start: number, end: number): void {
  for (let at = start; at < end; at += 1) marks[at] = value
}

/** Marks a stretch as a word of places. */
export function markPlace(kinds: Uint8Array, start: number, end: number): void {
  mark(kinds, wordKinds.place, start, end)
  kinds[start] = wordKinds.place | wordStart
}

function markAll(text: string, kinds: Uint8Array, name: string, kind: number): void {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length))
    mark(kinds, kind, at, at + name.length)
}

/** Marks a division wherever it is named; its short name not where it is part of another, as 铜山 in 铜山里. */
function markDivision(text: string, kinds: Uint8Array, name: string, isShort: boolean): void {
  if (name.length < 2) return
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const end = at + name.length
    if (!isShort || !endsName(text, end)) mark(kinds, wordKinds.division, at, end)
  }
}
