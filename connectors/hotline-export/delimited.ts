import Papa from 'papaparse'
import type { CsvShape } from './csv-records.ts'
import { FileProblem, NoHeader } from './file-problem.ts'
import { findHeader, type Header, headerSearchRows } from './header.ts'
import { isBlank, type RawRow, rowText } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

/** The first name in single quotes: tools of databases let one choose what cells stand in. */
const singleQuoted = /^'[^'\r\n]*'[,\t;|]/
/** Spark and MySQL write a quote inside a cell behind a backslash, where others write it twice. */
const backslashed = /\\"[^",\t;|\r\n]/
const doubled = /[^\\,\t;|\r\n]""[^,\t;|\r\n]/
const delimiters = [',', '\t', ';', '|']

/** How a delimited text is laid out, told from its beginning. */
export interface Layout {
  readonly shape: CsvShape
  readonly header: Header
  /** Cells up to the last named column. */
  readonly width: number
  /** The first rows, and of them those below the header. */
  readonly rows: readonly RawRow[]
  readonly below: readonly RawRow[]
}

/**
 * The delimiter and line end are those under which a header with the most known names appears,
 * above the most rows of its width.
 * @throws FileProblem FILE_NO_HEADER, FILE_NOT_A_TABLE
 */
export function findLayout(sample: string, settings: HotlineExportSettings): Layout {
  let best: Layout | null = null
  let widest: readonly RawRow[] = []
  let columns = 1
  for (const shape of shapes(sample)) {
    const rows = sampleRows(sample, shape, settings)
    const width = Math.max(1, ...rows.map(({ cells }) => cells.length))
    if (width > columns || widest.length === 0) widest = rows
    columns = Math.max(columns, width)
    const header = findHeader(rows, settings)
    if (header === null) continue
    const named = header.cells.findLastIndex((cell) => !isBlank(cell)) + 1
    const layout = { shape, header, width: named, rows, below: rows.filter(({ row }) => row > header.row) }
    if (best === null || isBetter(layout, best)) best = layout
  }
  if (best !== null) return best
  if (columns > 1 || settings.headerRow !== undefined) throw new NoHeader(widest.map(rowText))
  throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'plain text' })
}

function isBetter(a: Layout, b: Layout): boolean {
  if (a.header.known !== b.header.known) return a.header.known > b.header.known
  const [shareA, shareB] = [fittingShare(a), fittingShare(b)]
  return shareA === shareB ? a.width > b.width : shareA > shareB
}

/** Share of rows below the header that have its width. */
function fittingShare({ below, width }: Layout): number {
  return below.length === 0 ? 0 : below.filter(({ cells }) => cells.length >= width).length / below.length
}

function shapes(sample: string): readonly CsvShape[] {
  const hint = /^sep=(.)[\r\n]/i.exec(sample)?.[1]
  const quoted = singleQuoted.test(sample) ? { quoteChar: "'" as const } : {}
  const isBackslashed = backslashed.test(sample) && !doubled.test(sample)
  const escaped = isBackslashed ? { escapeChar: '\\' as const } : {}
  return (hint === undefined ? delimiters : [hint]).flatMap((delimiter) =>
    newlines(sample).map((newline) => ({ delimiter, newline, ...quoted, ...escaped })),
  )
}

/**
 * Those that the text has, `\r\n` before its parts. Each may instead stand inside cells only: `\n` in files of Excel, all
 * of them in one that Excel saved as CSV for the Macintosh, whose lines end in `\r`.
 */
function newlines(sample: string): readonly CsvShape['newline'][] {
  const found = (['\r\n', '\n', '\r'] as const).filter((newline) => alone[newline].test(sample))
  return found.length === 0 ? ['\n'] : found
}

const alone: Readonly<Record<CsvShape['newline'], RegExp>> = {
  '\r\n': /\r\n/,
  '\n': /(?<!\r)\n/,
  '\r': /\r(?!\n)/,
}

function sampleRows(sample: string, shape: CsvShape, settings: HotlineExportSettings): readonly RawRow[] {
  const preview = Math.max(headerSearchRows, (settings.headerRow ?? 0) + 10)
  const { data } = Papa.parse<string[]>(sample, { ...shape, preview })
  return data
    .map((cells, index) => ({
      sheet: '',
      row: index + 1,
      cells: cells.map((cell) => cell.replace(/\r$/, '')),
    }))
    .filter(({ cells }) => !cells.every(isBlank))
}
