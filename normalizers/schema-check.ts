import { z } from 'zod'

/** True for what the schema accepts. */
export type Check = (value: unknown) => boolean

/**
 * Says of every JSON value what the schema says, without the copies that parsing makes; only a key `__proto__` of a
 * record, which zod passes over, is checked like any other. Kinds of schemas that are rare in ours are left to zod itself.
 */
export function checkOf(schema: unknown): Check {
  if (schema instanceof z.ZodNullable) return nullable(checkOf(schema.unwrap()))
  if (schema instanceof z.ZodEnum) return oneOf(new Set(schema.options))
  if (schema instanceof z.ZodString && isPlain(schema)) return isString
  const patterns = patternsOf(schema)
  if (patterns !== null) return matching(patterns)
  if (schema instanceof z.ZodArray && isPlain(schema)) return arrayOf(checkOf(schema.element))
  if (schema instanceof z.ZodRecord && isPlain(schema) && checkOf(schema.keyType) === isString)
    return recordOf(checkOf(schema.valueType))
  if (schema instanceof z.ZodObject && isPlain(schema) && schema.def.catchall instanceof z.ZodNever)
    return strictObject(schema.shape)
  if (schema instanceof z.ZodType) return (value) => schema.safeParse(value).success
  throw new Error('not a schema')
}

/** Nothing is asked beyond the type. */
function isPlain({ def }: z.ZodType): boolean {
  return (def.checks ?? []).length === 0
}

/** What a string is asked, where that is nothing but patterns; null where it is more, or no string. */
function patternsOf(schema: unknown): readonly RegExp[] | null {
  if (!(schema instanceof z.ZodString || schema instanceof z.ZodISODateTime)) return null
  const asked = [
    ...(schema instanceof z.ZodISODateTime ? [schema.def] : []),
    ...(schema.def.checks ?? []).map((check) => check._zod.def),
  ]
  const patterns = asked.map((def) => ('pattern' in def ? def.pattern : null))
  return patterns.every((pattern) => pattern instanceof RegExp) ? patterns : null
}

function matching(patterns: readonly RegExp[]): Check {
  return (value) => typeof value === 'string' && patterns.every((pattern) => pattern.test(value))
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function nullable(check: Check): Check {
  return (value) => value === null || check(value)
}

function oneOf(options: ReadonlySet<unknown>): Check {
  return (value) => options.has(value)
}

function arrayOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return false
    for (const each of value) if (!check(each)) return false
    return true
  }
}

function recordOf(check: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(check)
}

function strictObject(shape: Readonly<Record<string, unknown>>): Check {
  const checks = Object.entries(shape).map(([key, schema]) => ({ key, check: checkOf(schema) }))
  const known = new Set(Object.keys(shape))
  return (value) => {
    if (!isObject(value)) return false
    for (const { key, check } of checks) if (!check(value[key])) return false
    for (const key in value) if (!known.has(key)) return false
    return true
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
