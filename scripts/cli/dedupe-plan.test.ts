import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ticketIdOf } from '../../pipeline/ids.ts'
import { capturedRun } from './testing/captured-run.ts'

const state = mkdtempSync(join(tmpdir(), 'yiwang-plan-lines-'))
afterAll(() => rmSync(state, { recursive: true }))
const yiwang = (...argv: readonly string[]) => capturedRun(argv, { cwd: state })
const idOf = (number: string) => ticketIdOf('hot', number)

test('a plan shows of a repeat also that it would be in no incident any more', async () => {
  const config = `store: sqlite:${join(state, 'y.db')}
redis: { url: "redis://127.0.0.1:1", prefix: t }
timeZone: Asia/Shanghai
sources:
  - { id: hot, connector: hotline-export, path: in, settleMs: 0 }
`
  const outage = '昨晚开始明珠花园整个小区停电，问物业说是变压器烧了，老人家里有呼吸机，急！'
  const rows = [
    `A1,2024-03-01 10:00,${outage},13800138001`,
    'A2,2024-03-01 11:00,明珠花园12栋停电一整夜了，冰箱里的东西全坏了，供电公司电话一直占线,13800138002',
    `A3,2024-03-01 12:00,${outage},13800138001`,
  ]
  writeFileSync(join(state, 'yiwang.yaml'), config)
  writeFileSync(join(state, 'stricter.yaml'), `${config}dedupe: { incident: { link: 0.99, review: 0.5 } }\n`)
  mkdirSync(join(state, 'in'))
  writeFileSync(join(state, 'in', '1.csv'), ['工单编号,诉求时间,诉求内容,联系电话', ...rows, ''].join('\n'))
  expect(await yiwang('pull')).toMatchObject({ code: 0 })
  const { out } = await yiwang('--config', 'stricter.yaml', 'dedupe', 'plan', '--since', '20000d')
  const [master, incident] = [idOf('A1'), `I-${idOf('A1').slice(2)}`]
  expect(out).toContain(`${idOf('A3')}: duplicate ${master} ${incident} 1.00 → duplicate ${master} 1.00\n`)
})
