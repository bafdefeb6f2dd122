import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectorSpecs } from './registry.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'suite')
  .map(({ name }) => name)

test('the registry has each folder of a connector as a kind of that name, and no other kinds', () => {
  expect([...connectorSpecs.keys()].toSorted()).toEqual(folders.toSorted())
})

test.each(folders)(
  'the connector %s is tested by the rules for all, and as remote where it logs in',
  (kind) => {
    const tests = globSync(`${kind}/*.test.ts`, { cwd: import.meta.dirname })
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .filter((text) => /^\s*describeConnector\(/m.test(text))
    expect(tests.length).toBeGreaterThan(0)
    if (connectorSpecs.get(kind)?.needs.includes('login')) expect(tests.join()).toContain("'remote'")
  },
)
