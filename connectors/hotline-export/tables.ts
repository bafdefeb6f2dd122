import { FileProblem, NoHeader } from './file-problem.ts'
import { findHeader, headerSearchRows, holdsForm, type IsKnown, isNames, knownBy } from './header.ts'
import { isBlank, type RawRow } from './raw-row.ts'
import { RowsAbove } from './rows-above.ts'
import type { HotlineExportSettings } from './settings.ts'
import { isWords, Table, type TableHeader } from './table.ts'
import { UnreadSheet } from './unread-sheet.ts'

/** A data row with the table that it belongs to; broken rows may come before any table. */
export interface DataRow {
  readonly table: Table
  readonly raw: RawRow
}

interface Waiting {
  readonly rows: RawRow[]
}

/** Lines from the first title of a table to its header, blank ones too. */
const mostTitleLines = 5
/** No export has more tables or sheets; each takes some kilobytes of memory. */
const mostTables = 50_000
/** Tables looked at, the last first, for one that rows without a header go on. */
const mostBefore = 100

/** Sorts rows into tables: finds each sheet's headers; of what stands above them it leaves out titles and the like. */
export class Tables {
  readonly #settings: HotlineExportSettings
  readonly #sheets = new Map<string, Waiting | Table | UnreadSheet>()
  readonly #above = new Map<string, RowsAbove>()
  /** Tables of a sheet that another has followed in it. */
  readonly #ended = new Map<string, Table[]>()
  /** By name, in the order of the file; that in which they are decided is another. */
  readonly #places = new Map<string, number>()
  /** The last tables found so far, in the order of the file. */
  readonly #last: Table[] = []
  /** Sheets without a header so far, and of them those that have rows in which none has been looked for. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #unlooked = new Set<string>()
  #count = 0
  readonly #isKnown: IsKnown

  constructor(settings: HotlineExportSettings) {
    this.#settings = settings
    this.#isKnown = knownBy(settings)
  }

  /** The tables found so far. */
  get found(): readonly Table[] {
    return [...this.#sheets].flatMap(([name, sheet]) =>
      sheet instanceof Table
        ? [...(this.#above.get(name)?.tables ?? []), ...(this.#ended.get(name) ?? []), sheet]
        : [],
    )
  }

  /** Sheets with rows but without a known header. */
  get unknownSheets(): readonly string[] {
    return [...this.#sheets].filter(([, sheet]) => sheet instanceof UnreadSheet).map(([name]) => name)
  }

  /** Why a file of such sheets alone cannot be read. */
  get problem(): FileProblem {
    const unread = [...this.#sheets.values()].filter((sheet) => sheet instanceof UnreadSheet)
    return unread.some(({ isForm }) => isForm)
      ? new FileProblem('FILE_NOT_A_TABLE', { reason: 'a form of one report' })
      : new NoHeader(unread.flatMap(({ shownRows }) => shownRows))
  }

  /** Those of them that may hold reports, and such rows above a header. */
  get lostSheets(): readonly UnreadSheet[] {
    const width = Math.max(0, ...this.found.map(({ names }) => names.length))
    const unread = [...this.#sheets].flatMap(([name, sheet]) =>
      sheet instanceof UnreadSheet ? [sheet] : (this.#above.get(name)?.unread ?? []),
    )
    return unread.filter((sheet) => sheet.mayHoldReports(width))
  }

  /** Takes a table whose header was found by other means, and what is known of the rows above it. */
  add(table: Table, above: RowsAbove): void {
    this.#places.set(table.sheet, this.#places.size)
    this.#decide(table.sheet, table)
    this.#above.set(table.sheet, above)
    this.#remember(table.sheet, ...above.tables, table)
  }

  push(rows: readonly RawRow[]): readonly DataRow[] {
    const out: DataRow[] = []
    for (const [index, raw] of rows.entries()) {
      const sheet = this.#sheets.get(raw.sheet)
      if (sheet instanceof Table) {
        if (raw.row <= sheet.headerRow) this.#takeAbove(raw, sheet, out)
        else if (raw.broken === undefined && sheet.isRepeatedBy(raw.cells)) continue
        else {
          const next = this.#nextTable(raw, rows, index)
          if (next !== null) this.#follow(sheet, next)
          else if (!this.#isTitle(raw, sheet, rows, index)) out.push({ table: sheet, raw })
        }
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
    for (const [name, { rows }] of [...this.#waiting]) this.#decideWithout(name, rows, out)
    return out
  }

  #decide(name: string, sheet: Table | UnreadSheet): void {
    this.#sheets.set(name, sheet)
    this.#waiting.delete(name)
    this.#unlooked.delete(name)
  }

  #placeOf(sheet: string): number {
    return this.#places.get(sheet) ?? 0
  }

  #remember(sheet: string, ...tables: readonly Table[]): void {
    const place = this.#placeOf(sheet)
    const before = this.#last.findLastIndex((table) => this.#placeOf(table.sheet) <= place)
    this.#last.splice(before + 1, 0, ...tables)
    if (this.#last.length > mostBefore) this.#last.splice(0, this.#last.length - mostBefore)
  }

  #takeAbove(raw: RawRow, below: Table, out: DataRow[]): void {
    if (raw.row >= below.headerStart) return
    const table = this.#above.get(raw.sheet)?.take(raw) ?? null
    if (table !== null) out.push({ table, raw })
    else if (raw.broken !== undefined) out.push({ table: below, raw })
  }

  /** The table that a row of column names begins further down in a sheet; null for any other row. */
  #nextTable({ sheet, row, cells, broken }: RawRow, rows: readonly RawRow[], index: number): Table | null {
    if (broken !== undefined || !isNames(cells, this.#isKnown)) return null
    const below = rows.slice(index + 1, index + 1 + headerSearchRows).filter((raw) => raw.sheet === sheet)
    const table = this.#tableOf({ sheet, row, cells: withoutBlankEnd(cells), continues: null }, below)
    return table.hasReports ? table : null
  }

  /** Whether words that stand alone at the beginning of a row, and not where the text does, are the title of the table below. */
  #isTitle(raw: RawRow, table: Table, rows: readonly RawRow[], index: number): boolean {
    if (table.mayHave(raw) || !isWords(raw.cells[0])) return false
    for (const [offset, next] of rows.slice(index + 1, index + 1 + mostTitleLines).entries()) {
      if (next.sheet !== raw.sheet || next.broken !== undefined) return false
      if (table.isRepeatedBy(next.cells)) return true
      if (table.mayHave(next)) return this.#nextTable(next, rows, index + 1 + offset) !== null
    }
    return false
  }

  /** @throws FileProblem FILE_UNREADABLE */
  #countOne(): void {
    this.#count += 1
    if (this.#count > mostTables)
      throw new FileProblem('FILE_UNREADABLE', { format: 'file', reason: 'it has too many tables' })
  }

  #follow(before: Table, next: Table): void {
    this.#countOne()
    const { sheet } = next
    const ended = this.#ended.get(sheet) ?? []
    this.#ended.set(sheet, ended)
    ended.push(before)
    this.#sheets.set(sheet, next)
    this.#remember(sheet, next)
  }

  #wait(raw: RawRow, sheet: Waiting | undefined, out: DataRow[]): void {
    if (sheet === undefined) {
      this.#countOne()
      this.#places.set(raw.sheet, this.#places.size)
    }
    const waiting = sheet ?? { rows: [] }
    this.#sheets.set(raw.sheet, waiting)
    this.#waiting.set(raw.sheet, waiting)
    this.#unlooked.add(raw.sheet)
    waiting.rows.push(raw)
    const enough = Math.max(headerSearchRows, (this.#settings.headerRow ?? 0) + 10)
    if (waiting.rows.length < enough) return
    // Also those of shorter sheets before it, which it may continue.
    this.#findHeaders(out)
    if (this.#sheets.get(raw.sheet) === waiting) this.#decideWithout(raw.sheet, waiting.rows, out)
  }

  #findHeaders(out: DataRow[]): void {
    const unlooked = [...this.#unlooked]
    this.#unlooked.clear()
    for (const name of unlooked) {
      const rows = this.#waiting.get(name)?.rows ?? []
      const header = findHeader(
        rows.filter(({ broken }) => broken === undefined),
        this.#settings,
      )
      if (header === null) continue
      const { earlier, start, ...given } = header
      const cells = withoutBlankEnd(header.cells)
      const below = rows.filter(({ row }) => row > header.row)
      const table = this.#tableOf({ ...given, start, sheet: name, cells, continues: null }, below)
      if (!table.hasReports && !table.mayHaveText(below)) continue
      const above = new RowsAbove(table, start, earlier, rows, this.#settings)
      this.#decide(table.sheet, table)
      this.#above.set(name, above)
      this.#remember(name, ...above.tables, table)
      out.push(...this.push(rows))
    }
  }

  /** Rows without a header go on under that of a table before them, or are left. */
  #decideWithout(name: string, rows: readonly RawRow[], out: DataRow[]): void {
    const whole = rows.filter(({ broken }) => broken === undefined)
    const cells = whole.map((raw) => raw.cells)
    const before = this.#last.findLast((table) => table.isContinuedBy(cells))
    if (before !== undefined) {
      const continues = before.continues ?? before.sheet
      const table = this.#tableOf({ ...before.header, start: 0, row: 0, sheet: name, continues }, rows)
      this.#decide(table.sheet, table)
      this.#remember(name, table)
      out.push(...this.push(rows))
      return
    }
    const unread = new UnreadSheet(name, null, holdsForm(whole, this.#settings))
    this.#decide(name, unread)
    for (const row of rows) unread.add(row)
  }

  #tableOf(header: TableHeader, data: readonly RawRow[]): Table {
    return new Table(
      header,
      data.map(({ cells }) => cells),
      this.#settings,
    )
  }
}

function withoutBlankEnd(cells: RawRow['cells']): RawRow['cells'] {
  return cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1)
}
