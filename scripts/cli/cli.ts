import { isAbsolute, join, relative } from 'node:path'
import { describeError, type ErrorDetails, isErrorCode, YiwangError } from '../../config/errors.ts'
import type { Locale } from '../../config/locale.ts'
import { createLogger, type LogOptions } from '../../config/logging.ts'
import type { Settings } from '../../config/settings.ts'
import type { App } from '../../pipeline/app.ts'
import { findConfig } from './find-config.ts'
import { localDetails } from './known-words.ts'
import { logWarnings } from './library-warnings.ts'
import { type MessageKey, message } from './messages.ts'
import { Progress } from './progress.ts'
import { TextTable } from './text-table.ts'

/** Everything that the command line takes from its process. */
export interface CliContext {
  /** Without the program's own name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  out(text: string): void
  /** Bytes on standard output, as they are. */
  outBytes(bytes: Uint8Array): void
  /** Waits until whoever reads standard output has taken what was written there. */
  taken(): Promise<void>
  err(text: string): void
  /** Width of the terminal on standard error, where a progress line is drawn; null when it is a file or a pipe. */
  readonly progress: number | null
  /** Width of the terminal on standard output; null when it is a file or a pipe. */
  readonly columns: number | null
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly config?: string
  readonly logLevel?: LogOptions['level']
  readonly json?: boolean
}

/** What commands speak through, and the way from options to the composed system. */
export class Cli {
  readonly context: CliContext
  readonly locale: Locale
  exitCode = 0
  /** Being stopped is how this command ends well. */
  runsUntilStopped = false
  /** Reports come in: warnings of the files they are read from must be seen. */
  takesIn = false
  private options: GlobalOptions = {}
  private hasAnswered = false
  private drawn: Progress | null = null

  constructor(context: CliContext, locale: Locale) {
    this.context = context
    this.locale = locale
  }

  /** The options of the command that is about to run. */
  begin(options: GlobalOptions): void {
    this.options = options
  }

  get debugs(): boolean {
    return this.options.logLevel === 'debug'
  }

  /** A program that asked for a document and has got none yet. */
  get owesJson(): boolean {
    return this.options.json === true && !this.hasAnswered
  }

  /** A text of the message table in the reader's language. */
  say(key: MessageKey, details: ErrorDetails = {}): string {
    return message(key, this.locale, details)
  }

  /** A line on standard output: what was asked for. */
  out(line: string): void {
    this.context.out(`${harmless(line)}\n`)
  }

  /** A line on standard error: everything else. */
  err(line: string): void {
    this.context.err(`${harmless(line)}\n`)
  }

  note(key: MessageKey, details: ErrorDetails = {}): void {
    this.err(this.say(key, details))
  }

  json(value: unknown): void {
    this.hasAnswered = true
    this.context.out(`${JSON.stringify(value, null, 2)}\n`)
  }

  /** The same document of one list, written a page at a time as fast as it is read. */
  async jsonList(
    name: string,
    pages: AsyncIterable<readonly unknown[]>,
    rest: () => object = () => ({}),
  ): Promise<void> {
    let before = `{\n  ${JSON.stringify(name)}: [`
    for await (const page of pages) {
      for (const value of page) {
        this.hasAnswered = true
        this.context.out(`${before}\n    ${JSON.stringify(value, null, 2).replaceAll('\n', '\n    ')}`)
        before = ','
      }
      await this.context.taken()
    }
    const after = rest()
    if (before !== ',') return this.json({ [name]: [], ...after })
    const others = JSON.stringify(after, null, 2)
    this.context.out(others === '{}' ? '\n  ]\n}\n' : `\n  ],${others.slice(1)}\n`)
  }

  /** A table whose rows are read a page at a time, and twice: they are measured first. */
  async table(pages: () => AsyncIterable<readonly (readonly string[])[]>): Promise<void> {
    const table = new TextTable(this.context.columns)
    for await (const rows of pages()) table.measure(rows)
    for await (const rows of pages()) {
      for (const line of table.lines(rows)) this.out(line)
      await this.context.taken()
    }
  }

  /** The command failed; the reason is said on standard error. */
  fail(key: MessageKey, details: ErrorDetails = {}): void {
    this.note(key, details)
    this.exitCode = 1
  }

  /** An error in the reader's language, with its fixed reasons; one that another version has kept may be a bare code. */
  describe({ code, details }: { readonly code: string; readonly details: ErrorDetails }): string {
    return isErrorCode(code) ? describeError(code, localDetails(details, this.locale), this.locale) : code
  }

  /** A path as a person in this folder would write it. */
  shortPath(path: string): string {
    const short = relative(this.context.cwd, path)
    return short === '' ? '.' : short.startsWith('..') || isAbsolute(short) ? path : short
  }

  /** A path from the command line, absolute. @throws YiwangError PATH_UNREADABLE for an empty one */
  resolve(path: string): string {
    if (path === '')
      throw new YiwangError('PATH_UNREADABLE', {
        path: '""',
        reason: 'the name is empty',
        'reason.zh': '名称为空',
      })
    return isAbsolute(path) ? path : join(this.context.cwd, path)
  }

  configPath({ config }: GlobalOptions): string {
    return findConfig(config, this.context)
  }

  /** @throws YiwangError CONFIG_NOT_FOUND, CONFIG_INVALID */
  async settings(options: GlobalOptions): Promise<Settings> {
    const { loadSettings } = await import('../../config/load.ts')
    const { connectorSpecs } = await import('../../connectors/registry.ts')
    return loadSettings(this.configPath(options), this.context.env, connectorSpecs)
  }

  /** Commands say for themselves what they did; only `run` leaves that to its log. */
  logLevel({ logLevel }: GlobalOptions, { log }: Settings): LogOptions['level'] {
    return logLevel ?? (this.runsUntilStopped ? log.level : 'error')
  }

  private sourceLogLevel(options: GlobalOptions, settings: Settings): LogOptions['level'] {
    if (!this.takesIn || options.logLevel !== undefined) return this.logLevel(options, settings)
    const { level } = settings.log
    return level === 'silent' || level === 'error' ? level : 'warn'
  }

  /** A log whose lines do not run into the one that shows how far the work has come. */
  logger(level: LogOptions['level']) {
    return createLogger({ level }, (line) => {
      this.drawn?.clear()
      this.context.err(harmless(line))
    })
  }

  /** Opens the system for one piece of work and closes it whatever happens. */
  async withApp(options: GlobalOptions, work: (app: App) => Promise<void>): Promise<void> {
    const settings = await this.settings(options)
    const { openApp } = await import('../../pipeline/open-app.ts')
    const level = this.logLevel(options, settings)
    const log = this.logger(level)
    using _warnings = logWarnings(log)
    const sourceLog = this.logger(this.sourceLogLevel(options, settings))
    // The drain has a log of its own, in its thread.
    const onOddity = (oddity: YiwangError) => {
      this.drawn?.clear()
      this.err(this.describe(oddity))
    }
    const told = this.runsUntilStopped ? {} : { onOddity }
    const app = await openApp({ ...settings, log: { level } }, { log, sourceLog, ...told })
    try {
      await work(app)
    } finally {
      await app.close()
    }
  }

  /** A line that shows how far the work has come; nothing where nobody watches, or a program reads. */
  progress(): Progress {
    const { err } = this.context
    const progress = this.options.json === true ? null : this.context.progress
    this.drawn = new Progress(progress === null ? null : (text) => err(text), progress ?? undefined)
    return this.drawn
  }

  /** Work under such a line, which is taken away at its end. */
  async watched<Result>(work: (progress: Progress) => Promise<Result>): Promise<Result> {
    const progress = this.progress()
    try {
      return await work(progress)
    } finally {
      progress.clear()
    }
  }
}

/** Names of files and sheets may hold what moves a terminal's cursor, or writes elsewhere. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}
