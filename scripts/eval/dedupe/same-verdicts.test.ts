import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { type RunOptions, runThroughPipeline, type Verdict } from '../../cli/tune/pipeline-run.ts'
import { type EvalRow, readRows } from '../../cli/tune/rows.ts'
import { caseFiles } from './case-files.ts'

const root = mkdtempSync(join(tmpdir(), 'yiwang-same-'))
afterAll(() => rmSync(root, { recursive: true }))
const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
let runs = 0

async function verdictsOf(
  rows: readonly EvalRow[],
  options: Pick<RunOptions, 'storeUrl' | 'batchSize'> = {},
): Promise<ReadonlyMap<string, Verdict>> {
  runs += 1
  const dir = join(root, String(runs))
  return (await runThroughPipeline(rows, { dir, clock, ...options })).verdicts
}

describe('the same reports in the same order', () => {
  const first120 = async () => (await readRows((await caseFiles()).slice(0, 2))).slice(0, 120)

  test.each([1, 7, 50])('are judged alike in batches of %d and all at once', async (batchSize) => {
    const rows = await first120()
    expect(await verdictsOf(rows, { batchSize })).toEqual(await verdictsOf(rows))
  })

  test('are judged alike on both stores', async () => {
    const rows = await first120()
    const storeUrl = `${inject('mongoUrl')}/same_verdicts_${process.pid}`
    const onMongo = await verdictsOf(rows, { storeUrl, batchSize: 50 })
    expect(onMongo).toEqual(await verdictsOf(rows))
    expect([...onMongo.values()].filter(({ verdict }) => verdict !== 'new').length).toBeGreaterThan(30)
  }, 120_000)
})

describe('reports of one batch', () => {
  const lift = '槐荫里小区三号楼的电梯从上周一开始停运，六楼的老人已经五天没有下楼，物业说要等厂家的配件。'
  const plant = '恒固沥青拌和站夜里开炉冒黄烟，刺鼻的气味飘进杏园村七组，家家不敢开窗，请环保局来测废气。'
  const row = (id: string, phone: string | null, body: string): EvalRow => ({
    ...{ id, channel: 'hotline', sourceId: 'hotline', submittedAt: '2026-02-20T08:00:00+08:00', name: null },
    ...{ phone, title: null, body, place: null, report: null, incident: null },
  })
  const rows = [
    row('lift', '13800131001', lift),
    row('lift, between a head and a tail', '13800131001', `市民来电反映：${lift}请核实处理。`),
    row('lift, cut off', '13800131001', lift.slice(0, 36)),
    row(
      'lift, in traditional characters',
      '13800131001',
      lift.replaceAll('电梯', '電梯').replaceAll('开', '開'),
    ),
    row('the same lift, by another', '13800131002', lift),
    row('a lift elsewhere', '13800131003', lift.replaceAll('槐荫里', '柳泉苑')),
    row('plant', '13800131004', plant),
    row('plant, by somebody', null, `${plant}谢谢。`),
    row('another matter of that person', '13800131001', '梧桐巷口的路灯坏了半个月，夜里看不清台阶。'),
  ]

  /** Which reports are the same one, whichever came first. */
  function groupsOf(verdicts: ReadonlyMap<string, Verdict>): readonly string[] {
    const masterOf = (id: string) => verdicts.get(id)?.masterId ?? id
    return [...Map.groupBy(verdicts.keys(), masterOf).values()]
      .map((ids) => ids.toSorted().join(' = '))
      .sort()
  }

  test('make the same groups of repeats in whatever order they come', async () => {
    const wanted = groupsOf(await verdictsOf(rows))
    expect(wanted.map((group) => group.split(' = ').length).toSorted()).toEqual([1, 1, 1, 2, 4])
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        expect(groupsOf(await verdictsOf(shuffled))).toEqual(wanted)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
