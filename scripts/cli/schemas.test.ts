import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { connectorSpecs } from '../../connectors/registry.ts'
import { settingsTable } from '../generators/settings-table.ts'
import { configSchema, inputSchema } from './schemas.ts'

const examples = join(import.meta.dirname, '../../config/examples')
const editorSchema = z.fromJSONSchema(configSchema(connectorSpecs))
const accepts = (yaml: string) => editorSchema.safeParse(parse(yaml, { merge: true })).success

test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))(
  'an editor finds nothing wrong with the example %s',
  (name) => {
    expect(accepts(readFileSync(join(examples, name), 'utf8'))).toBe(true)
  },
)

test.each([
  ['processing: { batchSize: "%" }', 'many'],
  ['dedupe: { windowDays: "%" }', 'many'],
  ['log: { level: "%" }', 'loud'],
  ['redis: { url: "%" }', 'localhost'],
  ['sources: [{ id: a, connector: imap, host: h, user: u, password: p, port: "%" }]', 'imaps'],
  ['sources: [{ id: a, connector: hotline-export, path: x, enabled: "%" }]', 'perhaps'],
  ['sources: [{ id: a, connector: hotline-export, path: x, schedule: { every: "%" } }]', 'often'],
  ['outputs: [{ queue: a, kinds: ["%"] }]', 'shouting'],
])('in %s a variable may stand, and %j may not', (yaml, wrong) => {
  expect([accepts(yaml.replace('%', '${' + 'NAME}')), accepts(yaml.replace('%', wrong))]).toEqual([
    true,
    false,
  ])
})

test('the reference does not call each of several forms of a setting required', () => {
  const schedule = z.union([z.strictObject({ every: z.string() }), z.strictObject({ cron: z.string() })])
  const rows = settingsTable(inputSchema(z.strictObject({ id: z.string(), schedule }))).split('\n')
  const marked = rows.map((row) => /`(\S+)`.*\*\*(\S+)/.exec(row)?.slice(1) ?? [])
  expect(marked.filter(({ length }) => length > 0)).toEqual([
    ['id', 'required'],
    ['schedule', 'required'],
    ['schedule.every', 'one'],
    ['schedule.cron', 'one'],
  ])
})
