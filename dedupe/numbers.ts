const digits: Readonly<Record<string, number>> = {
  ...{ 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 },
}
const scales: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000 }

const numeral = /\d+(?:\.\d+)?[百千万亿]?|[零〇一二两三四五六七八九十百千万]{2,}/g
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
  for (const [word] of text.matchAll(numeral)) {
    const value = numberOf(word)
    if (value !== null && isTelling(value)) found.add(value)
  }
  return found
}

/** The value of an Arabic or Chinese numeral; null where it is none, as 三四 in 三四个. */
export function numberOf(word: string): number | null {
  const [, figures, scale = ''] = arabic.exec(word) ?? []
  if (figures !== undefined) return Math.round(Number(figures) * (scales[scale] ?? 1) * 100) / 100
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

const counted =
  /(?<![a-z0-9零一二三四五六七八九十])([a-z]?\d{1,4}|[一二三四五六七八九十]{1,3})(期|巷|弄|标段|号线|路|号院|中学|小学|村|组|号桥|区|大道|号楼|栋|幢|座)/g
const sided = /([东西南北])(门|区|侧|面|边|口|苑|段|头|路|园|村|站|院)/g
const buildings = new Set(['号楼', '栋', '幢', '座'])
const sides = new Set(['侧', '面', '边', '头'])

/** What names and places are told apart by: what is counted or sided, to the numbers and sides that are named. */
export type Ordinals = ReadonlyMap<string, ReadonlySet<string>>

/** The noun under which buildings are kept. One matter often touches several, so that they say less than the others. */
export const building = '楼'

/**
 * Parts of names that count or take sides: 二期, 三巷, 115路, 9号线, 7号楼, 东门. Where two reports count the same
 * thing differently they speak of different places.
 */
export function ordinals(text: string): Ordinals {
  const found = new Map<string, Set<string>>()
  const add = (noun: string, value: string) => {
    const values = found.get(noun)
    if (values === undefined) found.set(noun, new Set([value]))
    else values.add(value)
  }
  for (const [, number = '', noun = ''] of text.matchAll(counted)) {
    const value = /\d/.test(number)
      ? number
      : String(numberOf(number) ?? digits[number] ?? scales[number] ?? number)
    add(buildings.has(noun) ? building : noun, value)
  }
  for (const [, side = '', noun = ''] of text.matchAll(sided)) add(sides.has(noun) ? '侧' : `${noun}向`, side)
  return found
}
