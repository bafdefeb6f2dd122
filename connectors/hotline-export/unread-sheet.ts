import { createHash, type Hash } from 'node:crypto'
import { base32 } from '../../config/base32.ts'
import { itemProblem } from '../item-problem.ts'
import { type Cell, isBlank, type RawRow, rowText } from './raw-row.ts'
import type { Draft } from './row-item.ts'

/** Rows of a report have at least so many cells, one of them in words. */
const fewestCells = 3
const words = /\p{L}(?:.*\p{L}){7}/su
const shownChars = 64 * 1024

/** `制表单位：热线办` above a table. */
const labelled = /^[^:：]{1,12}[:：]/u

/** The header that rows stand above: the row of its first line, and its columns. */
export interface Below {
  readonly row: number
  readonly width: number
}

/**
 * A sheet beside a table, without a header, or the rows above a header: what they hold is counted, and shown as far
 * as it is short.
 */
export class UnreadSheet {
  /** One report stands in it, each part beside its name. */
  readonly isForm: boolean
  readonly #name: string
  readonly #below: Below | null
  /** Of all rows, once not all of them are kept; most sheets are short, and a page can have any number of them. */
  #hash: Hash | null = null
  #text = ''
  #rows = 0
  #reports = 0
  #reportCells = 0
  #hasFullRow = false

  constructor(name: string, below: Below | null, isForm = false) {
    this.#name = name
    this.#below = below
    this.isForm = isForm
  }

  /** As far as they are kept, the cells of each divided by tabs. */
  get shownRows(): readonly string[] {
    return this.#text.split('\n').slice(0, -1)
  }

  /** Takes a row that is not blank. */
  add(row: RawRow): void {
    const { cells, broken } = row
    this.#rows += 1
    const text = rowText(row)
    if (this.#text.length >= shownChars || text.length > shownChars)
      this.#hash ??= createHash('sha256').update(this.#text)
    this.#hash?.update(`${text}\n`)
    if (this.#text.length < shownChars) this.#text += `${text.slice(0, shownChars)}\n`
    const isAbove = this.#below !== null
    const width = this.#below?.width ?? fewestCells
    const said = cells.filter((cell) => !isBlank(cell))
    const filled = broken === undefined ? said.length : fewestCells
    if (filled < Math.min(fewestCells, Math.max(2, width))) return
    if (broken === undefined && (!said.some(isInWords) || (isAbove && isLabels(said)))) return
    this.#reports += 1
    this.#reportCells += filled
    if (isAbove && filled * 4 >= width * 3) this.#hasFullRow = true
  }

  /**
   * Whether reports may be lost with it: it has several rows with words in them, at least half as full as a row
   * of the file's widest table. Covers, notes, legends and figures have not. Above a header one full row is enough.
   */
  mayHoldReports(widest: number): boolean {
    const tableWidth = this.#below?.width ?? widest
    if (this.#hasFullRow || this.isForm) return true
    return this.#reports > 1 && this.#reportCells * 2 >= this.#reports * tableWidth
  }

  /** One item for all of it. */
  draft(file: string): Draft {
    const id = this.#below === null ? this.#name : `${this.#name}\u001eabove`
    const hash = this.#hash?.copy() ?? createHash('sha256').update(this.#text)
    return {
      externalId: `sheet-${base32(hash.update(`FILE_NO_HEADER${id}`).digest('binary'), 26)}`,
      mediaType: 'text/tab-separated-values; charset=utf-8',
      body: Buffer.from(this.#text),
      meta: {
        file,
        ...(this.#name === '' ? {} : { sheet: this.#name }),
        ...itemProblem('FILE_NO_HEADER', { ...this.#places(file), sheet: this.#name, rows: this.#rows }),
      },
    }
  }

  #places(file: string): Readonly<Record<'file' | 'file.en' | 'file.zh', string>> {
    const place = this.#name === '' ? file : `${file} › ${this.#name}`
    const [en, zh] =
      this.#below === null ? ['', ''] : [`, above row ${this.#below.row}`, ` 第 ${this.#below.row} 行之前`]
    return {
      file: place,
      'file.en': `${place}${en} (${this.#rows} ${this.#rows === 1 ? 'row' : 'rows'})`,
      'file.zh': `${place}${zh}（${this.#rows} 行）`,
    }
  }
}

function isInWords(cell: Cell): boolean {
  return typeof cell === 'string' && words.test(cell.slice(0, 200))
}

function isLabels(cells: readonly Cell[]): boolean {
  return cells.filter((cell) => labelled.test(String(cell))).length * 2 > cells.length
}
