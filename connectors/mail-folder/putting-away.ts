import { lstat, mkdir, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fittingName } from '../file-name.ts'
import { moveHeldFile, moveIfThere } from '../move-file.ts'
import { archiveFolder, locatorOf } from './listing.ts'
import type { MailFolderSettings } from './settings.ts'

/**
 * Moves or deletes an archived file. Does nothing when the file is gone, or is no longer the one that was
 * read: that makes it repeatable, and never loses a newer file.
 * @returns the locator under which the file now stands in the folder; null when it is out of it
 * @throws file system errors
 */
export async function putAway(
  settings: MailFolderSettings,
  root: string,
  locator: string,
  externalId: string,
): Promise<string | null> {
  const name = locator.replace(/;SIZE=\d+;CTIME=\d+$/, '')
  const path = join(root, name)
  const stats = await lstat(path, { bigint: true }).catch(() => null)
  if (stats === null || locatorOf({ name, stats }) !== locator) return null
  const [, part, file] = /^(new|cur)\/([^/]+)$/.exec(name) ?? []
  if (settings.afterArchive === 'move' && part !== undefined && file !== undefined) {
    const seen = `cur/${seenName(file)}`
    if (!(await moveIfThere(path, join(root, seen)))) return null
    return locatorOf({ name: seen, stats: await lstat(join(root, seen), { bigint: true }) })
  }
  await takeOut(path, stats.ino, settings, { root, externalId })
  return null
}

/** Out of the way first, then a look at what was taken: a file that replaced it in between goes back. */
async function takeOut(
  path: string,
  ino: bigint,
  settings: MailFolderSettings,
  { root, externalId }: { readonly root: string; readonly externalId: string },
): Promise<void> {
  const named = (prefix: string) => fittingName(prefix, basename(path))
  // The identity in the name: two files of one name do not overwrite each other.
  const archived = named(`${externalId}-`)
  const folder = settings.afterArchive === 'move' ? archiveFolder(settings, root) : null
  // Before the file is taken out of the way, because this is what fails most.
  if (folder !== null) await mkdir(folder, { recursive: true })
  const held = join(dirname(path), named(`.${externalId}.`))
  if (!(await moveIfThere(path, held))) return
  if ((await lstat(held, { bigint: true })).ino !== ino) await rename(held, path)
  else if (folder === null) await unlink(held)
  else await moveHeldFile(held, join(folder, archived), { name: path, spare: join(dirname(path), archived) })
}

/** Flags stand after `:2,` in ASCII order; S is seen. */
function seenName(file: string): string {
  const [base = file, flags = ''] = file.split(':2,')
  return `${base}:2,${[...new Set([...flags, 'S'])].toSorted().join('')}`
}
