import { distance } from 'fastest-levenshtein'
import { YiwangError } from '../../config/errors.ts'
import { shortList } from '../../config/nearest.ts'
import type { Live, Session } from './session.ts'
import { folderKey } from './settings.ts'

/**
 * Values of each folder in turn. One that is missing, or that the server refuses, or in which the connection is lost,
 * is told of once the others are through: they must not wait until somebody mends it.
 * @throws SOURCE_FOLDER_MISSING, SOURCE_REFUSED, SOURCE_UNREACHABLE
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
  const failed: { readonly folder: string; readonly failure: unknown }[] = []
  let isLost = false
  for (const folder of folders) {
    try {
      yield* read(folder)
      isLost = false
    } catch (thrown) {
      const wasLost = isLost
      isLost = hasCode(thrown, 'SOURCE_UNREACHABLE')
      // Where it is lost in the next one too, the server is in trouble, and each folder may take minutes.
      if ((isLost && wasLost) || !(isLost || isRefusedFolder(thrown))) throw thrown
      failed.push({ folder, failure: thrown })
    }
  }
  for (const { folder, failure } of failed) {
    if (isRefusedFolder(failure)) await assertFolder(await live(signal), folder, source, signal)
    throw failure
  }
}

/** Whether the server refused something that was asked of a folder. */
export function isRefusedFolder(thrown: unknown): thrown is YiwangError {
  return hasCode(thrown, 'SOURCE_REFUSED')
}

function hasCode(thrown: unknown, code: YiwangError['code']): thrown is YiwangError {
  return thrown instanceof YiwangError && thrown.code === code
}

/** A folder as the server lists it. */
interface Listed {
  readonly path: string
  /** Between the names in a path. */
  readonly delimiter: string
}

/** @throws SOURCE_FOLDER_MISSING */
export async function assertFolder(
  session: Session,
  folder: string,
  source: string,
  signal: AbortSignal,
): Promise<void> {
  const listed = await session.run((client) => client.list(), signal)
  const existing = listed.filter(({ flags }) => !flags.has('\\Noselect'))
  if (existing.some(({ path }) => folderKey(path) === folderKey(folder))) return
  throw new YiwangError('SOURCE_FOLDER_MISSING', { source, folder, existing: nearestOf(existing, folder) })
}

/** The folders that may be meant, nearest first; a prefix that is missing or wrong counts less than the name itself. */
function nearestOf(existing: readonly Listed[], folder: string): string {
  const paths = existing
    .map(({ path, delimiter }) => {
      const nameOf = (text: string) => text.slice(text.lastIndexOf(delimiter) + 1)
      return { path, byName: differences(nameOf(path), nameOf(folder)), byPath: differences(path, folder) }
    })
    .toSorted((one, other) => one.byName - other.byName || one.byPath - other.byPath)
    .map(({ path }) => path)
  return shortList(paths)
}

function differences(one: string, other: string): number {
  return distance(one.toLowerCase(), other.toLowerCase())
}
