import type { BigIntStats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, matchesGlob, sep } from 'node:path'
import { isFolder } from '../is-folder.ts'
import { shortHash } from '../short-hash.ts'
import type { HotlineExportSettings } from './settings.ts'

/** A file in the folder, as it stood when it was looked at. */
export interface ExportFile {
  readonly path: string
  readonly name: string
  /** Of its name, size and times: another content under the same name is another file. */
  readonly id: string
  readonly ctimeNs: bigint
}

export interface Listing {
  /** Ready to be read, oldest ctime first. */
  readonly ready: readonly ExportFile[]
  /** Files that may still be being written. */
  readonly unsettled: number
}

const unfinished = /^~\$|^\.|\.(part|partial|tmp|temp|crdownload|download|filepart|swp)$/i

/** The files to read at `settings.path`. @throws file system errors of the folder itself */
export async function listExports(settings: HotlineExportSettings, now: number): Promise<Listing> {
  const ready: ExportFile[] = []
  let unsettled = 0
  for (const path of await paths(settings)) {
    const stats = await stat(path, { bigint: true }).catch(() => null)
    if (stats === null || !stats.isFile()) continue
    const age = now - Number(stats.ctimeMs)
    // A clock ahead of ours by more than the settling time cannot be waited for; changes while reading are noticed.
    if (age < settings.settleMs && age > -settings.settleMs - 1) unsettled += 1
    else ready.push(exportFile(path, stats))
  }
  ready.sort((a, b) => Number(a.ctimeNs - b.ctimeNs) || (a.name < b.name ? -1 : 1))
  return { ready, unsettled }
}

/** What identifies a file. The inode is left out: it changes when a volume is restored or mounted elsewhere. */
export function exportFile(path: string, stats: BigIntStats): ExportFile {
  const name = basename(path)
  const facts = [name, stats.size, stats.mtimeNs, stats.ctimeNs].join('/')
  return { path, name, id: shortHash(facts), ctimeNs: stats.ctimeNs }
}

/** Whether a file in a folder is a link to one that lies elsewhere, and so not for this source. */
export async function leadsOut(path: string): Promise<boolean> {
  const [folder, target] = await Promise.all([realpath(dirname(path)), realpath(path)])
  return !target.startsWith(folder + sep)
}

async function paths({ path, include }: HotlineExportSettings): Promise<readonly string[]> {
  if (!(await isFolder(path))) return [path]
  const names = await readdir(path)
  const wanted = (name: string) =>
    include.length === 0 || include.some((pattern) => matchesGlob(name.toLowerCase(), pattern.toLowerCase()))
  return names.filter((name) => !unfinished.test(name) && wanted(name)).map((name) => join(path, name))
}
