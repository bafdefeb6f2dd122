import {
  absentColumns,
  columnKey,
  type HotlineField,
  isSumWord,
  isWeakIdName,
  mapHotlineColumns,
  nameInGroup,
  nameOthers,
  volatileNames,
} from '../../config/hotline-columns.ts'
import { configuredBy, type IsKnown, isNames, knownBy } from './header.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import { reportNumber } from './report-number.ts'
import type { HotlineExportSettings } from './settings.ts'

/** Where a table's column names come from. */
export interface TableHeader {
  readonly sheet: string
  /** Row of its first line, where that is another. */
  readonly start?: number
  /** 1-based; 0 where the sheet has no header of its own. */
  readonly row: number
  readonly cells: readonly Cell[]
  /** The line of group names above it, where there is one. */
  readonly groups?: readonly Cell[]
  /** The sheet whose header it is, where that is another. */
  readonly continues: string | null
}

/** At least one in this many values must be long; only in very large exports are running numbers that long. */
const longShare = 4

/** A longer cell is not held against the header: it is a text, and folding each would cost. */
const maxNameLength = 100

/** The columns of one table: their names, and which one identifies a row. */
export class Table {
  readonly header: TableHeader
  readonly names: readonly string[]
  readonly mapped: ReadonlyMap<HotlineField, readonly string[]>
  /** Configured columns that it does not have, by the field that was to be read from them. */
  readonly absent: ReadonlyMap<HotlineField, readonly string[]>
  /** The names as JSON, where they show that a configured column is absent and not only blank in a row; else null. */
  readonly namesAsJson: string | null
  /** Column of the report's own number; -1 when there is none. */
  readonly idIndex: number
  /** Whether a short value in that column is a running number, and no id. */
  readonly takesLongIdsOnly: boolean
  readonly #ignored: ReadonlySet<number>
  readonly #textIndexes: readonly number[]
  readonly #keys: string[]
  /** Before columns of somebody else were told by their neighbours, which may move. */
  readonly #ownKeys: readonly string[]
  /** What stands above each column, as names are compared. */
  readonly #headerKeys: readonly (readonly string[])[]
  /** Cells of the fullest row in the sample. */
  readonly #width: number
  readonly #orders = new Map<number, readonly number[]>()

  constructor(header: TableHeader, sample: readonly (readonly Cell[])[], settings: HotlineExportSettings) {
    this.header = header
    this.#headerKeys = header.cells.map((cell, index) =>
      [cell, header.groups?.[index] ?? null]
        .filter((name) => !isBlank(name))
        .map((name) => columnKey(String(name))),
    )
    this.#width = widest(sample)
    const groups = groupsOf(header)
    const grouped = groupedNames(header.cells, groups, configuredBy(settings))
    this.names = uniqueNames(nameOthers(grouped, groups, settings.columns))
    this.mapped = mapHotlineColumns(this.names, settings.columns)
    this.absent = absentColumns(this.names, settings.columns)
    this.namesAsJson = this.absent.size === 0 ? null : JSON.stringify(this.names)
    const texts = [...(this.mapped.get('body') ?? []), ...(this.mapped.get('title') ?? [])]
    this.#textIndexes = texts.map((name) => this.names.indexOf(name))
    const isConfigured = settings.columns.id !== undefined
    const isKnown = knownBy(settings)
    const next = sample.findIndex((cells) => isNames(cells, isKnown))
    const own = next === -1 ? sample : sample.slice(0, next)
    this.idIndex = idColumn(this.names, this.mapped, own, isConfigured)
    this.takesLongIdsOnly = !isConfigured && isWeakIdName(this.names[this.idIndex] ?? '')
    const ignore = new Set([...volatileNames, ...settings.ignoreColumns].map(columnKey))
    const wanted = new Set([...this.mapped.values()].flat())
    const isVolatile = (index: number, name: string) =>
      ignore.has(columnKey(name)) || (index === 0 && isBlank(header.cells[0]) && countsRows(own))
    this.#ignored = new Set(
      [...this.names.entries()]
        .filter(([index, name]) => index !== this.idIndex && isVolatile(index, name) && !wanted.has(name))
        .map(([index]) => index),
    )
    this.#keys = this.names.map(keyOf)
    this.#ownKeys = uniqueNames(grouped).map(keyOf)
  }

  get sheet(): string {
    return this.header.sheet
  }

  /** 1-based, as a person counts it; 0 where the sheet has no header of its own. */
  get headerRow(): number {
    return this.header.row
  }

  /** The row that its header begins in. */
  get headerStart(): number {
    return this.header.start ?? this.header.row
  }

  /** The sheet whose header it goes on under; null where it has its own. */
  get continues(): string | null {
    return this.header.continues
  }

  /** Columns that no ticket field takes; they are kept in the items all the same. */
  get unmapped(): readonly string[] {
    const taken = new Set([...this.mapped.values()].flat())
    return this.names.filter((name, index) => !taken.has(name) && !this.#ignored.has(index))
  }

  /** Whether a number or a text is among its columns: without either, it is a legend or a sum. */
  get hasReports(): boolean {
    return this.#firstOf(['id', 'body', 'title']) !== -1
  }

  /**
   * Whether the text may stand under a name that is not known: none of its rows is here, or one has a word, be it 停水,
   * in a column that no field takes.
   */
  mayHaveText(rows: readonly RawRow[]): boolean {
    const taken = new Set([...this.mapped.values()].flat())
    const hasText = ({ cells, broken }: RawRow) =>
      broken !== undefined ||
      cells.some((cell, index) => !taken.has(this.names[index] ?? '') && /\p{L}{2}/u.test(String(cell ?? '')))
    return rows.length === 0 || rows.some(hasText)
  }

  /** Whether a row may be one of this table, and no title: it has two cells, or words in the column of the text. */
  mayHave({ cells, broken }: RawRow): boolean {
    if (broken !== undefined || cells.filter((cell) => !isBlank(cell)).length > 1) return true
    return isWords(cells[this.#firstOf(['body', 'title'])])
  }

  /** Whether a row says something in a column of the text that no row above it says. */
  hasOwnText(cells: readonly Cell[], merged: ReadonlySet<number>): boolean {
    return this.#textIndexes.some((index) => !merged.has(index) && !isBlank(cells[index]))
  }

  isIgnored(index: number): boolean {
    return this.#ignored.has(index)
  }

  /** The JSON key of a column with its colon; columns right of the header get a name by their number. */
  key(index: number): string {
    this.#keys[index] ??= keyOf(`列${index + 1}`)
    return this.#keys[index]
  }

  /** The same as far as it does not depend on the columns beside it. */
  ownKey(index: number): string {
    return this.#ownKeys[index] ?? this.key(index)
  }

  /** The columns by which a row of this width without a number is identified, in an order that survives moved columns. */
  order(width: number): readonly number[] {
    const known = this.#orders.get(width)
    if (known !== undefined) return known
    const order = Array.from({ length: width }, (_, index) => ({ index, key: this.ownKey(index) }))
      .filter(({ index }) => !this.#ignored.has(index))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ index }) => index)
    this.#orders.set(width, order)
    return order
  }

  /**
   * Whether rows without a header read like rows of this table: as wide, most with figures where its number or
   * time stands, and with words where its text does.
   */
  isContinuedBy(rows: readonly (readonly Cell[])[]): boolean {
    const width = widest(rows)
    if (width < 3 || (width !== this.names.length && width !== this.#width)) return false
    const haveMost = (index: number, form: RegExp) =>
      index === -1 || rows.filter((cells) => form.test(String(cells[index] ?? ''))).length * 2 > rows.length
    const figures = this.#firstOf(['id', 'submittedAt', 'receivedAt', 'phone'])
    return haveMost(figures, /(?:\d\D?){4}/) && haveMost(this.#firstOf(['body', 'title']), /\p{L}{2}/u)
  }

  #firstOf(fields: readonly HotlineField[]): number {
    const [name] = fields.flatMap((field) => this.mapped.get(field) ?? [])
    return name === undefined ? -1 : this.names.indexOf(name)
  }

  /**
   * Whether a row repeats this header, as in printed or joined exports. Marks, spaces and line breaks in the names are
   * ignored, as they are when the header is read. Of a header of two lines, either line may be repeated.
   */
  isRepeatedBy(cells: readonly Cell[]): boolean {
    const first = cells.findIndex((cell) => !isBlank(cell))
    if (first === -1 || !this.#names(first, cells[first])) return false
    const filled = [...cells.entries()].filter(([, cell]) => !isBlank(cell))
    return (first === 0 || filled.length > 1) && filled.every(([index, cell]) => this.#names(index, cell))
  }

  #names(index: number, cell: Cell | undefined): boolean {
    if (typeof cell !== 'string' || cell.length > maxNameLength) return false
    return this.#headerKeys[index]?.includes(columnKey(cell)) === true
  }
}

/** Whether a cell says something: figures, marks and units do not. */
export function isWords(cell: Cell | undefined): boolean {
  return /(?:\p{L}.*){4}/su.test(String(cell ?? ''))
}

function widest(rows: readonly (readonly Cell[])[]): number {
  return Math.max(0, ...rows.map((cells) => cells.findLastIndex((cell) => !isBlank(cell)) + 1))
}

/** Whether the first column holds rising short numbers, by which pandas and lists on web pages count rows without a name for it. */
function countsRows(rows: readonly (readonly Cell[])[]): boolean {
  const said = rows.flatMap(([cell = null]) =>
    isBlank(cell) || isSumWord(cell) ? [] : [String(cell).trim()],
  )
  return (
    said.length > 0 &&
    said.every(
      (text, index) => /^\d{1,6}$/.test(text) && (index === 0 || Number(text) > Number(said[index - 1])),
    )
  )
}

/** What each name stands below. */
function groupsOf({ cells, groups = [] }: TableHeader): readonly Cell[] {
  let group: Cell = null
  // A line whose only name is its first, but for names that span both lines, is a title.
  const isTitle = groups.every((above, index) => index === 0 || isBlank(above) || above === cells[index])
  return cells.map((cell, index) => {
    const above = groups[index] ?? null
    // A group stands above its first column only; a name that spans both lines ends it.
    if (!isBlank(above) || isBlank(cell)) group = above === cell || (index === 0 && isTitle) ? null : above
    return isBlank(group) ? null : group
  })
}

function keyOf(name: string): string {
  return `${JSON.stringify(name)}:`
}

/** The names with the groups, where these make them columns of somebody else; blank where a column has none. */
function groupedNames(
  cells: readonly Cell[],
  groups: readonly Cell[],
  isConfigured: IsKnown,
): readonly string[] {
  return cells.map((cell, index) => {
    if (isBlank(cell)) return ''
    const group = groups[index] ?? null
    return group === null || isConfigured(cell) ? String(cell) : nameInGroup(String(cell), String(group))
  })
}

function uniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  return names.map((given, index) => {
    const base = isBlank(given) ? `列${index + 1}` : given.replace(/\s+/gu, ' ').trim()
    let name = base
    let count = counts.get(base) ?? 1
    while (seen.has(name)) {
      count += 1
      name = `${base}#${count}`
    }
    counts.set(base, count)
    seen.add(name)
    return name
  })
}

/**
 * A name such as 编号 is often a mere running number, and taking that for an id would make one ticket of
 * different reports: it counts only when a good part of its values is long, and then for these. Placeholders say
 * nothing either way, and without a value the rows decide one by one, so that files with the same rows take the
 * same ids.
 */
function idColumn(
  names: readonly string[],
  mapped: ReadonlyMap<HotlineField, readonly string[]>,
  sample: readonly (readonly Cell[])[],
  isConfigured: boolean,
): number {
  let undecided = -1
  for (const name of mapped.get('id') ?? []) {
    const index = names.indexOf(name)
    if (isConfigured || !isWeakIdName(name)) return index
    const kinds = sample.map((cells) => reportNumber(cells[index]).kind).filter((kind) => kind !== 'none')
    const longOnes = kinds.filter((kind) => kind === 'long').length
    if (longOnes > 0 && longOnes * longShare >= kinds.length) return index
    if (kinds.length === 0 && undecided === -1) undecided = index
  }
  return undecided
}
