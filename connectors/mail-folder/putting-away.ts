import { copyFile, lstat, mkdir, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errnoOf } from '../errno.ts'
import { fittingName } from '../file-name.ts'
import { moveIfThere } from '../move-if-there.ts'
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
  const held = join(dirname(path), fittingName(`.${externalId}.`, basename(path)))
  if (!(await moveIfThere(path, held))) return
  if ((await lstat(held, { bigint: true })).ino !== ino) await rename(held, path)
  else if (settings.afterArchive === 'delete') await unlink(held)
  // The identity in the name: two files of one name do not overwrite each other.
  else await moveFile(held, archiveFolder(settings, root), fittingName(`${externalId}-`, basename(path)))
}

async function moveFile(from: string, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const to = join(folder, name)
  try {
    await rename(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
    await copyFile(from, `${to}.part`)
    await rename(`${to}.part`, to)
    await unlink(from)
  }
}

/** Flags stand after `:2,` in ASCII order; S is seen. */
function seenName(file: string): string {
  const [base = file, flags = ''] = file.split(':2,')
  return `${base}:2,${[...new Set([...flags, 'S'])].toSorted().join('')}`
}
