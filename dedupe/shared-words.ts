import type { SharedRun } from './comparison.ts'
import type { Profile } from './profile.ts'

type Written = readonly [Profile, Profile]

const wordsShown = 5
/** Of a stretch so much is shown, and no half characters. */
const firstCharacters = /^.{0,24}/su

/**
 * What two reports both say, as it is compared: most telling first, none within another, no part of a number.
 * @param runs the stretches that they share, most telling first
 */
export function sharedWords(runs: readonly SharedRun[], written: Written): readonly string[] {
  const torn = written.flatMap(({ report }) => pointedNumbers(report.body))
  const terms: string[] = []
  for (const run of runs) {
    if (terms.length === wordsShown) break
    const text = withoutTornNumbers(longestIn(written, run.text), written[0].text)
    const [term = ''] = text.replaceAll('\n', ' ').trim().match(firstCharacters) ?? []
    const isTorn =
      torn.length > 0 && term.match(/\d+/g)?.some((number) => torn.some((one) => one.includes(number)))
    if (term.length > 1 && !isTorn && !terms.some((known) => known.includes(term))) terms.push(term)
  }
  return terms
}

/** Numbers with a point, which the text that is compared has lost: 1.5 stands there as 15. */
function pointedNumbers(body: string): readonly string[] {
  return body.match(/(?<!\d)\d+[.．]\d+/g)?.map((number) => number.replace(/\D/, '')) ?? []
}

const letterOrFigure = /[\p{L}\p{N}]/u
const numeral = /[\d一二两三四五六七八九十百千]/
const lastNumerals = /第?[\d一二两三四五六七八九十百千]*$/
/** The rest of a number, and what it counts: not 人 of 第一人民医院. */
const restOfNumber = /^[\d一二两三四五六七八九十百千]*[万亿号点次元块岁个处名户幢栋层楼室期区组路年月日天米]?/

/** Without what belongs to a number of which only a part is shared: 号 after 102, and 十 before 一点. */
function withoutTornNumbers(part: string, text: string): string {
  const start = text.indexOf(part)
  const isCutBefore = numeral.test(text.charAt(start - 1))
  const isCutAfter = letterOrFigure.test(text.charAt(start + part.length))
  const rest = isCutBefore ? part.replace(restOfNumber, '') : part
  return isCutAfter ? rest.replace(lastNumerals, '') : rest
}

/** More of a stretch is not looked for: so much is shown of it at most, with room for what stands apart. */
const longestLooked = 60

/** The longest part of a stretch that both texts say in one piece: its pairs may stand apart there. */
function longestIn([one, other]: Written, stretch: string): string {
  const looked = stretch.slice(0, longestLooked)
  for (let size = looked.length; size > 1; size -= 1) {
    for (let at = 0; at + size <= looked.length; at += 1) {
      const part = looked.slice(at, at + size)
      if (one.text.includes(part) && other.text.includes(part)) return part
    }
  }
  return ''
}
