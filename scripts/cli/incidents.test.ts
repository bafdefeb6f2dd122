import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ticketIdOf } from '../../pipeline/ids.ts'
import { capturedRun } from './testing/captured-run.ts'

// Incidents that a person makes of reports from the small hours.

const state = mkdtempSync(join(tmpdir(), 'yiwang-incidents-'))
const yiwang = (...argv: readonly string[]) => capturedRun(argv, { cwd: state })
const json = async (...argv: readonly string[]) => JSON.parse((await yiwang(...argv, '--json')).out)
const idOf = (number: string) => ticketIdOf('hot', number)

beforeAll(async () => {
  writeFileSync(
    join(state, 'yiwang.yaml'),
    `store: sqlite:${join(state, 'y.db')}
redis: { url: "redis://127.0.0.1:1", prefix: t }
timeZone: Asia/Shanghai
sources:
  - id: hot
    connector: hotline-export
    path: in
    settleMs: 0
`,
  )
  mkdirSync(join(state, 'in'))
  const rows = [
    'A1,2024-03-01 02:10,通京大道路灯坏了，打13800138000没有人接,',
    'A3,2024-03-02 07:59,公交车司机态度恶劣不停站，打13800138000没有人接,',
    'A4,2024-03-03 23:30,幼儿园食堂的饭菜不新鲜,82001133',
  ]
  writeFileSync(
    join(state, 'in', '1.csv'),
    `${['工单编号,诉求时间,诉求内容,联系电话', ...rows].join('\n')}\n`,
  )
  expect(await yiwang('pull', '--all')).toMatchObject({ code: 0 })
}, 60_000)
afterAll(() => rmSync(state, { recursive: true }))

test('the days of an incident are those of the configured zone, in JSON with its offset', async () => {
  expect((await yiwang('link', '--incident', idOf('A1'), idOf('A3'))).code).toBe(0)
  const { out } = await yiwang('incidents')
  expect(out).toMatch(/ 2024-03-01 +2024-03-02 /)
  expect(out + (await yiwang('tickets')).out).not.toContain('13800138000')
  const { incidents } = await json('incidents')
  expect(incidents).toMatchObject([
    { firstAt: '2024-03-01T02:10:00+08:00', lastAt: '2024-03-02T07:59:00+08:00' },
  ])
})

test('an incident that all but one ticket have left is not listed', async () => {
  expect((await yiwang('link', '--incident', idOf('A1'), idOf('A4'))).code).toBe(0)
  const { incidents } = await json('incidents')
  expect(incidents.map(({ id, reports }: { id: string; reports: number }) => [id, reports])).toEqual([
    [`I-${idOf('A4').slice(2)}`, 2],
  ])
  const { out, err } = await yiwang('incidents')
  expect(out).not.toContain(`I-${idOf('A3').slice(2)}`)
  expect(err).toContain('Incidents: 1.')
  expect((await yiwang('incidents', '--limit', '1')).err).toContain('--limit shows more')
})

test('the list of tickets shows a phone without its area code as it was given', async () => {
  expect((await yiwang('tickets')).out).toMatch(/ {2}\*{4}1133 {2}/)
  expect((await yiwang('tickets', '--full')).out).toMatch(/ {2}82001133 {2}/)
})
