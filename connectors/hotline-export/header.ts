import { columnKey, isKnownColumn } from '../../config/hotline-columns.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

/** Rows looked at for a header. */
export const headerSearchRows = 40

/** A header: one row, or two where group names stand above the column names. */
export interface Header {
  /** Row of its last line, 1-based. */
  readonly row: number
  readonly cells: readonly Cell[]
  /** Known names in it. */
  readonly known: number
}

/** Finds the row of column names below titles, dates and blank rows; null when no row has known names. */
export function findHeader(rows: readonly RawRow[], settings: HotlineExportSettings): Header | null {
  const isKnown = knownBy(settings)
  if (settings.headerRow !== undefined) {
    const given = rows.find(({ row }) => row === settings.headerRow)
    return given === undefined ? null : { ...given, known: given.cells.filter(isKnown).length }
  }
  let best: { readonly index: number; readonly score: number } | null = null
  for (const [index, { cells }] of rows.entries()) {
    const score = headerScore(cells, rows.slice(index + 1, index + 6), isKnown)
    if (score !== null && (best === null || score > best.score)) best = { index, score }
  }
  return best === null ? null : joined(rows, best.index, isKnown)
}

type IsKnown = (cell: Cell) => boolean

function knownBy(settings: HotlineExportSettings): IsKnown {
  const configured = new Set(
    Object.values(settings.columns)
      .flatMap((names) => [names ?? []].flat())
      .map(columnKey),
  )
  return (cell) => typeof cell === 'string' && (configured.has(columnKey(cell)) || isKnownColumn(cell))
}

/** Null when a row cannot be a header: it needs two known names, or one in a very narrow table. */
function headerScore(cells: readonly Cell[], below: readonly RawRow[], isKnown: IsKnown): number | null {
  const filled = cells.filter((cell) => !isBlank(cell))
  const known = filled.filter(isKnown).length
  if (known === 0 || (known === 1 && filled.length > 3)) return null
  const namelike = filled.filter(
    (cell) => typeof cell === 'string' && cell.length <= 30 && !/^[\d\s./:-]+$/.test(cell),
  )
  const distinct = new Set(filled).size / filled.length
  const fuller = below.filter((row) => row.cells.filter((cell) => !isBlank(cell)).length * 2 >= filled.length)
  return known * 3 + (namelike.length / filled.length) * 2 + distinct + fuller.length / 5
}

/** Takes in the line above or below when names are spread over two: merged cells leave one of them blank. */
function joined(rows: readonly RawRow[], index: number, isKnown: IsKnown): Header | null {
  const main = rows[index]
  if (main === undefined) return null
  const next = rows[index + 1]
  const nextNames = next?.cells.filter((cell) => !isBlank(cell)) ?? []
  if (next !== undefined && nextNames.length > 0 && nextNames.every(isKnown)) {
    return header(next.row, next.cells, main.cells, isKnown, true)
  }
  return header(main.row, main.cells, rows[index - 1]?.cells ?? [], isKnown, false)
}

function header(
  row: number,
  lower: readonly Cell[],
  upper: readonly Cell[],
  isKnown: IsKnown,
  takesAll: boolean,
): Header {
  const width = takesAll ? Math.max(lower.length, upper.length) : lower.length
  const cells = Array.from({ length: width }, (_, index): Cell => {
    const [own = null, above = null] = [lower[index], upper[index]]
    return isBlank(own) && (takesAll || isKnown(above)) ? above : own
  })
  return { row, cells, known: cells.filter(isKnown).length }
}
