import type { z } from 'zod'

/** The setting names that a schema knows at a path, for suggesting the one that was meant. Empty where any name may stand. */
export function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [first, ...rest] = path
  return unwrap(schema).flatMap((inner) => {
    const { def } = inner._zod
    if (first === undefined) return isObject(def) ? Object.keys(def.shape) : []
    const child = childOf(def, first)
    return child === null ? [] : knownKeys(child, rest)
  })
}

/** The schemas that decide: wrappers such as optional taken off, unions opened. */
function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = schema._zod
  if ('innerType' in def) return unwrap(def.innerType as z.core.$ZodType)
  if (def.type === 'pipe') return unwrap((def as z.core.$ZodPipeDef).in)
  if (def.type === 'union') return (def as z.core.$ZodUnionDef).options.flatMap(unwrap)
  return [schema]
}

function childOf(def: z.core.$ZodTypeDef, key: PropertyKey): z.core.$ZodType | null {
  if (isObject(def)) return def.shape[String(key)] ?? null
  if (def.type === 'array') return (def as z.core.$ZodArrayDef).element
  if (def.type === 'record') return (def as z.core.$ZodRecordDef).valueType
  return null
}

function isObject(def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef {
  return def.type === 'object'
}
