import { brokenRow, type Cell, cutRow, mostColumns, type RawRow, type RowSplitter } from './raw-row.ts'
import { numberCell } from './sheet-numbers.ts'
import { type MarkupParser, markupParser } from './xml-events.ts'

interface OpenTable {
  readonly sheet: string
  /** The table in whose cell of a row of reports it stands, as letters written in an editor have them. */
  readonly within: OpenTable | null
  row: number
  /** Cells of its widest row so far. */
  width: number
  cells: Cell[] | null
  /** Text of the open cell; null between cells. */
  text: string | null
  /** The value that the program stores for the open cell, which may differ from the text shown; empty if none is given. */
  held: string
  columns: number
  rows: number
  /** What cells of rows above hold in this row and the next ones, by column. */
  readonly covers: Map<number, Cover>
  /** Columns of the open row that are filled from cells of rows above. */
  merged: Set<number>
  /** Why the open row cannot be taken as it stands. */
  problem: string | null
}

interface Cover {
  /** Rows left, with the open one. */
  rows: number
  readonly cell: Cell
}

/** LibreOffice writes what a clerk noted beside a cell as a `comment` inside it. */
const hidden: ReadonlySet<string> = new Set(['style', 'script', 'comment'])
const keeping: ReadonlySet<string> = new Set(['pre', 'textarea'])
const blocks: ReadonlySet<string> = new Set([
  ...[
    'address',
    'blockquote',
    'center',
    'dd',
    'div',
    'dl',
    'dt',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'li',
  ],
  ...['ol', 'p', 'pre', 'section', 'ul'],
])

/** A table of reports has at least this many columns; tables used for page layout mostly have fewer. */
const fewestColumns = 3
/** The most that browsers take (HTML Standard, 4.9.11). */
const maxRows = 65_534
/** Limits, in cells and characters, for what spans may repeat: this much in any file, and this many times the file's own content. */
const freeRepeats = 1024 * 1024
const maxRepeats = 20

/**
 * Rows of the tables of an HTML page, as hotline systems save it under the name .xls.
 * Each table counts as a sheet, named by its order; layout tables around it do no harm.
 */
export class HtmlRows implements RowSplitter {
  readonly #maxCellChars: number
  readonly #stack: OpenTable[] = []
  readonly #parser: MarkupParser
  #tables = 0
  #hidden = 0
  /** Open elements that keep the line ends of the source. */
  #kept = 0
  #ending = false
  #read = 0
  #repeated = 0
  #out: RawRow[] = []
  isCutOff = false
  readonly hasMore = false

  constructor(maxCellBytes: number) {
    this.#maxCellChars = maxCellBytes + 1
    this.#parser = markupParser('HTML', {
      open: (name, attributes) => this.#open(name, attributes),
      close: (name) => this.#close(name),
      text: (text) => this.#text(text),
    })
  }

  push(text: string, last: boolean): readonly RawRow[] {
    this.#out = []
    this.#read += text.length
    this.#parser.write(text)
    if (last) {
      this.#ending = true
      this.isCutOff = this.#stack.length > 0
      this.#parser.end()
    }
    return this.#out
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    const table = this.#stack.at(-1)
    if (keeping.has(name)) this.#kept += 1
    if (name === 'table') {
      this.#tables += 1
      this.#stack.push(newTable(`表${this.#tables}`, table ?? null))
    } else if (hidden.has(name)) this.#hidden += 1
    else if (table === undefined) return
    else if (name === 'tr') this.#startRow(table)
    else if (name === 'td' || name === 'th') this.#startCell(table, attributes)
    else if (isGroup(name)) this.#endGroup(table)
    else if (table.text !== null) this.#break(table, name)
  }

  #close(name: string): void {
    const table = this.#stack.at(-1)
    if (hidden.has(name)) this.#hidden -= 1
    if (keeping.has(name)) this.#kept -= 1
    if (table === undefined) return
    if (table.text !== null && name !== 'br') this.#break(table, name)
    if (name === 'td' || name === 'th') this.#endCell(table)
    if (name === 'tr' || name === 'table') this.#endRow(table)
    if (isGroup(name)) this.#endGroup(table)
    if (name === 'table') this.#stack.pop()
  }

  /** Elements that stand on lines of their own begin a new one before and behind them, unless one has just begun. */
  #break(table: OpenTable, name: string): void {
    if (name === 'br' || (blocks.has(name) && !/(?:^|\n) ?$/.test(table.text?.slice(-2) ?? '')))
      table.text += '\n'
  }

  #text(text: string): void {
    const table = this.#stack.at(-1)
    if (table === undefined || table.text === null || this.#hidden > 0) return
    if (table.text.length >= this.#maxCellChars) return
    const words = this.#kept > 0 ? text : text.replace(/[ \t\r\n\f]+/g, ' ')
    table.text += words.startsWith(' ') && /[ \n]$/.test(table.text.slice(-1)) ? words.slice(1) : words
  }

  #startRow(table: OpenTable): void {
    this.#endRow(table)
    table.row += 1
    table.cells = []
    table.merged = new Set()
    table.problem = null
  }

  #startCell(table: OpenTable, attributes: Readonly<Record<string, string>>): void {
    if (table.cells === null) this.#startRow(table)
    this.#endCell(table)
    table.text = ''
    table.held = attributes['x:num'] ?? attributes.sdval ?? ''
    table.columns = span(attributes.colspan, mostColumns) || 1
    // A span of 0 reaches to the end of the group.
    table.rows = span(attributes.rowspan, maxRows) || maxRows
  }

  /** Cells span no further than their group of rows. */
  #endGroup(table: OpenTable): void {
    this.#endRow(table)
    table.covers.clear()
  }

  #endRow(table: OpenTable): void {
    this.#endCell(table)
    const { sheet, row, cells, merged } = table
    if (cells === null) return
    if (cells.length > 0 && table.covers.size > 0) this.#coverEnd(table)
    for (const [column, cover] of table.covers) {
      cover.rows -= 1
      if (cover.rows === 0) table.covers.delete(column)
    }
    table.cells = null
    table.width = Math.max(table.width, cells.length)
    this.#tellAround(table, cells)
    if (this.#ending) this.#out.push(cutRow(sheet, row, cells))
    else if (table.problem !== null) this.#out.push(brokenRow(sheet, row, cells, table.problem))
    else this.#out.push(merged.size === 0 ? { sheet, row, cells } : { sheet, row, cells, merged })
  }

  /** The text of a table inside a cell is also added to that cell: it may be part of a letter. */
  #tellAround({ within }: OpenTable, cells: readonly Cell[]): void {
    if (within === null || within.text === null || within.text.length >= this.#maxCellChars) return
    const text = cells.filter((cell) => cell !== null).join(' ')
    this.#repeated += text.length
    if (this.#repeatsTooMuch) within.problem = 'its elements nest too deep'
    else within.text += `\n${text}\n`
  }

  #endCell(table: OpenTable): void {
    const { cells, columns, rows, covers } = table
    if (table.text === null || cells === null) return
    // White space at line ends is layout in HTML, not content.
    const text = trimmed(table.text.replaceAll(' \n', '\n'))
    table.text = null
    while (covers.has(cells.length)) this.#cover(table, cells.length + 1)
    if (columns > 1) this.#repeat(table, columns - 1)
    for (let column = 0; column < columns; column += 1) {
      const cell = column === 0 && text !== '' ? shownCell(text, table.held) : null
      if (cells.length === mostColumns) {
        if (cell !== null) table.problem = `a cell beyond column ${mostColumns}`
        break
      }
      if (rows > 1) covers.set(cells.length, { rows, cell })
      cells.push(cell)
    }
  }

  /** Fills the open row up to `width` with what the cells above hold there; nothing once they have said too much. */
  #cover(table: OpenTable, width: number): void {
    const { cells, covers, merged } = table
    while (cells !== null && cells.length < width) {
      const cell = covers.get(cells.length)?.cell ?? null
      this.#repeat(table, 4 + String(cell ?? '').length)
      if (cell !== null) merged.add(cells.length)
      cells.push(table.problem === null ? cell : null)
    }
  }

  #coverEnd(table: OpenTable): void {
    this.#repeat(table, table.covers.size)
    if (table.problem === null) this.#cover(table, Math.max(...table.covers.keys()) + 1)
  }

  #repeat(table: OpenTable, size: number): void {
    this.#repeated += size
    if (this.#repeatsTooMuch) table.problem = 'cells span too many rows'
  }

  get #repeatsTooMuch(): boolean {
    return this.#repeated > freeRepeats + this.#read * maxRepeats
  }
}

/** Programs show a long number as 1.38E+10 and a date as #### in a narrow column; `x:num` (Excel) or `sdval` (LibreOffice) holds it in full. */
function shownCell(text: string, held: string): Cell {
  return held !== '' && /^(?:#+|\d(?:\.\d+)?E\+\d+)$/i.test(text) ? numberCell(held) : text
}

function newTable(sheet: string, around: OpenTable | null): OpenTable {
  const isOfReports = around !== null && (around.width >= fewestColumns || around.within !== null)
  const within = isOfReports ? around : null
  const counts = { row: 0, width: 0, columns: 1, rows: 1 }
  return {
    ...{ sheet, within, ...counts, cells: null, text: null, held: '' },
    covers: new Map(),
    merged: new Set(),
    problem: null,
  }
}

function isGroup(name: string): boolean {
  return name === 'thead' || name === 'tbody' || name === 'tfoot'
}

/** 1 where nothing or no number is given. */
function span(attribute: string | undefined, limit: number): number {
  const given = Number.parseInt(attribute ?? '', 10)
  return given >= 0 ? Math.min(limit, given) : 1
}

/** By hand: a regular expression takes the square of a long run's length when it does not end the text. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length]
  while (text[from] === ' ' || text[from] === '\n') from += 1
  while (to > from && (text[to - 1] === ' ' || text[to - 1] === '\n')) to -= 1
  return text.slice(from, to)
}
