import { basename } from 'node:path'
import type { ErrorCode, ErrorDetails } from '../../config/errors.ts'
import type { HotlineField } from '../../config/hotline-columns.ts'
import { errnoOf } from '../errno.ts'
import { FileProblem, NoHeader } from './file-problem.ts'
import { type Format, type OpenExport, openExport } from './open-export.ts'
import type { HotlineExportSettings } from './settings.ts'
import { FileChanged, SteadyFile } from './steady-file.ts'
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
  /** Of a file in which no header was found: the cells of each row, divided by tabs. */
  readonly firstRows: readonly string[]
  readonly problem: { readonly code: ErrorCode; readonly details: ErrorDetails } | null
}

export interface TableDescription {
  /** Empty where the format has no sheets. */
  readonly sheet: string
  /** 1-based; 0 where the sheet has no header of its own. */
  readonly headerRow: number
  /** The sheet whose header it goes on under; null where it has its own. */
  readonly continues: string | null
  readonly columns: readonly string[]
  readonly mapped: Readonly<Partial<Record<HotlineField, readonly string[]>>>
  readonly unmapped: readonly string[]
  /** Fields whose configured columns the table does not have, with their names; see `mapped` for what carries them now. */
  readonly absent: Readonly<Partial<Record<HotlineField, readonly string[]>>>
  /** The column that gives the external id; null when rows are known by their cells. */
  readonly idColumn: string | null
}

/**
 * Looks at a file: its format, encoding, tables and what their columns are taken for; to its end, where a table may begin.
 * A file that cannot be read is described too, by its problem.
 */
export async function describeFile(path: string, settings: HotlineExportSettings): Promise<FileDescription> {
  const tables = new Tables(settings)
  const blank = { file: basename(path), format: null, encoding: null }
  try {
    const file = await SteadyFile.open(path)
    try {
      const { format, encoding } = await findTables(file, tables, settings)
      return described({ ...blank, format, encoding }, tables, null)
    } finally {
      await file.close()
    }
  } catch (error) {
    return described(blank, tables, problemOf(error))
  }
}

async function findTables(
  file: SteadyFile,
  tables: Tables,
  settings: HotlineExportSettings,
): Promise<OpenExport> {
  const opened = await openExport(file, settings)
  if (opened.table !== null && opened.above !== null) tables.add(opened.table, opened.above)
  for await (const rows of opened.rows) tables.push(rows)
  tables.finish()
  if (tables.found.length === 0) throw tables.problem
  return opened
}

function problemOf(error: unknown): FileProblem {
  if (error instanceof FileProblem) return error
  const reason = error instanceof FileChanged ? 'it is being written to' : errnoOf(error)
  return new FileProblem('FILE_UNREADABLE', { format: 'unknown', reason }, error)
}

function described(
  looks: Pick<FileDescription, 'file' | 'format' | 'encoding'>,
  { found, unknownSheets }: Tables,
  problem: FileProblem | null,
): FileDescription {
  return {
    ...looks,
    tables: found.map(describeTable),
    unknownSheets,
    firstRows: problem instanceof NoHeader ? problem.firstRows : [],
    problem:
      problem === null ? null : { code: problem.code, details: { file: looks.file, ...problem.details } },
  }
}

function describeTable(table: Table): TableDescription {
  const idColumn = table.names[table.idIndex] ?? null
  // What is called 编号 and only counts the rows is not used.
  const counters = idColumn === null ? (table.mapped.get('id') ?? []) : []
  const mapped = counters.length === 0 ? table.mapped : new Map([...table.mapped, ['id', []] as const])
  return {
    sheet: table.sheet,
    headerRow: table.headerRow,
    continues: table.continues,
    columns: table.names,
    mapped: Object.fromEntries(mapped),
    unmapped: [...counters, ...table.unmapped],
    absent: Object.fromEntries(table.absent),
    idColumn,
  }
}
