import { readName } from '../reporter.ts'
import { asksForSecrecy } from '../secrecy.ts'
import { cleanLine, foldWidth } from '../text.ts'
import type { Cell } from './row.ts'

/** What the cell says that asks whether the reporter is to be named. */
export interface Anonymity {
  /** Null where the cell does not say. */
  readonly isAnonymous: boolean | null
  /** A name that clerks wrote where a yes or no belongs. */
  readonly name: string | null
}

const yes = /^(?:1|是的?|有|需要?|要求?|对|[√✓✔☑]|y|yes|true|t)$/i
const no = /^(?:0|否|非|未|不(?:是|需要?|要求?|用)?|无需?|没有|[×✗✘]|n|no|false|f)$/i

/** 要求匿名, 无需保密, 不愿实名: whether it is denied is said before the word. */
const said = /^(.{0,4}?)(匿名|保密|实名|公开)/

/** What stands around a yes or no: a code before or behind it, and remarks. */
const around = /^\d{1,2}\s*[-.、:(]\s*(?=\D)|\s*[()[\],;。].*$/g

/**
 * Reads a cell of a column such as `匿名(1)/实名(0)`, `是否实名` or `是否匿名`. The header decides what a
 * bare yes, no or figure means.
 */
export function readAnonymity(cell: Cell, header: string): Anonymity {
  const text = (cleanLine(foldWidth(String(cell))) ?? '').replace(/^(\d)\.0$/, '$1')
  const figured = /^\d$/.test(text) ? figureMeaning(foldWidth(header), text) : null
  if (figured !== null) return { isAnonymous: figured, name: null }
  const asksForName = /实名|公开/.test(header) && !/匿名|保密|不公开/.test(header)
  const answer = (word: string) => (yes.test(word) ? !asksForName : no.test(word) ? asksForName : null)
  const plain = answer(text)
  if (plain !== null) return { isAnonymous: plain, name: null }
  const [, before = '', word = ''] = said.exec(text) ?? []
  if (word !== '')
    return { isAnonymous: /匿名|保密/.test(word) !== /[不非未无没拒勿禁]/.test(before), name: null }
  const { name, isAnonymous } = readName(text)
  if (isAnonymous) return { isAnonymous, name }
  const remarked = answer(text.replace(around, ''))
  if (remarked !== null) return { isAnonymous: remarked || asksForSecrecy(text), name: null }
  return { isAnonymous: null, name: text === '' ? null : text }
}

/** `匿名(1)/实名(0)` and `0匿名 1实名` say themselves what their figures mean. */
function figureMeaning(header: string, figure: string): boolean | null {
  const key = header.replace(/^是否(?:匿名|实名)/, '')
  const pairs = /^[\s(]*\d/.test(key)
    ? key.matchAll(/(?<figure>\d)\s*(?:[:=-]\s*)?(?<word>匿名|实名)/g)
    : key.matchAll(/(?<word>匿名|实名)\s*(?:[(:=]\s*)?(?<figure>\d)/g)
  const pair = pairs.find(({ groups }) => groups?.figure === figure)
  return pair === undefined ? null : pair.groups?.word === '匿名'
}
