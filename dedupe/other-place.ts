import { diffChars } from 'diff'
import { isBinding, isLight, kindOfName, namesIn } from './names.ts'
import { counted } from './numbers.ts'
import { soundAlike } from './sounds.ts'
import { type Word, wordKinds, words } from './words.ts'

/**
 * Whether two nearly equal texts name two places of one kind in the same position: the street lamps of 建设路, and those of
 * 和平路. Everyday words count as names here, because in otherwise equal texts they can be nothing else. A name in a
 * sentence that only one of the texts has does not make it another place.
 * @param ofAnyKind whether a road and an estate (建设路, 和平里) count too
 */
export function nameOtherPlaces(one: string, other: string, ofAnyKind = false): boolean {
  const [ours, theirs] = [placesIn(one), placesIn(other)]
  const [left, right] = [namedOnlyIn(ours, theirs), namedOnlyIn(theirs, ours)]
  const kinds = new Set(left.map(({ kind }) => kind))
  if (!ofAnyKind && !right.some(({ kind }) => kinds.has(kind))) return false
  const replaced = replacements(one, other)
  const areOthers = replaced.some(({ from, to }) => {
    const [here, there] = [standing(left, from), standing(right, to)]
    return here.some(({ kind, tail }) =>
      there.some((other) => (ofAnyKind || other.kind === kind) && !mayBeOne(tail, other.tail)),
    )
  })
  return areOthers || (ofAnyKind && fillOneForm(one, left, other, right, replaced))
}

const han = /\p{Script=Han}/u

/**
 * Whether of two texts nothing but places was replaced, as where a form was filled in twice. Then what stands where the
 * other one names a place, or has words of no list, is a place too, though no ending tells it: 长江道, 106路公交.
 */
function fillOneForm(
  one: string,
  left: readonly Place[],
  other: string,
  right: readonly Place[],
  replaced: readonly Replacement[],
): boolean {
  const filled = replaced.filter(({ from, to }) => han.test(textIn(one, from) + textIn(other, to)))
  return (
    filled.length > 0 &&
    filled.every(({ from, to }) => {
      const [here, there] = [fillingOf(one, from, left), fillingOf(other, to, right)]
      if (here === null || there === null || (here === there && here !== '')) return false
      return !haveOneCharacter(textIn(one, from), textIn(other, to))
    })
  )
}

/**
 * Whether a form was filled in with something else: of two texts a word of one stands where the other has another one
 * (护照, 身份证; 张某, 李某), and not just another word for it.
 * @param ofMatters whether only words of matters count, as 护照 and 身份证
 */
export function areFilledOtherwise(one: string, other: string, ofMatters: boolean): boolean {
  const replaced = replacements(one, other)
  return replaced.length <= mostGaps && replaced.some((each) => isAnotherThing(one, other, each, ofMatters))
}

/** A form has few gaps; what differs in more places was typed or scanned badly. */
const mostGaps = 3

function isAnotherThing(one: string, other: string, { from, to }: Replacement, ofMatters: boolean): boolean {
  const [before, after] = [textIn(one, from), textIn(other, to)]
  if ([before, after].some((text) => isLight(text.charCodeAt(0)) || !han.test(text))) return false
  const [ours, theirs] = [wordsAt(one, from), wordsAt(other, to)]
  if ([...ours, ...theirs].some(({ kind }) => kind !== wordKinds.matter && kind !== wordKinds.place))
    return false
  const meanings = new Set(ours.flatMap(({ meanings }) => meanings.map(({ matter }) => matter)))
  if (theirs.some((word) => word.meanings.some(({ matter }) => meanings.has(matter)))) return false
  if ([ours, theirs].every((words) => words.some(({ kind }) => kind === wordKinds.matter))) return true
  return !ofMatters && !haveOneCharacter(before, after)
}

/** What kind of place fills a stretch: '' if no ending tells, null if it is none. */
function fillingOf(text: string, stretch: Stretch, places: readonly Place[]): string | null {
  const place = standing(places, stretch).find(({ start }) => start >= stretch.start)
  if (place !== undefined) return place.kind
  const filling = textIn(text, stretch)
  const [number] = counted.matchesIn(filling)
  if (number !== undefined) return number[2] ?? ''
  const isKnown =
    [...filling].some((character) => isLight(character.charCodeAt(0))) ||
    wordsAt(text, stretch).some(({ kind }) => kind !== wordKinds.place)
  return filling.length < 2 || isKnown ? null : ''
}

/** The words of the lists of which something stands there. */
function wordsAt(text: string, { start, end }: Stretch): readonly Word[] {
  const found: Word[] = []
  words.scan(text, (word, from, to) => {
    if (from < end && to > start) found.push(word)
  })
  return found
}

function haveOneCharacter(one: string, other: string): boolean {
  return [...one].some((ours) => [...other].some((theirs) => ours === theirs || soundAlike(ours, theirs)))
}

function textIn(text: string, { start, end }: Stretch): string {
  return text.slice(start, end)
}

/** A name in a text. */
interface Place extends Stretch {
  /** What it names: two of one kind tell places apart. */
  readonly kind: string
  /** Its last two characters, with what is common before its ending. */
  readonly tail: string
  /** Both in one: equal for one name. */
  readonly name: string
}

/** Characters of a text from `start` to before `end`. */
interface Stretch {
  readonly start: number
  readonly end: number
}

function standing(places: readonly Place[], within: Stretch): readonly Place[] {
  return places.filter(({ start, end }) => start < within.end && end > within.start)
}

function namedOnlyIn(ours: readonly Place[], theirs: readonly Place[]): readonly Place[] {
  const known = new Set(theirs.map(({ name }) => name))
  return ours.filter(({ name }) => !known.has(name))
}

/** Stretches of two texts that stand in each other's place. */
interface Replacement {
  readonly from: Stretch
  readonly to: Stretch
}

/** Equal stretches of up to this many characters inside a change are chance: 平安 was replaced by 安康 as a whole. */
const equalByChance = 1

/** Texts that differ in more characters than this are not compared further: it would take long, and they are not nearly equal. */
const mostChanged = 200

/** Where two texts differ: neither by what only one of them has, nor by characters that changed places (楚天, 天楚). */
function replacements(one: string, other: string): readonly Replacement[] {
  const changes: Replacement[] = []
  let [from, to] = [0, 0]
  let equal = Number.POSITIVE_INFINITY
  for (const { value, added, removed } of diffChars(one, other, { maxEditLength: mostChanged }) ?? []) {
    const [start, otherStart] = [from, to]
    if (!added) from += value.length
    if (!removed) to += value.length
    if (!added && !removed) {
      equal = value.length
      continue
    }
    const last = equal <= equalByChance ? changes.pop() : undefined
    changes.push({
      from: { start: last?.from.start ?? start, end: from },
      to: { start: last?.to.start ?? otherStart, end: to },
    })
    equal = 0
  }
  return changes.filter((change) => {
    const [before, after] = [textIn(one, change.from), textIn(other, change.to)]
    return before !== '' && after !== '' && sorted(before) !== sorted(after)
  })
}

function sorted(text: string): string {
  return [...text].sort().join('')
}

/** Words that are part of the names of many schools and hospitals. */
const common = /(实验|人民|中心|附属|妇幼|职业|中医|第[一二三四五六七八九十\d]{1,2})$/

/** Hamlets, streets and houses of one character, or with endings that are parts of other words anywhere else. */
const small =
  /(\p{Script=Han}{1,2})(组|塝|垸|冲|洼|坳|岗|坡|埠|埭|畈|圩|塬|庄|街|屯|营|沟|堡|屋|环|大队|网格|家属院|宿舍)/gu

function placesIn(text: string): readonly Place[] {
  const names = namesIn(text, () => false, true).map((name) => {
    const [kind, tail] = [kindOfName(name.ending), tailOf(name.core)]
    return placeOf(kind, tail, name.start + name.core.length - tail.length, name.end)
  })
  const others = [...text.matchAll(small)].flatMap(({ 0: whole, 1: before = '', 2: ending = '', index }) => {
    const tail = unboundTail(before)
    const end = index + whole.length
    return tail === '' ? [] : placeOf(kindOfName(ending), tail, end - ending.length - tail.length, end)
  })
  return [...names, ...others]
}

/** What may be of a name: 张 of 于张. */
function unboundTail(text: string): string {
  const last = [...text].findLastIndex((character) => isBinding(character.charCodeAt(0)))
  return text.slice(last + 1)
}

function placeOf(kind: string, tail: string, start: number, end: number): Place {
  return { kind, tail, name: `${tail} ${kind}`, start, end }
}

function tailOf(core: string): string {
  const [own, shared] = partsOf(core)
  const size = isSide(own.at(-3)) ? 3 : 2
  return own.slice(-size) + shared
}

/** Characters that tell neighbouring villages apart: 东柳疃村 and 西柳疃村. */
const sides = new Set('东西南北前后上下大小新老')

function isSide(character: string | undefined): boolean {
  return character !== undefined && sides.has(character)
}

/** 翠屏实验 as 翠屏 and 实验; 人民 in 人民路 is all that there is of a name. */
function partsOf(core: string): readonly [own: string, shared: string] {
  const from = core.search(common)
  return from < shortestOwn ? [core, ''] : [core.slice(0, from), core.slice(from)]
}

const shortestOwn = 2

/** Whether two names of one kind may be one: written with a slip (邦华, 华邦), or told by half (实验小学 for 翠屏实验小学). */
function mayBeOne(one: string, other: string): boolean {
  const [own, shared] = partsOf(one)
  const [otherOwn, otherShared] = partsOf(other)
  if (own === otherShared || shared === otherOwn) return true
  // 柳疃村 may be 东柳疃村 and 西柳疃村.
  const size = Math.min(own.length, otherOwn.length)
  const [name, otherName] = [own.slice(-size), otherOwn.slice(-size)]
  const isAlike = sorted(name) === sorted(otherName) || isSpeltAlike(name, otherName)
  return isAlike && (shared === otherShared || shared === '' || otherShared === '')
}

/** Where something is, not what it is called. */
const relative = new Set('门口前后旁边上下里外内中')

/** 锦绣路 and 锦秀路 are one road and a slip, 门口马路 and 门前马路 no names. */
function isSpeltAlike(one: string, other: string): boolean {
  return Array.from({ length: one.length }).every((_, at) => {
    const [ours, theirs] = [one.charAt(at), other.charAt(at)]
    return ours === theirs || soundAlike(ours, theirs) || (relative.has(ours) && relative.has(theirs))
  })
}
