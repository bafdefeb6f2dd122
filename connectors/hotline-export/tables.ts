import { findHeader, headerSearchRows } from './header.ts'
import { isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'
import { Table } from './table.ts'

/** A data row with the table that it belongs to; broken rows may come before any table. */
export interface DataRow {
  readonly table: Table
  readonly raw: RawRow
}

interface Waiting {
  readonly rows: RawRow[]
}

/** Sorts rows into tables: finds each sheet's header, and drops what stands above it. */
export class Tables {
  readonly #settings: HotlineExportSettings
  readonly #sheets = new Map<string, Waiting | Table | null>()

  constructor(settings: HotlineExportSettings) {
    this.#settings = settings
  }

  /** The tables found so far. */
  get found(): readonly Table[] {
    return [...this.#sheets.values()].filter((sheet) => sheet instanceof Table)
  }

  /** Sheets with rows but without a known header. */
  get unknownSheets(): readonly string[] {
    return [...this.#sheets].filter(([, sheet]) => sheet === null).map(([name]) => name)
  }

  /** Takes a table whose header was found by other means. */
  add(table: Table): void {
    this.#sheets.set(table.sheet, table)
  }

  push(rows: readonly RawRow[]): readonly DataRow[] {
    const out: DataRow[] = []
    for (const raw of rows) {
      const sheet = this.#sheets.get(raw.sheet)
      if (sheet instanceof Table) {
        if (raw.row <= sheet.headerRow) continue
        if (raw.broken !== undefined || !sheet.isRepeatedBy(raw.cells)) out.push({ table: sheet, raw })
      } else if (sheet !== null) this.#wait(raw, sheet, out)
    }
    return out
  }

  /** Rows of sheets too short to have been decided before. */
  finish(): readonly DataRow[] {
    const out: DataRow[] = []
    for (const [name, sheet] of this.#sheets) {
      if (sheet !== null && !(sheet instanceof Table)) this.#decide(name, sheet.rows, out)
    }
    return out
  }

  #wait(raw: RawRow, sheet: Waiting | undefined, out: DataRow[]): void {
    const waiting = sheet ?? { rows: [] }
    if (sheet === undefined) this.#sheets.set(raw.sheet, waiting)
    waiting.rows.push(raw)
    const enough = Math.max(headerSearchRows, (this.#settings.headerRow ?? 0) + 10)
    if (waiting.rows.length >= enough) this.#decide(raw.sheet, waiting.rows, out)
  }

  #decide(name: string, rows: readonly RawRow[], out: DataRow[]): void {
    const header = findHeader(
      rows.filter(({ broken }) => broken === undefined),
      this.#settings,
    )
    if (header === null) {
      this.#sheets.set(name, null)
      return
    }
    const data = rows.filter(({ row }) => row > header.row)
    const sample = data.map(({ cells }) => cells)
    const table = new Table(
      { ...header, sheet: name, cells: withoutBlankEnd(header.cells) },
      sample,
      this.#settings,
    )
    this.#sheets.set(name, table)
    out.push(...this.push(data))
  }
}

function withoutBlankEnd(cells: RawRow['cells']): RawRow['cells'] {
  return cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1)
}
