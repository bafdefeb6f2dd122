import { isStamp } from './stamps.ts'

/** Runs of letters that one form of a text has and the other has not; below that they say the same. */
const limits = {
  /** Of Chinese, four characters can be a report: 电梯坏了. */
  han: 3,
  /** Of other letters, a link's title or a program's own line. */
  other: 30,
}
const maxCompared = 100_000
/** Lines longer than this are more than furniture. */
const maxFurniture = 60
/** What senders put below every mail; in the HTML alone it adds nothing. */
const furniture = [
  /(?:如|若|不想|不再|点击|回复|取消).{0,20}(?:退订|订阅)|^(?:退订|取消订阅)$/,
  /unsubscribe|copyright|all rights reserved|view (?:it|this \w+)? ?in (?:your |a )?browser/i,
  /浏览器中?(?:查看|打开|阅读)|版权所有/,
  /^(?:请)?(?:点击|立即|马上)?(?:这里|此处)?(?:查看|登录|打开|下载|阅读|回复)(?:详情|更多|全文|原文|原图|邮件|附件|系统|平台)?$/,
]
/** What pictures are called: `[logo]` in text made of HTML, `[cid:image001.png]` in plain text. */
const picture = /\[[^[\]\n]{1,60}\]/g
const address = /(?:https?|mailto|cid):[^\s)>\]]+/gi

/** Whether a form of a text says what another does not: some Chinese, much of any other script, or a number. */
export function addsWords(known: readonly string[], other: readonly string[]): boolean {
  // Most programs write the very same text twice.
  if (known.join('\n').includes(other.join('\n').trim())) return false
  const [before, after] = [comparable(known), comparable(other)]
  const letters = lettersOf(before)
  if (letters.includes(lettersOf(after))) return false
  if (hasNewNumber(letters, numbersOf(after))) return true
  return newHan(letters, lettersOf(after)) > limits.han || newOther(before, after) > limits.other
}

/**
 * Whether a plain form has lost its words: a program that knew no Chinese wrote question marks for it, or
 * nothing at all.
 */
export function isGarbled(texts: readonly string[]): boolean {
  const text = texts.join('\n')
  const lost = text.match(/[?¿\ufffd]/g)?.length ?? 0
  return lost < 4 ? !/[\p{L}\p{N}]/u.test(text) : lost > lettersOf(text).length
}

function comparable(texts: readonly string[]): string {
  return texts
    .join('\n')
    .slice(0, maxCompared)
    .replace(picture, ' ')
    .replace(address, ' ')
    .split('\n')
    .filter((line) => !isFurniture(line.replace(/[()<>*|\s]+/g, ' ').trim()))
    .join('\n')
}

function isFurniture(line: string): boolean {
  return line.length <= maxFurniture && (isStamp(line) || furniture.some((form) => form.test(line)))
}

/** What of a text counts when two are compared. */
export function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Phones, amounts, numbers of letters; without what stands between the figures. */
function numbersOf(text: string): readonly string[] {
  return (text.match(/\d(?:[ -]?\d){4,}/g) ?? []).map((number) => number.replace(/[ -]/g, ''))
}

/** Longer ones are few. */
const maxUsualNumber = 20

/** Whether a number stands nowhere in these letters. Looked up by length: a text may have thousands of each. */
function hasNewNumber(letters: string, numbers: readonly string[]): boolean {
  const runs = new Map<number, ReadonlySet<string>>()
  const runsOf = (length: number) => {
    const found = new Set<string>()
    for (let at = 0; at + length <= letters.length; at++) {
      const code = letters.charCodeAt(at)
      if (code >= 0x30 && code <= 0x39) found.add(letters.slice(at, at + length))
    }
    runs.set(length, found)
    return found
  }
  return [...new Set(numbers)].some((number) => {
    if (number.length > maxUsualNumber) return !letters.includes(number)
    return !(runs.get(number.length) ?? runsOf(number.length)).has(number)
  })
}

/** How many Chinese characters stand beside none that they stand beside in the other form. */
function newHan(before: string, after: string): number {
  const pairs = (text: string) => Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2))
  const seen = new Set(before.length > 1 ? pairs(before) : [])
  let count = 0
  for (let at = 0; at < after.length; at++) {
    if (!/[\u3400-\u9fff]/.test(after.charAt(at))) continue
    if (!seen.has(after.slice(at, at + 2)) && (at === 0 || !seen.has(after.slice(at - 1, at + 1)))) count += 1
  }
  return count
}

/** How many letters of other scripts are new, roughly, by runs of four, wherever these stand. */
function newOther(before: string, after: string): number {
  const runs = (text: string) => {
    const letters = text.replace(/[^\p{L}\p{N}]+|\p{Script=Han}+/gu, '')
    return Array.from({ length: Math.max(0, letters.length - 3) }, (_, at) => letters.slice(at, at + 4))
  }
  const seen = new Set(runs(before))
  return runs(after).filter((run) => !seen.has(run)).length
}
