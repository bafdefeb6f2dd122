import { YiwangError } from '../../config/errors.ts'
import type { Live } from './reading.ts'
import type { Session } from './session.ts'

/**
 * Values of each folder in turn. One that is missing, or that the server refuses, is told of once the others are
 * through: they must not wait until somebody mends it.
 * @throws SOURCE_FOLDER_MISSING, SOURCE_REFUSED
 */
export async function* ofEachFolder<Value>(
  {
    live,
    folders,
    source,
  }: { readonly live: Live; readonly folders: readonly string[]; readonly source: string },
  read: (folder: string) => AsyncGenerator<Value>,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  const refused: { readonly folder: string; readonly refusal: unknown }[] = []
  for (const folder of folders) {
    try {
      yield* read(folder)
    } catch (thrown) {
      if (!isRefusedFolder(thrown)) throw thrown
      refused.push({ folder, refusal: thrown })
    }
  }
  for (const { folder, refusal } of refused) {
    await assertFolder(await live(signal), folder, source, signal)
    throw refusal
  }
}

/** Whether the server refused something that was asked of a folder. */
export function isRefusedFolder(thrown: unknown): boolean {
  return thrown instanceof YiwangError && thrown.code === 'SOURCE_REFUSED'
}

/** @throws SOURCE_FOLDER_MISSING */
export async function assertFolder(
  session: Session,
  folder: string,
  source: string,
  signal: AbortSignal,
): Promise<void> {
  const listed = await session.run((client) => client.list(), signal)
  const existing = listed.filter(({ flags }) => !flags.has('\\Noselect')).map(({ path }) => path)
  if (existing.map(folderKey).includes(folderKey(folder))) return
  throw new YiwangError('SOURCE_FOLDER_MISSING', { source, folder, existing: existing.join(', ') })
}

/** INBOX is the one name that is the same in any case (RFC 3501 §5.1). */
function folderKey(path: string): string {
  return path.toUpperCase() === 'INBOX' ? 'INBOX' : path
}
