import { MergedCells } from './merged-cells.ts'
import {
  brokenRow,
  type Cell,
  cutRow,
  isBlank,
  mostColumns,
  type RawRow,
  type RowSplitter,
} from './raw-row.ts'
import { numberCell } from './sheet-numbers.ts'
import { localName, type MarkupParser, markupParser } from './xml-events.ts'

const maxIndex = 1_048_576
const maxColumns = 16_384

/** Rows of an XML Spreadsheet 2003 file (Microsoft: "XML Spreadsheet Reference", 2001). */
export class SpreadsheetMlRows implements RowSplitter {
  readonly hasMore = false
  readonly #parser: MarkupParser
  readonly #maxCellChars: number
  readonly #wanted: string | undefined
  #sheet = ''
  #row = 0
  #cells: Cell[] | null = null
  #column = 0
  /** Columns that the last cell covers beyond its own. */
  #merged = 0
  #mergedCells = new MergedCells()
  #type = ''
  #text: string | null = null
  #inComment = false
  /** Why the open row cannot be taken as it stands. */
  #problem: string | null = null
  #ended = false
  #ending = false
  #out: RawRow[] = []

  /** Only the sheet `wanted`, where one is named. */
  constructor(maxCellBytes: number, wanted: string | undefined) {
    this.#wanted = wanted
    this.#maxCellChars = maxCellBytes + 1
    this.#parser = markupParser('XML', {
      open: (name, attributes) => this.#open(local(name), attributes),
      close: (name) => this.#close(local(name)),
      text: (text) => {
        if (this.#text !== null && this.#text.length < this.#maxCellChars) this.#text += text
      },
    })
  }

  get isCutOff(): boolean {
    return !this.#ended
  }

  push(text: string, last: boolean): readonly RawRow[] {
    this.#out = []
    this.#parser.write(text)
    if (last) {
      this.#ending = true
      this.#parser.end()
    }
    return this.#out
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    const named = (key: string) => attributes[`ss:${key}`] ?? attributes[key]
    if (name === 'worksheet') {
      this.#sheet = named('Name') ?? ''
      this.#row = 0
      this.#mergedCells = new MergedCells()
    } else if (name === 'row') {
      this.#row = position(named('Index'), this.#row + 1, maxIndex)
      this.#cells = []
      this.#column = 0
      this.#merged = 0
      this.#problem = null
    } else if (name === 'cell') {
      this.#column = position(named('Index'), this.#column + this.#merged + 1, maxColumns)
      this.#merged = Math.min(maxColumns, Number.parseInt(named('MergeAcross') ?? '0', 10) || 0)
      const down = Number.parseInt(named('MergeDown') ?? '0', 10) || 0
      this.#mergedCells.add({ first: this.#row - 1, last: this.#row - 1 + down, column: this.#column - 1 })
    } else if (name === 'comment') this.#inComment = true
    else if (name === 'data' && !this.#inComment) {
      this.#type = named('Type') ?? 'String'
      this.#text = ''
    }
  }

  #close(name: string): void {
    if (name === 'comment') this.#inComment = false
    if (name === 'workbook') this.#ended = !this.#ending
    if (name === 'data' && this.#text !== null) {
      this.#put(this.#text)
      this.#text = null
    }
    if (name !== 'row' || this.#cells === null) return
    const [sheet, row, cells] = [this.#sheet, this.#row, this.#cells]
    this.#cells = null
    if (this.#wanted !== undefined && this.#wanted !== sheet) return
    // A row that is quarantined may begin what stands beside those below it.
    const filled = this.#mergedCells.fill({ sheet, row, cells })
    if (this.#ending) this.#out.push(cutRow(sheet, row, cells))
    else if (this.#problem !== null) this.#out.push(brokenRow(sheet, row, cells, this.#problem))
    else this.#out.push(filled)
  }

  #put(text: string): void {
    if (this.#cells === null) return
    const cell = typedCell(text, this.#type)
    if (Math.max(this.#column, this.#cells.length + 1) > mostColumns) {
      if (!isBlank(cell)) this.#problem = `a cell beyond column ${mostColumns}`
      return
    }
    while (this.#cells.length < this.#column - 1) this.#cells.push(null)
    this.#cells.push(cell)
  }
}

function local(name: string): string {
  return localName(name).toLowerCase()
}

function position(given: string | undefined, otherwise: number, limit: number): number {
  const index = given === undefined ? otherwise : Number.parseInt(given, 10)
  return Number.isInteger(index) && index >= 1 && index <= limit ? index : otherwise
}

function typedCell(text: string, type: string): Cell {
  if (type === 'Number') return numberCell(text)
  if (type === 'Boolean') return text.trim() === '1'
  if (type !== 'DateTime') return text === '' ? null : text
  const moment = /^(\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(text.trim())
  if (moment === null) return text
  return Number(moment[1]) < 1900 ? moment[0].slice(11) : moment[0]
}
