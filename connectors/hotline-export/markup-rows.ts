import { Parser } from 'htmlparser2'
import type { Cell, RawRow } from './raw-row.ts'

/** Turns text into rows as it comes. */
export interface RowSplitter {
  push(text: string, last: boolean): readonly RawRow[]
  /** Whether rows of the text given so far are left for a push of no text, so that none returns too many. */
  readonly hasMore: boolean
  /** After the last text: whether the file ended in the middle of a table. */
  readonly isCutOff: boolean
}

interface OpenTable {
  readonly sheet: string
  row: number
  cells: Cell[] | null
  /** Text of the open cell; null between cells. */
  text: string | null
  span: number
}

const maxSpan = 1000

/**
 * Rows of the tables of an HTML page, as hotline systems save it under the name .xls.
 * Each table counts as a sheet, named by its order; layout tables around it do no harm.
 */
export class HtmlRows implements RowSplitter {
  readonly #maxCellChars: number
  readonly #stack: OpenTable[] = []
  readonly #parser: Parser
  #tables = 0
  #hidden = 0
  #ending = false
  #out: RawRow[] = []
  isCutOff = false
  readonly hasMore = false

  constructor(maxCellBytes: number) {
    this.#maxCellChars = maxCellBytes + 1
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => this.#open(name, attributes),
        onclosetag: (name) => this.#close(name),
        ontext: (text) => this.#text(text),
      },
      { decodeEntities: true, lowerCaseTags: true },
    )
  }

  push(text: string, last: boolean): readonly RawRow[] {
    this.#out = []
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
    if (name === 'table') {
      this.#tables += 1
      this.#stack.push({ sheet: `表${this.#tables}`, row: 0, cells: null, text: null, span: 1 })
    } else if (name === 'style' || name === 'script') this.#hidden += 1
    else if (table === undefined) return
    else if (name === 'tr') this.#startRow(table)
    else if (name === 'td' || name === 'th') {
      if (table.cells === null) this.#startRow(table)
      endCell(table)
      table.text = ''
      table.span = Math.min(maxSpan, Math.max(1, Number.parseInt(attributes.colspan ?? '1', 10) || 1))
    } else if (table.text !== null && (name === 'br' || name === 'p' || name === 'div')) table.text += '\n'
  }

  #close(name: string): void {
    const table = this.#stack.at(-1)
    if (name === 'style' || name === 'script') this.#hidden -= 1
    if (table === undefined) return
    if (name === 'td' || name === 'th') endCell(table)
    if (name === 'tr' || name === 'table') this.#endRow(table)
    if (name === 'table') this.#stack.pop()
  }

  #text(text: string): void {
    const table = this.#stack.at(-1)
    if (table === undefined || table.text === null || this.#hidden > 0) return
    if (table.text.length >= this.#maxCellChars) return
    const words = text.replace(/[ \t\r\n\f]+/g, ' ')
    table.text += words.startsWith(' ') && /[ \n]$/.test(table.text.slice(-1)) ? words.slice(1) : words
  }

  #startRow(table: OpenTable): void {
    this.#endRow(table)
    table.row += 1
    table.cells = []
  }

  #endRow(table: OpenTable): void {
    endCell(table)
    const { sheet, row, cells } = table
    table.cells = null
    if (cells === null) return
    if (!this.#ending) this.#out.push({ sheet, row, cells })
    else this.#out.push(cutRow(sheet, row, cells))
  }
}

/** The row in which a file ends before its table does. */
export function cutRow(sheet: string, row: number, cells: readonly Cell[]): RawRow {
  const text = cells.map((cell) => String(cell ?? '')).join('\t')
  return {
    sheet,
    row,
    cells: [],
    broken: { code: 'ROW_MALFORMED', detail: { reason: 'the file ends in it' }, text, whole: true },
  }
}

/** By hand: a regular expression takes the square of a long run's length when it does not end the text. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length]
  while (text[from] === ' ' || text[from] === '\n') from += 1
  while (to > from && (text[to - 1] === ' ' || text[to - 1] === '\n')) to -= 1
  return text.slice(from, to)
}

function endCell(table: OpenTable): void {
  if (table.text === null) return
  // White space at line ends is layout in HTML, not content.
  const text = trimmed(table.text.replaceAll(' \n', '\n'))
  table.cells?.push(text === '' ? null : text, ...Array<null>(table.span - 1).fill(null))
  table.text = null
}
