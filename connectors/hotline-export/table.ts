import {
  absentColumns,
  columnKey,
  type HotlineField,
  isWeakIdName,
  mapHotlineColumns,
  volatileNames,
} from '../../config/hotline-columns.ts'
import { type Cell, isBlank } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

/** The columns of one table: their names, and which one identifies a row. */
export class Table {
  readonly sheet: string
  /** 1-based, as a person counts it. */
  readonly headerRow: number
  readonly names: readonly string[]
  readonly mapped: ReadonlyMap<HotlineField, readonly string[]>
  /** Configured columns that it does not have, by the field that was to be read from them. */
  readonly absent: ReadonlyMap<HotlineField, readonly string[]>
  /** The names as JSON, where they show that a configured column is absent and not only blank in a row; else null. */
  readonly header: string | null
  /** Column of the report's own number; -1 when there is none. */
  readonly idIndex: number
  readonly #ignored: ReadonlySet<number>
  readonly #keys: string[]
  #order: readonly number[] = []

  constructor(
    header: { readonly sheet: string; readonly row: number; readonly cells: readonly Cell[] },
    sample: readonly (readonly Cell[])[],
    settings: HotlineExportSettings,
  ) {
    this.sheet = header.sheet
    this.headerRow = header.row
    this.names = uniqueNames(header.cells)
    this.mapped = mapHotlineColumns(this.names, settings.columns)
    this.absent = absentColumns(this.names, settings.columns)
    this.header = this.absent.size === 0 ? null : JSON.stringify(this.names)
    this.idIndex = idColumn(this.names, this.mapped, sample, settings)
    const ignore = new Set([...volatileNames, ...settings.ignoreColumns].map(columnKey))
    const wanted = new Set([...this.mapped.values()].flat())
    this.#ignored = new Set(
      [...this.names.entries()]
        .filter(([index, name]) => index !== this.idIndex && ignore.has(columnKey(name)) && !wanted.has(name))
        .map(([index]) => index),
    )
    this.#keys = this.names.map((name) => `${JSON.stringify(name)}:`)
  }

  /** Columns that no ticket field takes; they are kept in the items all the same. */
  get unmapped(): readonly string[] {
    const taken = new Set([...this.mapped.values()].flat())
    return this.names.filter((name, index) => !taken.has(name) && !this.#ignored.has(index))
  }

  isIgnored(index: number): boolean {
    return this.#ignored.has(index)
  }

  /** The JSON key of a column with its colon; columns right of the header get a name by their number. */
  key(index: number): string {
    this.#keys[index] ??= `${JSON.stringify(`列${index + 1}`)}:`
    return this.#keys[index]
  }

  /** The columns by which a row without a number is identified, in an order that survives moved columns. */
  order(width: number): readonly number[] {
    if (this.#order.length < width) {
      const all = Array.from({ length: Math.max(width, this.names.length) }, (_, index) => index)
      this.#order = all
        .map((index) => ({ index, key: this.key(index) }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ index }) => index)
    }
    return this.#ignored.size === 0 ? this.#order : this.#order.filter((index) => !this.#ignored.has(index))
  }

  /** Whether a row is this header once more, as printed or joined exports have it. */
  isRepeatedBy(cells: readonly Cell[]): boolean {
    return (
      cells[0] === this.names[0] && cells.every((cell, index) => isBlank(cell) || cell === this.names[index])
    )
  }
}

function uniqueNames(cells: readonly Cell[]): readonly string[] {
  const seen = new Set<string>()
  return cells.map((cell, index) => {
    const base = isBlank(cell) ? `列${index + 1}` : String(cell).replace(/\s+/gu, ' ').trim()
    let name = base
    for (let count = 2; seen.has(name); count += 1) name = `${base}#${count}`
    seen.add(name)
    return name
  })
}

/**
 * A name such as 编号 is often a mere running number, and taking that for an id would make one ticket of
 * different reports: it counts only when its values are long. A configured name always counts.
 */
function idColumn(
  names: readonly string[],
  mapped: ReadonlyMap<HotlineField, readonly string[]>,
  sample: readonly (readonly Cell[])[],
  settings: HotlineExportSettings,
): number {
  const configured = settings.columns.id !== undefined
  for (const name of mapped.get('id') ?? []) {
    const index = names.indexOf(name)
    if (configured || !isWeakIdName(name)) return index
    const values = sample.map((cells) => String(cells[index] ?? '').trim()).filter((value) => value !== '')
    if (values.length > 0 && values.every((value) => value.length >= 6)) return index
  }
  return -1
}
