import { access, constants, readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toYiwangError, YiwangError } from '../../config/errors.ts'
import type { Connector, ConnectorContext, ConnectorSpec, Cursor, Item } from '../connector.ts'
import { errnoOf } from '../errno.ts'
import { isFolder } from '../is-folder.ts'
import { waitForFolder } from '../watch-folder.ts'
import { AcknowledgedFiles } from './acknowledged-files.ts'
import { Progress, scopeOf } from './cursor.ts'
import { type ExportFile, exportFile, leadsOut, listExports } from './export-folder.ts'
import { unopenedDraft } from './file-problem.ts'
import { ExportReader } from './read-export.ts'
import type { Draft } from './row-item.ts'
import { type HotlineExportSettings, hotlineExportSettings } from './settings.ts'
import { FileChanged, SteadyFile } from './steady-file.ts'

const version = '2'

/** Reads the files that 12345 hotline systems export into a folder. */
export const hotlineExport: ConnectorSpec<typeof hotlineExportSettings.shape> = {
  kind: 'hotline-export',
  version,
  name: { en: 'Hotline export', zh: '热线导出文件' },
  summary: {
    en: 'Watches a folder for exports of a 12345 hotline: CSV, TSV, XLSX, XLS, HTML or XML tables, told by their content.',
    zh: '监视文件夹中的 12345 热线导出文件：CSV、TSV、XLSX、XLS、HTML 或 XML 表格，按内容识别。',
  },
  channel: 'hotline',
  normalizer: 'hotline',
  settings: hotlineExportSettings,
  example: `  - id: hotline-12345
    connector: hotline-export
    path: exports/hotline
    schedule: { every: 5m }
    columns:
      body: [诉求内容, 补充说明]
`,
  needs: ['folder'],
  risks: [
    {
      en: 'A row without a number of its own is known by its cells: when a cell changes, it becomes another ticket.',
      zh: '没有编号的行以其单元格内容识别：内容一旦改动即视为另一张工单。',
    },
    {
      en: 'XLSX and XLS files are held in memory while they are read; CSV, HTML and XML are not.',
      zh: '读取 XLSX、XLS 时需整体载入内存；CSV、HTML、XML 则不需要。',
    },
  ],
  connect: (settings, context) => new HotlineExportConnector(settings, context),
}

class HotlineExportConnector implements Connector {
  readonly #settings: HotlineExportSettings
  readonly #context: ConnectorContext
  readonly #scope: string
  readonly #acknowledged: AcknowledgedFiles
  /** Files of readers who may never come back. */
  readonly #open = new Set<SteadyFile>()
  /** Identities that need no further look by this process. */
  readonly #done = new Set<string>()
  /** Identities that a wait ended for since the last read. */
  readonly #told = new Set<string>()

  constructor(settings: HotlineExportSettings, context: ConnectorContext) {
    this.#settings = settings
    this.#context = context
    this.#scope = scopeOf(settings, version)
    this.#acknowledged = new AcknowledgedFiles(settings)
  }

  async open(_signal: AbortSignal): Promise<void> {
    const { path } = this.#settings
    await this.#reaching(async () => {
      if (await isFolder(path)) await readdir(path)
      else await access(path, constants.R_OK)
    })
  }

  async *read(from: Cursor | null, signal: AbortSignal): AsyncGenerator<Item> {
    this.#told.clear()
    const listedToMs = Math.floor(this.#context.clock() - this.#settings.settleMs)
    const { ready, unsettled } = await this.#list()
    if (unsettled > 0)
      this.#context.log.info(
        { files: unsettled },
        'files that were written to a moment ago are left for a later pull',
      )
    const progress = new Progress(from, this.#scope, ready, BigInt(listedToMs) * 1_000_000n)
    for (const file of ready) {
      if (signal.aborted) return
      const skip = progress.startOf(file)
      if (skip === null) this.#done.add(file.id)
      else yield* this.#items(file, skip, progress, signal)
    }
  }

  async ack(items: readonly Item[], _signal: AbortSignal): Promise<void> {
    for (const { cursor, meta } of items) {
      const { file, item, items: total } = cursor
      if (typeof file !== 'string' || typeof item !== 'number') continue
      try {
        await this.#acknowledged.acknowledge(file, item, typeof total === 'number' ? total : null)
      } catch (error) {
        const details = { source: this.#context.sourceId, file: meta.file ?? '', reason: errnoOf(error) }
        throw new YiwangError('SOURCE_FILE_STUCK', details, error)
      }
    }
  }

  async close(): Promise<void> {
    for (const file of this.#open) await this.#closeFile(file)
  }

  async wait(signal: AbortSignal): Promise<void> {
    const { path, settleMs } = this.#settings
    const folder = await stat(path).then(
      (stats) => (stats.isDirectory() ? path : dirname(path)),
      () => dirname(path),
    )
    let unsettled = 0
    const hasNew = async () => {
      const listing = await this.#list()
      unsettled = listing.unsettled
      const news = listing.ready.filter(({ id }) => !this.#done.has(id) && !this.#told.has(id))
      for (const { id } of news) this.#told.add(id)
      return news.length > 0
    }
    await waitForFolder(folder, hasNew, () => (unsettled > 0 ? settleMs : Number.POSITIVE_INFINITY), signal)
  }

  /** One item is held back until it is known whether it is the last: only then is its cursor known. */
  async *#items(
    file: ExportFile,
    skip: number,
    progress: Progress,
    signal: AbortSignal,
  ): AsyncGenerator<Item> {
    let held: Draft | null = null
    let count = 0
    try {
      for await (const batch of this.#batches(file, skip)) {
        for (const draft of batch) {
          if (signal.aborted) return
          if (held !== null) yield { ...held, cursor: progress.inside(file, count) }
          count += 1
          held = draft
        }
      }
    } catch (error) {
      if (!(error instanceof FileChanged)) throw this.#asYiwangError(error)
      // Whoever names one file and does not let it settle, as an import does, waits for this one.
      if (file.path === this.#settings.path && this.#settings.settleMs === 0)
        throw this.#unreadable('it is being written to', error)
      // What was read so far may be cut anywhere; the file has a new ctime and is read anew.
      this.#context.log.warn({ file: file.name }, 'a file changed while it was read')
      return
    }
    if (signal.aborted) return
    const cursor = progress.complete(file, count)
    this.#done.add(file.id)
    if (held !== null) yield { ...held, cursor }
  }

  async *#batches(file: ExportFile, skip: number): AsyncGenerator<readonly (Draft | null)[]> {
    const steady = await this.#openFile(file)
    if (steady === null) return
    if (!(steady instanceof SteadyFile)) {
      yield [steady]
      return
    }
    this.#open.add(steady)
    try {
      if (exportFile(file.path, steady.stats).id !== file.id) throw new FileChanged(file.name)
      this.#acknowledged.start(file, steady.stats, skip)
      const reader = new ExportReader(steady, this.#settings, this.#context.log, skip)
      yield* reader.drafts()
      if (reader.unread !== 'nothing') this.#acknowledged.stay(file, reader.unread)
    } finally {
      await this.#closeFile(steady)
    }
  }

  async #closeFile(file: SteadyFile): Promise<void> {
    if (this.#open.delete(file)) await file.close()
  }

  /** Null for a file that is gone; a draft for one that may not be read. */
  async #openFile(file: ExportFile): Promise<SteadyFile | Draft | null> {
    try {
      if (file.path !== this.#settings.path && (await leadsOut(file.path)))
        return unopenedDraft(file.name, file.id, 'a link that leads out of the folder')
      return await SteadyFile.open(file.path)
    } catch (error) {
      const reason = errnoOf(error)
      if (reason === 'ENOENT') return null
      if (reason === 'EACCES' || reason === 'EPERM') return unopenedDraft(file.name, file.id, reason)
      throw this.#unreadable(reason, error)
    }
  }

  #list() {
    return this.#reaching(() => listExports(this.#settings, this.#context.clock()))
  }

  async #reaching<Value>(use: () => Promise<Value>): Promise<Value> {
    try {
      return await use()
    } catch (error) {
      throw this.#unreadable(errnoOf(error), error)
    }
  }

  #asYiwangError(error: unknown): YiwangError {
    const isSystems = error instanceof Error && 'syscall' in error
    return isSystems ? this.#unreadable(errnoOf(error), error) : toYiwangError(error)
  }

  #unreadable(reason: string, cause: unknown): YiwangError {
    const { sourceId: source } = this.#context
    return new YiwangError('SOURCE_PATH', { source, path: this.#settings.path, reason }, cause)
  }
}
