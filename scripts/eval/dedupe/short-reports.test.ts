import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runThroughPipeline } from '../../cli/tune/pipeline-run.ts'
import type { EvalRow } from '../../cli/tune/rows.ts'
import { pseudoRandom } from './pseudo-random.ts'

const dir = mkdtempSync(join(tmpdir(), 'yiwang-short-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** Each matter in the words of several people, one of whom is an operator. */
const matters = [
  ['噪音扰民', '晚上放音乐太吵，睡不着', '噪音扰民，影响休息，要求处理'],
  ['乱停车', '门口车辆乱停，堵路', '机动车占用人行道，请交警来管', '违停严重'],
  ['停水', '又停水了', '停水两天没通知', '停水，咨询何时恢复'],
  ['路灯不亮', '路灯坏了', '的路灯好几天不亮', '路灯不亮，存在安全隐患'],
  ['垃圾没人清理', '垃圾堆积，没人清', '垃圾桶满了好几天', '垃圾未清运'],
  ['拖欠工资', '工地拖欠工资三个月', '老板不发工资，请劳动局管'],
  ['油烟扰民', '餐馆油烟直排，熏人', '楼下饭店油烟大', '油烟扰民'],
  ['道路破损', '路面坑洼，骑车摔跤', '路坏了没人修', '道路破损'],
] as const
const characters = '丽湖云锦望康泰福银桂海明翠龙凤安和春华秋'
const endings = ['花园', '小区', '家园', '路', '街', '新城', '公寓', '苑', '广场', '村']

test('short reports of one hour about as many places are kept apart, also in a store that has seen nothing', async () => {
  const random = pseudoRandom(1)
  const one = <Of>(of: ArrayLike<Of>) => of[Math.floor(random() * of.length)] as Of
  const places = new Set<string>()
  while (places.size < 300) places.add(one(characters) + one(characters) + one(endings))
  const rows = [...places].map((place, at): EvalRow => {
    const [title, ...said] = one(matters)
    const words = one(said)
    return {
      ...{ id: String(at), channel: 'hotline', sourceId: 'hotline', name: null, phone: null, place: null },
      submittedAt: new Date(Date.parse('2026-02-20T08:00:00+08:00') + at * 10_000).toISOString(),
      title: random() < 0.5 ? title : null,
      body: `${random() < 0.3 ? '来电人反映' : ''}${place}${words}`,
    }
  })
  const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
  const verdicts = [...(await runThroughPipeline(rows, { dir, clock })).verdicts.values()]
  expect(verdicts.filter(({ verdict }) => verdict === 'duplicate')).toEqual([])
  // By the names of places, which are made at random here, and differ in one character sometimes.
  expect(verdicts.filter(({ verdict }) => verdict === 'related').length).toBeLessThan(25)
}, 60_000)

test('equal reports find each other among many that fill in the same form', async () => {
  const rowOf = (id: string, number: number, hours: number): EvalRow => ({
    ...{ id, channel: 'platform', sourceId: id, name: null, phone: null, title: '网格事件上报', place: null },
    submittedAt: new Date(Date.parse('2026-02-20T08:00:00+08:00') + hours * 3_600_000).toISOString(),
    body: `【网格员上报】网格编号：${600 + number}。巡查发现${characters.charAt(number % 20)}${characters.charAt((7 * number + 3) % 20)}${endings[number % 10]}存在路灯不亮问题，现场已拍照取证，超出网格处置权限，现上报街道综合指挥中心，请派单处理。`,
  })
  const rows = Array.from({ length: 60 }, (_, number) => rowOf(`${number}`, number, number))
  const again = Array.from({ length: 20 }, (_, number) => rowOf(`again ${number}`, number, 72 + number))
  const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
  const folder = join(dir, 'form')
  const { verdicts } = await runThroughPipeline([...rows, ...again], { dir: folder, clock })
  const found = again.map(({ id }) => verdicts.get(id)?.masterId)
  expect(found).toEqual(again.map((_, number) => `${number}`))
}, 60_000)

test.each(['13800131001', null])(
  'a report that comes again each month for two years has one master, by the phone %s',
  async (phone) => {
    const rows = Array.from(
      { length: 24 },
      (_, month): EvalRow => ({
        ...{ id: String(month), channel: 'hotline', sourceId: 'hotline', name: null, phone, place: null },
        submittedAt: new Date(Date.UTC(2024, month, 2, 1)).toISOString(),
        ...{
          title: '声屏障',
          body: '环湖高架从云水谣小区中间穿过，大货车一晚上不停，北面的声屏障还没有装。',
        },
      }),
    )
    const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
    const folder = join(dir, phone ?? 'unknown')
    const { verdicts } = await runThroughPipeline(rows, { dir: folder, clock })
    expect(rows.map(({ id }) => verdicts.get(id)?.masterId)).toEqual([null, ...Array(23).fill('0')])
  },
)
