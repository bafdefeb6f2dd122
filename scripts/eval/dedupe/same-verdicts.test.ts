import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { formatInstant } from '../../../normalizers/time.ts'
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

  test.each([1, 7, 100])('are judged alike in batches of %d and all at once', async (batchSize) => {
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

test('equal reports that come newest first have one master, wherever a batch ends', async () => {
  const at = Date.parse('2026-02-20T08:00:00+08:00')
  const rows = Array.from({ length: 40 }, (_, number): EvalRow => {
    const submittedAt = formatInstant(at - number * 60_000, 'Asia/Shanghai')
    const body = '青石路与解放北街拐角的化粪池外溢，臭水流进我们商铺，已经一个星期，请尽快清掏。'
    return {
      ...{
        id: String(number),
        channel: 'hotline',
        sourceId: 'hotline',
        submittedAt,
        name: null,
        phone: null,
      },
      ...{ title: null, body, place: null, report: 'all', incident: null },
    }
  })
  for (const batchSize of [1, 7, 40]) {
    const verdicts = [...(await verdictsOf(rows, { batchSize })).values()]
    expect(verdicts.filter(({ masterId }) => masterId === '0')).toHaveLength(39)
  }
})

describe('reports of one batch', () => {
  const lift = '槐荫里小区三号楼的电梯从上周一开始停运，六楼的老人已经五天没有下楼，物业说要等厂家的配件。'
  const plant = '恒固沥青拌和站夜里开炉冒黄烟，刺鼻的气味飘进杏园村七组，家家不敢开窗，请环保局来测废气。'
  const wages =
    '我在云栖广场二期工地做钢筋工，包工头孙某拖欠我三个月工资共两万一千四百元，打电话不接，项目部让我去找劳务公司。'
  const sewer =
    '银杏路88号菜市场门口的污水井堵了四天，粪水流到人行道上，买菜的人踮着脚走，市政来过一次说没带工具。'
  const school = '文汇路实验小学门口每天放学堵死，没有交警指挥，孩子过马路太危险。'
  const row = (id: string, phone: string | null, body: string, given: Partial<EvalRow> = {}): EvalRow => ({
    ...{ id, channel: 'hotline', sourceId: 'hotline', submittedAt: '2026-02-20T08:00:00+08:00', name: null },
    ...{ phone, title: null, body, place: null, report: null, incident: null },
    ...given,
  })
  const later = { submittedAt: '2026-02-24T09:30:00+08:00' }
  const onBoard = { channel: 'board', sourceId: 'board' } as const
  /** Rows of one group are one report; each of `alone` looks like one of them, and is not. */
  const repeats: Readonly<Record<string, readonly EvalRow[]>> = {
    lift: [
      row('lift', '13800131001', lift),
      row('lift, framed', '13800131001', `市民来电反映：${lift}请核实处理。`),
      row('lift, framed by another', '13800131001', `来电人称，${lift}诉求人要求尽快维修并回电告知结果。`),
      row('lift, cut off', '13800131001', lift.slice(0, 36)),
      row(
        'lift, in traditional characters',
        '13800131001',
        '槐蔭里小區三號樓的電梯從上週一開始停運，六樓的老人已經五天沒有下樓，物業說要等廠家的配件。',
      ),
      row('lift, reminded', '13800131001', `市民来电催办：${lift}此前已反映过，至今没有人来修。`, later),
    ],
    plant: [
      row('plant', '13800131004', plant),
      row('plant, by somebody', null, `${plant}谢谢。`),
      row('plant, on the board', null, plant, onBoard),
    ],
    wages: [
      row('wages', '13800131005', wages, { name: '周先生' }),
      row('wages, by mail', null, `尊敬的领导：您好！${wages}恳请领导为农民工做主，谢谢！`, {
        ...{ name: '周先生', channel: 'email', sourceId: 'mail' },
      }),
      row('wages, reminded', '13800131005', `周先生再次来电催促：${wages}至今未收到答复。`, {
        ...{ name: '周先生', ...later },
      }),
    ],
    sewer: [
      row('sewer', '13800131007', sewer),
      row('sewer, again', '13800131007', `${sewer}今天又漫出来了，请快点派人。`, later),
    ],
    school: [row('school', null, school), row('school, on the board', null, school, onBoard)],
  }
  const alone = [
    row('the same lift, by another', '13800131002', lift),
    row('a lift elsewhere', '13800131003', lift.replaceAll('槐荫里', '柳泉苑')),
    row('wages of another', '13800131006', wages.replace('三个月', '两个月'), { name: '吴先生' }),
    row('sewer in another street', '13800131007', sewer.replace('银杏路88号', '玉兰路12号')),
    row('school in another street', null, school.replace('文汇路', '建设路')),
    row('another matter of that person', '13800131001', '梧桐巷口的路灯坏了半个月，夜里看不清台阶。'),
  ]
  const rows = [...Object.values(repeats).flat(), ...alone]
  const namesOf = (group: readonly { readonly id: string }[]) =>
    group
      .map(({ id }) => id)
      .toSorted()
      .join(' = ')

  /** Which reports are the same one, whichever came first. */
  function groupsOf(verdicts: ReadonlyMap<string, Verdict>): readonly string[] {
    const found = [...verdicts].map(([id, { masterId }]) => ({ id, masterId: masterId ?? id }))
    return [...Map.groupBy(found, ({ masterId }) => masterId).values()].map(namesOf).sort()
  }

  test('make the same groups of repeats in whatever order they come, and the traps stand alone', async () => {
    const wanted = [...Object.values(repeats), ...alone.map((trap) => [trap])].map(namesOf).sort()
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        expect(groupsOf(await verdictsOf(shuffled))).toEqual(wanted)
      }),
      { numRuns: 25, examples: [[rows], [rows.toReversed()]] },
    )
  }, 60_000)

  test('are put with no other report in whatever order they come; one that asks after a later one may stand alone', async () => {
    const file = (await caseFiles()).find((name) => name.endsWith('2025-06-to-07.jsonl')) ?? ''
    const cases = [...(await readRows([file]))]
    const labels = new Map(cases.map(({ id, report }) => [id, report ?? id]))
    const repeatsOf = (verdicts: ReadonlyMap<string, Verdict>) =>
      [...verdicts].flatMap(([id, { masterId }]) => (masterId === null ? [] : [[id, masterId] as const]))
    const inOrder = repeatsOf(await verdictsOf(cases)).length
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(cases, { minLength: cases.length }), async (shuffled) => {
        const found = repeatsOf(await verdictsOf(shuffled))
        for (const [id, masterId] of found) expect(labels.get(id)).toBe(labels.get(masterId))
        expect(found.length).toBeGreaterThanOrEqual(inOrder * 0.7)
      }),
      { numRuns: 10 },
    )
  }, 60_000)
})
