import { type Division, divisionOf, isWithin, presentAndFormerParents } from './divisions.ts'
import { isEveryday, type Mention, mentionsIn, namesOfWhole } from './mentions.ts'

/** `ambiguous`: several divisions have that name; `several`: more than one is named. */
export type DivisionNote = 'division-ambiguous' | 'division-several'

/** The division that columns or a text name. */
export interface DivisionReading {
  /** Null where nothing was named, or nothing that can be told apart. */
  readonly division: Division | null
  readonly note: DivisionNote | null
  /** Where in the text it is named; the street often follows. Null where no one place of the text names it. */
  readonly span: { readonly start: number; readonly end: number } | null
}

const nothing: DivisionReading = { division: null, note: null, span: null }

/**
 * The division that running text is about, by full names only. With a home, only places of the same
 * prefecture or province count: a complaint about a Beijing company is not in Beijing.
 * Several districts give the division that they share.
 */
export function divisionInText(text: string, home: string | null): DivisionReading {
  const mentions = mentionsIn(text)
  const scope = home === null ? null : prefectureOf(home)
  const resolved = mentions
    .map((mention) => resolve(text, mention, mentions, scope))
    .filter(({ mention, candidates }) => isMeant(text, mention, mentions, candidates, scope))
  const local = scope === null ? resolved : resolved.flatMap((each) => keepLocal(each, scope))
  const places = withoutPrefectures(text, local)
  return withoutContradiction(choose(places), places, besideNext(places))
}

/** The code of the prefecture that a place lies in, or of the province where it is one. */
export function prefectureOf(code: string): string {
  return `${code.slice(0, 4)}00`
}

/** The division that a cell or an address names; short names count where they make up the whole cell. */
export function divisionInCell(cell: string, home: string | null): DivisionReading {
  // Columns of codes: 350000 350100 350102, or with street and village 350102001000.
  const code = /^(?:\d{6} )*(\d{6})(?:\d{3}|\d{6}|\.0)?$/.exec(cell)?.[1]
  if (code) return { ...nothing, division: knownPart(code) }
  const whole = namesOfWhole(cell)
  const mentions = whole.length > 0 ? whole : mentionsIn(cell)
  const resolved = mentions
    .map((mention) => resolve(cell, mention, mentions, home))
    .filter(
      ({ mention, candidates }) =>
        whole.length > 0 || mention.start === 0 || isMeant(cell, mention, mentions, candidates, home),
    )
  const places = withoutPrefectures(cell, resolved)
  return withoutContradiction(choose(places), places, places)
}

/**
 * 东莞市柯桥区 names two places: what a cell names before a division has to be above it, or the same.
 *
 * @param placing those of them that say where a later one is
 */
function withoutContradiction(
  reading: DivisionReading,
  resolved: readonly Resolved[],
  placing: readonly Resolved[],
): DivisionReading {
  const { division, span } = reading
  if (division === null || span === null) return reading
  const isOther = ({ mention, candidates }: Resolved) =>
    mention.end <= span.start &&
    candidates.length === 1 &&
    !candidates.some((each) => areInLine(each, division))
  if (!placing.some(isOther)) return reading
  const sure = resolved.filter(({ candidates }) => candidates.length === 1)
  return { division: shared(sure), note: 'division-several', span: null }
}

function areInLine(one: Division, other: Division): boolean {
  return one === other || presentAndFormerParents(other).includes(one)
}

/** In running text only what stands right before the next name says where that is: 东莞市柯桥区. */
function besideNext(resolved: readonly Resolved[]): readonly Resolved[] {
  return resolved.filter(({ mention }, index) => mention.end === resolved[index + 1]?.mention.start)
}

/** 阿克苏市新和县 means the prefecture by the city, and 巢湖市庐江县 the one that there was. */
function withoutPrefectures(text: string, resolved: readonly Resolved[]): readonly Resolved[] {
  return resolved.filter(({ mention, candidates: [city] }, index) => {
    const next = resolved[index + 1]
    const county = next?.candidates[0]
    const isBefore = next !== undefined && mention.end === startOfLine(text, next.mention)
    return !(city && county && isBefore && standsForPrefecture(city, county))
  })
}

/** Whether a city of a county's rank is named for the prefecture, present or former, that the other lies in. */
function standsForPrefecture(city: Division, county: Division): boolean {
  return (
    city.level === 'county' &&
    presentAndFormerParents(county).some(
      (parent) => parent === city || (parent.short === city.short && city.parents.includes(parent)),
    )
  )
}

/** Where a name starts, or the mark that sets it off from the division above. */
function startOfLine(text: string, { start }: Mention): number {
  return /[ /\\_|>·-]/.test(text.charAt(start - 1)) ? start - 1 : start
}

interface Resolved {
  readonly mention: Mention
  readonly candidates: readonly Division[]
}

/** Tells namesakes apart by the divisions named around them, nearest first, then by home. */
function resolve(text: string, mention: Mention, all: readonly Mention[], home: string | null): Resolved {
  const beside = mention.candidates.filter((division) => isBeside(text, mention, division, all))
  let candidates = beside.length > 0 ? highest(beside) : mention.candidates
  const others = all.filter((other) => other !== mention)
  const before = others.filter(({ end }) => end <= mention.start).reverse()
  for (const other of [...before, ...others]) {
    const related = candidates.filter((division) => isInOrAround(division, other.candidates))
    if (related.length > 0) candidates = related
  }
  const atHome = home === null ? [] : candidates.filter(({ code }) => isWithin(code, home))
  if (atHome.length > 0) return { mention, candidates: atHome }
  const provinces = candidates.filter(({ level }) => level === 'province')
  return { mention, candidates: provinces.length > 0 ? provinces : highest(candidates) }
}

/** Whether a division lies in one of the others, or all of them lie in it. */
function isInOrAround(division: Division, others: readonly Division[]): boolean {
  return (
    division.parents.some((parent) => others.includes(parent)) ||
    others.every(({ parents }) => parents.includes(division))
  )
}

/** Without those that lie in another of them: 长沙 alone is 长沙市, in which 长沙县 lies. */
function highest(divisions: readonly Division[]): readonly Division[] {
  return divisions.filter(({ parents }) => !divisions.some((each) => parents.includes(each)))
}

/** Whether the division above stands right before the name, full or short: 福州市鼓楼区, 福州/鼓楼区. */
function isBeside(text: string, mention: Mention, division: Division, all: readonly Mention[]): boolean {
  const start = startOfLine(text, mention)
  const previous = all.find(({ end }) => end === start)?.candidates ?? []
  return (
    presentAndFormerParents(division).some(
      (parent) => previous.includes(parent) || text.endsWith(parent.short, start),
    ) || previous.some((city) => standsForPrefecture(city, division))
  )
}

function isMeant(
  text: string,
  mention: Mention,
  all: readonly Mention[],
  candidates: readonly Division[],
  scope: string | null,
): boolean {
  if (!isEveryday(text, mention)) return true
  if (candidates.some((division) => isBeside(text, mention, division, all))) return true
  const isPlain = mention.end - mention.start > 2 || isPlainCounty(text, mention)
  return isPlain && candidates.every((division) => isExpected(division, all, scope))
}

/** 赵县 of 住在赵县 is a place, that of 赵县长 none. */
function isPlainCounty(text: string, { start, end }: Mention): boolean {
  const isAfterWord = start > 0 && !/[在住到去往\s，。、；：]/.test(text.charAt(start - 1))
  return /^(?!和).县(?![长委城级里政内外])/.test(text.slice(start, end + 1)) && !isAfterWord
}

/** Whether a division lies in the source's own, or in a city that the text names. */
function isExpected(division: Division, all: readonly Mention[], scope: string | null): boolean {
  if (scope !== null && isWithin(division.code, scope)) return true
  const city = division.parents.at(-1)
  return all.some(({ candidates }) => candidates[0] === city)
}

function keepLocal({ mention, candidates }: Resolved, scope: string): readonly Resolved[] {
  const local = candidates.filter(({ code }) => isWithin(code, scope) || isWithin(scope, code))
  return local.length > 0 ? [{ mention, candidates: local }] : []
}

/** The most precise level decides; different divisions on it give what they share. */
function choose(resolved: readonly Resolved[]): DivisionReading {
  const sure = resolved.filter(({ candidates }) => candidates.length === 1)
  const isAmbiguous = sure.length < resolved.length
  const note = isAmbiguous ? 'division-ambiguous' : null
  for (const level of ['county', 'city', 'province'] as const) {
    const here = sure.filter(({ candidates }) => candidates[0]?.level === level)
    const [first] = here
    const division = first?.candidates[0]
    if (!first || !division) continue
    const isOne = here.every(({ candidates }) => candidates[0] === division)
    // A namesake that nothing tells apart may be another district: then only the sure level above counts.
    if (isOne) return { division, note: level === 'county' ? null : note, span: wholeOf(here, first) }
    return { division: shared(here), note: 'division-several', span: null }
  }
  return { ...nothing, note }
}

/** The last of the names for one division that follow each other from the first on: 江干区 of 杭州市江干区. */
function wholeOf(resolved: readonly Resolved[], first: Resolved): Mention {
  return resolved.reduce(
    (last, { mention }) => (mention.start - last.end <= 1 ? mention : last),
    first.mention,
  )
}

function shared(resolved: readonly Resolved[]): Division | null {
  const lineages = resolved.flatMap(({ candidates }) => candidates.map(({ parents }) => parents))
  const [first = [], ...rest] = lineages
  return first.findLast((parent) => rest.every((parents) => parents.includes(parent))) ?? null
}

/** A code that the list no longer has still tells its city or province. */
function knownPart(code: string): Division | null {
  return divisionOf(code) ?? divisionOf(`${code.slice(0, 4)}00`) ?? divisionOf(`${code.slice(0, 2)}0000`)
}
