import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longestFirst, longFiles } from './longest-first.ts'

const root = join(import.meta.dirname, '../..')

test('every file that is known to be long is there', () => {
  expect(longFiles.filter((name) => !existsSync(join(root, name)))).toEqual([])
})

test('long files come first, the longest before all, and the others as they came', () => {
  const [longest = '', next = ''] = longFiles
  const files = ['b.test.ts', next, 'a.test.ts', longest].map((name) => ({ moduleId: join(root, name) }))
  const order = longestFirst(files).map(({ moduleId }) => moduleId)
  expect(order).toEqual([longest, next, 'b.test.ts', 'a.test.ts'].map((name) => join(root, name)))
})
