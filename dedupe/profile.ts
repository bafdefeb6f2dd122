import type { Ticket } from '../normalizers/ticket.ts'
import { everydaySize } from './everyday-names.ts'
import { clauseEnd, type Fold, foldClauses, plainText, simplify } from './fold.ts'
import { type Intent, intentOf } from './intent.ts'
import { mark, markPlace, markWords, mayBeNamed } from './marks.ts'
import { kindOfName, type Name, namesIn } from './names.ts'
import { type Ordinals, ordinals, tellingNumbers } from './numbers.ts'
import { fullName } from './persons.ts'
import { Recollection } from './recollection.ts'
import { soundsOf } from './sounds.ts'
import { type Terms, termsOf } from './terms.ts'
import { focalUnits, pairHash, Units } from './units.ts'

/** Of a longer text its beginning and its end are compared. */
const headCharacters = 1_500
const tailCharacters = 500

/** A report as the decisions see it. */
export type Report = Pick<
  Ticket,
  | 'id'
  | 'sourceId'
  | 'channel'
  | 'title'
  | 'body'
  | 'reporter'
  | 'place'
  | 'attachments'
  | 'kind'
  | 'category'
> & {
  /** Milliseconds since the epoch: submitted, else received, else ingested. */
  readonly at: number
  /** False where only the time of ingestion is known. */
  readonly dated: boolean
}

/** What of a report can be compared, worked out from the report alone: the same for ever. */
export interface Profile extends Terms {
  readonly report: Report
  /** What it says on one line; equal for equal words. */
  readonly plain: string
  /** Title, body and what the source says of the place, folded and simplified, clauses parted by line feeds. */
  readonly text: string
  /** The same by its sounds, see soundsOf. */
  readonly sounds: string
  readonly fold: Fold
  readonly names: readonly Name[]
  /** The last two characters of each name, by what it names: 彭家冲组 and 谭家塘组 are two groups. */
  readonly namesByKind: ReadonlyMap<string, ReadonlySet<string>>
  /** Hashed concepts and domains of the matter, each once; their weights come from the statistics. */
  readonly matters: Uint32Array
  readonly domains: Uint32Array
  readonly titleTerms: ReadonlySet<number>
  readonly numbers: ReadonlySet<number>
  readonly ordinals: Ordinals
  readonly intent: Intent
  readonly recollection: Recollection
  /** Concepts in focus: in the title or the first words. */
  readonly focalMatters: Uint32Array
}

/** Reads one text after the other. */
const units = new Units()
const none: ReadonlySet<number> = new Set()

/** @param fold `matchText` of the normalizers */
export function profileOf(report: Report, fold: Fold): Profile {
  const title = foldClauses(report.title ?? '', fold)
  const body = foldClauses(closedUp(shortened(report.body)), fold)
  const said = body.includes(title) ? [body] : [title, body]
  const places = [foldClauses(addressIn(report.place), fold), placeIn(report.reporter, fold)]
  const text = [...said, ...places.filter((place) => !body.includes(place))]
    .filter((part) => part !== '')
    .join(clauseEnd)
  const marked = markWords(text, report.place, fullName(report.reporter))
  const names = namesIn(text, (at) => !mayBeNamed(marked.kinds[at] ?? 0))
  const inName = new Uint8Array(text.length)
  for (const { start, end, ending, isEveryday } of names) {
    mark(inName, 1, start, end)
    const core = end - ending.length
    if (isEveryday) markPlace(marked.kinds, core - everydaySize, core)
  }
  const titleTerms = title === '' ? none : pairsOf(units.read(title))
  // Where it stands in front its terms are in focus without being looked for.
  const isInFront = text.startsWith(title) && units.size <= focalUnits
  // Normalizing takes the square of the marks on a letter.
  const raw = simplify(`${shortened(report.title ?? '')}\n${shortened(report.body)}`.normalize('NFKC'))
  return {
    ...{ report, plain: plainText(report, fold), text, sounds: soundsOf(text), fold },
    ...termsOf(units.read(text), marked.kinds, inName, isInFront ? none : titleTerms),
    names,
    namesByKind: byKind(names),
    matters: new Uint32Array(marked.matters),
    domains: new Uint32Array(marked.domains),
    titleTerms,
    numbers: tellingNumbers(raw.replace(/(?<=\d),(?=\d{3})/g, '')),
    ordinals: ordinals(
      report.place.text === null ? text : `${text}\n${foldClauses(report.place.text, fold)}`,
    ),
    intent: intentOf(title, body, report.kind),
    recollection: new Recollection(text),
    focalMatters: new Uint32Array(marked.focalMatters),
  }
}

function byKind(names: readonly Name[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = Map.groupBy(names, ({ ending }) => kindOfName(ending))
  return new Map([...groups].map(([kind, group]) => [kind, new Set(group.map(({ core }) => core.slice(-2)))]))
}

/** 长沙市 and A3区: a division, or the code of one. */
const coded = /[a-z]\d*[市县区]/gi

/** What the source says of the place beyond the divisions that it names: 建设路12号 of 长沙市岳麓区建设路12号. */
function addressIn({ text, province, city, district }: Report['place']): string {
  let rest = text ?? ''
  for (const division of [province, city, district]) {
    if (division !== null) rest = rest.replaceAll(division, ' ')
  }
  return rest.replace(coded, ' ')
}

/** The places that a nickname or signature tells: 兰亭苑 of 兰亭苑7栋小陈, but nothing of 晴空万里. */
function placeIn({ name }: Report['reporter'], fold: Fold): string {
  if (name === null || fullName({ name }) !== null) return ''
  const who = foldClauses(name, fold)
  const last = namesIn(who, () => false).at(-1)
  if (last === undefined || (last.ending.length === 1 && last.end === who.length)) return ''
  return who.slice(0, last.end)
}

/** 锦 绣 家 园, and K 1 7 路, as some type and some programs set it. */
const letterSpaced = /(?<!\S)[\p{Script=Han}\da-z](?:\s+[\p{Script=Han}\da-z](?!\S)){3,}/giu

/** Looked for first, at a fraction of the cost: most texts have nothing of the kind. */
const twoSpaced = /(?:^|\s)\S{1,2}\s+\S{1,2}\s/

function closedUp(text: string): string {
  return twoSpaced.test(text) ? text.replace(letterSpaced, (run) => run.replace(/\s+/g, '')) : text
}

function shortened(text: string): string {
  if (text.length <= headCharacters + tailCharacters) return text
  return `${text.slice(0, headCharacters)}\n${text.slice(-tailCharacters)}`
}

function pairsOf({ codes, size }: Units): ReadonlySet<number> {
  const found = new Set<number>()
  for (let at = 0; at + 1 < size; at += 1) found.add(pairHash(codes[at] ?? 0, codes[at + 1] ?? 0))
  return found
}
