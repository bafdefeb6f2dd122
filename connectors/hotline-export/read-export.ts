import { toYiwangError } from '../../config/errors.ts'
import type { Logger } from '../../config/logging.ts'
import { shownColumns } from '../../config/shown-columns.ts'
import { logTrace } from '../../config/trace.ts'
import { FileProblem, isFault, problemDraft } from './file-problem.ts'
import { configuredBy } from './header.ts'
import { type OpenExport, openExport } from './open-export.ts'
import { type Cell, isBlank, type RawRow } from './raw-row.ts'
import { brokenDraft, type Draft, type FileFacts, rowDraft } from './row-item.ts'
import type { HotlineExportSettings } from './settings.ts'
import type { SteadyFile } from './steady-file.ts'
import { type DataRow, Tables } from './tables.ts'

/** Rows without a number of their own whose hashes are remembered, to count equal ones. */
const rememberedRows = 100_000

/** Turns one file into items. */
export class ExportReader {
  readonly #file: SteadyFile
  readonly #settings: HotlineExportSettings
  readonly #log: Logger
  readonly #tables: Tables
  readonly #seen = new Set<string>()
  #rows = 0
  /** The first row beyond maxRows. */
  #excess: number | null = null
  #repeats = 0
  /** In the cells of a workbook so far. */
  #chars = 0
  #unread: 'nothing' | 'part' | 'whole' = 'nothing'
  #skip: number

  /** The first `skip` items are counted, but not made. */
  constructor(file: SteadyFile, settings: HotlineExportSettings, log: Logger, skip: number) {
    this.#file = file
    this.#settings = settings
    this.#log = log
    this.#skip = skip
    this.#tables = new Tables(settings)
  }

  /** What of the file is in no item: some text or sheet, or the file as a table. */
  get unread(): 'nothing' | 'part' | 'whole' {
    return this.#unread
  }

  /**
   * The items in the order of the file, in batches; null for a skipped one.
   * A file that cannot be read, or not to its end, gives an item that says so.
   * @throws FileChanged when the file is written to meanwhile
   */
  async *drafts(): AsyncGenerator<readonly (Draft | null)[]> {
    try {
      const opened = await openExport(this.#file, this.#settings)
      yield* this.#rowsOf(opened)
    } catch (error) {
      const problem = this.#problemOf(error)
      this.#unread = 'whole'
      yield [await problemDraft(this.#file, problem, this.#settings.maxBytes)]
    }
    await this.#file.refuseChange()
    this.#report()
  }

  async *#rowsOf(opened: OpenExport): AsyncGenerator<readonly (Draft | null)[]> {
    const facts: FileFacts =
      opened.encoding === null
        ? { file: this.#file.name }
        : { file: this.#file.name, encoding: opened.encoding }
    if (opened.table !== null && opened.above !== null) this.#tables.add(opened.table, opened.above)
    let problem: FileProblem | null = null
    const isWorkbook = opened.format === 'XLSX' || opened.format === 'XLS'
    try {
      for await (const rows of opened.rows) {
        const limit = opened.format === 'CSV' ? null : this.#settings.maxCellBytes
        const checked = limit === null ? rows : rows.map((row) => withinLimit(row, limit))
        if (isWorkbook) this.#refuseRepeats(checked)
        yield* this.#make(this.#tables.push(checked), facts)
        this.#refuseExcess()
      }
    } catch (error) {
      problem = this.#problemOf(error)
    }
    // Sheets shorter than the search for a header are decided only here, also when the file ends too early.
    yield* this.#make(this.#tables.finish(), facts)
    const { found, unknownSheets, lostSheets } = this.#tables
    if (unknownSheets.length + lostSheets.length > 0) this.#unread = 'part'
    if (found.length > 0) yield lostSheets.map((sheet) => this.#pass(() => sheet.draft(facts.file)))
    if (problem !== null) throw problem
    this.#refuseExcess()
    if (found.length > 0) return
    if (unknownSheets.length > 0) throw this.#tables.problem
    const { sheet } = this.#settings
    const reason = sheet === undefined ? 'no rows' : 'no rows in the sheet that is configured'
    throw new FileProblem('FILE_NOT_A_TABLE', { reason })
  }

  /** What is wrong with the file; a fault of the program too keeps no other file from being read. Throws anything else. */
  #problemOf(error: unknown): FileProblem {
    if (error instanceof FileProblem) return error
    if (!isFault(error)) throw error
    this.#log.error({ file: this.#file.name }, 'a file met a fault of the program and is quarantined')
    logTrace(this.#log, toYiwangError(error))
    return new FileProblem('FILE_UNREADABLE', { format: 'unknown', reason: 'it stopped the program' }, error)
  }

  *#make(rows: readonly DataRow[], facts: FileFacts): Generator<readonly (Draft | null)[]> {
    let out: (Draft | null)[] = []
    let bytes = 0
    for (const { table, raw } of rows) {
      if (raw.broken === undefined && raw.cells.every(isBlank)) continue
      if (this.#rows >= this.#settings.maxRows) {
        this.#excess ??= raw.row
        break
      }
      this.#rows += 1
      if (raw.broken?.whole === false) this.#unread = 'part'
      const draft = this.#pass(() =>
        raw.broken === undefined ? this.#noteRepeat(rowDraft(table, raw, facts)) : brokenDraft(raw, facts),
      )
      out.push(draft)
      bytes += draft?.body.length ?? 0
      if (bytes < batchBytes) continue
      yield out
      out = []
      bytes = 0
    }
    yield out
  }

  /** Null, and nothing made, for an item to be skipped. */
  #pass(make: () => Draft): Draft | null {
    if (this.#skip === 0) return make()
    this.#skip -= 1
    return null
  }

  #refuseExcess(): void {
    if (this.#excess === null) return
    throw new FileProblem('FILE_TOO_MANY_ROWS', { limit: this.#settings.maxRows, row: this.#excess - 1 })
  }

  /** Any number of a workbook's cells can refer to one text. */
  #refuseRepeats(rows: readonly RawRow[]): void {
    for (const { cells } of rows) this.#chars += charsIn(cells)
    const limit = this.#settings.maxExpandedBytes * maxRepeats
    if (this.#chars <= limit) return
    const details = { bytes: this.#file.bytes, expanded: this.#chars, limit }
    throw new FileProblem('FILE_EXPANDS_TOO_MUCH', details)
  }

  #noteRepeat(draft: Draft): Draft {
    if (!draft.externalId.startsWith('row-')) return draft
    if (this.#seen.has(draft.externalId)) this.#repeats += 1
    else if (this.#seen.size < rememberedRows) this.#seen.add(draft.externalId)
    return draft
  }

  #report(): void {
    const { name: file } = this.#file
    for (const table of this.#tables.found) {
      const { sheet, headerRow, continues, names, absent, idIndex } = table
      const isNamed = configuredBy(this.#settings)
      const unmapped = shownColumns(table.unmapped, names, isNamed)
      if (absent.size > 0)
        this.#log.warn(
          { file, sheet, headerRow, columns: Object.fromEntries(absent) },
          'configured columns are not in the table; it is read by the common names',
        )
      this.#log.info(
        {
          ...{ file, sheet, headerRow, continues, columns: names.length, hasId: idIndex !== -1 },
          ...{ unmapped: unmapped.names, hidden: unmapped.hidden },
        },
        'read the table of an export',
      )
    }
    if (this.#repeats > 0) {
      this.#log.info(
        { file, repeats: this.#repeats },
        'rows without a number that equal an earlier row are one item',
      )
    }
    const sheets = this.#tables.unknownSheets
    if (sheets.length > 0) this.#log.warn({ file, sheets }, 'sheets without known column names were not read')
  }
}

/** Rows of a few bytes can refer to texts of a megabyte. */
const batchBytes = 4 * 1024 * 1024
/** As many times its expanded size may the cells of a workbook say. */
const maxRepeats = 4

/** As many times the largest cell a row may have; cells of a workbook can all refer to one long text. */
const maxFullCells = 4
const shownChars = 64 * 1024

function withinLimit(raw: RawRow, limit: number): RawRow {
  if (raw.broken !== undefined) return raw
  const chars = charsIn(raw.cells)
  const detail =
    chars > limit * maxFullCells
      ? { bytes: chars, limit: limit * maxFullCells }
      : { bytes: Math.max(0, ...raw.cells.map(bytesOf)), limit }
  if (detail.bytes <= detail.limit) return raw
  const text = raw.cells.map((cell) => String(cell ?? '').slice(0, 1024)).join('\t')
  const broken = { code: 'ITEM_TOO_LARGE', detail, text: text.slice(0, shownChars), whole: false } as const
  return { ...raw, cells: [], broken }
}

function charsIn(cells: readonly Cell[]): number {
  return cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0), 0)
}

function bytesOf(cell: Cell): number {
  return typeof cell === 'string' ? (cell.length * 3 <= 1024 ? cell.length : Buffer.byteLength(cell)) : 0
}
