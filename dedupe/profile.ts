import type { Ticket } from '../normalizers/ticket.ts'
import { clauseEnd, type Fold, foldClauses, plainText, simplify } from './fold.ts'
import { type Intent, intentOf, isReminder } from './intent.ts'
import { endsName, isLight, kindOfName, type Name, namesIn } from './names.ts'
import { type Ordinals, ordinals, tellingNumbers } from './numbers.ts'
import { pairHash, type Units, unitsOf } from './units.ts'
import { domainTerm, matterTerm, type WordKind, words } from './words.ts'

/** Of a longer text its beginning and its end are compared. */
const headCharacters = 1_500
const tailCharacters = 500

/** A report as the decisions see it. */
export type Report = Pick<
  Ticket,
  'id' | 'channel' | 'title' | 'body' | 'reporter' | 'place' | 'kind' | 'category'
> & {
  /** Milliseconds since the epoch: submitted, else received, else ingested. */
  readonly at: number
  /** False where only the time of ingestion is known. */
  readonly dated: boolean
}

/** What of a report can be compared, worked out from the report alone: the same for ever. */
export interface Profile {
  readonly report: Report
  /** What it says on one line; equal for equal words. */
  readonly plain: string
  /** Title and body, folded and simplified, clauses parted by line feeds. */
  readonly text: string
  readonly units: Units
  /** For each unit the hash of it and the next; 0 at the end of a clause. */
  readonly pairs: Uint32Array
  /** The distinct hashes among them, and for each unit the place of its hash among these. */
  readonly terms: Uint32Array
  readonly placeOf: Uint32Array
  /** For each term how much of its weight counts, in [0, 1]: words that every report uses count little. */
  readonly factors: Float32Array
  /** For each term whether it is part of a name. */
  readonly named: Uint8Array
  readonly names: readonly Name[]
  /** The last two characters of each name, by what it names: 彭家冲组 and 谭家塘组 are two groups. */
  readonly namesByKind: ReadonlyMap<string, ReadonlySet<string>>
  /** Hashed concepts and domains of the matter, each once; their weights come from the statistics. */
  readonly matters: Uint32Array
  readonly domains: Uint32Array
  /** Words of the text that stand for its matter, by concept. */
  readonly matterWords: ReadonlyMap<number, string>
  readonly titleTerms: ReadonlySet<number>
  /** For each term whether it stands where a report says what it is about: in its title or first words. */
  readonly focal: Uint8Array
  readonly numbers: ReadonlySet<number>
  readonly ordinals: Ordinals
  readonly intent: Intent
  /** Whether it asks after something reported before. */
  readonly reminds: boolean
  /** Concepts in focus: in the title or the first words. */
  readonly focalMatters: Uint32Array
}

/** @param fold `matchText` of the normalizers */
export function profileOf(report: Report, fold: Fold): Profile {
  const title = foldClauses(report.title ?? '', fold)
  const body = foldClauses(shortened(report.body), fold)
  const text =
    title === '' || body.includes(title) ? body : body === '' ? title : `${title}${clauseEnd}${body}`
  const units = unitsOf(text)
  const marked = markWords(text, report.place)
  const names = namesIn(text, (at) => partsName[marked.kinds[at] ?? 0] === 0)
  const inName = new Uint8Array(text.length)
  for (const { start, end } of names) inName.fill(1, start, end)
  const titleTerms = pairsOf(unitsOf(title).codes)
  const raw = simplify(`${report.title ?? ''}\n${shortened(report.body)}`.normalize('NFKC'))
  return {
    ...{ report, plain: plainText(report, fold), text, units },
    ...termsOf(units, marked.kinds, inName, titleTerms),
    names,
    namesByKind: byKind(names),
    matters: Uint32Array.from(marked.matters),
    domains: Uint32Array.from(marked.domains),
    matterWords: marked.matterWords,
    titleTerms,
    numbers: tellingNumbers(raw.replace(/(?<=\d),(?=\d{3})/g, '')),
    ordinals: ordinals(text),
    intent: intentOf(title, body, report.kind),
    reminds: isReminder(text),
    focalMatters: Uint32Array.from(marked.focalMatters),
  }
}

function byKind(names: readonly Name[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = Map.groupBy(names, kindOfName)
  return new Map([...groups].map(([kind, group]) => [kind, new Set(group.map(({ core }) => core.slice(-2)))]))
}

function shortened(text: string): string {
  if (text.length <= headCharacters + tailCharacters) return text
  return `${text.slice(0, headCharacters)}\n${text.slice(-tailCharacters)}`
}

/** Kinds of words by number; 0: none. */
const kindNumbers: Readonly<Record<WordKind | 'division', number>> = {
  ...{ frame: 1, generic: 2, place: 3, matter: 4, division: 5 },
}
/** Whether a character of the kind may be part of a name. */
const partsName = [1, 0, 0, 1, 0, 0]

interface Marked {
  /** For each character the number of the kind of word that it belongs to. */
  readonly kinds: Uint8Array
  readonly matters: Set<number>
  readonly domains: Set<number>
  readonly focalMatters: Set<number>
  readonly matterWords: Map<number, string>
}

function markWords(text: string, place: Report['place']): Marked {
  const marked: Marked = {
    ...{
      kinds: new Uint8Array(text.length),
      matters: new Set(),
      focalMatters: new Set(),
      domains: new Set(),
      matterWords: new Map(),
    },
  }
  words.scan(text, (word, start, end) => {
    marked.kinds.fill(kindNumbers[word.kind], start, end)
    for (const { concept, domain } of word.meanings) {
      if (marked.matterWords.has(concept)) continue
      marked.matterWords.set(concept, text.slice(start, end))
      marked.matters.add(matterTerm(concept))
      if (start < focalUnits) marked.focalMatters.add(matterTerm(concept))
      marked.domains.add(domainTerm(domain))
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

/** Marks a division wherever it is named; its short name not where it is part of another, as 铜山 in 铜山里. */
function markDivision(text: string, kinds: Uint8Array, name: string, isShort: boolean): void {
  if (name.length < 2) return
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const end = at + name.length
    if (!isShort || !endsName(text, end)) kinds.fill(kindNumbers.division, at, end)
  }
}

/** So many units at the beginning of a text say what it is about. */
const focalUnits = 60

function termsOf(
  { codes, starts }: Units,
  kinds: Uint8Array,
  inName: Uint8Array,
  titleTerms: ReadonlySet<number>,
) {
  const pairs = new Uint32Array(codes.length)
  const placeOf = new Uint32Array(codes.length)
  const numbers = new Map<number, number>()
  const weights: number[] = []
  const named: number[] = []
  const focal: number[] = []
  for (let at = 0; at + 1 < codes.length; at += 1) {
    const one = codes[at] ?? 0
    const other = codes[at + 1] ?? 0
    if (one === clauseCode || other === clauseCode) continue
    const hash = pairHash(one, other)
    pairs[at] = hash
    const first = starts[at] ?? 0
    const second = starts[at + 1] ?? 0
    const withinName = inName[first] === 1 && inName[second] === 1
    const plain = factorOf(one, kinds[first] ?? 0, other, kinds[second] ?? 0)
    const isNamed = withinName && plain >= 0.2 ? 1 : 0
    const factor = isNamed === 1 && kinds[first] === 0 ? Math.max(leastOfName, plain) : plain
    const known = numbers.get(hash)
    placeOf[at] = known ?? weights.length
    if (known === undefined) {
      numbers.set(hash, weights.length)
      weights.push(factor)
      named.push(isNamed)
      focal.push(at < focalUnits || titleTerms.has(hash) ? 1 : 0)
    } else {
      weights[known] = Math.max(weights[known] ?? 0, factor)
      named[known] = Math.max(named[known] ?? 0, isNamed)
    }
  }
  return {
    ...{ pairs, placeOf, terms: Uint32Array.from(numbers.keys()) },
    ...{ factors: Float32Array.from(weights), named: Uint8Array.from(named), focal: Uint8Array.from(focal) },
  }
}

/** Of what stands in a name at least this counts, light characters too. */
const leastOfName = 0.6

const clauseCode = clauseEnd.charCodeAt(0)

/** How much of a pair's weight counts where both units stand in words of these kinds (row, column: kindNumbers). */
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

function pairsOf(codes: Uint32Array): ReadonlySet<number> {
  const found = new Set<number>()
  for (let at = 0; at + 1 < codes.length; at += 1) found.add(pairHash(codes[at] ?? 0, codes[at + 1] ?? 0))
  return found
}
