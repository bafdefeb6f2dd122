import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { momentIn } from '../../pipeline/moment.ts'
import { Database } from '../../pipeline/stores/sqlite/database.ts'
import { capturedRun } from './testing/captured-run.ts'

// Sources in every state that `status` tells of, on a Redis that is away.

const cwd = mkdtempSync(join(tmpdir(), 'yiwang-status-'))
afterAll(() => rmSync(cwd, { recursive: true }))

const hoursAgo = (hours: number) => momentIn('Asia/Shanghai', Date.now() - hours * 3_600_000)

function yiwang(argv: readonly string[], columns: number | null = null) {
  return capturedRun(argv, { cwd, columns })
}

/** One line for a source that reads a folder of its own. */
const source = (id: string, more = '') => {
  mkdirSync(join(cwd, id), { recursive: true })
  return `  - { id: ${id}, connector: hotline-export, path: ${id}, settleMs: 0${more} }`
}

function configure(name: string, sources: readonly string[]): void {
  const head = 'store: sqlite:yiwang.db\nredis: { url: "redis://127.0.0.1:1" }\nsources:'
  writeFileSync(join(cwd, name), `${[head, ...sources].join('\n')}\n`)
}

beforeAll(async () => {
  const everyHour = ', schedule: { every: 1h }'
  const sound = [source('sound', ', name: 12345政务服务便民热线'), source('late', everyHour)]
  const others = [source('gone', ', name: 区县热线'), source('former'), source('board')]
  configure('before.yaml', [...sound, ...others])
  for (const id of ['sound', 'former'])
    writeFileSync(join(cwd, id, '1.csv'), `工单编号,诉求内容\n${id},路灯坏了，请尽快派人修理\n`)
  await yiwang(['pull', '--config', 'before.yaml'])
  renameSync(join(cwd, 'gone'), join(cwd, 'elsewhere'))
  expect((await yiwang(['pull', 'gone', '--config', 'before.yaml'])).code).toBe(1)
  const off = source('board', ', enabled: false')
  configure('yiwang.yaml', [...sound, others[0] ?? '', off, source('fresh', everyHour), source('byhand')])
  rmSync(join(cwd, 'gone'), { recursive: true, force: true })
  await setEnd('late', hoursAgo(3))
})

/** As if the last pull of a source had ended then. */
async function setEnd(id: string, at: string): Promise<void> {
  const db = await Database.open(join(cwd, 'yiwang.db'), {})
  const sql = `UPDATE sources SET last_pull = json_set(last_pull, '$.at', ?) WHERE id = ?`
  await db.write(() => db.run(sql, at, id))
  db.close()
}

test('status tells of each source how its pulls go, since when one fails and why, and what to do', async () => {
  const { code, out } = await yiwang(['status'])
  expect(code).toBe(0)
  const states = Array.from(
    out.matchAll(/^(\w+) +(ok|fails|late|not yet|off|removed)\b/gm),
    ([, id, state]) => [id, state],
  )
  expect(states).toEqual([
    ['board', 'off'],
    ['byhand', 'not yet'],
    ['former', 'removed'],
    ['fresh', 'not yet'],
    ['gone', 'fails'],
    ['late', 'late'],
    ['sound', 'ok'],
  ])
  expect(out).toMatch(/^gone \(区县热线\): failing since \d{4}-\d\d-\d\d \d\d:\d\d, last success \d{4}-/m)
  expect(out).toMatch(/^ {2}SOURCE_PATH: .*gone.* Check the path/m)
  expect(out).toMatch(/^no pull is known to have ended: fresh; a "yiwang run" .* must be restarted$/m)
  expect(out).toMatch(/^no pull is known to have ended, nor is there a schedule: byhand; only "yiwang pull"/m)
  expect(out).toMatch(/^pulled, but nothing has come yet: late$/m)
  expect(out).toMatch(/^over an hour late: late; see whether "yiwang run" is running/m)
  expect(out).toMatch(/^sources 7: ok 1, fails 1, late 1, not yet 2, off 1, removed 1$/m)
  const chinese = (await yiwang(['status', '--locale', 'zh'])).out
  expect(chinese).toMatch(/^gone（区县热线）：自 \d{4}-\d\d-\d\d \d\d:\d\d 起采集失败，上次成功 \d{4}-/m)
  expect(chinese).toMatch(/^ {2}SOURCE_PATH: .*请检查路径/m)
  expect(chinese).toMatch(/^来源 7 个：正常 1、失败 1、逾期 1、尚无记录 2、停用 1、已移除 1$/m)
})

test('status by day has the books of each day, their sum, and no table of pulls', async () => {
  const { out } = await yiwang(['status', '--by-day'])
  expect(out).toMatch(/^sound +\d{4}-\d\d-\d\d +1 .* 12345政务服务便民热线$/m)
  expect(out).toMatch(/^all +2 +1 +1 +0 +0 +0$/m)
  expect(out).not.toContain('last pull')
})

test('status gives the times of all sources in one zone', async () => {
  configure('zones.yaml', [source('abroad', ', timeZone: America/Lima'), source('here')])
  await yiwang(['pull', '--config', 'zones.yaml'])
  const { out } = await yiwang(['status', '--config', 'zones.yaml'])
  const minutes = Array.from(
    out.matchAll(/^(?:abroad|here) .* (\d\d):(\d\d) /gm),
    ([, hour, minute]) => Number(hour) * 60 + Number(minute),
  )
  const [abroad = 0, here = 0] = minutes
  expect(minutes).toHaveLength(2)
  // Minutes apart, not hours; also about midnight.
  const apart = Math.abs(abroad - here)
  expect(Math.min(apart, 24 * 60 - apart)).toBeLessThan(60)
})

test('status says where to look for what is in quarantine, and nothing where nothing is', async () => {
  expect((await yiwang(['status', '--source', 'sound'])).out).not.toContain('quarantine list')
  writeFileSync(join(cwd, 'sound', 'bad.csv'), 'x')
  await yiwang(['pull', 'sound'])
  expect((await yiwang(['status'])).out).toContain('in quarantine 1; "yiwang quarantine list" shows why')
  rmSync(join(cwd, 'sound', 'bad.csv'))
})

test('status tells the same to programs, and of one source alone', async () => {
  const { pulls } = JSON.parse((await yiwang(['status', '--json'])).out)
  const none = { at: null, read: null, added: null, succeededAt: null, failure: null }
  expect(pulls[0]).toEqual({ sourceId: 'board', state: 'off', ...none })
  expect(pulls[3]).toEqual({ sourceId: 'fresh', state: 'new', ...none })
  const at = expect.stringMatching(/^\d{4}-.*\+08:00$/)
  const message = expect.stringMatching(/^SOURCE_PATH: /)
  const failure = { since: at, code: 'SOURCE_PATH', kind: 'transient', message }
  const failing = { sourceId: 'gone', state: 'fails', at, read: 0, added: 0, succeededAt: at, failure }
  expect(pulls[4]).toEqual(failing)
  expect(pulls[6]).toMatchObject({ sourceId: 'sound', state: 'ok', read: 1, added: 1, failure: null })
  const one = JSON.parse((await yiwang(['status', '--json', '--source', 'gone'])).out)
  expect(one.pulls).toEqual([failing])
})

test.each(['en', 'zh'])('no line of status is wider than a terminal of 80 columns (%s)', async (locale) => {
  const { out } = await yiwang(['status', '--locale', locale], 80)
  const widths = out.split('\n').map((line) => stringWidth(line))
  expect(Math.max(...widths)).toBeLessThanOrEqual(80)
})

test('status names the code of a failure that only another version of the program knows', async () => {
  const db = await Database.open(join(cwd, 'yiwang.db'), {})
  const keep = (code: string) =>
    db.write(() =>
      db.run(
        `UPDATE sources SET last_pull = json_set(last_pull, '$.failure.code', ?) WHERE id = 'gone'`,
        code,
      ),
    )
  await keep('SOURCE_OF_TOMORROW')
  expect((await yiwang(['status', '--source', 'gone'])).out).toMatch(/^ {2}SOURCE_OF_TOMORROW$/m)
  const { pulls } = JSON.parse((await yiwang(['status', '--json', '--source', 'gone'])).out)
  const told = { code: 'SOURCE_OF_TOMORROW', kind: null, message: 'SOURCE_OF_TOMORROW' }
  expect(pulls).toMatchObject([{ state: 'fails', failure: told }])
  await keep('SOURCE_PATH')
  db.close()
})

test('status says of a source that fails when nobody tries it any more', async () => {
  configure('stale.yaml', [source('gone', ', schedule: { every: 1h }')])
  rmSync(join(cwd, 'gone'), { recursive: true })
  await setEnd('gone', hoursAgo(3))
  const { out } = await yiwang(['status', '--config', 'stale.yaml'])
  expect(out).toMatch(/^gone +fails/m)
  expect(out).toMatch(/^over an hour late: gone;/m)
})

test('a source that is pulled well again fails no longer', async () => {
  renameSync(join(cwd, 'elsewhere'), join(cwd, 'gone'))
  await yiwang(['pull', 'gone'])
  const { out } = await yiwang(['status'])
  expect(out).toMatch(/^gone +ok/m)
  expect(out).not.toContain('SOURCE_PATH')
})
