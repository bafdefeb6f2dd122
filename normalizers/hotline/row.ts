import { Buffer } from 'node:buffer'
import type { HotlineField } from '../../config/hotline-columns.ts'
import type { ArchivedItem } from '../normalizer.ts'
import { type Column, type ColumnPlan, columnPlan } from './columns.ts'

/** A cell that says something: blank ones are left out of an item. */
export type Cell = string | number | boolean

/** A cell and the column that it stands in. */
export interface Found {
  readonly cell: Cell
  readonly column: Column
}

/** One row of an export, asked by field. */
export class Row {
  readonly #cells: Readonly<Record<string, unknown>>
  readonly #plan: ColumnPlan

  constructor(cells: Readonly<Record<string, unknown>>, plan: ColumnPlan) {
    this.#cells = cells
    this.#plan = plan
  }

  /** The headers of the cells that the row has. */
  get headers(): readonly string[] {
    return Object.keys(this.#cells)
  }

  /** The field's first cell that is not blank. */
  first(field: HotlineField): Found | null {
    for (const column of this.#plan[field] ?? []) {
      const cell = this.#cell(column)
      if (cell !== null) return { cell, column }
    }
    return null
  }

  /** All of the field's cells, best column first. */
  all(field: HotlineField): readonly Found[] {
    const found: Found[] = []
    for (const column of this.#plan[field] ?? []) {
      const cell = this.#cell(column)
      if (cell !== null) found.push({ cell, column })
    }
    return found
  }

  /** The first cell as text; null where there is none. */
  text(field: HotlineField): string | null {
    const found = this.first(field)
    return found === null ? null : String(found.cell)
  }

  #cell({ header }: Column): Cell | null {
    if (!Object.hasOwn(this.#cells, header)) return null
    const cell = this.#cells[header]
    if (typeof cell === 'string') return cell.trim() === '' ? null : unwrapped(cell)
    return typeof cell === 'number' || typeof cell === 'boolean' ? cell : null
  }
}

/** Excel exports write ="0012" to keep leading zeros. */
function unwrapped(cell: string): string {
  return cell.startsWith('="') && cell.endsWith('"') && cell.length > 3 ? cell.slice(2, -1) : cell
}

/** The row that an item's body is: a JSON object of header and cell. Null where it is something else. */
export function readRow(item: ArchivedItem, settings: Readonly<Record<string, unknown>>): Row | null {
  const cells = parseCells(item.body)
  if (cells === null) return null
  const { columns } = item.meta
  if (columns === undefined) {
    const headers = Object.keys(cells)
    return new Row(
      cells,
      columnPlan(settings, headers.join('\n'), () => headers),
    )
  }
  return new Row(
    cells,
    columnPlan(settings, columns, () => headersOf(columns, cells)),
  )
}

function parseCells(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(
      Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'),
    )
    // Object.hasOwn guards every access: a header may be called "constructor".
    return isObject(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** The header row as the connector noted it; the row's own headers where the note is unreadable. */
function headersOf(columns: string, cells: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    const headers: unknown = JSON.parse(columns)
    if (Array.isArray(headers)) return headers.filter((header) => typeof header === 'string')
  } catch {
    return Object.keys(cells)
  }
  return Object.keys(cells)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
