import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type CheckOptions, checkNode } from './check-node.ts'
import { readConfigFiles } from './config-files.ts'
import type { Environment } from './environment.ts'
import { YiwangError } from './errors.ts'
import { mergeTrees } from './merge-files.ts'
import { refuseBadOutputs } from './output-references.ts'
import { byPlace, formatProblem, type Problem } from './problem.ts'
import { Configuration } from './schema.ts'
import type { ConnectorDeclaration, Settings } from './settings.ts'
import { refuseArchiveAmongFiles, refuseSharedPlaces, refuseStoreAmongFiles } from './shared-places.ts'
import { checkSource, refuseRepeatedIds } from './source-settings.ts'
import { parseYamlTree, type YamlNode, type YamlReading } from './yaml-tree.ts'

/** Either a configuration, or everything that is wrong with it in the order of the files. */
export type Checked =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings: null; readonly problems: readonly Problem[] }

/**
 * Reads a configuration: one YAML file, or all of a folder.
 * @throws YiwangError CONFIG_NOT_FOUND, CONFIG_UNREADABLE; CONFIG_INVALID with every problem as `file:line:column: text`
 */
export function loadSettings(
  path: string,
  env: Environment,
  specs: ReadonlyMap<string, ConnectorDeclaration>,
): Settings {
  const { settings, problems } = checkSettings(path, env, specs)
  if (settings !== null) return settings
  const list = (locale: 'en' | 'zh') =>
    `\n${problems.map((one) => `  ${formatProblem(one, locale)}`).join('\n')}\n`
  throw new YiwangError('CONFIG_INVALID', { problems: list('en'), 'problems.zh': list('zh') })
}

/**
 * Like {@link loadSettings}, but answers with the problems one by one.
 * @throws YiwangError CONFIG_NOT_FOUND, CONFIG_UNREADABLE
 */
export function checkSettings(
  path: string,
  env: Environment,
  specs: ReadonlyMap<string, ConnectorDeclaration>,
): Checked {
  const absolute = resolve(path)
  const problems: Problem[] = []
  const reading: YamlReading = { env, problems, used: new Map(), broken: false }
  const files = readConfigFiles(absolute, problems)
  const trees = files.map((file) => parseYamlTree(file.path, file.text, reading))
  if (problems.length > 0 && (reading.broken || files.length === 0)) return failed(problems)
  const start = { file: files[0]?.path ?? absolute, line: 1, column: 1 }
  const root = mergeTrees(
    trees.filter((tree) => tree !== null),
    start,
    problems,
  )
  const settings = settingsOf(root, absolute, specs, reading)
  return settings === null || problems.length > 0 ? failed(problems) : { settings, problems: [] }
}

/** What stands behind an anchor is read once more for each alias. */
function failed(problems: readonly Problem[]): Checked {
  const once = new Map(problems.map((problem) => [formatProblem(problem, 'en'), problem]))
  return { settings: null, problems: [...once.values()].toSorted(byPlace) }
}

function settingsOf(
  root: YamlNode,
  path: string,
  specs: ReadonlyMap<string, ConnectorDeclaration>,
  options: CheckOptions,
): Settings | null {
  const configuration = checkNode(Configuration, root, options)
  const sources = [...(root.entries.get('sources')?.node.entries.values() ?? [])]
  const checked = sources
    .filter(({ node }) => node.kind === 'map')
    .map(({ node }) => ({ node, complete: checkSource(node, specs, options) }))
  refuseRepeatedIds(sources, options)
  refuseBadOutputs(root, sources, options)
  refuseGridFsWithoutMongo(root, options)
  if (configuration === null) return null
  const folder = statSync(path).isDirectory() ? path : dirname(path)
  const defaults = { timeZone: configuration.timeZone, folder }
  const complete = checked.flatMap(({ node, complete }) =>
    complete === null ? [] : [{ node, source: complete(defaults) }],
  )
  const store = storeUrl(configuration.store, folder)
  refuseSharedPlaces(complete, options)
  refuseStoreAmongFiles(complete, store, options)
  refuseArchiveAmongFiles(complete, options)
  return {
    ...configuration,
    path,
    store: { url: store },
    blobs: { url: blobsUrl(configuration, folder) },
    sources: complete.map(({ source }) => source),
  }
}

/** Before the schema has filled in defaults: a store that waits for a variable may be any. */
function refuseGridFsWithoutMongo({ entries }: YamlNode, { problems }: CheckOptions): void {
  const [blobs, store] = [entries.get('blobs')?.node, entries.get('store')?.node]
  const isOnMongo = store?.unset === true || store?.text.startsWith('mongodb') === true
  if (blobs?.text === 'gridfs:' && !isOnMongo) problems.push({ place: blobs.place, text: gridFsNeedsMongo })
}

const gridFsNeedsMongo = {
  en: '"gridfs:" needs a mongodb:// store; write file:path/to/folder',
  zh: '"gridfs:" 需要 mongodb:// 存储；请写成 file:文件夹路径',
}

function storeUrl(store: string, folder: string): string {
  return store.startsWith('sqlite:') ? `sqlite:${resolve(folder, store.slice('sqlite:'.length))}` : store
}

/** Attachments stand next to the SQLite file, or in the store's MongoDB, unless the configuration says otherwise. */
function blobsUrl({ store, blobs }: Configuration, folder: string): string {
  if (blobs?.startsWith('file:')) return `file:${resolve(folder, blobs.slice('file:'.length))}`
  if (blobs !== undefined || !store.startsWith('sqlite:')) return 'gridfs:'
  return `file:${join(dirname(resolve(folder, store.slice('sqlite:'.length))), 'blobs')}`
}
