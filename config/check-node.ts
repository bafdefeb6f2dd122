import type { z } from 'zod'
import { type Finding, findingsOf, valueAt } from './issues.ts'
import type { LocalText } from './locale.ts'
import type { Place, Problem } from './problem.ts'
import type { YamlNode } from './yaml-tree.ts'

/** What checking needs besides the schema and the node. */
export interface CheckOptions {
  readonly problems: Problem[]
  /** Variables that were filled in: their values are hidden in texts. */
  readonly used: ReadonlyMap<string, string>
  /** Setting names that stand beside the schema's own at its top, for suggestions. */
  readonly otherKeys?: readonly string[]
}

/**
 * Checks a part of the tree with a schema. Null when it is not as it should be; every problem is added with its place.
 * Where a text is expected a number is taken as written, and where a number or boolean is expected a text
 * that reads as one is taken, so that `${PORT}` and `"993"` work like `993`.
 */
export function checkNode<Schema extends z.ZodType>(
  schema: Schema,
  node: YamlNode,
  options: CheckOptions,
): z.output<Schema> | null {
  const value = plainValue(node)
  let result = schema.safeParse(value)
  if (result.success) return result.data
  const context = {
    schema,
    value,
    otherKeys: options.otherKeys ?? [],
    isSecret: (path: readonly string[]) => nodeAt(node, path)?.secret === true,
  }
  let findings = findingsOf(result.error.issues, context)
  if (findings.filter((finding) => convert(finding, node, value)).length > 0) {
    result = schema.safeParse(value)
    if (result.success) return result.data
    findings = findingsOf(result.error.issues, context)
  }
  for (const finding of findings) {
    // A value that is not there cannot be wrong; its name can.
    if (finding.at !== 'key' && nodeAt(node, finding.path)?.unset) continue
    options.problems.push({ place: placeOf(finding, node), text: hide(finding.text, options.used) })
  }
  return null
}

/** The plain value of a tree: new objects each time. */
function plainValue(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.scalar
  if (node.kind === 'list') return [...node.entries.values()].map((entry) => plainValue(entry.node))
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]))
}

function convert({ path, expected }: Finding, root: YamlNode, value: unknown): boolean {
  const node = nodeAt(root, path)
  const owner = valueAt(value, path.slice(0, -1))
  const key = path.at(-1)
  if (node?.kind !== 'scalar' || node.scalar === null || typeof owner !== 'object' || owner === null)
    return false
  if (key === undefined) return false
  if (expected === 'string') return Reflect.set(owner, key, node.text)
  if (expected === 'boolean' && /^(true|false)$/.test(node.text))
    return Reflect.set(owner, key, node.text === 'true')
  const number = (expected === 'number' || expected === 'int') && /^-?\d{1,15}(\.\d{1,15})?$/.test(node.text)
  return number && Reflect.set(owner, key, Number(node.text))
}

function nodeAt(root: YamlNode, path: readonly string[]): YamlNode | null {
  let node: YamlNode | null = root
  for (const key of path) node = node?.entries.get(key)?.node ?? null
  return node
}

/** The place of the name or of the value; where there is neither, of the nearest thing around that there is. */
function placeOf({ path, at }: Finding, root: YamlNode): Place {
  let node = root
  let place = root.place
  for (const [index, key] of path.entries()) {
    const entry = node.entries.get(key)
    if (entry === undefined) break
    const last = index === path.length - 1
    place = last && at === 'key' ? entry.keyPlace : entry.node.place
    node = entry.node
  }
  return place
}

/** A connector's own message may quote what it was given; what came from the environment is shown by name only. */
function hide(text: LocalText, used: ReadonlyMap<string, string>): LocalText {
  let { en, zh } = text
  for (const [name, value] of used) {
    if (value.length < 4) continue
    en = en.replaceAll(value, `\${${name}}`)
    zh = zh.replaceAll(value, `\${${name}}`)
  }
  return { en, zh }
}
