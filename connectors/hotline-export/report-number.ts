import { type Cell, isBlank } from './raw-row.ts'

/** What the cell of a number column holds: nothing that tells reports apart, a short value, or a number. */
export type ReportNumber =
  | { readonly kind: 'none' }
  | { readonly kind: 'short' | 'long'; readonly text: string }

const maxIdLength = 200
/** A running number is shorter than this, save in very large exports. */
const longFrom = 6
/** Spreadsheets keep 15 figures of a number; from here on different numbers become one. */
const exactBelow = 1e15
const rounded = /^\d(?:\.\d+)?E\+\d{1,3}$/i
/** What stands where a number is missing, width folded: words, zeros, marks alone, and the error values of spreadsheets. */
const placeholder =
  /^(?:[暂尚]?无(?:编号|单号)?|没有|空|未知|不详|待定|未编号|[([<]?null[)\]>]?|\\n|nil|none|nan|n\/?a|undefined|true|false|0+|#n\/a|#getting_data|#[a-z]+(?:\/0)?[!?])$|^[^\p{L}\p{N}]*$/iu

/** Reads a cell of the number column: whether it holds a number, how long it is, and whether it can be an id. */
export function reportNumber(cell: Cell | undefined): ReportNumber {
  if (cell === undefined || isBlank(cell)) return { kind: 'none' }
  // Exports write ="0012" or '0012 for Excel to keep leading zeros.
  const text = String(cell)
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'(?=[\p{L}\p{N}])/u, '')
    // A column with a blank cell is one of decimals to pandas.
    .replace(/^(\d+)\.0$/, '$1')
    .trim()
  if (text.length > maxIdLength || placeholder.test(text.normalize('NFKC')) || isRounded(cell, text))
    return { kind: 'none' }
  return { kind: text.length < longFrom ? 'short' : 'long', text }
}

function isRounded(cell: Cell, text: string): boolean {
  return typeof cell === 'number' ? Math.abs(cell) >= exactBelow : rounded.test(text)
}
