import { z } from 'zod'
import { BaseSource, Configuration } from '../../config/schema.ts'
import type { ConnectorDeclaration } from '../../config/settings.ts'
import { Ticket, TicketJob } from '../../normalizers/ticket.ts'

/** The part of JSON Schema that our declarations use. */
export type JsonSchema = z.core.JSONSchema.JSONSchema

/** What consumers of the queue rely on: the ticket as it is written. */
export function ticketSchema(): JsonSchema {
  return titled('Canonical ticket, version 1', z.toJSONSchema(Ticket, { io: 'output' }))
}

/** The data of one job on an output queue. */
export function ticketJobSchema(): JsonSchema {
  return titled('Job on an output queue', z.toJSONSchema(TicketJob, { io: 'output' }))
}

/** What editors check a configuration file with. Nothing is required at the top: the rest may stand in another file. */
export function configSchema(specs: ReadonlyMap<string, ConnectorDeclaration>): JsonSchema {
  const { required: _, ...schema } = inputSchema(Configuration)
  const sources = schema.properties?.sources
  const items = { anyOf: [...specs.values()].map(sourceSchema) }
  const properties = {
    ...schema.properties,
    sources: { ...(typeof sources === 'object' ? sources : {}), items },
  }
  return titled('Yiwang configuration', withVariables({ ...schema, properties }))
}

/** One source of one connector: what every source has, and the connector's own settings. */
function sourceSchema(spec: ConnectorDeclaration): JsonSchema {
  const { connector, ...base } = BaseSource.shape
  const kind = z.literal(spec.kind).describe(connector.description ?? '')
  const { $schema: _, ...schema } = inputSchema(
    z.strictObject({ connector: kind, ...base, ...spec.settings.shape }),
  )
  return { title: `${spec.name.en} / ${spec.name.zh}`, ...schema }
}

/** A schema of what is written in the file, before defaults and conversions. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

/** JSON text as it is committed. */
export function renderJson(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** The same schema, where a text with a `${NAME}` in it may stand for any value that has a form to keep. */
function withVariables(schema: JsonSchema): JsonSchema {
  const { description, default: fallback, ...form } = schema
  if (hasForm(form)) {
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      anyOf: [form, { type: 'string', pattern: '\\$\\{[A-Za-z_]' }],
    }
  }
  const { properties, items, anyOf } = schema
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties, inside) }),
    ...(typeof items === 'object' && !Array.isArray(items) ? { items: withVariables(items) } : {}),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(withVariables) }),
  }
}

function hasForm({ type, pattern, enum: choices }: JsonSchema): boolean {
  return (
    type === 'number' ||
    type === 'integer' ||
    type === 'boolean' ||
    pattern !== undefined ||
    choices !== undefined
  )
}

function inside(schema: JsonSchema | boolean): JsonSchema | boolean {
  return typeof schema === 'boolean' ? schema : withVariables(schema)
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

function titled(title: string, { $schema, ...schema }: JsonSchema): JsonSchema {
  return { $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
}
