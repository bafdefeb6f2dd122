import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLSeq,
} from 'yaml'
import { type Environment, expandVariables } from './environment.ts'
import type { LocalText } from './locale.ts'
import type { Place, Problem } from './problem.ts'
import { misreading, yamlComplaints } from './yaml-complaints.ts'
import { dashText, environmentText, mergeText, wideCommaText, type YamlCode, yamlText } from './yaml-texts.ts'

/** A value of a configuration file that knows where it stands. */
export interface YamlNode {
  readonly kind: 'map' | 'list' | 'scalar'
  readonly place: Place
  /** Of a map by key, of a list by index. */
  readonly entries: ReadonlyMap<string, YamlEntry>
  /** Of a scalar: its value, with variables filled in. */
  readonly scalar: string | number | boolean | null
  /** Of a scalar: its text, before YAML made a number or a boolean of it. */
  readonly text: string
  /** A variable was filled in, so the value must not be shown. */
  readonly secret: boolean
  /** A variable was missing or is not what was meant, so nothing can be said of the value. */
  readonly unset: boolean
}

/** A value, and the place of the name before it; of a list, of its entry. */
export interface YamlEntry {
  readonly keyPlace: Place
  readonly node: YamlNode
}

/** What reading the files leaves behind besides their trees. */
export interface YamlReading {
  readonly env: Environment
  readonly problems: Problem[]
  /** Variables that were filled in, for hiding their values in texts. */
  readonly used: Map<string, string>
  /** Some syntax is wrong, so that checking further would only mislead. */
  broken: boolean
}

interface Builder {
  readonly reading: YamlReading
  /** By name, in the order of the text. */
  readonly anchors: ReadonlyMap<string, readonly Node[]>
  readonly placeAt: (offset: number | undefined) => Place
  nodes: number
}

/** More values than any configuration has; beyond it, aliases are being used as a bomb. */
const maxNodes = 50_000
const maxDepth = 64

/** One file as a tree. Null where it is empty or its syntax is broken; the latter goes to the problems. */
export function parseYamlTree(file: string, source: string, reading: YamlReading): YamlNode | null {
  const lines = new LineCounter()
  const placeAt = (offset = 0): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const document = parseQuietly(source, lines)
  if (document === null) {
    complain(reading, placeAt(), 'RESOURCE_EXHAUSTION')
    return null
  }
  const complaints = yamlComplaints(document, source)
  for (const { at, text } of complaints) tell(reading, placeAt(at), text)
  if (complaints.length > 0 || document.contents === null) return null
  return build(document.contents, { reading, anchors: anchorsOf(document), placeAt, nodes: 0 }, [])
}

function anchorsOf(document: Document): ReadonlyMap<string, readonly Node[]> {
  const found: Node[] = []
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) found.push(node)
    },
  })
  return Map.groupBy(found, ({ anchor }) => anchor ?? '')
}

/** What an alias stands for: the last of that name above it. The library looks through all of the document for each. */
function targetOf({ source, range }: Alias, { anchors }: Builder): Node | undefined {
  const at = range?.[0] ?? 0
  return anchors.get(source)?.findLast((node) => (node.range?.[0] ?? 0) < at)
}

/** Null when the text nests so deeply that the parser gives up. */
function parseQuietly(source: string, lineCounter: LineCounter): Document | null {
  try {
    // Pretty errors quote the line they are about, which may hold a password.
    return parseDocument(source, { lineCounter, prettyErrors: false, merge: true, uniqueKeys: true })
  } catch {
    return null
  }
}

/**
 * Where a map says what is right by itself, but not beside others. What it has from an anchor stands before it, in a map
 * that is right; there, its own place is the one to look at.
 */
export function placeWithin(map: YamlNode, value: YamlNode): Place {
  const isBefore =
    value.place.line < map.place.line ||
    (value.place.line === map.place.line && value.place.column < map.place.column)
  return isBefore ? map.place : value.place
}

function build(given: Node, builder: Builder, parents: readonly Node[]): YamlNode | null {
  const node = isAlias(given) ? targetOf(given, builder) : given
  const place = builder.placeAt(given.range?.[0])
  builder.nodes += 1
  if (given.tag !== undefined) return refuse(builder, place, 'TAG_RESOLVE_FAILED')
  if (node === undefined || parents.includes(node)) return refuse(builder, place, 'BAD_ALIAS')
  if (builder.nodes > maxNodes || parents.length > maxDepth)
    return refuse(builder, place, 'RESOURCE_EXHAUSTION')
  const inside = [...parents, node]
  if (isMap<Node, Node | null>(node)) return collection('map', place, mapEntries(node.items, builder, inside))
  if (isSeq<Node | null>(node)) return collection('list', place, listEntries(node, builder, inside))
  if (isScalar(node)) {
    // Here the anchor was to be the text.
    if (node.anchor !== undefined && node.source === '' && node.value === null)
      return refuse(
        builder,
        builder.placeAt((node.range?.[0] ?? 0) - node.anchor.length - 1),
        'BAD_SCALAR_START',
      )
    return scalarNode(node.value, node.source, place, builder, node.type)
  }
  return refuse(builder, place, 'TAG_RESOLVE_FAILED')
}

function refuse({ reading }: Builder, place: Place, code: YamlCode): null {
  complain(reading, place, code)
  return null
}

/** Exhaustion is told once: it would be true of every remaining value. */
function complain(reading: YamlReading, place: Place, code: YamlCode): void {
  tell(reading, place, yamlText(code), code === 'RESOURCE_EXHAUSTION')
}

/** The same is told once per line. */
function tell(reading: YamlReading, place: Place, text: LocalText, once = false): void {
  const said = reading.problems.some((earlier) => {
    return (
      earlier.text.en === text.en &&
      (once || (earlier.place.file === place.file && earlier.place.line === place.line))
    )
  })
  if (!said) reading.problems.push({ place, text })
  reading.broken = true
}

function collection(kind: 'map' | 'list', place: Place, entries: ReadonlyMap<string, YamlEntry>): YamlNode {
  return { kind, place, entries, scalar: null, text: '', secret: false, unset: false }
}

function listEntries({ items, flow }: YAMLSeq<Node | null>, builder: Builder, parents: readonly Node[]) {
  const entries = new Map<string, YamlEntry>()
  for (const [index, item] of items.entries()) {
    if (builder.nodes > maxNodes) break
    const keyPlace = builder.placeAt(item?.range?.[0])
    if (flow === true && plainText(item).includes('，')) tell(builder.reading, keyPlace, wideCommaText)
    const node = item === null ? scalarNode(null, '', keyPlace, builder) : build(item, builder, parents)
    if (node !== null) entries.set(String(index), { keyPlace, node })
  }
  return entries
}

function mapEntries(pairs: readonly Pair<Node, Node | null>[], builder: Builder, parents: readonly Node[]) {
  const entries = new Map<string, YamlEntry>()
  const merged: YamlEntry[] = []
  for (const { key, value } of pairs) {
    if (builder.nodes > maxNodes) break
    const keyPlace = builder.placeAt(key.range?.[0])
    const node = value === null ? scalarNode(null, '', keyPlace, builder) : build(value, builder, parents)
    if (node === null) continue
    // On a line of its own this is the first of a list, which YAML takes for a text.
    if (node.place.line > keyPlace.line && /^-[^\s-]/.test(plainText(value)))
      tell(builder.reading, node.place, dashText)
    if (!isScalar(key) || key.value === null || key.value === '__proto__') {
      complain(builder.reading, keyPlace, 'NON_STRING_KEY')
    } else if (key.source === '<<' && key.type === 'PLAIN') {
      merged.push({ keyPlace, node })
    } else {
      entries.set(typeof key.value === 'string' ? key.value : (key.source ?? ''), { keyPlace, node })
    }
  }
  for (const { keyPlace, node } of merged) mergeInto(entries, node, keyPlace, builder)
  return entries
}

/** What YAML takes for a text although it has no quotes; empty for anything else. */
function plainText(node: Node | null): string {
  return isScalar(node) && node.type === 'PLAIN' && typeof node.value === 'string' ? node.value : ''
}

/** `<<: *base` or `<<: [*a, *b]`: keys that the map has itself stay, earlier bases win (yaml.org/type/merge.html). */
function mergeInto(entries: Map<string, YamlEntry>, node: YamlNode, place: Place, builder: Builder): void {
  const bases = node.kind === 'list' ? [...node.entries.values()].map((entry) => entry.node) : [node]
  for (const base of bases) {
    if (base.kind !== 'map') tell(builder.reading, place, mergeText)
    for (const [key, entry] of base.entries) if (!entries.has(key)) entries.set(key, entry)
  }
}

function scalarNode(
  value: unknown,
  source: string | undefined,
  place: Place,
  builder: Builder,
  type?: Scalar['type'],
): YamlNode {
  const node = { kind: 'scalar', place, entries: new Map(), secret: false, unset: false } as const
  if (typeof value === 'number' || typeof value === 'boolean') {
    return { ...node, scalar: value, text: source ?? String(value) }
  }
  if (typeof value !== 'string') return { ...node, scalar: null, text: '' }
  const { text, used, missing, malformed } = expandVariables(value, builder.reading.env)
  const { problems } = builder.reading
  for (const name of missing) problems.push({ place, text: environmentText.missing(name) })
  const broken = [...used].filter(([, filled]) => /[\r\n]$/.test(filled))
  for (const [name] of broken) problems.push({ place, text: environmentText.lineBreak(name) })
  if (malformed) problems.push({ place, text: environmentText.malformed })
  const misread = misreading(value, type)
  if (misread !== null) problems.push({ place, text: misread })
  for (const [name, filled] of used) builder.reading.used.set(name, filled)
  const unset = missing.length + broken.length > 0 || malformed || misread !== null
  return { ...node, scalar: text, text, secret: used.size > 0, unset }
}
