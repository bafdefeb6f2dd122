import { findHeader, headerSearchRows } from './header.ts'
import { isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'
import { Table, type TableHeader } from './table.ts'
import { UnreadSheet } from './unread-sheet.ts'

/** A data row with the table that it belongs to; broken rows may come before any table. */
export interface DataRow {
  readonly table: Table
  readonly raw: RawRow
}

interface Waiting {
  readonly rows: RawRow[]
  /** Rows among which a header has been looked for in vain. */
  looked: number
}

/** Sorts rows into tables: finds each sheet's header, and drops what stands above it. */
export class Tables {
  readonly #settings: HotlineExportSettings
  readonly #sheets = new Map<string, Waiting | Table | UnreadSheet>()

  constructor(settings: HotlineExportSettings) {
    this.#settings = settings
  }

  /** The tables found so far. */
  get found(): readonly Table[] {
    return [...this.#sheets.values()].filter((sheet) => sheet instanceof Table)
  }

  /** Sheets with rows but without a known header. */
  get unknownSheets(): readonly string[] {
    return [...this.#sheets].filter(([, sheet]) => sheet instanceof UnreadSheet).map(([name]) => name)
  }

  /** Those of them that may hold reports. */
  get lostSheets(): readonly UnreadSheet[] {
    const width = Math.max(0, ...this.found.map(({ names }) => names.length))
    const unread = [...this.#sheets.values()].filter((sheet) => sheet instanceof UnreadSheet)
    return unread.filter((sheet) => sheet.mayHoldReports(width))
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
      } else if (raw.broken === undefined && raw.cells.every(isBlank)) continue
      else if (sheet instanceof UnreadSheet) sheet.add(raw)
      else this.#wait(raw, sheet, out)
    }
    return out
  }

  /** Rows of sheets too short to have been decided before. */
  finish(): readonly DataRow[] {
    const out: DataRow[] = []
    this.#findHeaders(out)
    for (const [name, { rows }] of this.#waiting()) this.#decideWithout(name, rows, out)
    return out
  }

  #wait(raw: RawRow, sheet: Waiting | undefined, out: DataRow[]): void {
    const waiting = sheet ?? { rows: [], looked: 0 }
    if (sheet === undefined) this.#sheets.set(raw.sheet, waiting)
    waiting.rows.push(raw)
    const enough = Math.max(headerSearchRows, (this.#settings.headerRow ?? 0) + 10)
    if (waiting.rows.length < enough) return
    // Also those of shorter sheets before it, which it may continue.
    this.#findHeaders(out)
    if (this.#sheets.get(raw.sheet) === waiting) this.#decideWithout(raw.sheet, waiting.rows, out)
  }

  #waiting(): readonly (readonly [string, Waiting])[] {
    return [...this.#sheets].flatMap(([name, sheet]) => ('rows' in sheet ? [[name, sheet] as const] : []))
  }

  #findHeaders(out: DataRow[]): void {
    for (const [name, waiting] of this.#waiting()) {
      const { rows, looked } = waiting
      if (looked === rows.length) continue
      waiting.looked = rows.length
      const header = findHeader(
        rows.filter(({ broken }) => broken === undefined),
        this.#settings,
      )
      if (header === null) continue
      const given = { ...header, sheet: name, cells: withoutBlankEnd(header.cells), continues: null }
      this.#start(
        given,
        rows.filter(({ row }) => row > header.row),
        out,
      )
    }
  }

  /** Rows without a header go on under that of a table before them, or are left. */
  #decideWithout(name: string, rows: readonly RawRow[], out: DataRow[]): void {
    const cells = rows.filter(({ broken }) => broken === undefined).map((raw) => raw.cells)
    const before = this.found.findLast((table) => table.isContinuedBy(cells))
    if (before !== undefined) {
      const continues = before.continues ?? before.sheet
      this.#start({ ...before.header, row: 0, sheet: name, continues }, rows, out)
      return
    }
    const unread = new UnreadSheet(name)
    this.#sheets.set(name, unread)
    for (const row of rows) unread.add(row)
  }

  #start(header: TableHeader, data: readonly RawRow[], out: DataRow[]): void {
    const sample = data.map(({ cells }) => cells)
    this.#sheets.set(header.sheet, new Table(header, sample, this.#settings))
    for (const row of this.push(data)) out.push(row)
  }
}

function withoutBlankEnd(cells: RawRow['cells']): RawRow['cells'] {
  return cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1)
}
