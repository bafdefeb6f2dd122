import { YiwangError } from '../../config/errors.ts'
import { shownAddress } from '../../config/server-address.ts'
import type { Settings } from '../../config/settings.ts'
import { openFolderBlobs } from './blobs/folder-blobs.ts'
import type { MongoStore } from './mongodb/mongo-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { BlobStore, Store } from './store.ts'

/** What a store needs of its process. */
export interface StoreContext {
  /** This many unpredictable bytes. */
  readonly randomBytes: (bytes: number) => Uint8Array
  /** Four zero bytes shared by the threads of this process that open the same store. */
  readonly writeTurn?: SharedArrayBuffer
}

/** A report that is to be found by likeness has about so many keys; one for equal texts only has one. */
const keysByLikeness = 32

/**
 * Opens the store that the setting `store` names.
 * @throws YiwangError STORE_URL, STORE_ADDRESS, STORE_UNREACHABLE, STORE_REFUSED, STORE_CORRUPT, STORE_FULL
 */
export async function openStore(
  settings: Pick<Settings, 'store' | 'dedupe'>,
  context: StoreContext,
): Promise<Store> {
  const { url } = settings.store
  if (url.startsWith('sqlite:')) {
    const keysPerTicket = settings.dedupe.similar ? keysByLikeness : 1
    return openSqliteStore(url.slice('sqlite:'.length), { ...context, keysPerTicket })
  }
  if (/^mongodb(\+srv)?:\/\//.test(url)) {
    // A tenth of a process's memory, which a deployment on SQLite need not spend.
    const { openMongoStore } = await import('./mongodb/mongo-store.ts')
    return openMongoStore(url, context)
  }
  const forms = 'sqlite:FILE or mongodb://HOST/DATABASE'
  const formsZh = 'sqlite:文件 或 mongodb://主机/数据库'
  throw new YiwangError('STORE_URL', { setting: 'store', url: shownAddress(url), forms, 'forms.zh': formsZh })
}

/**
 * Opens the blob store that the setting `blobs` names; `gridfs:` is in the store's own database.
 * @throws YiwangError STORE_URL, STORE_UNREACHABLE, STORE_FULL
 */
export async function openBlobs(settings: Pick<Settings, 'blobs'>, store: Store): Promise<BlobStore> {
  const { url } = settings.blobs
  if (url.startsWith('file:')) return openFolderBlobs(url.slice('file:'.length))
  if (url === 'gridfs:' && isMongo(store)) {
    const { openGridFsBlobs } = await import('./blobs/gridfs-blobs.ts')
    return openGridFsBlobs(store.connection, store.url)
  }
  const forms = 'file:FOLDER, or gridfs: when "store" is a mongodb:// one'
  const formsZh = 'file:文件夹，或 gridfs:（仅当 "store" 为 mongodb:// 时）'
  throw new YiwangError('STORE_URL', { setting: 'blobs', url, forms, 'forms.zh': formsZh })
}

function isMongo(store: Store): store is MongoStore {
  return store.name === 'mongodb' && 'connection' in store
}
