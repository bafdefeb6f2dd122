import type { HeaderRow } from './header.ts'
import { isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'
import { Table } from './table.ts'
import { UnreadSheet } from './unread-sheet.ts'

interface Part {
  readonly table: Table
  readonly header: HeaderRow
}

/**
 * The rows above a table's header. Those under a header of their own are a table; of the others, titles and dates
 * mostly, is kept what may be reports.
 */
export class RowsAbove {
  readonly unread: UnreadSheet
  readonly #parts: readonly Part[]

  /** `rows` are those of the sheet's beginning, by which its headers were told. */
  constructor(
    main: Table,
    start: number,
    earlier: readonly HeaderRow[],
    rows: readonly RawRow[],
    settings: HotlineExportSettings,
  ) {
    this.unread = new UnreadSheet(main.sheet, { row: start, width: main.names.length })
    this.#parts = partsOf(main.sheet, start, earlier, rows, settings)
  }

  /** Smaller tables, in their order. */
  get tables(): readonly Table[] {
    return this.#parts.map(({ table }) => table)
  }

  /** The table that a row belongs to; null for a header's own lines, and for what is in no table. */
  take(raw: RawRow): Table | null {
    if (raw.broken === undefined && raw.cells.every(isBlank)) return null
    const part = this.#parts.findLast(({ header }) => raw.row >= header.start)
    if (part !== undefined && (raw.row <= part.header.row || part.table.isRepeatedBy(raw.cells))) return null
    if (part?.table.mayHave(raw)) return part.table
    this.unread.add(raw)
    return null
  }
}

/** Headers that name a number or a text, and have rows. */
function partsOf(
  sheet: string,
  end: number,
  earlier: readonly HeaderRow[],
  rows: readonly RawRow[],
  settings: HotlineExportSettings,
): readonly Part[] {
  const parts: Part[] = []
  for (const header of earlier.toReversed()) {
    const next = parts[0]?.header.start ?? end
    const below = rows.filter(({ row }) => row > header.row && row < next)
    const cells = header.cells.slice(0, header.cells.findLastIndex((cell) => !isBlank(cell)) + 1)
    // A title of the next table says nothing of this one's columns.
    const sample = below
      .map((raw) => raw.cells)
      .filter((row) => row.filter((cell) => !isBlank(cell)).length > 1)
    const table = new Table({ ...header, sheet, cells, continues: null }, sample, settings)
    if (table.hasReports && below.some((raw) => table.mayHave(raw))) parts.unshift({ table, header })
  }
  return parts
}
