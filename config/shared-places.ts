import { statSync } from 'node:fs'
import { basename, dirname, join, matchesGlob, sep } from 'node:path'
import type { CheckOptions } from './check-node.ts'
import type { SourceSettings } from './settings.ts'
import { placeWithin, type YamlNode } from './yaml-tree.ts'

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
    const where = (entries.get('path') ?? entries.get('folders') ?? entries.get('host'))?.node
    const first = earlier.find((other) => other.id !== source.id && readsTheSame(other, source))
    if (first !== undefined && where !== undefined)
      problems.push({ place: placeWithin(node, where), text: sharedPlace(first.id) })
    earlier.push(source)
  }
}

/** Reports every enabled source that moves its files to where it, or another one, would read them again at every pull. */
export function refuseArchiveAmongFiles(sources: readonly PlacedSource[], { problems }: CheckOptions): void {
  const enabled = sources.map(({ source }) => source).filter((source) => source.enabled)
  for (const { node, source } of sources) {
    const { entries } = node
    const named = entries.get('archivePath')?.node
    const where = named ?? entries.get('afterArchive')?.node
    const archive = archiveOf(source)
    if (!source.enabled || archive === null || where === undefined) continue
    const reader = enabled.find(({ id, settings }) => {
      // Below its own folder a source passes over what it has moved.
      return settings.path === archive || (id !== source.id && covers(settings, archive))
    })
    if (reader === undefined) continue
    const text = named === undefined ? defaultArchiveAmongFiles(reader.id) : archiveAmongFiles(reader.id)
    problems.push({ place: placeWithin(node, where), text })
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
    const where = node.entries.get('path')?.node
    const takesAll = Array.isArray(include) && include.length === 0
    if (source.enabled && takesAll && path === folder && where !== undefined)
      problems.push({ place: placeWithin(node, where), text: storeAmongFiles })
  }
}

function readsTheSame(one: SourceSettings, other: SourceSettings): boolean {
  if (one.connector !== other.connector) return false
  const folders = mailFoldersOf(one)
  const places = [one.settings.path, other.settings.path]
  const isShared =
    (covers(one.settings, places[1]) || covers(other.settings, places[0])) &&
    sharesPart('include', one, other)
  const isWithin = takesFile(one.settings, places[1]) || takesFile(other.settings, places[0])
  return (
    ((isShared || isWithin) && sharesPart('sheet', one, other)) ||
    mailFoldersOf(other).some((folder) => folders.includes(folder))
  )
}

/** Where a source moves its files: beside them, unless it names a folder. Null where it moves none. */
function archiveOf({ settings }: SourceSettings): string | null {
  const { afterArchive, archivePath, path } = settings
  if (afterArchive !== 'move' || typeof path !== 'string') return null
  if (typeof archivePath === 'string') return archivePath
  return join(isFile(path) ? dirname(path) : path, 'archived')
}

/** Whether the files at this path are among those that a source with these settings reads. */
function covers({ path, recursive }: SourceSettings['settings'], inner: unknown): boolean {
  if (typeof path !== 'string' || typeof inner !== 'string') return false
  return inner === path || (recursive === true && inner.startsWith(join(path, sep)))
}

/** Whether this is a file right inside the folder that a source with these settings reads, and one that it takes. */
function takesFile({ path, include }: SourceSettings['settings'], file: unknown): boolean {
  if (typeof file !== 'string' || dirname(file) !== path || !isFile(file)) return false
  const patterns = Array.isArray(include) ? include.map(String) : []
  const name = basename(file).toLowerCase()
  return patterns.length === 0 || patterns.some((pattern) => matchesGlob(name, pattern.toLowerCase()))
}

/** What is not there yet may become a folder, and counts as one. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
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

const defaultArchiveAmongFiles = (id: string) => ({
  en: `Source "${id}" reads the folder "archived" that files are moved to, and would read them again; name another one as "archivePath"`,
  zh: `移走的文件放在 "archived" 文件夹，来源 "${id}" 会从中再次读入；请用 "archivePath" 另选文件夹`,
})

const storeAmongFiles = {
  en: 'The store lies in this folder, and its files would come in at every pull; give it a folder of its own',
  zh: '存储文件也在此文件夹中，每次采集都会被当作导出文件读入；请把存储放到单独的文件夹',
}
