import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBreaches, readProject } from './import-rules.ts'

const rulesBroken = (files: Readonly<Record<string, string>>) =>
  findBreaches(new Map(Object.entries(files)), new Set(['zod', '@e965/xlsx'])).map(
    ({ file, rule }) => `${file} ${rule}`,
  )

test('this project keeps its own rules', () => {
  const { files, dependencies } = readProject(join(import.meta.dirname, '..'))
  expect(files.size).toBeGreaterThan(5)
  expect(findBreaches(files, dependencies)).toEqual([])
})

test.each([
  ['config/a.ts', '../connectors/b.ts', 'layer'],
  ['connectors/a.ts', '../normalizers/b.ts', 'layer'],
  ['connectors/mail/a.ts', '../../pipeline/b.ts', 'layer'],
  ['normalizers/a.ts', '../connectors/b.ts', 'types-only'],
  ['dedupe/a.ts', '../normalizers/b.ts', 'types-only'],
  ['dedupe/a.ts', '../pipeline/b.ts', 'layer'],
  ['pipeline/a.ts', '../scripts/b.ts', 'layer'],
  ['scripts/cli/commands/a.ts', '../../generators/b.ts', 'layer'],
  ['pipeline/a.ts', './stores/store.suite.ts', 'test-code'],
  ['connectors/a.ts', './b/fixtures/c.ts', 'test-code'],
  ['pipeline/a.ts', 'vitest', 'dependency'],
  ['scripts/cli/a.ts', '@types/node', 'dependency'],
])('%s importing %s breaks the rule "%s"', (file, target, rule) => {
  const broken = [`${file} ${rule}`]
  expect(rulesBroken({ [file]: `import { b } from '${target}'\n` })).toEqual(broken)
  expect(rulesBroken({ [file]: `import {\n  b,\n  type C,\n} from '${target}'\n` })).toEqual(broken)
  expect(rulesBroken({ [file]: `export { b } from '${target}'\n` })).toEqual(broken)
  expect(rulesBroken({ [file]: `import '${target}'\n` })).toEqual(broken)
  expect(rulesBroken({ [file]: `const b = await import('${target}')\n` })).toEqual(broken)
})

test('a worker thread named by its URL counts as an import', () => {
  const files = { 'connectors/a.ts': "new Worker(new URL('../pipeline/b.ts', import.meta.url))" }
  expect(rulesBroken(files)).toEqual(['connectors/a.ts layer'])
})

test.each([
  ['normalizers/a.ts', "import type { Item } from '../connectors/connector.ts'"],
  ['pipeline/a.ts', "import { connect } from '../connectors/registry.ts'"],
  ['scripts/cli/a.ts', "import { openApp } from '../../pipeline/open-app.ts'"],
  ['connectors/imap.test.ts', "import { startDovecot } from '../scripts/servers/dovecot.ts'"],
  ['connectors/a.ts', "// import { b } from '../pipeline/b.ts'"],
  ['connectors/a.ts', "/*\nimport { b } from '../pipeline/b.ts'\n*/"],
  ['connectors/a.ts', "import { read } from '@e965/xlsx/dist/cpexcel.js'"],
])('%s may contain %s', (file, text) => {
  expect(rulesBroken({ [file]: text })).toEqual([])
})

test('circular imports are found, also through types and over several files', () => {
  const files = {
    'pipeline/a.ts': "import { b } from './b.ts'",
    'pipeline/b.ts': "import type { C } from './stores/c.ts'",
    'pipeline/stores/c.ts': "import { a } from '../a.ts'",
  }
  expect(rulesBroken(files)).toEqual(['pipeline/a.ts cycle'])
})

test.each(['config/utils/a.ts', 'pipeline/helpers.ts', 'connectors/common/a.ts', 'pipeline/src/a.ts'])(
  'the name %s is refused',
  (file) => {
    expect(rulesBroken({ [file]: '' })).toEqual([`${file} name`])
  },
)

test('the environment is read in scripts only', () => {
  expect(rulesBroken({ 'config/a.ts': 'const home = process.env.HOME' })).toEqual(['config/a.ts environment'])
  expect(rulesBroken({ 'scripts/a.ts': 'const home = process.env.HOME' })).toEqual([])
})
