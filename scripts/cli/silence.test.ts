import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { momentIn } from '../../pipeline/moment.ts'
import { Database } from '../../pipeline/stores/sqlite/database.ts'
import { capturedRun } from './testing/captured-run.ts'

// A source that has brought nothing for three days, where twelve hours are allowed.

const cwd = mkdtempSync(join(tmpdir(), 'yiwang-silence-'))
const lastAt = momentIn('Asia/Shanghai', Date.now() - 3 * 86_400_000)
afterAll(() => rmSync(cwd, { recursive: true }))

const yiwang = (...argv: string[]) =>
  capturedRun(argv, { cwd, env: { YIWANG_REDIS_URL: 'redis://127.0.0.1:1' } })

beforeAll(async () => {
  await yiwang('init')
  const config = join(cwd, 'yiwang.yaml')
  const text = readFileSync(config, 'utf8')
  const quiet = text.replace(
    'path: inbox/hotline',
    'path: inbox/hotline\n    settleMs: 0\n    quietAfter: 12h',
  )
  const letters = '  - id: letters\n    connector: mail-folder\n    path: inbox/letters\n'
  writeFileSync(config, `${quiet.trimEnd()}\n${letters}`)
  await yiwang('pull', 'hotline')
  const db = await Database.open(join(cwd, 'var/yiwang.db'), {})
  await db.write(() => db.run('UPDATE items SET archived_at = ?, day = ?', lastAt, lastAt.slice(0, 10)))
  db.close()
})

test('status shows names, when the last item came, which source is too quiet, and which was never pulled', async () => {
  const { code, out } = await yiwang('status')
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^hotline +quiet .*${lastAt.slice(5, 10)}.* 12345 hotline$`, 'm'))
  expect(out).toMatch(/SOURCE_QUIET: .*"hotline" for 7\d hours, since .* 12 at most/)
  expect(out).toMatch(/^no pull is known to have ended, nor is there a schedule: letters;/m)
  const { silences } = JSON.parse((await yiwang('status', '--json')).out)
  expect(silences).toEqual([
    { sourceId: 'hotline', lastAt, hours: expect.any(Number), allowedHours: 12, tooLong: true },
    { sourceId: 'letters', lastAt: null, hours: null, allowedHours: null, tooLong: false },
  ])
  expect(JSON.parse((await yiwang('status', '--source', 'letters', '--json')).out).silences).toHaveLength(1)
})

test('a pull that brings nothing says so, for cron to mail, and does not fail', async () => {
  const { code, err } = await yiwang('pull', 'hotline', '--once')
  expect(code).toBe(0)
  expect(err).toMatch(/^SOURCE_QUIET: .*"hotline" for 7\d hours/m)
  expect((await yiwang('pull', 'hotline', '--locale', 'zh')).err).toMatch(/来源 "hotline" 自 .*没有新内容/)
})

test('a source may be allowed to be quiet for ever, and a mistake is told with its place', async () => {
  const config = readFileSync(join(cwd, 'yiwang.yaml'), 'utf8')
  writeFileSync(join(cwd, 'never.yaml'), config.replace('quietAfter: 12h', 'quietAfter: never'))
  expect((await yiwang('status', '--config', 'never.yaml')).out).not.toContain('SOURCE_QUIET')
  writeFileSync(join(cwd, 'wrong.yaml'), config.replace('quietAfter: 12h', 'quietAfter: 5m'))
  const { code, err } = await yiwang('lint', '--config', 'wrong.yaml')
  expect(code).toBe(78)
  expect(err).toMatch(/wrong\.yaml:\d+:\d+: Write usual, never, or a duration of at least 1h/)
})
