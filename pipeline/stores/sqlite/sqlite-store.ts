import type { Store } from '../store.ts'
import { sqliteArchive } from './archive.ts'
import { Database, type OpenOptions } from './database.ts'
import { sqliteLeases } from './leases.ts'
import { sqliteLedger } from './ledger.ts'
import { sqliteOutbox } from './outbox.ts'
import { sqliteReindexing } from './reindexing.ts'
import { Sources } from './sources.ts'
import { sqliteViews } from './views.ts'

export interface SqliteOptions extends OpenOptions {
  /** Makes secrets: this many unpredictable bytes. */
  readonly randomBytes: (bytes: number) => Uint8Array
}

/**
 * Opens the store in one file. A new file is ready at once; a file of an older schema refuses everything
 * but `migrate` with STORE_NOT_MIGRATED.
 * @throws YiwangError STORE_UNREACHABLE, STORE_CORRUPT, STORE_FULL
 */
export async function openSqliteStore(file: string, options: SqliteOptions): Promise<Store> {
  const db = await Database.open(file, options)
  const sources = new Sources(db)
  return {
    name: 'sqlite',
    url: db.url,
    ...sqliteArchive(db, sources),
    ...sqliteLeases(db, sources),
    ...sqliteLedger(db, sources),
    ...sqliteReindexing(db),
    ...sqliteOutbox(db),
    ...sqliteViews(db, sources),
    migrate: () => db.migrate(),
    secret: (name) => db.write(() => secret(db, name, options.randomBytes)),
    close: async () => db.close(),
  }
}

function secret(db: Database, name: string, randomBytes: SqliteOptions['randomBytes']): string {
  const fresh = Buffer.from(randomBytes(32)).toString('hex')
  db.run('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)', name, fresh)
  return db.row<{ value: string }>('SELECT value FROM secrets WHERE name = ?', name)?.value ?? fresh
}
