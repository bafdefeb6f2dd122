import { YiwangError } from '../../config/errors.ts'
import type { Settings } from '../../config/settings.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

export interface StoreContext {
  /** This many unpredictable bytes. */
  readonly randomBytes: (bytes: number) => Uint8Array
}

/**
 * Opens the store that `store.url` names.
 * @throws YiwangError STORE_URL, STORE_UNREACHABLE, STORE_CORRUPT, STORE_FULL
 */
export async function openStore(settings: Pick<Settings, 'store'>, context: StoreContext): Promise<Store> {
  const { url } = settings.store
  if (url.startsWith('sqlite:')) return openSqliteStore(url.slice('sqlite:'.length), context)
  throw new YiwangError('STORE_URL', { setting: 'store.url', url, forms: 'sqlite:FILE or mongodb://…' })
}
