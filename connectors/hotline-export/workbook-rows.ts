import { EncryptedFileError, HucreError } from 'hucre'
import { type CellValue, readXls, readXlsx, streamXlsxRows } from 'hucre/xlsx'
import { DateCells } from './date-cells.ts'
import { FileProblem } from './file-problem.ts'
import type { Cell, RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'
import { zipEntries } from './zip-directory.ts'

const batchRows = 500
const freeExpansionBytes = 64 * 1024 * 1024

/**
 * Rows of an XLSX workbook, sheet by sheet. Formula cells give their cached value.
 * @throws FileProblem FILE_EXPANDS_TOO_MUCH, FILE_NOT_A_TABLE, FILE_UNREADABLE
 */
export async function* xlsxRows(
  bytes: Uint8Array,
  settings: HotlineExportSettings,
): AsyncGenerator<readonly RawRow[]> {
  refuseBomb(bytes, settings)
  try {
    const names: string[] = []
    const dates = new DateCells(bytes)
    await readXlsx(bytes, { sheets: ({ name }) => names.push(name) < 0 })
    for (const [sheet, name] of names.entries()) {
      if (settings.sheet !== undefined && settings.sheet !== name) continue
      let batch: RawRow[] = []
      for await (const { index, values } of streamXlsxRows(bytes, { sheet })) {
        const cells = values.map(cellOf)
        batch.push({ sheet: name, row: index + 1, cells: await dates.wallClock(cells) })
        if (batch.length < batchRows) continue
        yield batch
        batch = []
      }
      yield batch
    }
  } catch (error) {
    throw asProblem(error, 'XLSX')
  }
}

/**
 * Rows of a BIFF8 workbook (Excel 97-2003).
 * @throws FileProblem FILE_UNREADABLE
 */
export async function* xlsRows(
  bytes: Uint8Array,
  settings: HotlineExportSettings,
): AsyncGenerator<readonly RawRow[]> {
  const { sheets } = await readXls(bytes).catch((error: unknown) => {
    throw asProblem(error, 'XLS')
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

function refuseBomb(bytes: Uint8Array, settings: HotlineExportSettings): void {
  const entries = zipEntries(bytes)
  if (!entries.some(({ name }) => /^xl\/workbook\.xml$/i.test(name))) {
    throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'a ZIP archive without an XLSX workbook' })
  }
  const expanded = entries.reduce((sum, entry) => sum + entry.expandedBytes, 0)
  const byRatio = Math.max(freeExpansionBytes, bytes.length * settings.maxExpandRatio)
  const limit = Math.min(settings.maxExpandedBytes, byRatio)
  if (expanded > limit)
    throw new FileProblem('FILE_EXPANDS_TOO_MUCH', { bytes: bytes.length, expanded, limit })
}

/** Whatever a hostile workbook makes the reader throw is that workbook's problem. */
function asProblem(error: unknown, format: string): FileProblem {
  if (error instanceof FileProblem) return error
  if (error instanceof EncryptedFileError) {
    return new FileProblem('FILE_UNREADABLE', { format, reason: 'it is protected by a password' }, error)
  }
  const reason = error instanceof HucreError ? error.name : 'its structure is damaged'
  return new FileProblem('FILE_UNREADABLE', { format, reason }, error)
}
