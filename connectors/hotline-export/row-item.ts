import { hash } from 'node:crypto'
import { base32 } from '../../config/base32.ts'
import type { ErrorCode } from '../../config/errors.ts'
import { isSumWord } from '../../config/hotline-columns.ts'
import type { Item } from '../connector.ts'
import { itemProblem } from '../item-problem.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import { reportNumber } from './report-number.ts'
import type { Table } from './table.ts'

/** An item that does not know its place in the reading order yet. */
export type Draft = Omit<Item, 'cursor'>

/** Facts that all rows of a file share. */
export interface FileFacts {
  readonly file: string
  readonly encoding?: string
}

/** A data row as an item: a JSON object of header text to cell, in column order, blank cells left out. */
export function rowDraft(table: Table, raw: RawRow, facts: FileFacts): Draft {
  const text = rowText(table, raw.cells)
  return {
    externalId: givenId(table, raw) ?? `row-${rowHash(table, raw.cells, text)}`,
    mediaType: 'application/json; profile=table-row',
    body: Buffer.from(text),
    meta:
      table.namesAsJson === null ? metaOf(raw, facts) : { ...metaOf(raw, facts), columns: table.namesAsJson },
  }
}

/** A row that could not be framed, as its text, for quarantine. */
export function brokenDraft(raw: RawRow, facts: FileFacts): Draft {
  const { code = 'ROW_MALFORMED', detail = {}, text = '', whole = true } = raw.broken ?? {}
  // Of a large row only the beginning is taken, which others may share.
  const identity = whole ? text : `${text}\u001e${detail.bytes}`
  return {
    externalId: `row-${base32(hash('sha256', identity, 'binary'), 26)}`,
    mediaType: 'text/csv; charset=utf-8',
    body: Buffer.from(text),
    meta: {
      ...metaOf(raw, facts),
      ...itemProblem<ErrorCode>(code, { file: facts.file, row: raw.row, ...detail }),
      ...(whole ? {} : { bytes: String(detail.bytes ?? 0) }),
    },
  }
}

function metaOf(raw: RawRow, { file, encoding }: FileFacts): Draft['meta'] {
  const row = String(raw.row)
  if (encoding !== undefined)
    return raw.sheet === '' ? { file, row, encoding } : { file, sheet: raw.sheet, row, encoding }
  if (raw.is1904 === true) return { file, sheet: raw.sheet, row, dates: '1904' }
  return raw.sheet === '' ? { file, row } : { file, sheet: raw.sheet, row }
}

function rowText(table: Table, cells: readonly Cell[]): string {
  let text = '{'
  const isIgnoredWhole = cells.every((cell, index) => isBlank(cell) || table.isIgnored(index))
  // A running number says nothing of a report, but 合计 in its place, or 制表人：小陈 alone, that the row is none.
  const isSaid = (cell: Cell) => isSumWord(cell) || (isIgnoredWhole && /\p{L}/u.test(String(cell)))
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index] ?? null
    if (isBlank(cell) || (table.isIgnored(index) && !isSaid(cell))) continue
    text += `${text.length === 1 ? '' : ','}${table.key(index)}${JSON.stringify(cell)}`
  }
  return `${text}}`
}

/** A number that is merged over rows of different texts is none of them alone: the last one would be all that is left. */
function givenId(table: Table, { cells, merged }: RawRow): string | null {
  if (table.idIndex === -1) return null
  if (merged?.has(table.idIndex) && table.hasOwnText(cells, merged)) return null
  const number = reportNumber(cells[table.idIndex])
  // Beside long numbers a short one tells by itself that it is none, whatever else the file holds.
  return number.kind === 'none' || (number.kind === 'short' && table.takesLongIdsOnly) ? null : number.text
}

/** Hash of what the row says, whatever the order of its columns and the spaces around its cells; of its body where all columns with cells are ignored. */
function rowHash(table: Table, cells: readonly Cell[], body: string): string {
  let text = ''
  const width = cells.findLastIndex((cell) => !isBlank(cell)) + 1
  for (const index of table.order(width)) {
    const cell = cells[index]
    if (!isBlank(cell)) text += `${table.ownKey(index)}${String(cell).trim()}\u001e`
  }
  return base32(hash('sha256', text === '' ? body : text, 'binary'), 26)
}
