import { describe, expect, inject, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { decideBatch } from './batch.ts'
import { countedMaster } from './counting.ts'
import { Decider } from './decider.ts'
import type { TicketReading } from './interpret.ts'
import { carryOut } from './rule.ts'
import type { Commit, PendingItem, Store, TicketWrite } from './stores/store.ts'
import { decidedAt, idOf, processing, publishedAt } from './stores/suite/fixtures.ts'
import { freshMongo, freshSqlite } from './stores/suite/fresh.ts'
import { readingOf } from './testing/readings.ts'

// A report whose words are corrected after something was decided about it.

const lamp = '通京大道与杏园路路口的路灯坏了半个月，晚上一片漆黑，老人摔了一跤，请尽快派人来修理。'
const nursery = '小太阳幼儿园食堂给孩子吃过期的牛奶和发霉的面包，好几个孩子拉肚子，请卫生部门调查处理。'
const bus = '33路公交车司机在体育馆站不停站，态度恶劣还辱骂乘客，希望公交公司严肃处理并公开道歉。'
const plant = [
  '杏园镇恒固沥青拌和站这几天一到夜里就开炉，烟囱冒黄烟，刺鼻的沥青味飘到杏园村七组，家里不敢开窗，请查处。',
  '来电人称恒固沥青拌和站夜间生产排放黄烟，杏园村多户村民闻到刺鼻的沥青味，老人咳嗽不止，要求环保部门检查。',
  '我是杏园小学学生家长，恒固沥青拌和站就在学校西边三百米，上午操场上全是沥青味，有孩子恶心头晕，希望停产整改。',
] as const

/** A caller of null is unknown. */
type Row = readonly [name: string, caller: number | null, words: string, at?: string]

let seq = 0

/** A row as it is read; the same name again is its correction. */
function reading([name, caller, words, at = '2026-03-01T08:00:00+08:00']: Row): TicketReading<PendingItem> {
  seq += 1
  const version = `${name} ${caller} ${words} ${at}`
  const phone = caller === null ? null : `+861380013${1000 + caller}`
  return readingOf({ name, version, seq }, phone, { body: words, submittedAt: at })
}

const cut = new Error('cut')

const newness = ({ ticket: { revision } }: TicketWrite) => (revision === 1 ? 1 : 0)

/** Decides rows in one batch. @param kept so many tickets are written, and no links; null: all of it */
async function arriving(
  store: Store,
  readings: readonly TicketReading<PendingItem>[],
  kept: number | null = null,
): Promise<Commit> {
  const lease = await processing(store)
  const commit = { ...(await decideBatch(readings, store, new Decider(defaultDedupe))), outcomes: [] }
  // MongoDB writes what is new last.
  const ordered = commit.tickets.toSorted((a, b) => newness(a) - newness(b))
  const tickets = ordered.slice(0, kept ?? ordered.length)
  const written = kept === null ? commit : { ...commit, tickets, links: [], terms: null }
  await store.commit(written, lease, decidedAt).finally(() => store.release(lease))
  if (kept !== null && kept < commit.tickets.length) throw cut
  return commit
}

async function arrive(store: Store, ...rows: readonly Row[]): Promise<void> {
  await arriving(store, rows.map(reading))
}

async function publishAll(store: Store): Promise<void> {
  await store.markPublished(await store.outbox(100), publishedAt)
}

const of = (store: Store, name: string) => store.ticket(idOf('T', name))
const dedupeOf = async (store: Store, name: string) => (await of(store, name))?.dedupe
const waiting = async (store: Store) =>
  (await store.outbox(100)).map(({ event, ticketId }) => `${event} ${ticketId}`).sort()

async function historyOf(store: Store, name: string) {
  const { history = [] } = (await dedupeOf(store, name)) ?? {}
  return history.map(({ by, event, masterId, incidentId }) => [by, event, masterId ?? incidentId])
}

/** All that is known of these tickets. */
async function everything(store: Store, names: readonly string[]) {
  const tickets = (await Promise.all(names.map((name) => of(store, name)))).flatMap((one) => one ?? [])
  const counts = [...(await store.linkCounts(tickets.map(countedMaster), []))].map(
    ([id, { channels: _, ...rest }]) => [id, rest],
  )
  const incidents = [...new Set(tickets.flatMap(({ dedupe }) => dedupe.incidentId ?? []))].sort()
  return {
    tickets: tickets.map(({ revision: _, ...rest }) => rest),
    counts: Object.fromEntries(counts),
    incidents: Object.fromEntries(await store.incidentCounts(incidents, [])),
    waiting: await waiting(store),
  }
}

const stores = [
  ['sqlite', () => freshSqlite()],
  ['mongodb', () => freshMongo(inject('mongoUrl'))],
] as const

describe.each(stores)('a correction in %s', (_, fresh) => {
  const test = (name: string, work: (store: Store, another: () => Promise<Store>) => Promise<void>) =>
    it(name, async () => {
      const opened: { store: Store; dispose: () => Promise<void> }[] = []
      const another = async () => {
        const { open, dispose } = await fresh()
        const store = await open()
        opened.push({ store, dispose })
        return store
      }
      try {
        await work(await another(), another)
      } finally {
        for (const { store, dispose } of opened) {
          await store.close()
          await dispose()
        }
      }
    })

  const a1 = idOf('T', 'A1')

  const many = (words: string) => Array.from({ length: 20 }, (_, at): Row => [`M${at}`, null, words])
  const batches: readonly (readonly [
    where: string,
    before: readonly Row[],
    then: readonly Row[],
    after: readonly Row[],
  ])[] = [
    [
      'more are corrected than are looked at',
      [...many(lamp), ['N', null, nursery]],
      [...many(bus).slice(1), ['Z', null, lamp]],
      [],
    ],
    [
      'all came at one moment',
      [
        ['A', null, nursery],
        ['B', null, bus],
        ['C', null, nursery],
      ],
      [
        ['A', null, bus],
        ['D', null, bus],
      ],
      [],
    ],
    [
      'it comes in the batch that makes its ticket',
      [],
      [
        ['A', null, lamp],
        ['A', null, bus],
        ['B', null, lamp],
        ['C', null, lamp],
        ['B', null, bus],
      ],
      [['D', null, bus]],
    ],
  ]
  for (const [where, before, then, after] of batches)
    test(`brings the same whether it comes with others or alone, where ${where}`, async (store, another) => {
      const singly = await another()
      for (const each of [store, singly]) await arrive(each, ...before)
      await arrive(store, ...then)
      for (const row of then) await arrive(singly, row)
      for (const each of [store, singly]) for (const row of after) await arrive(each, row)
      const names = [...new Set([...before, ...then, ...after].map(([name]) => name))]
      const masters = (of: Store) =>
        Promise.all(names.map(async (name) => (await dedupeOf(of, name))?.masterId))
      expect(await masters(store)).toEqual(await masters(singly))
      expect(await waiting(store)).toHaveLength(names.length)
    })

  test('leaves its master when its words are about something else', async (store) => {
    await arrive(store, ['A1', 1, lamp], ['A2', 1, `${lamp}谢谢。`])
    expect(await dedupeOf(store, 'A2')).toMatchObject({ verdict: 'duplicate', masterId: a1 })
    await publishAll(store)
    await arrive(store, ['A2', 1, nursery])
    expect(await of(store, 'A2')).toMatchObject({
      revision: 2,
      body: nursery,
      dedupe: { verdict: 'new', masterId: null, score: null, reasons: [], apartFrom: [] },
    })
    expect(await dedupeOf(store, 'A2')).toMatchObject({ decidedBy: 'algorithm', reports: 1 })
    expect(await historyOf(store, 'A2')).toEqual([
      ['algorithm', 'linked', a1],
      ['algorithm', 'unlinked', a1],
    ])
    expect(await dedupeOf(store, 'A1')).toMatchObject({ reports: 1, reporters: 1 })
    expect((await store.linkCounts([{ id: a1, reporterKey: null }], [])).get(a1)).toMatchObject({
      reports: 0,
    })
    expect(await waiting(store)).toEqual(
      [`ticket.unlinked ${idOf('T', 'A2')}`, `ticket.updated ${a1}`].sort(),
    )
  })

  test('goes from one master to another, or becomes the repeat of one', async (store) => {
    await arrive(store, ['A1', 1, lamp], ['B1', 1, nursery], ['A2', 1, `${lamp}谢谢。`], ['C1', 1, bus])
    await publishAll(store)
    await arrive(store, ['A2', 1, `${nursery}谢谢。`], ['C1', 1, `${nursery}谢谢！`])
    const masterId = idOf('T', 'B1')
    for (const name of ['A2', 'C1'])
      expect(await dedupeOf(store, name)).toMatchObject({ verdict: 'duplicate', masterId })
    expect(await historyOf(store, 'A2')).toEqual([
      ['algorithm', 'linked', a1],
      ['algorithm', 'unlinked', a1],
      ['algorithm', 'linked', masterId],
    ])
    const reports = async (name: string) => (await dedupeOf(store, name))?.reports
    expect([await reports('A1'), await reports('B1')]).toEqual([1, 3])
    expect(await waiting(store)).toEqual(
      [
        ...[`ticket.updated ${a1}`, `ticket.updated ${masterId}`],
        ...['A2', 'C1'].map((name) => `ticket.linked ${idOf('T', name)}`),
      ].sort(),
    )
  })

  test('stays where it is while its words still say so, with reasons of its new words', async (store) => {
    await arrive(store, ['A1', 1, lamp], ['A2', 1, lamp])
    expect((await dedupeOf(store, 'A2'))?.reasons).toContain('正文相同')
    await publishAll(store)
    await arrive(store, ['A2', 1, `${lamp}电话白天打。`])
    const after = await dedupeOf(store, 'A2')
    expect(after).toMatchObject({ verdict: 'duplicate', masterId: a1 })
    expect(after?.reasons).not.toContain('正文相同')
    expect(await historyOf(store, 'A2')).toEqual([['algorithm', 'linked', a1]])
    expect(await dedupeOf(store, 'A1')).toMatchObject({ reports: 2, reporters: 1 })
    expect(await waiting(store)).toEqual([`ticket.updated ${idOf('T', 'A2')}`])
  })

  test('changes nothing where a person has ruled, nor where others repeat the ticket', async (store) => {
    await arrive(store, ['A1', 1, lamp], ['A2', 1, `${lamp}谢谢。`], ['B1', 1, nursery])
    const lease = await processing(store)
    const words = { verdict: 'duplicate', ticketId: idOf('T', 'B1'), otherId: a1 } as const
    await carryOut(words, store, lease, publishedAt)
    await store.release(lease)
    await arrive(store, ['B1', 1, bus], ['A1', 1, `${nursery}请查。`])
    expect(await dedupeOf(store, 'B1')).toMatchObject({ masterId: a1, decidedBy: 'person' })
    expect(await of(store, 'A1')).toMatchObject({
      body: `${nursery}请查。`,
      dedupe: { verdict: 'new', reports: 3 },
    })
    expect(await dedupeOf(store, 'A2')).toMatchObject({ masterId: a1 })
  })

  test('is linked, and not unlinked, where it repeats a ticket of its incident, or goes from a master into an incident', async (store) => {
    const [one, other, third] = plant
    await arrive(store, ['A1', 1, one], ['A2', 2, other], ['A3', 3, third])
    const incident = `I-${a1.slice(2)}`
    expect(await dedupeOf(store, 'A3')).toMatchObject({ verdict: 'related', incidentId: incident })
    await arrive(store, ['B1', 4, lamp], ['B2', 4, `${lamp}谢谢。`])
    await publishAll(store)
    await arrive(store, ['A3', 1, `${one}谢谢。`])
    expect(await dedupeOf(store, 'A3')).toMatchObject({ masterId: a1, incidentId: incident })
    expect(await historyOf(store, 'A3')).toEqual([
      ['algorithm', 'linked', incident],
      ['algorithm', 'linked', a1],
    ])
    await arrive(store, ['B2', 4, `${other}谢谢。`])
    expect(await dedupeOf(store, 'B2')).toMatchObject({ masterId: null, incidentId: incident })
    const told = await waiting(store)
    for (const name of ['A3', 'B2']) expect(told).toContain(`ticket.linked ${idOf('T', name)}`)
  })

  test('of anything but its words leaves its verdict, also where a later report is like it', async (store) => {
    await arrive(store, ['A1', 1, lamp])
    await arrive(store, ['A2', 2, lamp])
    const before = await dedupeOf(store, 'A1')
    expect(before).toMatchObject({ verdict: 'new', score: null, incidentId: `I-${a1.slice(2)}` })
    await arrive(store, ['A1', 3, lamp])
    const { reporters: _, incident: __, ...after } = { ...(await dedupeOf(store, 'A1')) }
    expect(before).toMatchObject(after)
  })

  test('of who reports is counted, whether by a master, its repeat or a ticket alone', async (store) => {
    const reporters = async () =>
      Promise.all(['A1', 'A2', 'B1'].map(async (name) => (await dedupeOf(store, name))?.reporters))
    await arrive(store, ['A1', 1, lamp], ['A2', 1, `${lamp}谢谢。`], ['B1', null, bus])
    expect(await dedupeOf(store, 'A2')).toMatchObject({ masterId: a1 })
    expect(await reporters()).toEqual([1, 1, 0])
    await arrive(store, ['A1', 2, lamp], ['B1', 3, bus])
    expect(await reporters()).toEqual([2, 1, 1])
    await arrive(store, ['A2', 2, `${lamp}谢谢。`])
    expect(await reporters()).toEqual([1, 1, 1])
    await arrive(store, ['A2', null, `${lamp}谢谢。`], ['A1', null, lamp])
    expect(await reporters()).toEqual([0, 0, 1])
  })

  test('tells what is known by then of the incident that it stays in', async (store) => {
    for (const [place, words] of plant.entries()) await arrive(store, [`P${place}`, place, words])
    expect(await dedupeOf(store, 'P0')).toMatchObject({ incident: { reports: 2, reporters: 2 } })
    await arrive(store, ['P0', 9, plant[0], '2026-03-01T07:00:00+08:00'])
    const incident = { reports: 3, reporters: 3, firstAt: '2026-03-01T07:00:00+08:00' }
    expect(await dedupeOf(store, 'P0')).toMatchObject({ incident })
  })

  test('that leaves a verdict says so in its reasons, once, also in one batch', async (one, another) => {
    const together = await another()
    const first: readonly Row[] = [
      ...([
        ['A1', 1, lamp],
        ['A2', 1, `${lamp}谢谢。`],
      ] as const),
      ...([
        ['P1', 2, plant[0]],
        ['P2', 3, plant[1]],
        ['P3', 3, `${plant[1]}谢谢。`],
      ] as const),
    ]
    const then: readonly Row[] = [
      ['A2', 1, `${lamp}谢谢。`, '2026-03-04T08:00:00+08:00'],
      ['A2', 2, `${lamp}谢谢。`, '2026-03-04T08:00:00+08:00'],
      ['P2', 3, nursery],
    ]
    for (const row of first) await arrive(one, row)
    const before = await dedupeOf(one, 'P2')
    expect(before).toMatchObject({ verdict: 'related', reports: 2 })
    const { reasons: said = [] } = (await dedupeOf(one, 'A2')) ?? {}
    expect(said.at(-1)).toBe('相隔不到 1 天')
    for (const row of then) await arrive(one, row)
    await arrive(together, ...first, ...then)
    for (const store of [one, together]) {
      const after = '以上依据更正前的内容'
      expect((await dedupeOf(store, 'A2'))?.reasons).toEqual([...said, after])
      expect(await dedupeOf(store, 'P2')).toMatchObject({ reasons: [...(before?.reasons ?? []), after] })
      expect((await dedupeOf(store, 'P1'))?.reasons).toEqual([])
      expect((await dedupeOf(store, 'P3'))?.reasons).not.toContain(after)
    }
  })

  test('begins on the queue as created what was linked and is a report of its own before it goes out', async (store, another) => {
    const together = await another()
    const rows: readonly Row[] = [
      ...([
        ['P1', 2, plant[0]],
        ['A1', 1, lamp],
        ['A2', 1, `${lamp}谢谢。`],
      ] as const),
      ['A2', 1, plant[1]],
    ]
    for (const row of rows) await arrive(store, row)
    await arrive(together, ...rows)
    for (const one of [store, together]) {
      expect(await dedupeOf(one, 'A2')).toMatchObject({ verdict: 'related', masterId: null })
      expect(await waiting(one)).toContain(`ticket.created ${idOf('T', 'A2')}`)
    }
  })

  test('of who reports counts for the reports after it, and not for those before it in its batch', async (one, another) => {
    const together = await another()
    const rows: readonly Row[] = [
      ['A2', 1, `${lamp}请尽快派人来修一修。`],
      ['A1', 2, lamp],
      ['A3', 2, `${lamp}谢谢！`],
    ]
    for (const store of [one, together]) await arrive(store, ['A1', 1, lamp])
    for (const row of rows) await arrive(one, row)
    await arrive(together, ...rows)
    for (const store of [one, together]) {
      expect(await dedupeOf(store, 'A2')).toMatchObject({ verdict: 'duplicate', masterId: a1 })
      expect((await dedupeOf(store, 'A3'))?.reasons).toContain('同一手机号')
    }
  })

  test('of when it was reported counts for the reports after it, also in one batch', async (one, another) => {
    const together = await another()
    const rows: readonly Row[] = [
      ['A1', 1, lamp, '2020-03-01T08:00:00+08:00'],
      ['A1', 1, lamp],
      ['A2', 1, `${lamp}谢谢。`],
    ]
    for (const row of rows) await arrive(one, row)
    await arrive(together, ...rows)
    for (const store of [one, together]) expect(await dedupeOf(store, 'A2')).toMatchObject({ masterId: a1 })
  })

  test('leaves together what a person has linked, also where it is of the one that was named second', async (store) => {
    await arrive(store, ['A1', 1, lamp], ['A2', 1, `${lamp}谢谢。`], ['B1', 1, nursery])
    await arrive(store, ['P1', 1, plant[0]], ['P2', 2, plant[1]], ['P3', 3, plant[2]], ['C1', 1, bus])
    const incidentId = `I-${idOf('T', 'P1').slice(2)}`
    const lease = await processing(store)
    const [b1, a2, c1, p3] = ['B1', 'A2', 'C1', 'P3'].map((name) => idOf('T', name)) as [
      string,
      string,
      string,
      string,
    ]
    await carryOut({ verdict: 'duplicate', ticketId: b1, otherId: a2 }, store, lease, publishedAt)
    await carryOut({ verdict: 'related', ticketId: c1, otherId: p3 }, store, lease, publishedAt)
    await store.release(lease)
    await arrive(store, ['A2', 1, `${bus}请查。`], ['P3', 3, `${nursery}请查。`])
    for (const name of ['B1', 'A2']) expect(await dedupeOf(store, name)).toMatchObject({ masterId: a1 })
    for (const name of ['C1', 'P3']) expect(await dedupeOf(store, name)).toMatchObject({ incidentId })
    expect(await historyOf(store, 'A2')).toEqual([
      ['algorithm', 'linked', a1],
      ['person', 'linked', a1],
    ])
  })

  test('brings a ticket into no incident of one that a person took away from it', async (store) => {
    await arrive(store, ['A1', 1, plant[0]], ['A2', 1, `${plant[0]}谢谢。`])
    const lease = await processing(store)
    await carryOut({ verdict: 'apart', ticketId: idOf('T', 'A2') }, store, lease, publishedAt)
    await store.release(lease)
    await arrive(store, ['A1', 1, nursery], ['P2', 2, plant[1]])
    const incidentId = `I-${idOf('T', 'A2').slice(2)}`
    for (const name of ['A2', 'P2']) expect(await dedupeOf(store, name)).toMatchObject({ incidentId })
    await arrive(store, ['A1', 1, plant[2]])
    expect(await dedupeOf(store, 'A1')).toMatchObject({ verdict: 'new', incidentId: null })
  })

  test('leaves its incident, which never takes it back by founding one of its name', async (store) => {
    await arrive(store, ['P1', 1, plant[0]], ['P2', 2, plant[1]], ['P3', 3, plant[2]])
    const incidentId = `I-${idOf('T', 'P1').slice(2)}`
    for (const name of ['P1', 'P2', 'P3']) expect(await dedupeOf(store, name)).toMatchObject({ incidentId })
    await publishAll(store)
    await arrive(store, ['P1', 1, nursery])
    expect(await dedupeOf(store, 'P1')).toMatchObject({ verdict: 'new', incidentId: null, incident: null })
    expect(await waiting(store)).toEqual([`ticket.unlinked ${idOf('T', 'P1')}`])
    expect((await store.incidentCounts([incidentId], [])).get(incidentId)).toMatchObject({ reports: 2 })
    await arrive(store, ['P4', 4, nursery])
    const own = `I-${idOf('T', 'P4').slice(2)}`
    for (const name of ['P1', 'P4']) expect(await dedupeOf(store, name)).toMatchObject({ incidentId: own })
    expect((await dedupeOf(store, 'P4'))?.incident).toMatchObject({ reports: 2, reporters: 2 })
    expect((await store.incidentCounts([incidentId], [])).get(incidentId)).toMatchObject({ reports: 2 })
  })

  const before: readonly Row[] = [
    ['A1', 1, lamp],
    ['A2', 1, `${lamp}谢谢。`],
    ['B1', 1, nursery],
    ['C1', 1, bus],
    ['P1', 2, plant[0]],
    ['P2', 3, plant[1]],
  ]
  const corrections: readonly Row[] = [
    ['A2', 1, `${nursery}谢谢。`],
    ['C1', 1, plant[2]],
    ['P2', 3, `${bus}谢谢。`],
    ['A1', 1, `${nursery}谢谢！`],
    ['N1', 5, `${lamp}谢谢。`],
    ['B1', 1, `${nursery}请回复。`],
  ]
  const names = [...before, ['N1']].map(([name = '']) => name)

  test('is decided equally, however rows are batched', async (one, another) => {
    const other = await another()
    await arrive(one, ...before)
    await arrive(other, ...before)
    await arrive(one, ...corrections)
    for (const row of corrections) await arrive(other, row)
    const verdicts = async (store: Store) =>
      Promise.all(
        names.map(async (name) => {
          const { masterId, incidentId, reports, verdict, reasons, suggestion } =
            (await dedupeOf(store, name)) ?? ({} as Partial<Ticket['dedupe']>)
          return [name, verdict, masterId, incidentId, reports, reasons, suggestion]
        }),
      )
    expect(await verdicts(one)).toEqual(await verdicts(other))
    expect((await dedupeOf(one, 'A1'))?.masterId).toBe(idOf('T', 'B1'))
    await arrive(one, ['C1', 1, bus], ['P2', 3, `${bus}谢谢。`], ['C1', 1, plant[2]])
    expect((await dedupeOf(one, 'C1'))?.incident?.label).toContain('沥青')
  })

  test('gives its place among those compared to the next, also in one batch', async (one, another) => {
    const still = '石塘冲路围挡里都种上菜了，到底还修不修'
    const asked = '来电人问石塘冲路围挡里都种上菜了，到底还修不修，请回复'
    const slow = '石塘冲路提质改造进度缓慢，围挡一直没拆，救护车进不来，到底几时修完'
    const both = '石塘冲路提质改造进度缓慢，围挡里都种上菜了，救护车进不来，到底还修不修'
    const on = (day: number) => `2026-03-0${day}T08:00:00+08:00`
    const corrected: Row = ['E1', 1, lamp, on(2)]
    const later: Row = ['F1', 2, both, on(9)]
    for (const store of [one, await another()]) {
      await arrive(store, ['G1', 4, still, on(1)], ['A1', 3, slow, on(5)], ['C1', 4, still, on(3)])
      await arrive(store, ['B1', 1, asked, on(4)])
      await arrive(store, ['E1', 1, asked, on(2)], ['B1', 3, both, on(9)])
      if (store === one) await arrive(store, corrected, later)
      else for (const row of [corrected, later]) await arrive(store, row)
      const incidentId = (await dedupeOf(store, 'F1'))?.incidentId
      expect(incidentId).not.toBeNull()
      expect(await dedupeOf(store, 'A1')).toMatchObject({ incidentId })
    }
  })

  test('that comes twice in one batch counts once for the master that it leaves', async (store) => {
    await arrive(store, ['A1', 1, lamp], ['A2', 1, `${lamp}谢谢。`])
    expect(await dedupeOf(store, 'A1')).toMatchObject({ reports: 2 })
    await arrive(store, ['A2', 1, nursery], ['A2', 1, bus])
    expect(await dedupeOf(store, 'A2')).toMatchObject({ masterId: null })
    expect(await dedupeOf(store, 'A1')).toMatchObject({ reports: 1 })
  })

  test('of a master is found by its new words by the reports after it, also in one batch', async (one, another) => {
    const together = await another()
    const rows: readonly Row[] = [
      ['master', 0, lamp],
      ['repeat', 0, lamp],
      ['master', 0, nursery],
      ['neighbour', 5, nursery],
    ]
    for (const row of rows) await arrive(one, row)
    await arrive(together, ...rows)
    const incidentId = `I-${idOf('T', 'master').slice(2)}`
    for (const store of [one, together]) {
      expect(await dedupeOf(store, 'master')).toMatchObject({ reports: 2, incidentId })
      expect(await dedupeOf(store, 'neighbour')).toMatchObject({ verdict: 'related', incidentId })
    }
  })

  test('of a ticket alone is found by its new words by the reports after it, also in one batch', async (one, another) => {
    const together = await another()
    const rows: readonly Row[] = [
      ['A1', 1, lamp],
      ['A1', 1, nursery],
      ['A2', null, nursery],
    ]
    for (const row of rows) await arrive(one, row)
    await arrive(together, ...rows)
    for (const store of [one, together])
      expect(await dedupeOf(store, 'A2')).toMatchObject({ verdict: 'duplicate', masterId: a1 })
  })

  test('of a master that was interrupted leaves it no count of what repeats its new words no more', async (one, another) => {
    const rows = [
      ['master', 0, lamp],
      ['repeat', 0, lamp],
      ['master', 0, nursery],
    ] as const
    for (const [store, known] of [[one, 1] as const, [await another(), 0] as const]) {
      await arrive(store, ...rows.slice(0, known))
      const then = rows.slice(known).map(reading)
      await arriving(store, then, 1).catch((error) => expect(error).toBe(cut))
      expect(await dedupeOf(store, 'master')).toMatchObject({ reports: 2 })
      // The first version is superseded.
      for (const each of then.slice(-2)) await arriving(store, [each])
      expect(await dedupeOf(store, 'repeat')).toMatchObject({ verdict: 'new' })
      expect(await dedupeOf(store, 'master')).toMatchObject({ reports: 1 })
    }
  })

  test('that was interrupted at any ticket is completed by its repetition', async (_whole, another) => {
    const first = before.map(reading)
    const then = corrections.map(reading)
    const run = async (kept: number | null) => {
      const store = await another()
      await arriving(store, first)
      await publishAll(store)
      if (kept !== null) await arriving(store, then, kept).catch((error) => expect(error).toBe(cut))
      const { tickets } = await arriving(store, then)
      const state = JSON.stringify(await everything(store, names))
      // The repetition compares with words that came later in the batch.
      return {
        count: tickets.length,
        state: JSON.parse(state.replaceAll(/正文相似度 0\.\d\d/g, '正文相似度')),
      }
    }
    const { count, state } = await run(null)
    expect(count).toBeGreaterThan(5)
    // After the last one the links are missing.
    for (let kept = 0; kept <= count; kept++)
      expect((await run(kept)).state, `after ${kept} tickets`).toEqual(state)
  })
})
