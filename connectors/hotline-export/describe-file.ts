import type { ErrorCode, ErrorDetails } from '../../config/errors.ts'
import type { HotlineField } from '../../config/hotline-columns.ts'
import { FileProblem } from './file-problem.ts'
import { type Format, openExport } from './open-export.ts'
import type { HotlineExportSettings } from './settings.ts'
import { SteadyFile } from './steady-file.ts'
import type { Table } from './table.ts'
import { Tables } from './tables.ts'

/** What the connector makes of a file before any row is interpreted. */
export interface FileDescription {
  readonly file: string
  /** Null when not even that can be told. */
  readonly format: Format | null
  /** For example `gb18030 (strict)`; null where the format brings its own. */
  readonly encoding: string | null
  readonly tables: readonly TableDescription[]
  /** Sheets that have rows but no header with known names. */
  readonly unknownSheets: readonly string[]
  readonly problem: { readonly code: ErrorCode; readonly details: ErrorDetails } | null
}

export interface TableDescription {
  /** Empty where the format has no sheets. */
  readonly sheet: string
  /** 1-based. */
  readonly headerRow: number
  readonly columns: readonly string[]
  readonly mapped: Readonly<Partial<Record<HotlineField, readonly string[]>>>
  readonly unmapped: readonly string[]
  /** The column that gives the external id; null when rows are known by their cells. */
  readonly idColumn: string | null
}

/** Looks at a file: its format, encoding, header and what its columns are taken for. */
export async function describeFile(path: string, settings: HotlineExportSettings): Promise<FileDescription> {
  const file = await SteadyFile.open(path)
  const tables = new Tables(settings)
  let format: Format | null = null
  let encoding: string | null = null
  let problem: FileDescription['problem'] = null
  try {
    const opened = await openExport(file, settings)
    format = opened.format
    encoding = opened.encoding
    if (opened.table !== null) tables.add(opened.table)
    else for await (const rows of opened.rows) tables.push(rows)
    tables.finish()
    if (tables.found.length === 0) throw new FileProblem('FILE_NO_HEADER', {})
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error
    problem = { code: error.code, details: { file: file.name, ...error.details } }
  } finally {
    await file.close()
  }
  const { found, unknownSheets } = tables
  return { file: file.name, format, encoding, tables: found.map(describeTable), unknownSheets, problem }
}

function describeTable(table: Table): TableDescription {
  return {
    sheet: table.sheet,
    headerRow: table.headerRow,
    columns: table.names,
    mapped: Object.fromEntries(table.mapped),
    unmapped: table.unmapped,
    idColumn: table.names[table.idIndex] ?? null,
  }
}
