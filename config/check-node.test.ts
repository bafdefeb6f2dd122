import { expect, it } from 'vitest'
import { z } from 'zod'
import { checkNode } from './check-node.ts'
import type { Problem } from './problem.ts'
import { parseYamlTree } from './yaml-tree.ts'

// Forms that no setting has so far, and a connector's may.

const login = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), user: z.string() }),
  z.strictObject({ type: z.literal('token'), token: z.string() }),
])
const record = z.record(
  z.string().regex(/^[a-z]+$/, 'Letters only / 只能是字母'),
  z.strictObject({ a: z.int() }),
)

it.each([
  [login, 'it: { type: basik }', '"type" must be one of basic, token', 13],
  [login, 'it: { type: basic, usr: x, user: y }', 'Unknown setting "usr"; did you mean "user"?', 20],
  [record, 'it: { A1: { a: 1 } }', 'Letters only', 7],
  [record, 'it: { abc: { b: 1, a: 1 } }', 'Unknown setting "b"; did you mean "a"?', 14],
])('tells what is wrong and where: %#', (schema, yaml, text, column) => {
  const problems: Problem[] = []
  const reading = { env: {}, problems, used: new Map<string, string>(), broken: false }
  const tree = parseYamlTree('f', yaml, reading)
  if (tree === null) throw new Error('no tree')
  expect(checkNode(z.strictObject({ it: schema }), tree, reading)).toBeNull()
  expect(problems.map((one) => [one.text.en, one.place.column])).toEqual([[text, column]])
})
