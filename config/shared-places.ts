import type { CheckOptions } from './check-node.ts'
import type { SourceSettings } from './settings.ts'
import type { YamlNode } from './yaml-tree.ts'

/** A complete source, and where it is written. */
export interface PlacedSource {
  readonly node: YamlNode
  readonly source: SourceSettings
}

/** Settings by which two sources may share one path: each reads a part of what is there. */
const parts = ['include', 'sheet']

/**
 * Reports every enabled source that reads the same files, or a folder of the same mailbox, as an earlier one: each
 * report would become two tickets.
 */
export function refuseSharedPlaces(sources: readonly PlacedSource[], { problems }: CheckOptions): void {
  const readers = new Map<string, string>()
  for (const { node, source } of sources) {
    if (!source.enabled) continue
    const { entries } = node
    const place = (entries.get('path') ?? entries.get('folders') ?? entries.get('host'))?.node.place
    const keys = placesOf(source)
    const [first] = keys.flatMap((key) => readers.get(key) ?? []).filter((id) => id !== source.id)
    if (first !== undefined && place !== undefined) problems.push({ place, text: sharedPlace(first) })
    for (const key of keys) if (!readers.has(key)) readers.set(key, source.id)
  }
}

/** What a source reads, each in a form that is the same for another that reads it. */
function placesOf({ connector, settings }: SourceSettings): readonly string[] {
  const { path, host, user, folders } = settings
  if (typeof path === 'string')
    return [JSON.stringify([connector, path, ...parts.map((name) => settings[name] ?? null)])]
  if (typeof host !== 'string' || !Array.isArray(folders)) return []
  // INBOX is the one folder that is the same in any case (RFC 3501 §5.1).
  const name = (folder: unknown) => String(folder).replace(/^inbox$/i, 'INBOX')
  return folders.map((folder) => JSON.stringify([connector, host.toLowerCase(), user, name(folder)]))
}

const sharedPlace = (id: string) => ({
  en: `Source "${id}" reads these files or folders already; every report would come twice`,
  zh: `来源 "${id}" 已在读取这些文件或文件夹；每件诉求都会重复进入`,
})
