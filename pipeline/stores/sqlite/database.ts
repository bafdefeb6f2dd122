import { closeSync, mkdirSync, openSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { YiwangError } from '../../../config/errors.ts'
import { type Migration, migrations } from './schema.ts'
import { sqliteError, sqliteResult } from './sqlite-error.ts'
import { WriteTurn } from './write-turn.ts'

const pageBytes = 16_384
/** Of every version of the schema. */
const ownTable = 'ticket_texts'
const pragmas = [
  // Large pages hold several bodies each; with 4 KiB a 2 KiB body fills a page alone.
  `PRAGMA page_size = ${pageBytes}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA cache_size = -16384',
  'PRAGMA journal_size_limit = 67108864',
  'PRAGMA temp_store = MEMORY',
]
/** SQLite waits so long for another writer each time, with the thread; then the thread is free for as long. */
const busyTimeoutMs = 25
/** Whose keys the levels of the match keys hold, the last excepted. */
const levelTickets = [4_096, 131_072]
/** The write-ahead log is written back once it has so many pages, which are 64 MB. */
const mostLogPages = 4_000
const fewestLogPages = 64

/** One connection to one file: transactions with a bounded wait, statements prepared once, errors of the catalogue. */
export class Database {
  readonly url: string
  /** Rows after which each level of a key table is merged into the next; see key-levels.ts. */
  readonly levelRows: readonly number[]
  /** Rows that the levels of the match keys hold, the last excepted; see match-keys.ts. */
  readonly matchRows: readonly number[]
  readonly #file: string
  /** Which file of that name it is; null until it is open. */
  #inode: bigint | null = null
  readonly #db: DatabaseSync
  readonly #patienceMs: number
  readonly #statements = new Map<string, StatementSync>()
  /** Those that answer in arrays: a statement answers in one form only. */
  readonly #arrayStatements = new Map<string, StatementSync>()
  readonly #migrations: readonly Migration[]
  readonly #turn: WriteTurn
  #ready = false
  #rollbacks = 0
  #synchronous: 'FULL' | 'NORMAL' = 'FULL'

  private constructor(file: string, db: DatabaseSync, options: OpenOptions) {
    this.url = `sqlite:${file}`
    this.#file = file
    this.#db = db
    this.levelRows = options.levelRows ?? [16_384, 262_144]
    const { keysPerTicket = 32 } = options
    this.matchRows = options.matchRows ?? levelTickets.map((tickets) => tickets * keysPerTicket)
    this.#patienceMs = options.patienceMs ?? 15_000
    this.#migrations = options.migrations ?? migrations
    this.#turn = new WriteTurn(options.writeTurn ?? new SharedArrayBuffer(4))
  }

  /**
   * Opens the file, making it and its folder when there is none. A new file gets the schema at once;
   * an older one waits for {@link migrate}.
   * @throws YiwangError STORE_UNREACHABLE, STORE_LOCKED, STORE_CORRUPT, STORE_FULL, STORE_FOREIGN
   */
  static async open(file: string, options: OpenOptions): Promise<Database> {
    const url = `sqlite:${file}`
    let db: DatabaseSync
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      makePrivate(file)
      db = new DatabaseSync(file, { timeout: busyTimeoutMs })
    } catch (error) {
      throw sqliteError(error, url)
    }
    const database = new Database(file, db, options)
    try {
      await database.#patiently(() => database.#transaction('BEGIN', () => database.#assertOwn()))
      await database.#patiently(() => pragmas.forEach((pragma) => void db.exec(pragma)))
      db.exec(`PRAGMA wal_autocheckpoint = ${logPages(dirname(file))}`)
      if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`)
      if ((await database.#patiently(() => database.version())) === 0) await database.migrate()
      database.#ready = database.version() === database.#wanted
      database.#inode = inodeOf(file)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  }

  /** The schema version that the file is at. */
  version(): number {
    return this.row<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
  }

  /**
   * Brings the schema up to date. Returns the steps taken.
   * @throws YiwangError STORE_TOO_NEW
   */
  async migrate(): Promise<readonly string[]> {
    const steps = await this.#patiently(() => this.#transaction('BEGIN EXCLUSIVE', () => this.#step()))
    this.#ready = true
    return steps
  }

  /** Runs `work` in one write transaction: all of it is durable when this resolves, or nothing is. */
  async write<Result>(work: () => Result): Promise<Result> {
    return this.#write('FULL', work)
  }

  /**
   * Like {@link write}, without waiting for the disk: all of it or nothing is there after a crash of the process,
   * and a power failure may undo the last ones. For work that is then simply done again. The next `write`, of
   * whatever connection, makes it durable too.
   */
  async writeRepeatable<Result>(work: () => Result): Promise<Result> {
    return this.#write('NORMAL', work)
  }

  /** How often what was read inside a transaction turned out not to be so. */
  get rollbacks(): number {
    return this.#rollbacks
  }

  /** Runs `work` on one state of the file. */
  async read<Result>(work: () => Result): Promise<Result> {
    this.#assertReady()
    return this.#patiently(() => this.#transaction('BEGIN', work))
  }

  rows<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[]
  }

  /** Rows as arrays of their columns, which costs less where rows are many and small. */
  arrays<Row extends unknown[]>(sql: string, ...values: SQLInputValue[]): Row[] {
    let statement = this.#arrayStatements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      statement.setReturnArrays(true)
      this.#arrayStatements.set(sql, statement)
    }
    return statement.all(...values) as unknown[] as Row[]
  }

  row<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined
  }

  /** Rows one by one; stop early and the rest is never read. */
  iterate<Row>(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#prepared(sql).iterate(...values) as Iterable<Row>
  }

  /** Returns how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes)
  }

  /** Returns the new row's number. */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid)
  }

  close(): void {
    this.#statements.clear()
    this.#arrayStatements.clear()
    if (this.#db.isOpen) this.#db.close()
  }

  async #write<Result>(synchronous: 'FULL' | 'NORMAL', work: () => Result): Promise<Result> {
    this.#assertReady()
    return this.#turn.run(() =>
      this.#patiently(() => {
        if (this.#synchronous !== synchronous) this.#db.exec(`PRAGMA synchronous = ${synchronous}`)
        this.#synchronous = synchronous
        // What is written to a file that has lost its name is gone when it is closed, and was acknowledged.
        if (inodeOf(this.#file) !== this.#inode) throw new YiwangError('STORE_MOVED', { url: this.url })
        return this.#transaction('BEGIN IMMEDIATE', () => {
          // A newer program may have migrated the file while it was open here.
          if (this.version() !== this.#wanted) throw this.#wrongVersion()
          return work()
        })
      }),
    )
  }

  /** Another program's tables stay as they are: ours come into a file that has none. */
  #assertOwn(): void {
    const tables = this.rows<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    const isOurs = this.version() > 0 && tables.some(({ name }) => name === ownTable)
    if (tables.length > 0 && !isOurs) throw new YiwangError('STORE_FOREIGN', { url: this.url })
  }

  get #wanted(): number {
    return this.#migrations.at(-1)?.version ?? 0
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #step(): readonly string[] {
    const found = this.version()
    if (found > this.#wanted)
      throw new YiwangError('STORE_TOO_NEW', { url: this.url, found, wanted: this.#wanted })
    const steps = this.#migrations.filter(({ version }) => version > found)
    for (const { version, sql } of steps) {
      this.#db.exec(sql)
      this.#db.exec(`PRAGMA user_version = ${version}`)
    }
    return steps.map(({ version, name }) => `${version}: ${name}`)
  }

  #transaction<Result>(begin: string, work: () => Result): Result {
    this.#db.exec(begin)
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollbacks += 1
      // SQLite may have rolled back by itself, for example when the disk is full.
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  /** Waits for other writers in steps that leave the event loop free; a busy file has changed nothing. */
  async #patiently<Result>(work: () => Result): Promise<Result> {
    const deadline = performance.now() + this.#patienceMs
    for (;;) {
      try {
        return work()
      } catch (error) {
        if (sqliteResult(error) !== 'busy' || performance.now() >= deadline)
          throw sqliteError(error, this.url)
        await sleep(busyTimeoutMs)
      }
    }
  }

  #assertReady(): void {
    if (!this.#ready && this.#db.isOpen) throw this.#wrongVersion()
  }

  #wrongVersion(): YiwangError {
    const details = { url: this.url, found: this.version(), wanted: this.#wanted }
    return new YiwangError(details.found > details.wanted ? 'STORE_TOO_NEW' : 'STORE_NOT_MIGRATED', details)
  }
}

/** Of what room there is the log takes a quarter at most: one that has filled a disk has no room to be written back. */
function logPages(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return Math.max(fewestLogPages, Math.min(mostLogPages, Math.floor((bavail * bsize) / 4 / pageBytes)))
}

/** A new file is for its owner alone, as it holds what citizens say; SQLite gives its log the same rights. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** Null when there is no such file. */
function inodeOf(file: string): bigint | null {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}

export interface OpenOptions {
  /** Four bytes shared with the other threads of this process that write to the same file; zero at first. */
  readonly writeTurn?: SharedArrayBuffer
  /** How long to wait for other processes that are writing, in milliseconds. */
  readonly patienceMs?: number
  readonly migrations?: readonly Migration[]
  /** By default [16384, 262144]. */
  readonly levelRows?: readonly number[]
  /** About how many match keys a ticket has; the sizes of their levels go by it. By default 32. */
  readonly keysPerTicket?: number
  /** By default the keys of 4,096 and of 131,072 tickets. */
  readonly matchRows?: readonly number[]
  /** An upper bound of the file's size, in pages of 16 KiB; by default only the disk bounds it. */
  readonly maxPages?: number
}
