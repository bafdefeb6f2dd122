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

/** Reports every enabled source that reads the same files as an earlier one: each report would become two tickets. */
export function refuseSharedPaths(sources: readonly PlacedSource[], { problems }: CheckOptions): void {
  const readers = new Map<string, SourceSettings>()
  for (const { node, source } of sources) {
    const place = node.entries.get('path')?.node.place
    if (!source.enabled || place === undefined) continue
    const key = JSON.stringify([
      source.connector,
      ...['path', ...parts].map((name) => source.settings[name] ?? null),
    ])
    const first = readers.get(key)
    if (first === undefined) readers.set(key, source)
    else if (first.id !== source.id) problems.push({ place, text: sharedPath(first.id) })
  }
}

const sharedPath = (id: string) => ({
  en: `Source "${id}" reads these files already; every report would come twice`,
  zh: `来源 "${id}" 已在读取这些文件；每件诉求都会重复进入`,
})
