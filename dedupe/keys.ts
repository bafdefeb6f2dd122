import { hash } from 'node:crypto'
import type { Comparer } from './comparison.ts'
import type { MatchKey } from './decision.ts'
import { bandHashes } from './minhash.ts'
import { fullName, namesGiven, ownName } from './persons.ts'
import type { Profile } from './profile.ts'
import { isLetter } from './says-nothing.ts'

/** How many of its rarest terms a report can be found by. */
const rareKeys = 14

/** A key with what sharing it is worth when candidates are chosen, and how to ask for it. */
export interface ReportKey {
  readonly key: MatchKey
  /** In nats, roughly. */
  readonly worth: number
  /** The same where more tickets stand under the key than are asked for. */
  readonly commonWorth: number
  /** Tickets asked for under the key. */
  readonly limit: number
}

const kinds = { person: 2, band: 3, term: 4 } as const

/** Worth more than all keys together that do not decide alone. */
export const decisive = 1000

/** Equal text; the only key where similar texts are not looked for. @param plain see plainText; '' has no key */
export function textKeys(plain: string): readonly ReportKey[] {
  if (plain === '') return []
  // The first of many copies may be older than the window; each later one tells its master.
  return [{ key: wideHash(plain), ...worthAlways(25), limit: 12 }]
}

/** All keys under which a report is kept and looked for: its text, reporter, bands of like texts, and rarest terms. */
export function keysOf(comparer: Comparer): readonly ReportKey[] {
  const { profile } = comparer
  if (profile.plain === '') return []
  const equal = textKeys(profile.plain)
  // Many tickets of one form share more keys with a report than are asked for under each, and would hide its copy.
  const text = isLetter(profile) ? equal.map((key) => ({ ...key, ...worthAlways(decisive) })) : equal
  return [...text, ...personKeys(profile), ...bandKeys(profile), ...termKeys(comparer)]
}

/** By phone or address, else by name: on many a board that is all that is known of a person. And by the full name. */
function personKeys({ plain, text, report }: Profile): readonly ReportKey[] {
  const { key, name } = report.reporter
  const person = key ?? (name === null ? null : ownName(name))
  const full = fullName(report.reporter) ?? namesGiven(text)[0] ?? null
  const byName = { key: keyOf(kinds.person, textHash(full ?? '')), worth: 8, commonWorth: 2, limit: 12 }
  const named = full === null || full === person ? [] : [byName]
  if (person === null) return named
  // Of a letter that a hundred people sign each one's own is found.
  const own = wideHash(`${plain}\0${person}`)
  return [
    { key: own, ...worthAlways(2 * decisive), limit: 2 },
    { key: keyOf(kinds.person, textHash(person)), ...worthAlways(8), limit: 12 },
    ...named,
  ]
}

function bandKeys({ terms, factors }: Profile): readonly ReportKey[] {
  // Words of framing are left out, so that an operator's head and tail make no difference.
  const own = new Uint32Array(terms.length)
  let size = 0
  for (let at = 0; at < terms.length; at += 1) if ((factors[at] ?? 0) > 0) own[size++] = terms[at] ?? 0
  return bandHashes(own.subarray(0, size)).map((band, number) => {
    const key = keyOf(kinds.band + 16 * number, band)
    // A band that many texts share comes from a form that all of them fill in.
    return { key, worth: 8, commonWorth: 2, limit: 8 }
  })
}

function termKeys(comparer: Comparer): readonly ReportKey[] {
  const { terms, factors, named } = comparer.profile
  return mostTelling(comparer).map((at) => ({
    ...{ key: keyOf(kinds.term, terms[at] ?? 0), limit: 16 },
    ...worthAlways(comparer.weightOf(at) * (factors[at] ?? 0) * (named[at] === 1 ? ofNames : 1)),
  }))
}

/** A name tells more than other words that are as rare, and goes on telling when many report about its place. */
const ofNames = 1.6

function worthAlways(worth: number) {
  return { worth, commonWorth: worth }
}

/** Places of the most telling terms, most first; of equal ones the smaller hash. */
function mostTelling(comparer: Comparer): readonly number[] {
  const { terms, factors, named, focal, repeated } = comparer.profile
  const places: number[] = []
  const tellings: number[] = []
  for (let at = 0; at < terms.length; at += 1) {
    const weight = comparer.weightOf(at) * (factors[at] ?? 0)
    const central = (focal[at] === 1 ? 1.3 : 1) * (repeated[at] === 1 ? 1.3 : 1)
    const telling = weight * (named[at] === 1 ? ofNames : 1) * central
    if (places.length === rareKeys && telling < (tellings[rareKeys - 1] ?? 0)) continue
    let to = places.length
    for (; to > 0; to -= 1) {
      const before = tellings[to - 1] ?? 0
      if (before > telling || (before === telling && (terms[places[to - 1] ?? 0] ?? 0) <= (terms[at] ?? 0)))
        break
      places[to] = places[to - 1] ?? 0
      tellings[to] = before
    }
    places[to] = at
    tellings[to] = telling
    if (places.length > rareKeys) places.length = tellings.length = rareKeys
  }
  return places
}

/** 48 bits of a kind and a hash of 32 bits. */
function keyOf(kind: number, value: number): MatchKey {
  const high = Math.imul(value ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b) >>> 16
  return high * 0x1_0000_0000 + value
}

/** 48 bits of what may be no Unicode, as cut texts end. */
function wideHash(text: string): MatchKey {
  return hash('sha1', Buffer.from(text, 'utf16le'), 'buffer').readUIntBE(0, 6)
}

function textHash(text: string): number {
  return hash('sha1', text, 'buffer').readUInt32BE(0)
}
