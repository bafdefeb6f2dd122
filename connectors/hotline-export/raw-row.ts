import type { ErrorCode } from '../../config/errors.ts'

/** A cell as the file holds it; real dates as local ISO text. Null is blank. */
export type Cell = string | number | boolean | null

/** What is wrong with one row, and its text as it stands in the file. */
export interface Broken {
  readonly code: Extract<ErrorCode, 'ROW_MALFORMED' | 'ITEM_TOO_LARGE' | 'FILE_TOO_MANY_ROWS'>
  readonly detail: Readonly<Record<string, string | number>>
  readonly text: string
  /** False when `text` is only the beginning. */
  readonly whole: boolean
}

/** No export has more columns; rows that reach further are mostly blank, and slow to read. */
export const mostColumns = 1000

/** A row before its columns have names. */
export interface RawRow {
  /** Empty where the format has no sheets. */
  readonly sheet: string
  /** 1-based, as a person counts it. */
  readonly row: number
  readonly cells: readonly Cell[]
  /** Columns whose cell is that of a row above, from 0. */
  readonly merged?: ReadonlySet<number>
  /** Whether numbers that mean days count them from 1904. */
  readonly is1904?: boolean
  readonly broken?: Broken
}

/** Turns text into rows as it comes. */
export interface RowSplitter {
  push(text: string, last: boolean): readonly RawRow[]
  /** Whether rows of the text given so far are left for a push of no text, so that none returns too many. */
  readonly hasMore: boolean
  /** After the last text: whether the file ended in the middle of a table. */
  readonly isCutOff: boolean
}

/** Whether nothing is in a cell. */
export function isBlank(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}

/** Its cells divided by tabs. */
export function rowText({ cells, broken }: RawRow): string {
  return broken?.text ?? tabbed(cells)
}

function tabbed(cells: readonly Cell[]): string {
  return cells.map((cell) => String(cell ?? '')).join('\t')
}

/** A row that is quarantined with its cells as text. */
export function brokenRow(sheet: string, row: number, cells: readonly Cell[], reason: string): RawRow {
  const broken = { code: 'ROW_MALFORMED', detail: { reason }, text: tabbed(cells), whole: true } as const
  return { sheet, row, cells: [], broken }
}

/** The row in which a file ends before its table does. */
export function cutRow(sheet: string, row: number, cells: readonly Cell[]): RawRow {
  return brokenRow(sheet, row, cells, 'the file ends in it')
}
