import { createHash } from 'node:crypto'
import { base32 } from '../base32.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import type { Draft } from './row-item.ts'

/** Rows of a report have at least so many cells, one of them in words. */
const fewestCells = 3
const words = /\p{L}(?:.*\p{L}){7}/su
const shownChars = 64 * 1024

/** A sheet beside a table, without a header: what it holds is counted, and shown as far as it is short. */
export class UnreadSheet {
  readonly #name: string
  readonly #hash = createHash('sha256')
  #text = ''
  #rows = 0
  #reports = 0
  #reportCells = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Takes a row that is not blank. */
  add({ cells, broken }: RawRow): void {
    this.#rows += 1
    const text = broken?.text ?? cells.map((cell) => String(cell ?? '')).join('\t')
    this.#hash.update(`${text}\n`)
    if (this.#text.length < shownChars) this.#text += `${text.slice(0, shownChars)}\n`
    const filled = broken === undefined ? cells.filter((cell) => !isBlank(cell)).length : fewestCells
    if (filled < fewestCells || (broken === undefined && !cells.some(isInWords))) return
    this.#reports += 1
    this.#reportCells += filled
  }

  /**
   * Whether reports may be lost with it: it has several rows with words in them, at least half as full as a row
   * of the file's widest table. Covers, notes, legends and figures have not.
   */
  mayHoldReports(tableWidth: number): boolean {
    return this.#reports > 1 && this.#reportCells * 2 >= this.#reports * tableWidth
  }

  /** One item for the whole sheet. */
  draft(file: string): Draft {
    const where = `${file} › ${this.#name} (${this.#rows} rows / 行)`
    return {
      externalId: `sheet-${base32(this.#hash.copy().update(`FILE_NO_HEADER${this.#name}`).digest(), 26)}`,
      mediaType: 'text/tab-separated-values; charset=utf-8',
      body: Buffer.from(this.#text),
      meta: {
        file,
        sheet: this.#name,
        problem: 'FILE_NO_HEADER',
        problemDetail: JSON.stringify({
          file: where,
          sheet: this.#name,
          rows: this.#rows,
        }),
      },
    }
  }
}

function isInWords(cell: Cell): boolean {
  return typeof cell === 'string' && words.test(cell.slice(0, 200))
}
