import { columnKey, isKnownColumn, mapHotlineColumns } from '../../config/hotline-columns.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

/** Rows looked at for a header. */
export const headerSearchRows = 40

/** Share of the best score with which an earlier row is taken for the header. */
const goodEnough = 0.6

/** A header: one row, or two where group names stand above the column names. */
export interface HeaderRow {
  /** Row of its first line, 1-based. */
  readonly start: number
  /** Row of its last line, 1-based. */
  readonly row: number
  readonly cells: readonly Cell[]
  /** Its line of group names, of two. */
  readonly groups?: readonly Cell[]
  /** Known names in it. */
  readonly known: number
}

/** The header of a sheet. */
export interface Header extends HeaderRow {
  /** Rows above it that may be headers of smaller tables, in their order. */
  readonly earlier: readonly HeaderRow[]
}

/** Finds the row of column names below titles, dates and blank rows; null when no row, or not the given one, has known names. */
export function findHeader(rows: readonly RawRow[], settings: HotlineExportSettings): Header | null {
  const isKnown = knownBy(settings)
  const isForm = holdsForm(rows, settings)
  const candidates = rows.flatMap((_, index) => {
    const found = joined(rows, index, isKnown)
    return found === null || (isForm && !isRowOfNames(found.cells, isKnown))
      ? []
      : [{ ...found, score: headerScore(found, rows.slice(index + 1, index + 6)) }]
  })
  const best = Math.max(...candidates.map(({ score }) => score))
  const chosen =
    settings.headerRow === undefined
      ? // The first good one: a header that is printed again further down must not swallow the rows above it.
        candidates.find(({ score }) => score >= best * goodEnough)
      : givenHeader(rows, settings.headerRow, settings)
  if (chosen === undefined) return null
  const earlier = candidates.filter((one) => one.row < chosen.start && isMostlyKnown(one))
  return { ...chosen, earlier }
}

/** Names side by side; in a form each stands beside what it names. */
function isRowOfNames(cells: readonly Cell[], isKnown: IsKnown): boolean {
  return cells.some((cell, index) => isKnown(cell) && isKnown(cells[index + 1] ?? null))
}

/** Names of a form, such as `诉求人, 张三, 联系电话, 138…`, that begin lines. Fewer can be values: 电话 and 微信 of the channel. */
const fewestLabels = 3

/** Whether there is a form of one report in these rows. Read as a table, its lines would be reports without a text. */
export function holdsForm(rows: readonly RawRow[], settings: HotlineExportSettings): boolean {
  const isKnown = knownBy(settings)
  const labels = new Set<string>()
  for (const { cells } of rows) {
    const first = cells.find((cell) => !isBlank(cell)) ?? null
    if (isKnown(first) && !isRowOfNames(cells, isKnown)) labels.add(String(first))
  }
  const fields = labels.size < fewestLabels ? null : mapHotlineColumns([...labels], settings.columns)
  return fields?.has('body') === true || fields?.has('title') === true
}

/** The row that the settings name; none where it reads like data. */
function givenHeader(
  rows: readonly RawRow[],
  headerRow: number,
  settings: HotlineExportSettings,
): HeaderRow | undefined {
  const given = rows.find(({ row }) => row === headerRow)
  if (given === undefined) return undefined
  const isConfigured = configuredBy(settings)
  const known = given.cells.filter(knownBy(settings)).length
  const filled = given.cells.filter((cell) => !isBlank(cell)).length
  // One known word among many cells stands in data as well, such as 电话 for the channel.
  if (known === 0 || (isChance(known, filled) && !given.cells.some(isConfigured))) return undefined
  return { start: given.row, row: given.row, cells: given.cells, known }
}

function isChance(known: number, filled: number): boolean {
  return known === 1 && filled > 3
}

/** Above a table stand also lines such as `日期, 3月1日`: known words, and what each says. */
function isMostlyKnown({ cells, known }: HeaderRow): boolean {
  return known * 2 > cells.filter((cell) => !isBlank(cell)).length
}

/** Whether a cell is the name of a column. */
export type IsKnown = (cell: Cell) => boolean

/**
 * Whether a row below a header is one of column names: two, all of them known, or more of which most are and three at
 * least. Rows with figures or texts are told at once.
 */
export function isNames(cells: readonly Cell[], isKnown: IsKnown): boolean {
  const filled = cells.filter((cell) => !isBlank(cell))
  if (!filled.every(mayBeName)) return false
  const known = filled.filter(isKnown).length
  return known === filled.length ? known > 1 : known > 2 && known * 2 > filled.length
}

function mayBeName(cell: Cell): boolean {
  return typeof cell === 'string' && cell.length <= 30 && !/\d\d|[，。]/.test(cell)
}

/** Tells the column names of the settings. */
export function configuredBy(settings: HotlineExportSettings): IsKnown {
  const configured = new Set(
    Object.values(settings.columns)
      .flatMap((names) => [names ?? []].flat())
      .map(columnKey),
  )
  return (cell) => typeof cell === 'string' && configured.has(columnKey(cell))
}

/** Tells the column names of the settings and the built-in ones. */
export function knownBy(settings: HotlineExportSettings): IsKnown {
  const isConfigured = configuredBy(settings)
  return (cell) => typeof cell === 'string' && (isConfigured(cell) || isKnownColumn(cell))
}

/** Grows with the known names; titles and data have few, long or repeated texts. */
function headerScore({ cells, known }: HeaderRow, below: readonly RawRow[]): number {
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
function joined(rows: readonly RawRow[], index: number, isKnown: IsKnown): HeaderRow | null {
  const main = rows[index]
  const filled = main?.cells.filter((cell) => !isBlank(cell)) ?? []
  const known = filled.filter(isKnown).length
  if (main === undefined || known === 0 || isChance(known, filled.length)) return null
  const next = rows[index + 1]
  if (next !== undefined && isLowerLine(next.cells, main.cells, isKnown)) {
    return { ...header(next.row, next.cells, main.cells, isKnown, true), start: main.row }
  }
  const above = rows[index - 1]
  const found = header(main.row, main.cells, above?.cells ?? [], isKnown, false)
  const isAlone =
    above === undefined ||
    (found.cells.every((cell, column) => cell === main.cells[column]) && !holdsGroups(above.cells, isKnown))
  return isAlone ? { ...found, start: main.row } : { ...found, start: above.row, groups: above.cells }
}

/** Whether a line has groups, such as 诉求人信息 and 处置情况, also where none is a known name; and nothing else. */
function holdsGroups(cells: readonly Cell[], isKnown: IsKnown): boolean {
  const filled = cells.filter((cell) => !isBlank(cell))
  const isGroup = (cell: Cell) => /\p{L}(?:信息|情况|资料)\s*$/u.test(String(cell))
  return filled.filter(isGroup).length > 1 && filled.every((cell) => isKnown(cell) || isGroup(cell))
}

/**
 * Whether a row is the second line of a header. Either all its cells are known names; or some are, and every cell is
 * below a group name or a blank, none below a known name but one that spans several columns. A cell that spans both
 * lines may be in both.
 */
function isLowerLine(lower: readonly Cell[], upper: readonly Cell[], isKnown: IsKnown): boolean {
  const own = [...lower.entries()].filter(([index, cell]) => !isBlank(cell) && cell !== upper[index])
  if (own.length === 0 || !own.some(([, cell]) => isKnown(cell))) return false
  if (own.every(([, cell]) => isKnown(cell))) return true
  const isGroup = (index: number) => isBlank(upper[index + 1]) && isKnown(lower[index + 1] ?? null)
  return own.every(([index, cell]) => isNamelike(cell) && (!isKnown(upper[index] ?? null) || isGroup(index)))
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
): Omit<HeaderRow, 'start'> {
  const width = takesAll ? Math.max(lower.length, upper.length) : lower.length
  const cells = Array.from({ length: width }, (_, index): Cell => {
    const [own = null, above = null] = [lower[index], upper[index]]
    return isBlank(own) && (takesAll || isKnown(above)) ? above : own
  })
  const known = cells.filter(isKnown).length
  return takesAll ? { row, cells, known, groups: upper } : { row, cells, known }
}
