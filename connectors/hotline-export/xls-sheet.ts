import type { Buffer } from 'node:buffer'
import { type BiffRecord, BlockReader, biff } from './biff-records.ts'
import { MergedCells } from './merged-cells.ts'
import { brokenRow, type Cell, type RawRow } from './raw-row.ts'
import { serialCell } from './sheet-numbers.ts'

/** What the cells of a BIFF8 workbook refer to. */
export interface XlsBook {
  readonly sharedTexts: readonly string[]
  readonly is1904: boolean
  /** By the number of a cell's style, whether it shows a date. */
  readonly dateStyles: readonly boolean[]
}

const maxColumns = 256
const errors: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
}

/** The rows of one sheet, from its records. They may come in any order. */
export class XlsSheet {
  readonly #name: string
  readonly #book: XlsBook
  readonly #rows = new Map<number, Cell[]>()
  readonly #broken = new Set<number>()
  readonly #merged = new MergedCells()
  /** Streams begun and not ended: charts have one inside their sheet's, with numbers of their own. */
  #depth = 0
  /** Where the text belongs that a formula gives, which comes in a record behind it. */
  #formula: readonly [row: number, column: number] = [0, 0]
  isEnded = false

  constructor(name: string, book: XlsBook) {
    this.#name = name
    this.#book = book
  }

  /** @throws RangeError where a record is damaged */
  take(record: BiffRecord): void {
    if (record.id === biff.begin) this.#depth += 1
    else if (record.id === biff.end) {
      this.#depth -= 1
      this.isEnded = this.#depth === 0
    } else if (this.#depth === 1) this.#takeCell(record)
  }

  rows(): readonly RawRow[] {
    return [...this.#rows].toSorted(([a], [b]) => a - b).map(([index, cells]) => this.#row(index, cells))
  }

  #row(index: number, cells: readonly Cell[]): RawRow {
    const [sheet, row] = [this.#name, index + 1]
    // A row that is quarantined may begin what stands beside those below it.
    const filled = this.#merged.fill({ sheet, row, cells, is1904: this.#book.is1904 })
    if (!this.#broken.has(index)) return filled
    return brokenRow(sheet, row, cells, 'a text that it refers to is missing')
  }

  #takeCell(record: BiffRecord): void {
    const { id, data, blocks } = record
    if (id === biff.formulaText) {
      this.#put(...this.#formula, new BlockReader(blocks).text())
      return
    }
    if (id === biff.mergedCells) this.#addMerged(data)
    if (!cellIds.has(id)) return
    const [row, column, style] = [data.readUInt16LE(0), data.readUInt16LE(2), data.readUInt16LE(4)]
    if (id === biff.sharedText) this.#put(row, column, this.#shared(row, data.readUInt32LE(6)))
    else if (id === biff.number) this.#put(row, column, this.#number(data.readDoubleLE(6), style))
    else if (id === biff.rk) this.#put(row, column, this.#number(rk(data.readUInt32LE(6)), style))
    else if (id === biff.multipleRk) this.#putAll(record, row, column)
    else if (id === biff.booleanOrError)
      this.#put(row, column, data.readUInt8(7) === 1 ? errorText(data.readUInt8(6)) : data.readUInt8(6) !== 0)
    else if (id === biff.formula) this.#putResult(record, row, column, style)
    else this.#put(row, column, new BlockReader(blocks, 6).text())
  }

  #addMerged(data: Buffer): void {
    for (let at = 2; at + 8 <= data.length; at += 8) {
      const [first, last, column] = [
        data.readUInt16LE(at),
        data.readUInt16LE(at + 2),
        data.readUInt16LE(at + 4),
      ]
      this.#merged.add({ first, last, column })
    }
  }

  #putAll({ data }: BiffRecord, row: number, column: number): void {
    for (let at = 4, index = column; at + 8 <= data.length; at += 6, index += 1)
      this.#put(row, index, this.#number(rk(data.readUInt32LE(at + 2)), data.readUInt16LE(at)))
  }

  /** A formula's cached value: a number, or marked by two last bytes that none has ([MS-XLS] 2.5.133). */
  #putResult({ data }: BiffRecord, row: number, column: number, style: number): void {
    if (data.readUInt16LE(12) !== 0xffff) {
      this.#put(row, column, this.#number(data.readDoubleLE(6), style))
      return
    }
    const kind = data.readUInt8(6)
    if (kind === 0) this.#formula = [row, column]
    else if (kind === 1) this.#put(row, column, data.readUInt8(8) !== 0)
    else if (kind === 2) this.#put(row, column, errorText(data.readUInt8(8)))
  }

  #put(row: number, column: number, cell: Cell): void {
    if (column >= maxColumns) throw new RangeError('a column beyond the last')
    const cells = this.#rows.get(row) ?? []
    if (cells.length === 0) this.#rows.set(row, cells)
    while (cells.length < column) cells.push(null)
    cells[column] = cell === '' ? null : cell
  }

  #shared(row: number, index: number): Cell {
    const text = this.#book.sharedTexts[index]
    if (text === undefined) this.#broken.add(row)
    return text ?? null
  }

  #number(value: number, style: number): Cell {
    return this.#book.dateStyles[style] === true ? serialCell(value, this.#book.is1904) : value
  }
}

const cellIds: ReadonlySet<number> = new Set([
  ...[biff.sharedText, biff.number, biff.rk, biff.multipleRk, biff.booleanOrError],
  ...[biff.formula, biff.text, biff.richText],
])

function errorText(code: number): string {
  return errors[code] ?? '#ERR!'
}

/** A number packed in 4 bytes: the upper 30 bits of an integer or of a double, perhaps as hundredths. */
function rk(packed: number): number {
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setUint32(0, (packed & ~3) >>> 0)
  const value = (packed & 2) === 0 ? bytes.getFloat64(0) : packed >> 2
  return (packed & 1) === 0 ? value : value / 100
}
