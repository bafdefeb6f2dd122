import type { z } from 'zod'
import { type Expected, issueTexts } from './issue-texts.ts'
import { knownKeys } from './known-keys.ts'
import type { LocalText } from './locale.ts'
import { nearest } from './nearest.ts'
import { splitBilingual } from './problem.ts'

type Issue = z.core.$ZodIssue

/** One thing that a schema found wrong, in words. */
export interface Finding {
  readonly path: readonly string[]
  /** What to point at: the value, the name before it, or (something is missing) the map around it. */
  readonly at: 'value' | 'key' | 'around'
  /** Set where a value of another type was expected, so that `5` and `"5"` can stand for each other. */
  readonly expected: Expected | null
  readonly text: LocalText
}

/** Which words may be shown, and what else a suggestion may name. */
export interface FindingContext {
  readonly schema: z.core.$ZodType
  /** The value as it was checked. */
  readonly value: unknown
  /** Names that stand beside the schema's own at its top. */
  readonly otherKeys: readonly string[]
  /** Whether the value at a path came from the environment and must not be shown. */
  isSecret(path: readonly string[]): boolean
}

/** What zod found, in words of both languages; of a union, what is wrong with the alternative that comes nearest. */
export function findingsOf(issues: readonly Issue[], context: FindingContext): readonly Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, [], context))
}

function findingsOfIssue(
  issue: Issue,
  above: readonly string[],
  context: FindingContext,
): readonly Finding[] {
  const path = [...above, ...issue.path.map(String)]
  const found = (text: LocalText, more: Partial<Finding> = {}): Finding[] => [
    { path, at: 'value', expected: null, text: splitBilingual(issue.message) ?? text, ...more },
  ]
  const name = nameOf(path)
  const value = valueAt(context.value, path)
  if (value === undefined && issue.code !== 'custom' && path.length > 0) {
    return [{ path, at: 'around', expected: null, text: issueTexts.missing(path.at(-1) ?? '') }]
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, context))
    case 'invalid_union':
      return unionFindings(issue, path, context)
    case 'invalid_key':
      return issue.issues.flatMap(({ message }) =>
        found(splitBilingual(message) ?? issueTexts.other(message), { at: 'key' }),
      )
    case 'invalid_type': {
      const expected = expectedOf(issue.expected)
      return found(issueTexts.type(name, expected, value), { expected })
    }
    case 'invalid_value':
      return found(unlistedValue(issue.values.map(String), name, value, context.isSecret(path)))
    case 'too_small':
      return found(issueTexts.tooSmall(name, issue.origin, Number(issue.minimum), issue.inclusive !== false))
    case 'too_big':
      return found(issueTexts.tooBig(name, issue.origin, Number(issue.maximum), issue.inclusive !== false))
    case 'invalid_format':
      return found(issueTexts.format(name, issue.format))
    default:
      return found(issueTexts.other(issue.message))
  }
}

function unknownKey(key: string, path: readonly string[], context: FindingContext): Finding {
  const known = [...knownKeys(context.schema, path), ...(path.length === 0 ? context.otherKeys : [])]
  const text = known.includes(key)
    ? issueTexts.clashingKey(key)
    : issueTexts.unknownKey(key, nearest(key, known), known)
  return { path: [...path, key], at: 'key', expected: null, text }
}

/** The setting's name; of a list's entry, the list's name with brackets. */
function nameOf(path: readonly string[]): string {
  const name = path.findLast((key) => !/^\d+$/.test(key)) ?? ''
  return /^\d+$/.test(path.at(-1) ?? '') ? `${name}[]` : name
}

function unlistedValue(values: readonly string[], name: string, value: unknown, secret: boolean): LocalText {
  return issueTexts.value(name, values, secret ? null : nearest(String(value), values))
}

function unionFindings(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly string[],
  context: FindingContext,
): readonly Finding[] {
  const branches = issue.errors
    .filter((errors) => errors.length > 0)
    .map((errors) => errors.flatMap((inner) => findingsOfIssue(inner, path, context)))
  const [best] = branches.toSorted((a, b) => distanceOf(a, path) - distanceOf(b, path))
  const own = splitBilingual(issue.message)
  // That the nearest alternative lacks its name does not say that this is the one that was meant.
  const isOfNone = ({ path: { length }, at }: Finding) => length === path.length || at === 'around'
  const inItsWords = (one: Finding): Finding =>
    own !== null && isOfNone(one) ? { path, at: 'value', expected: null, text: own } : one
  if (best !== undefined) return best.map(inItsWords)
  const options = 'options' in issue ? (issue.options ?? []).map(String) : []
  const tag = issue.discriminator ?? ''
  return [{ path: [...path, tag], at: 'value', expected: null, text: issueTexts.value(tag, options, null) }]
}

/** How far a value is from an alternative: of another type altogether is furthest, then names it does not know. */
function distanceOf(findings: readonly Finding[], path: readonly string[]): number {
  let distance = 0
  for (const finding of findings) {
    if (finding.path.length === path.length) distance += 100
    else if (finding.at === 'key') distance += 3
    else distance += finding.at === 'around' ? 2 : 1
  }
  return distance
}

function expectedOf(expected: string): Expected {
  if (expected === 'int' || expected === 'number' || expected === 'boolean' || expected === 'string')
    return expected
  return expected === 'array' || expected === 'tuple' ? 'array' : 'object'
}

/** The value at a path, undefined where there is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = Reflect.get(here, key)
  }
  return here
}
