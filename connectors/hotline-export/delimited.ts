import Papa from 'papaparse'
import type { CsvShape } from './csv-records.ts'
import { FileProblem } from './file-problem.ts'
import { findHeader, type Header, headerSearchRows } from './header.ts'
import { isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

const delimiters = [',', '\t', ';', '|']

/** How a delimited text is laid out, told from its beginning. */
export interface Layout {
  readonly shape: CsvShape
  readonly header: Header
  /** Cells up to the last named column. */
  readonly width: number
  /** The first rows below the header. */
  readonly below: readonly RawRow[]
}

/**
 * The delimiter is the one under which a header with the most known names appears.
 * @throws FileProblem FILE_NO_HEADER, FILE_NOT_A_TABLE
 */
export function findLayout(sample: string, settings: HotlineExportSettings): Layout {
  const newline = newlineOf(sample)
  const hint = /^sep=(.)\r?\n/i.exec(sample)?.[1]
  let best: Layout | null = null
  let columns = 1
  for (const delimiter of hint === undefined ? delimiters : [hint]) {
    const shape = { delimiter, newline }
    const rows = sampleRows(sample, shape, settings)
    columns = Math.max(columns, ...rows.map(({ cells }) => cells.length))
    const header = findHeader(rows, settings)
    if (header === null) continue
    const width = header.cells.findLastIndex((cell) => !isBlank(cell)) + 1
    const isBetter =
      best === null ||
      header.known > best.header.known ||
      (header.known === best.header.known && width > best.width)
    if (isBetter) best = { shape, header, width, below: rows.filter(({ row }) => row > header.row) }
  }
  if (best !== null) return best
  if (columns === 1 && settings.headerRow === undefined)
    throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'plain text' })
  throw new FileProblem('FILE_NO_HEADER', {})
}

function newlineOf(sample: string): CsvShape['newline'] {
  const first = sample.indexOf('\n')
  if (first === -1) return sample.includes('\r') ? '\r' : '\n'
  return sample[first - 1] === '\r' ? '\r\n' : '\n'
}

function sampleRows(sample: string, shape: CsvShape, settings: HotlineExportSettings): readonly RawRow[] {
  const preview = Math.max(headerSearchRows, (settings.headerRow ?? 0) + 10)
  const { data } = Papa.parse<string[]>(sample, { ...shape, quoteChar: '"', preview })
  return data
    .map((cells, index) => ({
      sheet: '',
      row: index + 1,
      cells: cells.map((cell) => cell.replace(/\r$/, '')),
    }))
    .filter(({ cells }) => !cells.every(isBlank))
}
