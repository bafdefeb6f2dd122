import { cleanLine, foldWidth } from '../text.ts'
import type { Cell } from './row.ts'

export interface Anonymity {
  /** Null where the cell does not say. */
  readonly isAnonymous: boolean | null
  /** A name that clerks wrote where a yes or no belongs. */
  readonly name: string | null
}

const yes = /^(?:1|是|有|√|✓|y|yes|true|t)$/i
const no = /^(?:0|否|非|不|无|×|n|no|false|f)$/i

/**
 * Reads a cell of a column such as `匿名(1)/实名(0)`, `是否实名` or `是否匿名`. The header decides what a
 * bare yes, no or figure means.
 */
export function readAnonymity(cell: Cell, header: string): Anonymity {
  const text = cleanLine(foldWidth(String(cell))) ?? ''
  const figured = /^\d$/.test(text) ? figureMeaning(foldWidth(header), text) : null
  if (figured !== null) return { isAnonymous: figured, name: null }
  const asksForName = /实名|公开/.test(header) && !/匿名|保密|不公开/.test(header)
  if (yes.test(text)) return { isAnonymous: !asksForName, name: null }
  if (no.test(text)) return { isAnonymous: asksForName, name: null }
  if (/^.{0,2}(?:匿名|保密|不公开)/.test(text)) return { isAnonymous: true, name: null }
  if (/^.{0,2}(?:实名|公开|不匿名|不保密)/.test(text)) return { isAnonymous: false, name: null }
  return { isAnonymous: null, name: text === '' ? null : text }
}

/** `匿名(1)/实名(0)` says itself what its figures mean. */
function figureMeaning(header: string, figure: string): boolean | null {
  if (new RegExp(`匿名\\s*[(:=]?\\s*${figure}|${figure}\\s*[:=-]?\\s*匿名`).test(header)) return true
  if (new RegExp(`实名\\s*[(:=]?\\s*${figure}|${figure}\\s*[:=-]?\\s*实名`).test(header)) return false
  return null
}
