import { Buffer } from 'node:buffer'
import type { HotlineField } from '../../config/hotline-columns.ts'
import type { ArchivedItem } from '../normalizer.ts'
import { type Column, type ColumnPlan, columnPlan, configuredNames } from './columns.ts'

/** A cell that says something: blank ones are left out of an item. */
export type Cell = string | number | boolean

/** A cell and the column that it stands in. */
export interface Found {
  readonly cell: Cell
  readonly column: Column
}

/**
 * What programs write where nothing is: databases and their tools (`\\N` of MySQL, `(Null)` of Navicat, `[NULL]` of
 * DBeaver, `NA` of R), scripts, and formulas that failed; and clerks, in a word or a dash.
 */
const nothing =
  /^(?:[([<]?null[)\]>]?|\\N|none|nan|nat|n\/?a|undefined|暂?无|[-—–/]+|#(?:N\/A|GETTING_DATA|DIV\/0!|NAME\?|[A-Z]{3,8}!))$/i
/** Longer than any of these. */
const longestNothing = 14

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

  /** The leftmost cells, at most two. */
  get leading(): readonly (Cell | null)[] {
    return this.headers.slice(0, 2).map((header) => this.#cell(header))
  }

  /** Fields that have a cell, though not in a column that is configured for them: the file has none of those. */
  get replaced(): readonly HotlineField[] {
    return this.#plan.replaced.filter((field) => this.first(field) !== null)
  }

  /** The field's first cell that is not blank. */
  first(field: HotlineField): Found | null {
    for (const column of this.#plan.columns[field] ?? []) {
      const cell = this.#cell(column.header)
      if (cell !== null) return { cell, column }
    }
    return null
  }

  /** All of the field's cells, best column first. */
  all(field: HotlineField): readonly Found[] {
    const found: Found[] = []
    for (const column of this.#plan.columns[field] ?? []) {
      const cell = this.#cell(column.header)
      if (cell !== null) found.push({ cell, column })
    }
    return found
  }

  /** The first cell as text; null where there is none. */
  text(field: HotlineField): string | null {
    const found = this.first(field)
    return found === null ? null : String(found.cell)
  }

  #cell(header: string): Cell | null {
    if (!Object.hasOwn(this.#cells, header)) return null
    const cell = this.#cells[header]
    if (typeof cell === 'string') {
      const text = cell.trim()
      const isBlank = text.length <= longestNothing && (text === '' || nothing.test(text))
      return isBlank ? null : unwrapped(cell.toWellFormed())
    }
    return typeof cell === 'number' || typeof cell === 'boolean' ? cell : null
  }
}

/** Programs write ="0012" for Excel to keep leading zeros; a quote inside stands twice. */
function unwrapped(cell: string): string {
  if (!cell.startsWith('="') || !cell.endsWith('"') || cell.length <= 3) return cell
  return cell.slice(2, -1).replaceAll('""', '"')
}

/** The row that an item's body is: a JSON object of header and cell. Null where it is something else. */
export function readRow(item: ArchivedItem, settings: Readonly<Record<string, unknown>>): Row | null {
  const cells = parseCells(item.body)
  if (cells === null) return null
  const { columns } = item.meta
  const headers = Object.keys(cells)
  // Blank cells are left out: a row by itself cannot tell that the file lacks a configured column.
  const own = () => [...headers, ...configuredNames(settings)]
  const plan =
    columns === undefined
      ? columnPlan(settings, headers.join('\n'), own)
      : columnPlan(settings, columns, () => notedHeaders(columns) ?? own())
  return new Row(cells, plan)
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

/** The header row as the connector noted it; null where the note is unreadable. */
function notedHeaders(columns: string): readonly string[] | null {
  try {
    const headers: unknown = JSON.parse(columns)
    return Array.isArray(headers) ? headers.filter((header) => typeof header === 'string') : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
