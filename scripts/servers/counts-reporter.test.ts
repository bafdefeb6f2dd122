import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** The last line and exit status of vitest on one test file of these lines. */
function runTests(
  ...lines: readonly string[]
): readonly [lastLine: string | undefined, status: number | null] {
  mkdirSync(join(root, 'var'), { recursive: true })
  const folder = mkdtempSync(join(root, 'var/counts-'))
  folders.push(folder)
  writeFileSync(join(folder, 'a.test.mjs'), ["import { expect, test } from 'vitest'", ...lines].join('\n'))
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'counts-reporter.ts')}`]
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'run', '--root', folder, ...reporters], {
    encoding: 'utf8',
  })
  return [stdout.trimEnd().split('\n').at(-1), status]
}

test('the last line of a run is its counts', () => {
  const passing = "test('passes', () => expect(1).toBe(1))"
  expect(runTests(passing, "test.skip('is skipped', () => {})")).toEqual(['1 passed, 0 failed, 1 skipped', 0])
  expect(runTests(passing, "test('fails', () => expect(1).toBe(2))")).toEqual([
    '1 passed, 1 failed, 0 skipped',
    1,
  ])
}, 240_000)

test('a file that cannot be loaded counts as a failure', () => {
  expect(runTests("import './not-there.mjs'")).toEqual(['0 passed, 1 failed, 0 skipped', 1])
}, 240_000)
