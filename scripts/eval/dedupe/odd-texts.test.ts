import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSqliteStore } from '../../../pipeline/stores/sqlite/sqlite-store.ts'
import { runThroughPipeline, type Verdict } from '../../cli/tune/pipeline-run.ts'
import type { EvalRow } from '../../cli/tune/rows.ts'

// Texts that say nothing, or too much: each by two known people and two unknown ones, through the whole of processing.

const dir = mkdtempSync(join(tmpdir(), 'yiwang-odd-'))
afterAll(() => rmSync(dir, { recursive: true }))

const sentence = (at: number) => `第${at}条：梧桐巷${at * 7}号门前的路灯坏了${at * 3}天，夜里看不清台阶。`
const oneMebibyte = Array.from({ length: 16_000 }, (_, at) => sentence(at)).join('')
const texts = {
  nothing: ['', '   \n　'],
  'one character': ['急', '急'],
  emoji: ['😡😡😡', '😡😡😡'],
  boilerplate: ['请尽快处理，谢谢！', '请尽快处理，谢谢！'],
  'an operator’s frame': ['市民来电反映：请核实处理并回复。', '市民来电反映：请核实处理并回复。'],
  'two boilerplates': [
    '请有关部门尽快核实处理并予以回复，谢谢！',
    '尊敬的领导您好，请尽快处理并回复，谢谢！',
  ],
  'no place': ['没水了', '没水了'],
} as const
const numbers = [1, 2, 3, 4]

const row = (id: string, phone: string | null, body: string): EvalRow => ({
  ...{ id, channel: 'sms', sourceId: 'sms', submittedAt: '2026-02-20T08:00:00+08:00', name: null },
  ...{ phone, title: null, body, place: null, report: null, incident: null },
})
const rows = [
  ...Object.entries(texts).flatMap(([name, [one, other]]) => [
    row(`${name} 1`, '13800131001', one),
    row(`${name} 2`, '13800131002', other),
    row(`${name} 3`, null, one),
    row(`${name} 4`, null, other),
  ]),
  row('1 MiB', '13800131003', oneMebibyte),
  row('1 MiB again', '13800131003', oneMebibyte),
]
let verdicts: ReadonlyMap<string, Verdict>

beforeAll(async () => {
  expect(Buffer.byteLength(oneMebibyte)).toBeGreaterThan(1024 * 1024)
  const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
  verdicts = (await runThroughPipeline(rows, { dir, clock })).verdicts
}, 60_000)

test.each(Object.keys(texts).filter((name) => name !== 'nothing'))('%s links nobody to anybody', (name) => {
  for (const number of numbers)
    expect(verdicts.get(`${name} ${number}`)).toMatchObject({
      verdict: 'new',
      masterId: null,
      incidentId: null,
    })
})

test('a text of nothing is quarantined with its reason', async () => {
  for (const number of numbers) expect(verdicts.get(`nothing ${number}`)?.verdict).toBeNull()
  const store = await openSqliteStore(join(dir, 'yiwang.db'), { randomBytes })
  const entries = await store.quarantined({ limit: 100 })
  await store.close()
  expect(entries.map(({ externalId, code }) => [externalId, code]).sort()).toEqual(
    numbers.map((number) => [`nothing ${number}`, 'ROW_NO_TEXT']),
  )
})

test('a text of 1 MiB repeats itself', () => {
  expect(verdicts.get('1 MiB')).toMatchObject({ verdict: 'new' })
  expect(verdicts.get('1 MiB again')).toMatchObject({ verdict: 'duplicate', masterId: '1 MiB' })
})
