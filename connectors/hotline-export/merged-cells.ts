import { brokenRow, type Cell, isBlank, type RawRow } from './raw-row.ts'

/** Cells merged into one, which may span several rows: counted from 0. Only its first column matters. */
export interface MergedRange {
  readonly first: number
  readonly last: number
  readonly column: number
}

interface OpenRange {
  readonly last: number
  readonly cell: Cell
}

/** Limits, in cells and characters, for what merged cells may repeat: this much in any sheet, and this many times its own content. */
const freeRepeats = 1024 * 1024
const maxRepeats = 20

/**
 * What merged cells say in the rows below their first: the program writes it there once, and a reader sees it
 * beside each row. Rows that hold nothing of their own stay blank.
 */
export class MergedCells {
  readonly #starts = new Map<number, MergedRange[]>()
  /** Ranges that reach further down, by column. */
  readonly #open = new Map<number, OpenRange>()
  #read = 0
  #repeated = 0

  constructor(ranges: Iterable<MergedRange> = []) {
    for (const range of ranges) this.add(range)
  }

  add(range: MergedRange): void {
    if (range.last <= range.first) return
    const starts = this.#starts.get(range.first) ?? []
    if (starts.length === 0) this.#starts.set(range.first, starts)
    starts.push(range)
  }

  /** The row as a reader sees it. Rows are given in their order. */
  fill(raw: RawRow): RawRow {
    if (this.#open.size === 0 && !this.#starts.has(raw.row - 1)) return raw
    const filled = raw.broken === undefined ? this.#filled(raw) : raw
    for (const [column, { last }] of this.#open) if (last < raw.row) this.#open.delete(column)
    for (const { column, last } of this.#starts.get(raw.row - 1) ?? []) {
      const cell = raw.cells[column] ?? null
      if (isBlank(cell)) this.#open.delete(column)
      else this.#open.set(column, { last, cell })
    }
    // A spreadsheet that is streamed may have millions.
    this.#starts.delete(raw.row - 1)
    return filled
  }

  #filled(raw: RawRow): RawRow {
    this.#read += raw.cells.reduce((sum: number, cell) => sum + sizeOf(cell), 0)
    if (raw.cells.every(isBlank)) return raw
    const cells = [...raw.cells]
    const merged = new Set<number>()
    for (const [column, { last, cell }] of this.#open) {
      if (last < raw.row - 1 || !isBlank(cells[column])) continue
      while (cells.length < column) cells.push(null)
      cells[column] = cell
      merged.add(column)
      this.#repeated += sizeOf(cell)
    }
    if (this.#repeated > freeRepeats + this.#read * maxRepeats)
      return brokenRow(raw.sheet, raw.row, raw.cells, 'cells span too many rows')
    return merged.size === 0 ? raw : { ...raw, cells, merged }
  }
}

function sizeOf(cell: Cell): number {
  return 1 + (typeof cell === 'string' ? cell.length : 0)
}
