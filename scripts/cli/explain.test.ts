import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { capturedRun } from './testing/captured-run.ts'

// Every kind of source that the samples have, and every outcome, told by "explain".

const state = mkdtempSync(join(tmpdir(), 'yiwang-explain-'))
const config = join(import.meta.dirname, '../samples/yiwang.yaml')
const yiwang = (...argv: readonly string[]) =>
  capturedRun(['--config', config, ...argv], {
    cwd: state,
    env: { YIWANG_STATE: state, YIWANG_REDIS_URL: 'redis://127.0.0.1:1' },
  })
const json = async (...argv: readonly string[]) => JSON.parse((await yiwang(...argv, '--json')).out)

beforeAll(async () => {
  expect((await yiwang('pull', '--all')).code).toBe(0)
}, 60_000)
afterAll(() => rmSync(state, { recursive: true }))

test.each([
  ['hotline-csv', /file: hotline-gb18030\.csv/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['hotline-xlsx', /file: hotline\.xlsx/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['hotline-xls', /file: hotline-biff8\.xls/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['hotline-html', /file: hotline-html\.xls/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['mail', /file: .*\.eml/, /made by mail-folder\/\d+ and email\/\d+/],
])('a ticket of %s is followed from its file to the queue', async (source, from, by) => {
  const { tickets } = await json('tickets', '--source', source, '--limit', '1')
  const { code, out } = await yiwang('explain', tickets[0].id)
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^R-\\w{26}: item .* of source ${source}, `))
  expect(out).toMatch(from)
  expect(out).toMatch(/\n→ \S+ (ticketed|linked) \(\w+\): T-\w{26}\n/)
  expect(out).toMatch(by)
  expect(out).toContain(`waiting to be published as job ${tickets[0].id}.${tickets[0].revision}`)
})

test.each(['20250310234102.7f1c@mail.example', '<20250310234102.7f1c@mail.example>'])(
  'a mail is found by its Message-ID, %s',
  async (id) => {
    const { code, out } = await yiwang('explain', id)
    expect(code).toBe(0)
    expect(out).toContain('file: 01-utf8-noise.eml')
  },
)

test('an unknown Message-ID is told as such', async () => {
  expect((await yiwang('explain', '<nobody@mail.example>')).err).toMatch(/^ITEM_UNKNOWN: /)
})

test('an item in quarantine is explained by its reason', async () => {
  const { quarantined } = await json('quarantine', 'list', '--source', 'mail')
  const { out } = await yiwang('explain', quarantined[0].rawId)
  expect(out).toMatch(/\n→ \S+ quarantined: [A-Z_]+: /)
})
