import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Ticket } from '../normalizers/ticket.ts'
import type { App } from './app.ts'
import { ticketIdOf } from './ids.ts'
import { rebuildIndex } from './rebuild.ts'
import { AppFolder } from './testing/app-folder.ts'

// What a person has undone, and what comes after it: through the whole of processing.

const lift = '槐荫里小区三号楼的电梯从上周一开始停运，六楼的老人已经五天没有下楼，物业说要等厂家的配件。'
const plant = [
  '杏园镇恒固沥青拌和站这几天一到夜里就开炉，烟囱冒黄烟，刺鼻的沥青味飘到杏园村七组，家里不敢开窗，请查处。',
  '来电人称恒固沥青拌和站夜间生产排放黄烟，杏园村多户村民闻到刺鼻的沥青味，老人咳嗽不止，要求环保部门检查。',
  '我是杏园小学学生家长，恒固沥青拌和站就在学校西边三百米，上午操场上全是沥青味，有孩子恶心头晕，希望停产整改。',
  '杏园镇恒固沥青拌和站昨晚十一点多还在冒烟，沥青味熏得睡不着，网格员来过也没有用，请把夜间生产停掉。',
] as const
const signal = new AbortController().signal
const idOf = (number: string) => ticketIdOf('hotline', number)
const incidentOf = (number: string) => `I-${idOf(number).slice(2)}`

let folder: AppFolder
let app: App
let files: number

async function open(store: 'sqlite' | 'mongodb'): Promise<void> {
  const settings = folder.settings()
  const url = `${inject('mongoUrl')}/undo_${randomUUID().slice(0, 8)}`
  app = await folder.open(store === 'sqlite' ? settings : { ...settings, store: { url } })
}

beforeEach(() => {
  files = 0
  folder = new AppFolder(inject('redisUrl'))
})

afterEach(() => folder.end())

/** Brings reports in, each by its number, the last digits of the phone, and its words. */
async function arrive(...reports: readonly (readonly [number: string, phone: string, words: string])[]) {
  const rows = reports.map(
    ([number, phone, words]) => `${number},,1380013${phone},2026-03-02 08:0${files},${words}`,
  )
  const text = ['工单编号,诉求人,联系电话,诉求时间,诉求内容', ...rows].join('\n')
  files += 1
  writeFileSync(join(folder.dir, 'inbox', `${files}.csv`), `${text}\n`)
  const { drain } = await app.collect([{ sourceId: 'hotline' }], { signal })
  expect(drain?.items).toBe(reports.length)
}

const apart = (number: string) => app.rule({ verdict: 'apart', ticketId: idOf(number) }, signal)
const rebuild = () => rebuildIndex(app.store, app.settings, { signal, onProgress: () => {} })

async function dedupeOf(number: string): Promise<Ticket['dedupe'] | undefined> {
  return (await app.store.ticket(idOf(number)))?.dedupe
}

async function historyOf(number: string) {
  const { history = [] } = (await dedupeOf(number)) ?? {}
  return history.map(({ by, event, masterId, incidentId }) => [by, event, masterId ?? incidentId])
}

describe.each(['sqlite', 'mongodb'] as const)('what a person has undone in %s', (store) => {
  beforeEach(() => open(store))

  it('is not linked again when the index is made anew, it is corrected, or the report comes once more', async () => {
    await arrive(['A1', '1001', lift], ['A2', '1001', `${lift}谢谢。`])
    expect(await dedupeOf('A2')).toMatchObject({ masterId: idOf('A1') })
    await apart('A2')
    await rebuild()
    await arrive(['A2', '1001', `${lift}谢谢！电话白天打。`])
    await arrive(['A3', '1001', lift], ['A4', '1001', `${lift}谢谢。`])
    await rebuild()
    const ruled = { verdict: 'new', masterId: null, decidedBy: 'person', apartFrom: [idOf('A1')] }
    expect(await dedupeOf('A2')).toMatchObject(ruled)
    const [first, undone] = [await dedupeOf('A1'), await dedupeOf('A2')]
    const masters = [await dedupeOf('A3'), await dedupeOf('A4')].map((later) => later?.masterId)
    expect([idOf('A1'), idOf('A2')]).toEqual(expect.arrayContaining(masters))
    const countedBy = (number: string) => 1 + masters.filter((id) => id === idOf(number)).length
    expect([first?.reports, undone?.reports]).toEqual([countedBy('A1'), countedBy('A2')])
    expect(await historyOf('A2')).toEqual([
      ['algorithm', 'linked', idOf('A1')],
      ['person', 'unlinked', idOf('A1')],
    ])
  })

  it('stays outside an incident that bears its name, also when a later report makes it part of another', async () => {
    const [one, other, third, fourth] = plant
    await arrive(['B1', '1001', one], ['B2', '1002', other], ['B3', '1003', third])
    const incident = incidentOf('B1')
    for (const number of ['B1', 'B2', 'B3'])
      expect(await dedupeOf(number)).toMatchObject({ incidentId: incident })
    await apart('B1')
    await rebuild()
    await arrive(['B4', '1004', one], ['B5', '1005', fourth])
    for (const number of ['B2', 'B3']) {
      expect(await dedupeOf(number)).toMatchObject({ incidentId: incident })
      expect(await historyOf(number)).toEqual([['algorithm', 'linked', incident]])
    }
    const later = await dedupeOf('B1')
    expect(later?.apartFrom).toEqual([incident])
    const own = later?.incidentId
    expect([incidentOf('B4'), incidentOf('B5')]).toContain(own)
    expect(await historyOf('B1')).toEqual([
      ['algorithm', 'linked', incident],
      ['person', 'unlinked', incident],
      ['algorithm', 'linked', own],
    ])
  })

  it('may make an incident of its own, and the tickets of both keep what was before', async () => {
    const [one, other, third, fourth] = plant
    await arrive(['C1', '1001', one], ['C2', '1002', other], ['C3', '1003', third], ['C4', '1004', fourth])
    const incident = incidentOf('C1')
    await apart('C3')
    await app.rule({ verdict: 'related', ticketId: idOf('C4'), otherId: idOf('C3') }, signal)
    await rebuild()
    const split = incidentOf('C3')
    const own = await Promise.all(
      ['C1', 'C2', 'C3', 'C4'].map(async (number) => (await dedupeOf(number))?.incidentId),
    )
    expect(own).toEqual([incident, incident, split, split])
    for (const number of ['C1', 'C2'])
      expect(await historyOf(number)).toEqual([['algorithm', 'linked', incident]])
    for (const number of ['C3', 'C4'])
      expect(await historyOf(number)).toEqual([
        ['algorithm', 'linked', incident],
        ['person', 'unlinked', incident],
        ['person', 'linked', split],
      ])
    const incidents = await app.store.findIncidents({ since: 0, limit: 5 })
    expect(incidents.map(({ id, reports }) => [id, reports]).sort()).toEqual(
      [
        [incident, 2],
        [split, 2],
      ].sort(),
    )
  })
})
