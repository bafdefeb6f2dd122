import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it, vi } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import { profileOf } from '../dedupe/profile.ts'
import { TermStatistics } from '../dedupe/term-statistics.ts'
import { matchText } from '../normalizers/text.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { decideBatch } from './batch.ts'
import { Decider } from './decider.ts'
import { planDecisions } from './plan.ts'
import { carryOut } from './rule.ts'
import type { Store } from './stores/store.ts'
import { decidedAt, processing, ticket } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'
import { TermLedger } from './term-ledger.ts'
import { readingOf } from './testing/readings.ts'
import { reportOf } from './ticket-of.ts'

const lamp = '通京大道与杏园路路口的路灯坏了半个月，晚上一片漆黑，老人摔了一跤，请尽快派人来修理。'
const bus = '33路公交车司机在体育馆站不停站，态度恶劣还辱骂乘客，希望公交公司严肃处理并公开道歉。'
const plant = [
  '杏园镇恒固沥青拌和站这几天一到夜里就开炉，烟囱冒黄烟，刺鼻的沥青味飘到杏园村七组，家里不敢开窗，请查处。',
  '来电人称恒固沥青拌和站夜间生产排放黄烟，杏园村多户村民闻到刺鼻的沥青味，老人咳嗽不止，要求环保部门检查。',
] as const

let seq = 0

async function arrives(
  store: Store,
  name: string,
  day: string,
  words: string,
  phone = '+8613800131000',
  settings = defaultDedupe,
): Promise<Ticket> {
  seq += 1
  const said = { body: words, submittedAt: `${day}T08:00:00+08:00` }
  const reading = readingOf({ name, seq }, phone, said)
  const commit = await decideBatch([reading], store, new Decider(settings))
  await store.commit({ ...commit, outcomes: [] }, await processing(store), decidedAt)
  return (await store.ticket(reading.ticket.id)) ?? reading.ticket
}

async function link(
  store: Store,
  repeat: Ticket,
  master: Ticket,
  verdict: 'duplicate' | 'related' = 'duplicate',
): Promise<void> {
  const ruling = { verdict, ticketId: repeat.id, otherId: master.id } as const
  await carryOut(ruling, store, await processing(store), decidedAt)
}

function test(name: string, work: (store: Store) => Promise<void>): void {
  it(name, () =>
    onFile(async (_, open) => {
      const store = await open()
      await work(store).finally(() => store.close())
    }),
  )
}

function planSince(store: Store, day: string, settings = defaultDedupe, onProgress = (_: unknown) => {}) {
  const options = { since: Date.parse(day), signal: new AbortController().signal, onProgress }
  return planDecisions(store, settings, options)
}

/** The store, in which `work` is done after all is judged again and before it is compared. */
function meanwhile(store: Store, work: () => Promise<unknown>): Store {
  let walks = 0
  const ticketsInOrder: Store['ticketsInOrder'] = async (options) => {
    walks += 1
    if (walks === 2) await work()
    return await store.ticketsInOrder(options)
  }
  return { ...store, ticketsInOrder }
}

test('finds nothing to change in a batch in which a ticket and its repeat come into an incident', async (store) => {
  const readings = [
    [plant[0], '+8613800131001'],
    [`${plant[0]}谢谢。`, '+8613800131001'],
    [plant[1], '+8613800131002'],
  ].map(([body = '', phone = ''], place) => {
    seq += 1
    return readingOf({ name: `row ${place}`, seq }, phone, { body, submittedAt: '2026-03-01T08:00:00+08:00' })
  })
  const commit = await decideBatch(readings, store, new Decider(defaultDedupe))
  await store.commit({ ...commit, outcomes: [] }, await processing(store), decidedAt)
  const [first, repeat] = await Promise.all(readings.map(({ ticket: { id } }) => store.ticket(id)))
  expect(repeat?.dedupe).toMatchObject({ masterId: first?.id, incidentId: first?.dedupe.incidentId })
  expect(await planSince(store, '2026-01-01')).toEqual({ judged: 3, byPerson: 0, changes: [] })
})

test('judges again although a person has linked a ticket to a later one', async (store) => {
  const earlier = await arrives(store, 'earlier', '2026-03-01', lamp)
  const later = await arrives(store, 'later', '2026-03-02', bus)
  await link(store, earlier, later)
  expect(await planSince(store, '2026-01-01')).toEqual({ judged: 1, byPerson: 1, changes: [] })
  expect(await planSince(store, '2026-03-02')).toEqual({ judged: 1, byPerson: 0, changes: [] })
})

test('leaves a report with its master that is older than all that reports are compared with', async (store) => {
  const master = await arrives(store, 'master', '2023-03-01', lamp)
  const repeat = await arrives(store, 'repeat', '2026-03-01', lamp)
  await link(store, repeat, master)
  const next = await arrives(store, 'next', '2026-03-10', lamp)
  expect(next.dedupe).toMatchObject({ verdict: 'duplicate', masterId: master.id, decidedBy: 'algorithm' })
  const onProgress = vi.fn()
  const plan = await planSince(store, '2026-03-05', defaultDedupe, onProgress)
  expect(plan).toEqual({ judged: 1, byPerson: 0, changes: [] })
  expect(onProgress.mock.calls).toEqual([[{ tickets: 2 }]])
})

test('leaves in its incident the ticket that it began with, where a person has ruled about the one after it', async (store) => {
  const first = await arrives(store, 'first', '2026-03-01', plant[0], '+8613800131001')
  const second = await arrives(store, 'second', '2026-03-02', plant[1], '+8613800131002')
  expect(second.dedupe).toMatchObject({ verdict: 'related', decidedBy: 'algorithm' })
  await link(store, await arrives(store, 'third', '2026-03-03', bus), second, 'related')
  expect((await store.ticket(first.id))?.dedupe).toMatchObject({ incidentId: second.dedupe.incidentId })
  expect(await planSince(store, '2026-01-01')).toEqual({ judged: 1, byPerson: 2, changes: [] })
})

test('shows what else becomes of such a ticket', async (store) => {
  const brief = { ...defaultDedupe, windowDays: 1, incidentDays: 2 }
  const master = await arrives(store, 'master', '2026-02-20', plant[0], '+8613800131001', brief)
  const first = await arrives(store, 'first', '2026-03-01', plant[0], '+8613800131001', brief)
  const second = await arrives(store, 'second', '2026-03-02', plant[1], '+8613800131002', brief)
  await link(store, await arrives(store, 'third', '2026-03-03', bus), second, 'related')
  const { incidentId } = second.dedupe
  expect((await planSince(store, '2026-03-01')).changes).toMatchObject([
    { ticketId: first.id, before: { verdict: 'new', incidentId }, after: { masterId: master.id } },
  ])
})

test('shows each ticket that would be linked, or linked to another, as it is and as it would be, and changes none', async (store) => {
  const brief = { ...defaultDedupe, windowDays: 1 }
  const arrive = (name: string, day: string) => arrives(store, name, day, lamp, undefined, brief)
  const first = await arrive('first', '2026-03-01')
  const second = await arrive('second', '2026-03-04')
  const third = await arrive('third', '2026-03-05')
  expect([second, third].map(({ dedupe }) => dedupe.masterId)).toEqual([null, second.id])
  const plan = await planSince(store, '2026-03-04')
  const repeats = { verdict: 'duplicate', masterId: first.id }
  expect(plan).toMatchObject({
    ...{ judged: 2, byPerson: 0 },
    changes: [
      { ticketId: second.id, before: { masterId: null }, after: repeats },
      { ticketId: third.id, before: { verdict: 'duplicate', masterId: second.id }, after: repeats },
    ],
  })
  expect(plan.changes[0]?.after.reasons).toContain('同一手机号')
  expect((await store.ticket(third.id))?.dedupe.masterId).toBe(second.id)
  expect((await planSince(store, '2026-03-05')).changes).toEqual([])
})

test('shows an incident that would be found also with the ticket that it begins with', async (store) => {
  const equal = { ...defaultDedupe, similar: false }
  const one = await arrives(store, 'one', '2026-03-01', plant[0], '+8613800131001', equal)
  const other = await arrives(store, 'other', '2026-03-02', plant[1], '+8613800131002', equal)
  const incidentId = `I-${one.id.slice(2)}`
  expect((await planSince(store, '2026-01-01')).changes).toMatchObject([
    { ticketId: one.id, before: { incidentId: null }, after: { verdict: 'new', incidentId } },
    { ticketId: other.id, before: { verdict: 'new' }, after: { verdict: 'related', incidentId } },
  ])
})

test('shows no ticket of before, though one of after would begin an incident with it', async (store) => {
  const strict = { ...defaultDedupe, incident: { link: 1, review: 1 } }
  await arrives(store, 'one', '2026-03-01', plant[0], '+8613800131001', strict)
  const other = await arrives(store, 'other', '2026-03-02', plant[1], '+8613800131002', strict)
  expect((await planSince(store, '2026-03-02')).changes).toMatchObject([
    { ticketId: other.id, after: { verdict: 'related' } },
  ])
})

test('shows an incident that would be found no more also with the ticket that it begins with', async (store) => {
  const one = await arrives(store, 'one', '2026-03-01', plant[0], '+8613800131001')
  const other = await arrives(store, 'other', '2026-03-02', plant[1], '+8613800131002')
  const { incidentId } = other.dedupe
  const equal = { ...defaultDedupe, similar: false }
  expect((await planSince(store, '2026-01-01', equal)).changes).toMatchObject([
    { ticketId: one.id, before: { verdict: 'new', incidentId }, after: { verdict: 'new', incidentId: null } },
    { ticketId: other.id, before: { verdict: 'related', incidentId }, after: { verdict: 'new' } },
  ])
})

test('shows no change of a ticket about which a person has spoken, nor one that came meanwhile', async (store) => {
  const strict = { ...defaultDedupe, incident: { link: 1, review: 1 } }
  const master = await arrives(store, 'master', '2026-03-01', bus)
  const ruled = await arrives(store, 'ruled', '2026-03-01', plant[0], '+8613800131001', strict)
  await link(store, ruled, master)
  await carryOut({ verdict: 'apart', ticketId: ruled.id }, store, await processing(store), decidedAt)
  const other = await arrives(store, 'other', '2026-03-02', plant[1], '+8613800131002', strict)
  const late = () => arrives(store, 'late', '2026-03-03', lamp)
  const plan = await planSince(meanwhile(store, late), '2026-01-01')
  expect(plan).toMatchObject({ judged: 2, byPerson: 1, changes: [{ ticketId: other.id }] })
  expect(plan.changes[0]?.after.verdict).toBe('related')
  expect(plan.changes).toHaveLength(1)
})

test('shows no change of a ticket that joins an incident meanwhile, by a report or by a person', async (store) => {
  const first = await arrives(store, 'first', '2026-03-01', plant[0], '+8613800131001')
  const second = await arrives(store, 'second', '2026-03-01', lamp)
  const work = async () => {
    await arrives(store, 'third', '2026-03-03', plant[1], '+8613800131002')
    await link(store, await arrives(store, 'fourth', '2026-03-03', bus), second, 'related')
  }
  const plan = await planSince(meanwhile(store, work), '2026-01-01')
  expect(plan).toEqual({ judged: 2, byPerson: 0, changes: [] })
  for (const { id } of [first, second])
    expect((await store.ticket(id))?.dedupe.incidentId).toBe(`I-${id.slice(2)}`)
})

test('shows a ticket about which a person would only be asked', async (store) => {
  const strict = { ...defaultDedupe, incident: { link: 1, review: 1 } }
  const lenient = { ...defaultDedupe, incident: { link: 1, review: 0.3 } }
  const one = await arrives(store, 'one', '2026-03-01', plant[0], '+8613800131001', strict)
  const other = await arrives(store, 'other', '2026-03-02', plant[1], '+8613800131002', strict)
  expect((await planSince(store, '2026-01-01', lenient)).changes).toMatchObject([
    {
      ticketId: other.id,
      before: { verdict: 'new', suggestion: null },
      after: { verdict: 'new', suggestion: { ticketId: one.id, verdict: 'related' } },
    },
  ])
})

test('shows a ticket about which a person would be asked something else', async (store) => {
  const [asked, never] = [
    { link: 1, review: 0.3 },
    { link: 1, review: 1 },
  ]
  const wide = { ...defaultDedupe, duplicate: asked, incident: never }
  const brief = { ...wide, windowDays: 5 }
  const whole = `${plant[0]}我们村里的人都很担心。`
  const one = await arrives(store, 'one', '2026-03-01', whole, undefined, brief)
  const told = '恒固沥青拌和站夜里又在生产，邻居都睡不着，要求环保部门检查。'
  const other = await arrives(store, 'other', '2026-03-07', told, undefined, brief)
  await arrives(store, 'third', '2026-03-08', whole.slice(2), undefined, brief)
  const asking = (verdict: string, { id }: Ticket) => ({
    verdict: 'new',
    suggestion: { verdict, ticketId: id },
  })
  expect((await planSince(store, '2026-03-08', wide)).changes).toMatchObject([
    { before: asking('duplicate', other), after: asking('duplicate', one) },
  ])
  const incidents = { ...wide, duplicate: never, incident: asked }
  expect((await planSince(store, '2026-03-08', incidents)).changes).toMatchObject([
    { before: asking('duplicate', other), after: asking('related', one) },
  ])
})

test('judges a few tickets at a time where they are long: all together would not fit into memory', async (store) => {
  for (const name of ['one', 'two', 'three'])
    await arrives(store, name, '2026-03-01', `${name}号路灯不亮。`.repeat(150_000))
  const onProgress = vi.fn()
  await planSince(store, '2026-01-01', defaultDedupe, onProgress)
  expect(onProgress.mock.calls).toEqual([[{ tickets: 2 }], [{ tickets: 3 }]])
})

test('judges others by what a person has said of a ticket', async (store) => {
  await arrives(store, 'before', '2026-02-28', plant[0], '+8613800131001')
  const repeat = await arrives(store, 'repeat', '2026-03-01', lamp)
  const master = await arrives(store, 'master', '2026-03-02', bus)
  await link(store, repeat, master)
  const next = await arrives(store, 'next', '2026-03-03', lamp)
  expect(next.dedupe).toMatchObject({ verdict: 'related', decidedBy: 'algorithm' })
  expect(await planSince(store, '2026-01-01')).toEqual({ judged: 3, byPerson: 1, changes: [] })
})

test('weighs words as the store does', async (store) => {
  const usual = new TermStatistics()
  for (const body of plant) {
    const { terms, matters, domains } = profileOf(reportOf({ ...ticket('usual'), body }), matchText)
    for (let time = 0; time < 1_000; time += 1) usual.add([...terms, ...matters, ...domains])
  }
  const ledger = await TermLedger.load(store)
  await store.reindex([], ledger.replacedBy(usual, 'usual'), await processing(store))
  await arrives(store, 'one', '2026-03-01', plant[0], '+8613800131001')
  const other = await arrives(store, 'other', '2026-03-02', plant[1], '+8613800131002')
  expect(other.dedupe).toMatchObject({ verdict: 'new', suggestion: null })
  expect(await planSince(store, '2026-01-01')).toEqual({ judged: 2, byPerson: 0, changes: [] })
})

test('keeps none of the tickets that it has judged', async (store) => {
  await arrives(store, 'first', '2026-03-01', lamp)
  await onFile(async (file) => {
    const dir = dirname(dirname(file))
    vi.stubEnv('TMPDIR', dir)
    try {
      const stopped = { since: 0, signal: AbortSignal.abort(), onProgress: () => {} }
      await expect(planDecisions(store, defaultDedupe, stopped)).rejects.toMatchObject({ code: 'STOPPED' })
      await planSince(store, '2026-01-01')
    } finally {
      vi.unstubAllEnvs()
    }
    expect(readdirSync(dir)).toEqual([])
  })
})

it('keeps none of them either where the process ends at once, as by a second Ctrl-C', () =>
  onFile(async (file, open) => {
    const store = await open()
    await arrives(store, 'first', '2026-03-01', lamp)
    await store.close()
    const folder = dirname(dirname(file))
    const module = (name: string) => JSON.stringify(import.meta.resolve(name))
    const code = `
      import { randomBytes } from 'node:crypto'
      import { defaultDedupe } from ${module('../config/schema.ts')}
      import { planDecisions } from ${module('./plan.ts')}
      import { openSqliteStore } from ${module('./stores/sqlite/sqlite-store.ts')}
      const store = await openSqliteStore(${JSON.stringify(file)}, { randomBytes })
      const onProgress = () => process.exit(130)
      await planDecisions(store, defaultDedupe, { since: 0, signal: new AbortController().signal, onProgress })`
    const env = { ...process.env, TMPDIR: folder }
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { env })
    expect(status).toBe(130)
    expect(readdirSync(folder)).toEqual(['data'])
  }))
