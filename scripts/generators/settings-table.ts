import { splitBilingual } from '../../config/problem.ts'
import type { JsonSchema } from '../cli/schemas.ts'
import { cell, table } from './markdown.ts'

type Row = readonly [name: string, type: string, fallback: string, en: string, zh: string]

/** A table of settings in both languages; nested ones stand below the one they are in, as `redis.url`. */
export function settingsTable(schema: JsonSchema): string {
  return table(['Setting 设置', 'Type 类型', 'Default 默认', 'Meaning', '说明'], rowsOf(schema, ''))
}

/** @param isChoice whether the schema is one of several groups that may stand in the same place */
function rowsOf(schema: JsonSchema, prefix: string, isChoice = false): readonly Row[] {
  const required = schema.required ?? []
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return []
    const { en, zh } = splitBilingual(property.description ?? '') ?? {
      en: property.description ?? '',
      zh: '',
    }
    const path = `${prefix}${name}`
    const row: Row = [
      `\`${path}\``,
      cell(typeOf(property)),
      required.includes(name) ? requiredText(isChoice) : fallbackOf(property),
      cell(en),
      cell(zh),
    ]
    const groups = nested(property)
    const below = groups.flatMap((inner) =>
      rowsOf(inner, nestedPrefix(path, inner, property), groups.length > 1),
    )
    return [row, ...below]
  })
}

/** The groups of settings inside a value: itself, the entries of a list, or the alternatives. */
function nested(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [schema, schema.items, ...(schema.anyOf ?? [])].flat()
  return inner.filter((one): one is JsonSchema => typeof one === 'object' && one.properties !== undefined)
}

function nestedPrefix(path: string, inner: JsonSchema, outer: JsonSchema): string {
  return inner === outer.items ? `${path}[].` : `${path}.`
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.anyOf !== undefined) {
    const types = schema.anyOf.flatMap((one) =>
      typeof one === 'object' && one.type !== 'null' ? [typeOf(one)] : [],
    )
    return [...new Set(types)].join(' or ')
  }
  if (schema.type === 'array') return listTypeOf(schema.items)
  if (schema.type === 'object')
    return schema.properties === undefined ? 'names and values 名称与值' : 'group 组'
  if (schema.type === 'integer' || schema.type === 'number') return `number 数字${rangeOf(schema)}`
  return schema.type === 'boolean' ? 'true, false' : 'text 文本'
}

function listTypeOf(items: JsonSchema['items']): string {
  const inner = typeof items === 'object' && !Array.isArray(items) ? typeOf(items) : ''
  return `list of 列表：${inner}`
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const above = exclusiveMinimum === undefined ? '' : `>${exclusiveMinimum}`
  const low = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? above : String(minimum)
  const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : String(maximum)
  return low === '' && high === '' ? '' : ` ${low}…${high}`
}

function requiredText(isChoice: boolean): string {
  return isChoice ? '**one of these 任选其一**' : '**required 必填**'
}

function fallbackOf(schema: JsonSchema): string {
  if (schema.default === undefined || schema.default === null) return ''
  const text = typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)
  return text === '{}' ? '' : `\`${cell(text)}\``
}
