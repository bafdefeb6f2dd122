import { resolve } from 'node:path'
import { type CheckOptions, checkNode } from './check-node.ts'
import { issueTexts } from './issue-texts.ts'
import { nearest } from './nearest.ts'
import type { Place } from './problem.ts'
import { BaseSource } from './schema.ts'
import type { ConnectorDeclaration, Schedule, SourceSettings } from './settings.ts'
import { placeWithin, type YamlEntry, type YamlNode } from './yaml-tree.ts'

/** What one source's settings are completed with. */
export interface SourceDefaults {
  readonly timeZone: string
  /** Relative paths start here. */
  readonly folder: string
}

const baseKeys = Object.keys(BaseSource.shape)

/** A checked source; its defaults wait for the rest of the configuration. Null when something is wrong with it. */
export function checkSource(
  node: YamlNode,
  specs: ReadonlyMap<string, ConnectorDeclaration>,
  options: CheckOptions,
): ((defaults: SourceDefaults) => SourceSettings) | null {
  const base = checkNode(
    BaseSource,
    part(node, (key) => baseKeys.includes(key)),
    options,
  )
  const kind = node.entries.get('connector')?.node
  const spec = specs.get(kind?.text ?? '')
  const own = part(node, (key) => !baseKeys.includes(key))
  if (spec === undefined) {
    // A number or a boolean is a name too: that it is one of no connector is all that is wrong with it.
    if (kind?.kind === 'scalar' && kind.scalar !== null && !kind.unset) {
      options.problems.push({ place: kind.place, text: unknownConnector(kind, [...specs.keys()]) })
    }
    if (kind === undefined) refuseMisspelt(own, options)
    return null
  }
  const settings = checkNode(spec.settings.strict(), own, { ...options, otherKeys: baseKeys })
  if (base === null || settings === null) return null
  return (defaults) => complete(base, spec, settings, defaults)
}

function complete(
  base: BaseSource,
  spec: ConnectorDeclaration,
  settings: Readonly<Record<string, unknown>>,
  { timeZone, folder }: SourceDefaults,
): SourceSettings {
  const zone = base.timeZone ?? timeZone
  return {
    id: base.id,
    connector: base.connector,
    name: base.name ?? null,
    enabled: base.enabled,
    channel: base.channel ?? spec.channel,
    platform: base.platform ?? null,
    timeZone: zone,
    division: base.division ?? null,
    schedule: scheduleOf(base.schedule, zone),
    quietAfter: base.quietAfter,
    settings: withAbsolutePaths(settings, folder),
  }
}

function scheduleOf(given: BaseSource['schedule'], timeZone: string): Schedule | null {
  if (given === undefined) return null
  return 'every' in given
    ? { everyMs: given.every }
    : { cron: given.cron, timeZone: given.timeZone ?? timeZone }
}

/** Settings named `path`, or ending in `Path`, are file names: absolute from here on. */
function withAbsolutePaths(settings: Readonly<Record<string, unknown>>, folder: string) {
  const absolute = ([key, value]: [string, unknown]): [string, unknown] =>
    typeof value === 'string' && /^path$|Path$/.test(key) ? [key, resolve(folder, value)] : [key, value]
  return Object.fromEntries(Object.entries(settings).map(absolute))
}

function part(node: YamlNode, wanted: (key: string) => boolean): YamlNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => wanted(key))) }
}

/** Without a connector nobody knows which settings there are; but that one is missing. */
function refuseMisspelt({ entries }: YamlNode, { problems }: CheckOptions): void {
  for (const [key, { keyPlace }] of entries) {
    const meant = nearest(key, ['connector'])
    if (meant !== null) problems.push({ place: keyPlace, text: issueTexts.unknownKey(key, meant, []) })
  }
}

function unknownConnector(kind: YamlNode, known: readonly string[]) {
  const meant = kind.secret ? null : nearest(kind.text, known)
  if (meant === null) {
    return {
      en: `No such connector; known connectors: ${known.join(', ')}`,
      zh: `没有这种连接器；已有的连接器：${known.join('、')}`,
    }
  }
  return { en: `No such connector; did you mean "${meant}"?`, zh: `没有这种连接器；是否应为 "${meant}"？` }
}

/** Reports every source id that an earlier source has. */
export function refuseRepeatedIds(sources: readonly YamlEntry[], { problems }: CheckOptions): void {
  const places = new Map<string, Place>()
  for (const { node } of sources) {
    const id = node.entries.get('id')?.node
    if (id === undefined || id.text === '') continue
    const place = placeWithin(node, id)
    const first = places.get(id.text)
    if (first === undefined) places.set(id.text, place)
    else problems.push({ place, text: repeatedId(first) })
  }
}

const repeatedId = ({ file, line, column }: Place) => ({
  en: `This source id is already used at ${file}:${line}:${column}`,
  zh: `此来源标识已在 ${file}:${line}:${column} 处使用`,
})
