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

test.each(folders)('the connector %s is tested by the rules for all connectors', (folder) => {
  const tests = globSync(`${folder}/*.test.ts`, { cwd: import.meta.dirname })
  const texts = tests.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  expect(texts.filter((text) => /^\s*describeConnector\(/m.test(text)).length).toBeGreaterThan(0)
})
