import { FileProblem } from './file-problem.ts'
import { MergedCells, type MergedRange } from './merged-cells.ts'
import { brokenRow, type Cell, cutRow, mostColumns, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'
import { numberCell, serialCell } from './sheet-numbers.ts'
import {
  findWorkbook,
  isWorkbook,
  Parts,
  RunText,
  readWorkbook,
  unescaped,
  type Workbook,
} from './xlsx-workbook.ts'
import { type Attributes, type MarkupParser, xmlParser } from './xml-events.ts'
import { type ZipEntry, zipEntries } from './zip-directory.ts'
import { partTexts } from './zip-part.ts'

const freeExpansionBytes = 64 * 1024 * 1024
const maxColumns = 16_384
const mergeCell = /<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]+)(\d+):[A-Z]+(\d+)"/g
const longestTag = 1000
/** Five in each two rows of a large export; each takes some 200 bytes. */
const maxMerged = 500_000

/**
 * Rows of an XLSX workbook, sheet by sheet, hidden ones as well. Formula cells give their cached value.
 * @throws FileProblem FILE_EXPANDS_TOO_MUCH, FILE_NOT_A_TABLE, FILE_UNREADABLE
 */
export async function* xlsxRows(
  bytes: Uint8Array,
  settings: HotlineExportSettings,
): AsyncGenerator<readonly RawRow[]> {
  const entries = zipEntries(bytes)
  const parts = new Parts(bytes, entries)
  if (!entries.some(({ name }) => isWorkbook(name))) throw notATable(parts)
  refuseBomb(bytes, entries, settings)
  const path = await findWorkbook(parts)
  if (path === null) throw notATable(parts)
  const workbook = await readWorkbook(parts, path)
  for (const { name, part } of workbook.sheets) {
    if (settings.sheet !== undefined && settings.sheet !== name) continue
    const merged = new MergedCells(await mergedRanges(bytes, part))
    const rows = new SheetRows(name, workbook, merged, settings.maxCellBytes)
    for await (const text of partTexts(bytes, part)) yield rows.push(text)
    yield rows.end()
    if (rows.isCutOff)
      throw new FileProblem('FILE_UNREADABLE', { format: 'XLSX', reason: 'it ends inside a table' })
  }
}

/**
 * They stand behind the rows (18.3.1.55), so a sheet is expanded twice. What cannot be expanded is told when rows are read.
 * @throws FileProblem FILE_UNREADABLE
 */
async function mergedRanges(bytes: Uint8Array, part: ZipEntry): Promise<readonly MergedRange[]> {
  const ranges: MergedRange[] = []
  let rest = ''
  let isFound = false
  try {
    for await (const text of partTexts(bytes, part)) {
      rest += text
      isFound ||= rest.includes('mergeCells')
      let end = 0
      for (const match of isFound ? rest.matchAll(mergeCell) : []) {
        const [tag, column, first, last] = match
        end = match.index + tag.length
        // Cells side by side say nothing below.
        if (first !== last)
          ranges.push({
            column: (columnOf(column) ?? 1) - 1,
            first: Number(first) - 1,
            last: Number(last) - 1,
          })
      }
      rest = rest.slice(Math.max(end, rest.length - longestTag))
      if (ranges.length > maxMerged) break
    }
  } catch {
    return []
  }
  if (ranges.length > maxMerged)
    throw new FileProblem('FILE_UNREADABLE', { format: 'XLSX', reason: 'it merges too many cells' })
  return ranges
}

/** The rows in the XML of one sheet (ECMA-376 Part 1, 18.3.1.73). */
class SheetRows {
  readonly #sheet: string
  readonly #workbook: Workbook
  readonly #merged: MergedCells
  readonly #maxCellChars: number
  readonly #parser: MarkupParser
  readonly #inline = new RunText()
  #row = 0
  /** The number that the last row gave itself. */
  #given = 0
  #cells: Cell[] | null = null
  /** Column of the open cell, from 1. */
  #column = 0
  #type = ''
  #style = -1
  #collects: 'v' | 'f' | 'is' | null = null
  #value = ''
  #formula = ''
  /** Why the open row cannot be taken as it stands. */
  #problem: string | null = null
  #out: RawRow[] = []
  /** The text is at its end: what closes now was never closed. */
  #isEnding = false
  isCutOff = true

  constructor(sheet: string, workbook: Workbook, merged: MergedCells, maxCellBytes: number) {
    this.#sheet = sheet
    this.#workbook = workbook
    this.#merged = merged
    this.#maxCellChars = maxCellBytes + 1
    this.#parser = xmlParser({
      open: (name, attributes) => this.#open(name, attributes),
      text: (text) => this.#text(text),
      close: (name) => this.#close(name),
    })
  }

  push(text: string): readonly RawRow[] {
    this.#out = []
    this.#parser.write(text)
    return this.#out
  }

  end(): readonly RawRow[] {
    this.#out = []
    this.#isEnding = true
    this.#parser.end()
    return this.#out
  }

  #open(name: string, attributes: Attributes): void {
    if (name === 'row') this.#startRow(attributes.r)
    else if (this.#cells === null) return
    else if (name === 'c') {
      this.#column = columnOf(attributes.r) ?? this.#column + 1
      this.#type = attributes.t ?? 'n'
      this.#style = Number(attributes.s ?? -1)
      this.#value = ''
      this.#formula = ''
    } else if (name === 'v' || name === 'f') this.#collects = name
    else if (name === 'is') this.#collects = 'is'
    if (this.#collects === 'is') this.#inline.open(name, 'is')
  }

  /** A row without a number of its own, or with that of the row before it, is the next one. */
  #startRow(given: string | undefined): void {
    const row = Number(given ?? 0)
    const isKnown = Number.isInteger(row) && row >= 1 && row !== this.#given
    this.#given = row
    this.#row = isKnown ? row : this.#row + 1
    this.#cells = []
    this.#column = 0
    this.#problem = null
  }

  #text(text: string): void {
    if (this.#collects === 'v' && this.#value.length < this.#maxCellChars) this.#value += text
    else if (this.#collects === 'f' && this.#formula.length < this.#maxCellChars) this.#formula += text
    else if (this.#collects === 'is') this.#inline.add(text)
  }

  #close(name: string): void {
    if (this.#collects === 'is') this.#inline.close(name)
    if (name === 'worksheet') this.isCutOff = this.#isEnding
    else if (name === 'is') {
      this.#value = this.#inline.take()
      this.#collects = null
    } else if (name === 'v' || name === 'f') this.#collects = null
    else if (name === 'c' && this.#cells !== null) this.#put(this.#cells)
    else if (name === 'row' && this.#cells !== null) this.#endRow(this.#cells)
  }

  #put(cells: Cell[]): void {
    const cell = this.#cell()
    if (cell === null) return
    if (this.#column > mostColumns) {
      this.#problem = `a cell beyond column ${mostColumns}`
      return
    }
    while (cells.length < this.#column - 1) cells.push(null)
    cells[this.#column - 1] = cell
  }

  #endRow(cells: readonly Cell[]): void {
    const [sheet, row] = [this.#sheet, this.#row]
    this.#cells = null
    // A row that is quarantined may begin what stands beside those below it.
    const filled = this.#merged.fill({ sheet, row, cells, is1904: this.#workbook.is1904 })
    if (this.#isEnding) this.#out.push(cutRow(sheet, row, cells))
    else if (this.#problem !== null) this.#out.push(brokenRow(sheet, row, cells, this.#problem))
    else this.#out.push(filled)
  }

  #cell(): Cell {
    const value = this.#value
    const words = this.#formula !== '' && isUncalculated(value) ? wordsOf(this.#formula) : null
    if (words !== null) return words
    if (value === '') return null
    switch (this.#type) {
      case 's':
        return this.#shared(Number(value))
      case 'str':
        return unescaped(value)
      case 'inlineStr':
      case 'e':
        return value
      case 'b':
        return value === '1' || value === 'true'
      case 'd':
        // SheetJS writes a Z behind the sheet's wall clock; cells have no zone.
        return value.replace(/(?:\.\d{1,9})?Z$/, '')
      default:
        return this.#number(value)
    }
  }

  #shared(index: number): Cell {
    const text = this.#workbook.sharedTexts[index]
    if (text === undefined) this.#problem = 'a text that it refers to is missing'
    return text ?? null
  }

  #number(value: string): Cell {
    const cell = numberCell(value)
    const isDate = this.#workbook.dateStyles[this.#style] === true
    return isDate && typeof cell === 'number' ? serialCell(cell, this.#workbook.is1904) : cell
  }
}

/** Programs that do not calculate write a formula without a result, or with 0; for words that name nothing, Excel gives the error. */
function isUncalculated(value: string): boolean {
  return value === '' || value === '0' || value === '#NAME?'
}

/**
 * What a reader sees of a formula without its result: what a link shows; all of a text that begins with `=`, or with a
 * sign, which Excel takes for the beginning of a formula too.
 */
function wordsOf(formula: string): string | null {
  const [, shown] = /^\s*HYPERLINK\(.*,\s*"((?:[^"]|"")+)"\s*\)\s*$/is.exec(formula) ?? []
  if (shown !== undefined) return shown.replaceAll('""', '"')
  if (!isText(formula)) return null
  return /^[-+]/.test(formula) ? formula : `=${formula}`
}

/** Whether Chinese stands in it beside what it quotes and names of sheets, and no function first. */
function isText(formula: string): boolean {
  if (/^[a-z.]+\(/i.test(formula)) return false
  const outside = formula.replace(/"[^"]*"|'[^']*'!/g, '')
  const words = outside.match(/[\p{L}\p{N}_.]+!?/gu) ?? []
  return words.some((word) => !word.endsWith('!') && /\p{Script=Han}/u.test(word))
}

/** Number of the column that a cell's reference names; null where it names none. */
function columnOf(reference: string | undefined): number | null {
  let column = 0
  for (const letter of /^\$?([a-z]{1,3})/i.exec(reference ?? '')?.[1]?.toUpperCase() ?? '') {
    column = column * 26 + letter.charCodeAt(0) - 64
  }
  return column >= 1 && column <= maxColumns ? column : null
}

function refuseBomb(bytes: Uint8Array, entries: readonly ZipEntry[], settings: HotlineExportSettings): void {
  const expanded = entries.reduce((sum, entry) => sum + entry.expandedBytes, 0)
  const byRatio = Math.max(freeExpansionBytes, bytes.length * settings.maxExpandRatio)
  const limit = Math.min(settings.maxExpandedBytes, byRatio)
  if (expanded > limit)
    throw new FileProblem('FILE_EXPANDS_TOO_MUCH', { bytes: bytes.length, expanded, limit })
}

/** What an archive is that holds no XLSX workbook. */
function notATable(parts: Parts): FileProblem {
  const has = (path: string) => parts.find(path) !== undefined
  if (has('xl/workbook.bin'))
    return new FileProblem('FILE_NOT_A_TABLE', { reason: 'a binary Excel workbook (XLSB)' })
  if (has('word/document.xml')) return new FileProblem('FILE_NOT_A_TABLE', { reason: 'a Word document' })
  if (has('content.xml') && has('mimetype'))
    return new FileProblem('FILE_NOT_A_TABLE', { reason: 'an OpenDocument file (ODS)' })
  return new FileProblem('FILE_NOT_A_TABLE', { reason: 'a ZIP archive without an XLSX workbook' })
}
