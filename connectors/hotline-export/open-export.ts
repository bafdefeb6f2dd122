import { CsvRecords } from './csv-records.ts'
import { findLayout } from './delimited.ts'
import { type DetectedEncoding, detectEncoding, encodingText, isBinary, unmarkedChunks } from './encoding.ts'
import { FileProblem } from './file-problem.ts'
import { mostColumns, type RawRow, type RowSplitter } from './raw-row.ts'
import { RowsAbove } from './rows-above.ts'
import type { HotlineExportSettings } from './settings.ts'
import { FileChanged, type SteadyFile } from './steady-file.ts'
import { Table } from './table.ts'

export type Format = 'CSV' | 'XLSX' | 'XLS' | 'HTML' | 'XML'

/** A file whose format is known by its content, never by its name. */
export interface OpenExport {
  readonly format: Format
  /** `gb18030 (strict)`; null where the format brings its own. */
  readonly encoding: string | null
  /** Set where finding the format already found the header, and what stands above it. */
  readonly table: Table | null
  readonly above: RowsAbove | null
  /** Rows in batches. Ends with FileProblem when the file ends too early. */
  readonly rows: AsyncGenerator<readonly RawRow[]>
}

const zipMagic = [0x50, 0x4b]
const compoundMagic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
/** The header of a mail, as web archives have it: Internet Explorer writes From, Subject and Date first. */
const webArchive = /^(?:[\w-]{1,40}:.*\r?\n(?:[ \t].*\r?\n)*){0,20}mime-version:/i
const sampleChars = 256 * 1024
/** So little is split at once that its rows are gone when the next are made: rows that wait cost the collector. */
const splitBytes = 128 * 1024

/** @throws FileProblem for a file that cannot be read as a table */
export async function openExport(file: SteadyFile, settings: HotlineExportSettings): Promise<OpenExport> {
  refuseSize(file, 'maxBytes', settings.maxBytes)
  if (file.bytes === 0) throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'it is empty' })
  const head = await file.head(64 * 1024)
  const isZip = startsWith(head, zipMagic) && [3, 5].includes(head[2] ?? 0)
  if (!isZip && !startsWith(head, compoundMagic)) return openText(file, head, settings)
  refuseSize(file, 'maxWorkbookBytes', settings.maxWorkbookBytes)
  const bytes = await file.whole()
  // Each format's library is loaded when the first such file comes: most deployments see one format.
  const blank = { encoding: null, table: null, above: null }
  if (isZip) {
    const { xlsxRows } = await import('./xlsx-rows.ts')
    return { ...blank, format: 'XLSX', rows: xlsxRows(bytes, settings) }
  }
  const { xlsRows } = await import('./xls-rows.ts')
  return { ...blank, format: 'XLS', rows: xlsRows(bytes, settings) }
}

async function openText(
  file: SteadyFile,
  head: Uint8Array,
  settings: HotlineExportSettings,
): Promise<OpenExport> {
  if (isBareWorkbook(head))
    throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'a workbook of Excel 95 or older' })
  if (isBinary(head))
    throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'binary data of an unknown format' })
  const encoding = await detectEncoding(file, settings.encoding)
  if (encoding.label === null) throw new FileProblem('FILE_ENCODING_AMBIGUOUS', { guess: encoding.guess })
  const sample = (await firstText(file, encoding.label)).slice(0, sampleChars)
  const format = textFormat(sample)
  const { splitter, table, above } = await textSplitter(format, sample, settings)
  const rows = splitRows(texts(file, encoding), splitter, format)
  return { format, encoding: encodingText(encoding), table, above, rows }
}

/** A stream of BIFF records without a container, which some programs still write; the first one says which version. */
function isBareWorkbook([id, version = 1, bytes = 0, zero]: Uint8Array): boolean {
  return id === 9 && [0, 2, 4, 8].includes(version) && [4, 6, 8, 16].includes(bytes) && zero === 0
}

function textFormat(sample: string): Format {
  const start = sample.slice(0, 8192).trimStart()
  if (webArchive.test(start)) throw new FileProblem('FILE_NOT_A_TABLE', { reason: 'a web archive (MHTML)' })
  if (!start.startsWith('<')) return 'CSV'
  if (start.includes('urn:schemas-microsoft-com:office:spreadsheet') && /<(\w+:)?Workbook\b/.test(start))
    return 'XML'
  return /<(!doctype\s+html|html|head|meta|body|style|div|table)\b/i.test(start) ? 'HTML' : 'CSV'
}

async function textSplitter(
  format: Format,
  sample: string,
  settings: HotlineExportSettings,
): Promise<Pick<OpenExport, 'table' | 'above'> & { readonly splitter: RowSplitter }> {
  const blank = { table: null, above: null }
  if (format === 'HTML') {
    const { HtmlRows } = await import('./markup-rows.ts')
    return { ...blank, splitter: new HtmlRows(settings.maxCellBytes) }
  }
  if (format === 'XML') {
    const { SpreadsheetMlRows } = await import('./spreadsheetml-rows.ts')
    return { ...blank, splitter: new SpreadsheetMlRows(settings.maxCellBytes, settings.sheet) }
  }
  const { shape, header, width, rows, below } = findLayout(sample, settings)
  if (width > mostColumns)
    throw new FileProblem('FILE_NOT_A_TABLE', { reason: `more than ${mostColumns} columns` })
  const table = new Table(
    { ...header, sheet: '', cells: header.cells.slice(0, width), continues: null },
    below.map(({ cells }) => cells),
    settings,
  )
  const records = new CsvRecords(shape, {
    width,
    acceptShort: settings.shortRows === 'accept',
    maxCellBytes: settings.maxCellBytes,
    firstDataRow: header.row + 1,
  })
  const above = new RowsAbove(table, header.start, header.earlier, rows, settings)
  return { splitter: records, table, above }
}

async function* splitRows(
  source: AsyncIterable<string>,
  splitter: RowSplitter,
  format: Format,
): AsyncGenerator<readonly RawRow[]> {
  for await (const text of source) yield* pushed(splitter, text, false)
  yield* pushed(splitter, '', true)
  if (splitter.isCutOff)
    throw new FileProblem('FILE_UNREADABLE', { format, reason: 'it ends inside a table' })
}

function* pushed(splitter: RowSplitter, text: string, last: boolean): Generator<readonly RawRow[]> {
  yield splitter.push(text, last)
  while (splitter.hasMore) yield splitter.push('', last)
}

async function firstText(file: SteadyFile, label: string): Promise<string> {
  for await (const chunk of unmarkedChunks(file))
    return new TextDecoder(label).decode(chunk, { stream: true })
  return ''
}

/** A file that was checked to the end and now fails to decode has been written to in between. */
async function* texts(
  file: SteadyFile,
  encoding: DetectedEncoding & { readonly label: string },
): AsyncGenerator<string> {
  const fatal = encoding.how === 'strict' || encoding.how === 'bom'
  const decoder = new TextDecoder(encoding.label, { fatal })
  const decode = (chunk: Uint8Array | null) => {
    try {
      return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw new FileChanged(file.name)
    }
  }
  for await (const chunk of unmarkedChunks(file, splitBytes)) yield decode(chunk)
  yield decode(null)
}

function refuseSize(file: SteadyFile, setting: string, limit: number): void {
  if (file.bytes > limit) throw new FileProblem('FILE_TOO_LARGE', { bytes: file.bytes, setting, limit })
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
