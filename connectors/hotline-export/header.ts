import { columnKey, isKnownColumn } from '../../config/hotline-columns.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

/** Rows looked at for a header. */
export const headerSearchRows = 40

/** Share of the best score with which an earlier row is taken for the header. */
const goodEnough = 0.6

/** A header: one row, or two where group names stand above the column names. */
export interface Header {
  /** Row of its last line, 1-based. */
  readonly row: number
  readonly cells: readonly Cell[]
  /** Its line of group names, of two. */
  readonly groups?: readonly Cell[]
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
  const candidates = rows.flatMap((_, index) => {
    const found = joined(rows, index, isKnown)
    return found === null ? [] : [{ ...found, score: headerScore(found, rows.slice(index + 1, index + 6)) }]
  })
  const best = Math.max(...candidates.map(({ score }) => score))
  // The first good one: a header that is printed again further down must not swallow the rows above it.
  return candidates.find(({ score }) => score >= best * goodEnough) ?? null
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

/** Grows with the known names; titles and data have few, long or repeated texts. */
function headerScore({ cells, known }: Header, below: readonly RawRow[]): number {
  const filled = cells.filter((cell) => !isBlank(cell))
  const namelike = filled.filter(isNamelike)
  const fuller = below.filter((row) => row.cells.filter((cell) => !isBlank(cell)).length * 2 >= filled.length)
  const shares = namelike.length / filled.length + new Set(filled).size / filled.length + fuller.length / 5
  return known * 3 + shares
}

/**
 * The header that starts in a row, taking in the line below or above when names are spread over two:
 * merged cells leave one of them blank. Null for a row that cannot be one: it needs two known names, or one
 * in a very narrow table.
 */
function joined(rows: readonly RawRow[], index: number, isKnown: IsKnown): Header | null {
  const main = rows[index]
  const filled = main?.cells.filter((cell) => !isBlank(cell)) ?? []
  const known = filled.filter(isKnown).length
  if (main === undefined || known === 0 || (known === 1 && filled.length > 3)) return null
  const next = rows[index + 1]
  if (next !== undefined && isLowerLine(next.cells, main.cells, isKnown)) {
    return header(next.row, next.cells, main.cells, isKnown, true)
  }
  return header(main.row, main.cells, rows[index - 1]?.cells ?? [], isKnown, false)
}

/**
 * Whether a row is a header's second line: all known names, or some, with all that it says under group names or
 * blanks, and nothing under a known name. A cell that spans both lines may stand in each.
 */
function isLowerLine(lower: readonly Cell[], upper: readonly Cell[], isKnown: IsKnown): boolean {
  const own = [...lower.entries()].filter(([index, cell]) => !isBlank(cell) && cell !== upper[index])
  if (own.length === 0 || !own.some(([, cell]) => isKnown(cell))) return false
  if (own.every(([, cell]) => isKnown(cell))) return true
  return own.every(([index, cell]) => isNamelike(cell) && !isKnown(upper[index] ?? null))
}

/** Neither figures alone nor a text. */
function isNamelike(cell: Cell): boolean {
  return typeof cell === 'string' && cell.length <= 30 && !/^[\d\s./:-]+$/.test(cell)
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
  const known = cells.filter(isKnown).length
  return takesAll ? { row, cells, known, groups: upper } : { row, cells, known }
}
