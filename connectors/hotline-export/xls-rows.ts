import { Buffer } from 'node:buffer'
import { type BiffRecord, BlockReader, biff, biffRecords } from './biff-records.ts'
import { type CompoundFile, openCompoundFile } from './compound-file.ts'
import { FileProblem } from './file-problem.ts'
import type { RawRow } from './raw-row.ts'
import type { HotlineExportSettings } from './settings.ts'
import { isDateFormat } from './sheet-numbers.ts'
import { type XlsBook, XlsSheet } from './xls-sheet.ts'

const batchRows = 500
const biff8 = 0x600
/** Kinds of sheets in a BOUNDSHEET record: only these have rows of cells. */
const worksheet = 0

interface BoundSheet {
  readonly name: string
  readonly at: number
}

/**
 * Rows of a BIFF8 workbook (Excel 97-2003, also WPS), sheet by sheet, hidden ones as well. Formula cells give their
 * cached value.
 * @throws FileProblem FILE_NOT_A_TABLE, FILE_UNREADABLE
 */
export async function* xlsRows(
  bytes: Uint8Array,
  settings: HotlineExportSettings,
): AsyncGenerator<readonly RawRow[]> {
  const stream = orDamaged(() => workbookStream(openCompoundFile(bytes)))
  const { book, sheets } = orDamaged(() => readBook(stream))
  for (const { name, at } of sheets) {
    if (settings.sheet !== undefined && settings.sheet !== name) continue
    const sheet = orDamaged(() => readSheet(stream, at, name, book))
    const rows = sheet.rows()
    for (let start = 0; start < rows.length; start += batchRows) yield rows.slice(start, start + batchRows)
    if (!sheet.isEnded) throw unreadable('it ends inside a table')
  }
}

function workbookStream(file: CompoundFile): Buffer {
  if (file.names.has('encryptedpackage')) throw unreadable('it is protected by a password', 'XLSX')
  if (!file.names.has('workbook')) throw notATable(file)
  const stream = file.stream('workbook')
  return Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength)
}

function notATable({ names }: CompoundFile): FileProblem {
  if (names.has('book')) return oldWorkbook()
  if (names.has('worddocument')) return new FileProblem('FILE_NOT_A_TABLE', { reason: 'a Word document' })
  return new FileProblem('FILE_NOT_A_TABLE', { reason: 'an Office file without a workbook' })
}

function oldWorkbook(): FileProblem {
  return new FileProblem('FILE_NOT_A_TABLE', { reason: 'a workbook of Excel 95 or older' })
}

/** What all sheets share, up to the end of the workbook's own records. */
function readBook(stream: Buffer): { readonly book: XlsBook; readonly sheets: readonly BoundSheet[] } {
  const codes = new Map<number, string>()
  const formats: number[] = []
  // No program writes a sheet under two names: a few bytes each would have it read any number of times.
  const sheets = new Map<number, BoundSheet>()
  let sharedTexts: readonly string[] = []
  let is1904 = false
  for (const record of biffRecords(stream, 0)) {
    const { id, data, blocks } = record
    if (id === biff.encryption) throw unreadable('it is protected by a password')
    if (id === biff.begin && data.readUInt16LE(0) !== biff8) throw oldWorkbook()
    if (id === biff.date1904) is1904 = data.readUInt16LE(0) === 1
    else if (id === biff.numberFormat) codes.set(data.readUInt16LE(0), new BlockReader(blocks, 2).text())
    else if (id === biff.style) formats.push(data.readUInt16LE(2))
    else if (id === biff.sharedTexts) sharedTexts = readSharedTexts(blocks)
    else if (id === biff.boundSheet) for (const sheet of readBoundSheet(record)) sheets.set(sheet.at, sheet)
    if (id !== biff.end) continue
    const dateStyles = formats.map((format) => isDateFormat(format, codes.get(format)))
    return { book: { sharedTexts, is1904, dateStyles }, sheets: [...sheets.values()] }
  }
  throw new RangeError('the workbook ends too early')
}

function readSharedTexts(blocks: readonly Buffer[]): readonly string[] {
  const reader = new BlockReader(blocks, 4)
  const texts: string[] = []
  for (let left = reader.long(); left > 0 && !reader.isAtEnd; left -= 1) texts.push(reader.text())
  return texts
}

/** Charts, macros and modules have no rows. */
function readBoundSheet({ data, blocks }: BiffRecord): readonly BoundSheet[] {
  if (data.readUInt8(5) !== worksheet) return []
  const reader = new BlockReader(blocks, 6)
  return [{ name: reader.text(reader.byte()), at: data.readUInt32LE(0) }]
}

function readSheet(stream: Buffer, at: number, name: string, book: XlsBook): XlsSheet {
  if (stream.readUInt16LE(at) !== biff.begin) throw new RangeError('no sheet begins here')
  const sheet = new XlsSheet(name, book)
  for (const record of biffRecords(stream, at)) {
    sheet.take(record)
    if (sheet.isEnded) break
  }
  return sheet
}

/** Whatever a hostile workbook makes the readers run into is that workbook's problem. */
function orDamaged<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof RangeError ? unreadable('its structure is damaged', 'XLS', error) : error
  }
}

function unreadable(reason: string, format = 'XLS', cause?: unknown): FileProblem {
  return new FileProblem('FILE_UNREADABLE', { format, reason }, cause)
}
