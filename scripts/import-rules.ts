import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** One breach of the rules, for a person. */
export interface Breach {
  readonly file: string
  readonly rule: 'layer' | 'types-only' | 'cycle' | 'name' | 'test-code' | 'dependency' | 'environment'
  readonly message: string
}

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

type Access = 'all' | 'types'

/** Which folder may import which, besides itself; README.md shows the same. */
const layers: Readonly<Record<string, Readonly<Record<string, Access>>>> = {
  config: {},
  connectors: { config: 'all' },
  normalizers: { config: 'all', connectors: 'types' },
  dedupe: { config: 'all', normalizers: 'types' },
  pipeline: { config: 'all', connectors: 'all', normalizers: 'all', dedupe: 'all' },
  scripts: { config: 'all', connectors: 'all', normalizers: 'all', dedupe: 'all', pipeline: 'all' },
}

const forbiddenName = /(^|\/)(src|utils?|helpers?|common)(\.ts$|\/)/
const testCode = /\.(test|suite)\.ts$|\/(suite|testing|fixtures)\//
const statement = /^(?:import|export)\s+(type\s+)?(?:[^'"`;=]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
const dynamic = /(typeof\s+)?\b(?:import|new URL)\(\s*['"]([^'"]+)['"]/g
const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm

/**
 * Checks every file (path relative to the root, with `/`, to its text).
 * @param dependencies names in package.json that the published code may import
 */
export function findBreaches(
  files: ReadonlyMap<string, string>,
  dependencies: ReadonlySet<string>,
): readonly Breach[] {
  const imports = new Map([...files].map(([file, text]) => [file, importsOf(file, text)]))
  const breaches = [...files].flatMap(([file, text]) => [
    ...nameBreaches(file),
    ...environmentBreaches(file, text),
    ...(imports.get(file) ?? []).flatMap((one) => importBreaches(file, one, dependencies)),
  ])
  return [...breaches, ...cycleBreaches(imports)]
}

function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replace(comment, '')
  const found = [...code.matchAll(statement), ...code.matchAll(dynamic)]
  return found.map(([, type, specifier = '']) => ({
    target: specifier.startsWith('.') ? posix.join(dirname(file), specifier) : specifier,
    typeOnly: type !== undefined,
  }))
}

function nameBreaches(file: string): readonly Breach[] {
  return forbiddenName.test(file)
    ? [{ file, rule: 'name', message: 'say what it is for: no src, utils, helpers or common' }]
    : []
}

function environmentBreaches(file: string, text: string): readonly Breach[] {
  return !file.startsWith('scripts/') &&
    !testCode.test(file) &&
    /\bprocess\.env\b/.test(text.replace(comment, ''))
    ? [{ file, rule: 'environment', message: 'process.env is read in scripts/ and passed on' }]
    : []
}

function importBreaches(file: string, one: Import, dependencies: ReadonlySet<string>): readonly Breach[] {
  const [from = '', to = ''] = [file.split('/')[0], one.target.split('/')[0]]
  if (!Object.hasOwn(layers, to)) return dependencyBreaches(file, one, dependencies)
  const breach = (rule: Breach['rule'], message: string): readonly Breach[] => [
    { file, rule, message: `${message} (${one.target})` },
  ]
  const isTest = testCode.test(file)
  if (!isTest && testCode.test(one.target)) return breach('test-code', 'only tests import test code')
  if (isPublished(file) && !isPublished(one.target))
    return breach('layer', 'what is published must not import what is not')
  if (from === to || (isTest && one.target.startsWith('scripts/servers/'))) return []
  const access = layers[from]?.[to]
  if (access === undefined) return breach('layer', `${from} must not import ${to}`)
  if (access === 'types' && !one.typeOnly && !isTest) {
    return breach('types-only', `${from} may import only types of ${to}`)
  }
  return []
}

/** Whether a file is part of the npm package. */
function isPublished(file: string): boolean {
  return !testCode.test(file) && (!file.startsWith('scripts/') || file.startsWith('scripts/cli/'))
}

/** What is published must run without the development packages. */
function dependencyBreaches(file: string, one: Import, dependencies: ReadonlySet<string>): readonly Breach[] {
  if (!isPublished(file) || /^(node:|\.|\/)/.test(one.target)) return []
  const name = one.target.split('/', one.target.startsWith('@') ? 2 : 1).join('/')
  return dependencies.has(name)
    ? []
    : [{ file, rule: 'dependency', message: `${name} is not among the dependencies of package.json` }]
}

function cycleBreaches(imports: ReadonlyMap<string, readonly Import[]>): readonly Breach[] {
  const done = new Set<string>()
  const breaches: Breach[] = []
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) {
      breaches.push({ file, rule: 'cycle', message: [...path.slice(start), file].join(' → ') })
    }
    if (start >= 0 || done.has(file)) return
    for (const { target } of imports.get(file) ?? []) if (imports.has(target)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return breaches
}

/** All TypeScript files of the six folders below `root`, and the names of the published dependencies. */
export function readProject(root: string): {
  readonly files: ReadonlyMap<string, string>
  readonly dependencies: ReadonlySet<string>
} {
  const paths = globSync(`{${Object.keys(layers).join(',')}}/**/*.ts`, { cwd: root }).sort()
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return {
    files: new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')])),
    dependencies: new Set(Object.keys(manifest.dependencies)),
  }
}

if (import.meta.main) {
  const { files, dependencies } = readProject(join(import.meta.dirname, '..'))
  const breaches = findBreaches(files, dependencies)
  for (const { file, rule, message } of breaches) console.error(`${file}: ${rule}: ${message}`)
  console.error(`import rules: ${files.size} files, ${breaches.length} breaches`)
  process.exitCode = breaches.length === 0 ? 0 : 1
}
