import { arabicFigures, latinLetters, Pattern } from './pattern.ts'

const digits: Readonly<Record<string, number>> = {
  ...{ 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 },
}
const scales: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000 }

const numerals = '零〇一二两三四五六七八九十百千万'
/** Of at least two characters, because smaller numbers say little. */
export const numeral = new Pattern(
  `(?:\\d{2,}(?:\\.\\d+)?|\\d\\.\\d+)[百千万亿]?|\\d[百千万亿]|[${numerals}]{2,}`,
  arabicFigures + numerals,
  `${arabicFigures}.亿${numerals}`,
)
const arabic = /^(\d+(?:\.\d+)?)([百千万亿]?)$/

/** Numbers that say little: small counts, and years. */
function isTelling(value: number): boolean {
  if (!Number.isInteger(value)) return true
  return value > 12 && !(value >= 2010 && value <= 2035)
}

/**
 * The numbers of a text that tell reports apart (sums, sizes, dates, plates), each in one form: 21400元 and
 * 两万一千四 both give 21400.
 * @param text simplified and of half width
 */
export function tellingNumbers(text: string): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [word] of numeral.matchesIn(text)) {
    const value = numberOf(word)
    if (value !== null && isTelling(value)) found.add(value)
  }
  return found
}

/** The value of an Arabic or Chinese numeral; null where it is none, as 三四 in 三四个. */
function numberOf(word: string): number | null {
  const [, figures, scale = ''] = arabic.exec(word) ?? []
  if (figures !== undefined) return Math.round(Number(figures) * (scales[scale] ?? 1) * 100) / 100
  // 千万不要 and 万一 are no numbers; nor are 百万 and 千万 alone, which count nothing.
  if (/^[百千万]/.test(word)) return null
  const characters = [...word]
  if (characters.every((character) => character in digits))
    return characters.length < 3 ? null : Number(characters.map((character) => digits[character]).join(''))
  return chineseValue(characters)
}

function chineseValue(characters: readonly string[]): number | null {
  let total = 0
  let section = 0
  let digit: number | null = null
  let scale = 1
  for (const character of characters) {
    const value = digits[character]
    if (value !== undefined) {
      if (digit !== null && digit !== 0) return null
      digit = value
      continue
    }
    scale = scales[character] ?? 1
    if (scale === 10_000) {
      total = (total + section + (digit ?? 0)) * scale
      section = 0
    } else section += (digit ?? 1) * scale
    digit = null
  }
  // 两万一千四 leaves the last scale out: 四 are hundreds there.
  const rest = digit === null ? 0 : scale > 10 && characters.at(-2) !== '零' ? (digit * scale) / 10 : digit
  return total + section + rest
}

const small = '一二三四五六七八九十'
/** What may be counted, and not what only begins alike: 三中, but not 初三中考; 二小, but not 二小时; no 一市民, 一社区. */
const nouns = [
  ...['期', '巷', '弄', '标段', '号线', '路', '号院', '号桥', '区', '大道', '号楼', '栋', '幢', '座', '医院'],
  ...['中学', '小学', '(?<![初高]三)中(?![学央心间午秋等旬途医国队考全路])', '小(?![学时区孩组朋])'],
  ...['班(?![车级次倒])', '村(?!民)', '组(?![织成建合])', '社(?![区会保交团])', '队(?![伍列])'],
  // Of 第二人民医院 and 第九职业学校; without 第 what stands there may be no number: 另一实验学校.
  `(?<=第[\\d${small}]{1,3})(?:人民|中心|中医|职业|实验|附属|高级)(?:医院|中学|小学|学校|幼儿园)`,
  // A市 and K3县 are places whose names were taken away.
  '(?<=[a-z]\\d{0,3})[县市]',
]
export const counted = new Pattern(
  `(?<![a-z0-9零${small}])([a-z]?\\d{1,4}|[${small}]{1,3}|[a-z](?=[市县区座栋幢]))(${nouns.join('|')})`,
  latinLetters + arabicFigures + small,
  `${arabicFigures + small}期巷弄标号路区大栋幢座医中小班村组社队人职实附高市县`,
)
export const sided = new Pattern(
  '([东西南北甲乙丙丁])(校区|[门区侧面边口苑段头路园村站院])',
  '东西南北甲乙丙丁',
  '校门区侧面边口苑段头路园村站院',
)
const sides = new Set(['侧', '面', '边', '头'])

/** What names and places are told apart by: what is counted, lettered or sided, to the numbers, letters and sides that are named. */
export type Ordinals = ReadonlyMap<string, ReadonlySet<string>>

/** The noun under which buildings are kept. One matter often touches several, so that they say less than the others. */
export const building = '楼'

/** Nouns that name one kind of thing. */
const sameKind: ReadonlyMap<string, string> = new Map([
  ...['号楼', '栋', '幢', '座'].map((noun) => [noun, building] as const),
  ...([
    ['中', '中学'],
    ['小', '小学'],
  ] as const),
])
/** A4区, K3县, C5市: by its code alone such a place is told from another. */
const codedPlace = /^[a-z]\d+[市县区]$/

/** Of 人民医院 what it is. */
const body = /(?:医院|中学|小学|学校|幼儿园)$/

const codedDistricts = '区县'

/** The letters of cities whose names were taken away: of A市, and of A3区. */
export function codedCities(ordinals: Ordinals): ReadonlySet<string> {
  const letters = new Set<string>()
  for (const noun of [codedDistricts, '市'])
    for (const code of ordinals.get(noun) ?? []) letters.add(code.charAt(0))
  return letters
}

function kindOf(number: string, noun: string): string {
  return codedPlace.test(number + noun)
    ? codedDistricts
    : (sameKind.get(noun) ?? body.exec(noun)?.[0] ?? noun)
}

/**
 * Parts of names that count or take sides: 二期, 三巷, 115路, 9号线, 三中, 7号楼, B座, 东门, 东校区, 乙区. Where two reports count the same
 * thing differently they speak of different places.
 */
export function ordinals(text: string): Ordinals {
  const found = new Map<string, Set<string>>()
  const add = (noun: string, value: string) => {
    const values = found.get(noun)
    if (values === undefined) found.set(noun, new Set([value]))
    else values.add(value)
  }
  for (const [, number = '', noun = ''] of counted.matchesIn(text)) {
    const value = /[\da-z]/.test(number)
      ? number
      : String(numberOf(number) ?? digits[number] ?? scales[number] ?? number)
    add(kindOf(number, noun), value)
  }
  for (const [, side = '', noun = ''] of sided.matchesIn(text))
    add(sides.has(noun) ? '侧' : `${noun}向`, side)
  return found
}

export const dayOfMonth = new Pattern(
  `(?<!\\d)(?:(\\d{1,2}|[${small}]{1,2})月(?:份)?)?(\\d{1,2}|[${small}]{1,3})[日号](?!线|楼|院|栋|门|桥|标|店|地)`,
  arabicFigures + small,
  `${arabicFigures + small}月日号`,
)

/** Days that a folded text speaks of: 100 times the month plus the day (9月26日 is 926), the day alone for 26号. */
export function daysSaid(text: string): readonly number[] {
  const found: number[] = []
  for (const [, month, day = ''] of dayOfMonth.matchesIn(text))
    found.push(100 * (month === undefined ? 0 : countOf(month)) + countOf(day))
  return found
}

function countOf(word: string): number {
  return /\d/.test(word) ? Number(word) : (digits[word] ?? scales[word] ?? numberOf(word) ?? 0)
}
