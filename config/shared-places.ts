import { dirname, join, sep } from 'node:path'
import type { CheckOptions } from './check-node.ts'
import type { SourceSettings } from './settings.ts'
import type { YamlNode } from './yaml-tree.ts'

/** A complete source, and where it is written. */
export interface PlacedSource {
  readonly node: YamlNode
  readonly source: SourceSettings
}

/**
 * Reports every enabled source that reads the same files, or a folder of the same mailbox, as an earlier one: each
 * report would become two tickets.
 */
export function refuseSharedPlaces(sources: readonly PlacedSource[], { problems }: CheckOptions): void {
  const earlier: SourceSettings[] = []
  for (const { node, source } of sources) {
    if (!source.enabled) continue
    const { entries } = node
    const place = (entries.get('path') ?? entries.get('folders') ?? entries.get('host'))?.node.place
    const first = earlier.find((other) => other.id !== source.id && readsTheSame(other, source))
    if (first !== undefined && place !== undefined) problems.push({ place, text: sharedPlace(first.id) })
    earlier.push(source)
  }
}

/** Reports every enabled source that moves its files to where it, or another one, would read them again at every pull. */
export function refuseArchiveAmongFiles(sources: readonly PlacedSource[], { problems }: CheckOptions): void {
  const enabled = sources.map(({ source }) => source).filter((source) => source.enabled)
  for (const { node, source } of sources) {
    const { afterArchive, archivePath } = source.settings
    const place = node.entries.get('archivePath')?.node.place
    if (!source.enabled || afterArchive !== 'move' || place === undefined) continue
    const reader = enabled.find(({ id, settings }) => {
      // Below its own folder a source passes over what it has moved.
      return settings.path === archivePath || (id !== source.id && covers(settings, archivePath))
    })
    if (reader !== undefined) problems.push({ place, text: archiveAmongFiles(reader.id) })
  }
}

/** Reports every enabled source that would read the files of the SQLite store: they change with every pull. */
export function refuseStoreAmongFiles(
  sources: readonly PlacedSource[],
  store: string,
  { problems }: CheckOptions,
): void {
  if (!store.startsWith('sqlite:')) return
  const folder = dirname(store.slice('sqlite:'.length))
  for (const { node, source } of sources) {
    const { path, include } = source.settings
    const place = node.entries.get('path')?.node.place
    const takesAll = Array.isArray(include) && include.length === 0
    if (source.enabled && takesAll && path === folder && place !== undefined)
      problems.push({ place, text: storeAmongFiles })
  }
}

function readsTheSame(one: SourceSettings, other: SourceSettings): boolean {
  if (one.connector !== other.connector) return false
  const folders = mailFoldersOf(one)
  return (
    ((covers(one.settings, other.settings.path) || covers(other.settings, one.settings.path)) &&
      sharesPart('include', one, other) &&
      sharesPart('sheet', one, other)) ||
    mailFoldersOf(other).some((folder) => folders.includes(folder))
  )
}

/** Whether the files at this path are among those that a source with these settings reads. */
function covers({ path, recursive }: SourceSettings['settings'], inner: unknown): boolean {
  if (typeof path !== 'string' || typeof inner !== 'string') return false
  return inner === path || (recursive === true && inner.startsWith(join(path, sep)))
}

/** Two sources may share a path if each reads a part of what is there; one that names none reads all. */
function sharesPart(name: string, one: SourceSettings, other: SourceSettings): boolean {
  const parts = [one, other].map(({ settings }) => JSON.stringify(settings[name] ?? []))
  return parts[0] === parts[1] || parts.includes('[]')
}

/** The folders of a mailbox, each in a form that is the same for another source that reads it. */
function mailFoldersOf({ settings: { host, user, folders } }: SourceSettings): readonly string[] {
  if (typeof host !== 'string' || !Array.isArray(folders)) return []
  // INBOX is the one folder that is the same in any case (RFC 3501 §5.1).
  const name = (folder: unknown) => String(folder).replace(/^inbox$/i, 'INBOX')
  return folders.map((folder) => JSON.stringify([host.toLowerCase(), user, name(folder)]))
}

const sharedPlace = (id: string) => ({
  en: `Source "${id}" reads these files or folders already; every report would come twice`,
  zh: `来源 "${id}" 已在读取这些文件或文件夹；每件诉求都会重复进入`,
})

const archiveAmongFiles = (id: string) => ({
  en: `Source "${id}" reads this folder, and would read the moved files again; name another one`,
  zh: `来源 "${id}" 会读取此文件夹，移入的文件会被再次读入；请另选文件夹`,
})

const storeAmongFiles = {
  en: 'The store lies in this folder, and its files would come in at every pull; give it a folder of its own',
  zh: '存储文件也在此文件夹中，每次采集都会被当作导出文件读入；请把存储放到单独的文件夹',
}
