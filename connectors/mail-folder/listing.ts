import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { isFolder } from '../is-folder.ts'
import type { MailFolderSettings } from './settings.ts'

/** A file as it stood when it was looked at. */
export interface MailFile {
  /** Below the folder, with `/` between parts. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  readonly stats: BigIntStats
  /** Why it must not be read; null when it may. */
  readonly problem: string | null
}

export interface Listing {
  /** By the time that they appeared or last changed (ctime), oldest first. */
  readonly ready: readonly MailFile[]
  /** How many were left alone because they may still be being written. */
  readonly unsettled: number
}

const unfinished = /^[.~]|\.(part|partial|tmp|temp|crdownload|download|filepart|swp)$|~$/i
/** What macOS and Office lay beside a file. Other files that begin with a dot or a tilde may be mails named by their subject. */
const companion = /^(?:\._|~\$)/
/** What Outlook saves, in a form of its own. Left alone in silence, a letter would be lost. */
const outlookFile = /\.msg$/i
const statsAtOnce = 64

/**
 * The files to read at `settings.path`.
 * @throws file system errors of the folder itself
 */
export async function listMails(settings: MailFolderSettings, now: number): Promise<Listing> {
  const { root, names } = await candidates(settings)
  const inside = await realpath(root)
  const ready: MailFile[] = []
  let unsettled = 0
  for (let at = 0; at < names.length; at += statsAtOnce) {
    const files = names.slice(at, at + statsAtOnce).map((name) => look(root, inside, name))
    for (const file of await Promise.all(files)) {
      if (file === null) continue
      if (isSettled(file, settings.settleMs, now)) ready.push(file)
      else unsettled += 1
    }
  }
  return { ready: ready.sort(byAppearance), unsettled }
}

/** Names a file in this state: another content under the same name, or the same put back, is another. */
export function locatorOf({ name, stats }: Pick<MailFile, 'name' | 'stats'>): string {
  return `${name};SIZE=${stats.size};CTIME=${stats.ctimeNs}`
}

async function candidates(settings: MailFolderSettings) {
  const { path, recursive } = settings
  if (!(await isFolder(path))) {
    return { root: dirname(path), names: [basename(path)] }
  }
  const entries = await readdir(path, { withFileTypes: true })
  const folders = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name))
  if (folders.has('new') && folders.has('cur')) {
    // A file in tmp is not delivered yet (https://cr.yp.to/proto/maildir.html).
    const parts = await Promise.all(['new', 'cur'].map((part) => namesIn(path, part)))
    return { root: path, names: parts.flat() }
  }
  const found = recursive ? await readdir(path, { withFileTypes: true, recursive }) : entries
  return { root: path, names: found.flatMap((entry) => emlName(entry, settings)) }
}

async function namesIn(root: string, part: string): Promise<readonly string[]> {
  return (await readdir(join(root, part)))
    .filter((name) => !unfinished.test(name))
    .map((name) => `${part}/${name}`)
}

function emlName(entry: Dirent, settings: MailFolderSettings): readonly string[] {
  const path = join(entry.parentPath, entry.name)
  const name = relative(settings.path, path).split(sep)
  const isWithin = !name.slice(0, -1).some((part) => unfinished.test(part))
  const isMail = isWithin && /\.(?:eml|msg)$/i.test(entry.name) && !companion.test(entry.name)
  return isMail && !isArchived(path, settings) ? [name.join('/')] : []
}

/** A folder of archived mails that is named itself, as by an import, or that lies around the one named, hides nothing. */
function isArchived(path: string, settings: MailFolderSettings): boolean {
  const archive = join(archiveFolder(settings, settings.path), sep)
  const folder = join(settings.path, sep)
  return archive !== folder && archive.startsWith(folder) && path.startsWith(archive)
}

/** Where `afterArchive: move` puts files. */
export function archiveFolder({ archivePath }: MailFolderSettings, root: string): string {
  return archivePath ?? join(root, 'archived')
}

/** Null for what is no file, or gone. */
async function look(root: string, inside: string, name: string): Promise<MailFile | null> {
  const path = join(root, name)
  const own = await lstat(path, { bigint: true }).catch(() => null)
  if (own === null) return null
  if (own.isSymbolicLink()) return lookThrough(path, inside, name, own)
  const problem = outlookFile.test(name) ? 'an Outlook file (.msg), to be saved as .eml' : null
  return own.isFile() ? { name, path, bytes: Number(own.size), stats: own, problem } : null
}

/** A link may not bring in what lies outside of the folder, such as another office's letters. */
async function lookThrough(
  path: string,
  inside: string,
  name: string,
  own: BigIntStats,
): Promise<MailFile | null> {
  const target = await realpath(path).catch(() => null)
  const broken = { name, path, bytes: 0, stats: own }
  if (target === null) return { ...broken, problem: 'a link that leads nowhere' }
  if (!target.startsWith(inside + sep)) return { ...broken, problem: 'a link that leads out of the folder' }
  const stats = await stat(target, { bigint: true }).catch(() => null)
  return stats?.isFile() ? { name, path, bytes: Number(stats.size), stats, problem: null } : null
}

/** A clock ahead of ours by more than the settling time cannot be waited for. */
function isSettled({ stats }: MailFile, settleMs: number, now: number): boolean {
  const ageMs = now - Number(stats.ctimeMs)
  // Of 0 a file may be newer than our look at the clock.
  return settleMs === 0 || ageMs >= settleMs || ageMs < -settleMs - 1
}

function byAppearance(one: MailFile, other: MailFile): number {
  const apart = one.stats.ctimeNs - other.stats.ctimeNs
  if (apart !== 0n) return apart < 0n ? -1 : 1
  return one.name < other.name ? -1 : 1
}
