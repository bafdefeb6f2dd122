import { EncryptedFileError, HucreError } from 'hucre'
import { type CellValue, readXls } from 'hucre/xlsx'
import { FileProblem } from './file-problem.ts'
import type { Cell, RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'

const batchRows = 500

/**
 * Rows of a BIFF8 workbook (Excel 97-2003).
 * @throws FileProblem FILE_UNREADABLE
 */
export async function* xlsRows(
  bytes: Uint8Array,
  settings: HotlineExportSettings,
): AsyncGenerator<readonly RawRow[]> {
  const { sheets } = await readXls(bytes).catch((error: unknown) => {
    throw asProblem(error)
  })
  for (const { name, rows } of sheets) {
    if (settings.sheet !== undefined && settings.sheet !== name) continue
    for (let start = 0; start < rows.length; start += batchRows) {
      // Blank rows and cells are holes in these arrays.
      const batch = Array.from(rows.slice(start, start + batchRows))
      yield batch.map((cells: readonly CellValue[] | undefined, index) => ({
        sheet: name,
        row: start + index + 1,
        cells: Array.from(cells ?? [], cellOf),
      }))
    }
  }
}

/** hucre gives dates with the sheet's wall clock in their UTC fields. A serial below 1 is a time of day. */
function cellOf(value: CellValue | undefined): Cell {
  if (!(value instanceof Date)) return value ?? null
  if (Number.isNaN(value.getTime())) return null
  const text = new Date(Math.round(value.getTime() / 1000) * 1000).toISOString().slice(0, 19)
  return value.getUTCFullYear() < 1900 ? text.slice(11) : text
}

/** Whatever a hostile workbook makes the reader throw is that workbook's problem. */
function asProblem(error: unknown): FileProblem {
  if (error instanceof EncryptedFileError) {
    return new FileProblem(
      'FILE_UNREADABLE',
      { format: 'XLS', reason: 'it is protected by a password' },
      error,
    )
  }
  const reason = error instanceof HucreError ? error.name : 'its structure is damaged'
  return new FileProblem('FILE_UNREADABLE', { format: 'XLS', reason }, error)
}
