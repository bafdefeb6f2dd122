import { describe, expect, inject, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { decideBatch } from './batch.ts'
import { Decider } from './decider.ts'
import { ticketIdOf } from './ids.ts'
import { foundedBy, foundingOf, incidentIdOf, incidentIn } from './incidents.ts'
import type { TicketReading } from './interpret.ts'
import type { PendingItem, Store } from './stores/store.ts'
import { commit, decidedAt, idOf, processing, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { freshMongo, freshSqlite } from './stores/suite/fresh.ts'
import { readingOf } from './testing/readings.ts'
import { momentOf } from './ticket-of.ts'

const smell = '恒固沥青拌和站夜里开炉冒黄烟，刺鼻的气味飘进杏园村七组，家家不敢开窗，请环保局来测废气。'

/** A report of one matter, by who reports it: the neighbours one after the other, one of them twice. */
function reading(caller: number, place: number, body = smell): TicketReading<PendingItem> {
  return readingOf({ name: `report ${place}`, seq: place }, `+861380013${1000 + caller}`, {
    channel: place % 3 === 0 ? 'sms' : 'hotline',
    body,
    submittedAt: `2026-03-01T${String(8 + place).padStart(2, '0')}:00:00+08:00`,
  })
}

/** What the last ticket tells of its incident, when the reports come so many at once. */
async function lastTold(store: Store, batchSize: number): Promise<Ticket['dedupe']['incident']> {
  const callers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 10]
  const readings = callers.map((caller, place) => reading(caller, place))
  await drained(readings, store, batchSize)
  const last = await store.ticket(readings.at(-1)?.ticket.id ?? '')
  return last?.dedupe.incident ?? null
}

async function drained(readings: readonly TicketReading<PendingItem>[], store: Store, batchSize: number) {
  const lease = await processing(store)
  const decider = new Decider(defaultDedupe)
  for (let from = 0; from < readings.length; from += batchSize) {
    const commit = await decideBatch(readings.slice(from, from + batchSize), store, decider)
    await store.commit({ ...commit, outcomes: [] }, lease, decidedAt)
  }
}

const stores = [
  ['sqlite', () => freshSqlite()],
  ['mongodb', () => freshMongo(inject('mongoUrl'))],
] as const

describe('the label of an incident', () => {
  it('is made of the clauses that hold the telling words, each once, the most telling first', () => {
    const body = '您好，人民中路88号旁边的工地夜里十点还在浇筑混凝土，\n孩子没法睡，请管一管。'
    const made = ticket('a', { title: null, body })
    const terms = ['号旁边的工地夜里十', '点还在浇筑混凝土', '孩子没法', '管一管']
    const label = '人民中路88号旁边的工地夜里十点还在浇筑混凝土 · 孩子没法睡 · 请管一管'
    expect(foundingOf(made, { terms }).label).toBe(label)
  })

  it('keeps to the words where a clause is long, holds a telephone number, or has them in other characters', () => {
    const body = `沥青站${'很近'.repeat(20)}，打13800138000找李工，開爐冒煙`
    const made = ticket('a', { title: null, body })
    expect(foundingOf(made, { terms: ['沥青站', '李工', '开炉冒烟'] }).label).toBe('沥青站 · 李工 · 開爐冒煙')
  })

  it('takes a clause also where it has the words in capital letters, and once', () => {
    const made = ticket('a', { title: '反对K18路改道', body: '强烈反对K18路改道，老人出行不便' })
    expect(foundingOf(made, { terms: ['反对k18路改道', 'k18路'] }).label).toBe('反对K18路改道')
  })

  it('leaves out who reports, and the numbers of demands', () => {
    const body = '张女士反映江滨路路灯不亮。一、尽快修理路灯；二、公开江滨路工期。'
    const labelBy = (term: string) => foundingOf(ticket('a', { title: null, body }), { terms: [term] }).label
    expect(labelBy('江滨路路灯')).toBe('江滨路路灯不亮')
    expect(labelBy('江滨路工期')).toBe('公开江滨路工期')
    const paid = ticket('a', { title: null, body: '1.5万元工资拖欠半年' })
    expect(foundingOf(paid, { terms: ['工资拖欠'] }).label).toBe('1.5万元工资拖欠半年')
    const said = ticket('a', { title: null, body: '来电人反映：C4市铁西路暖气不热' })
    expect(foundingOf(said, { terms: ['铁西路', 'C4市'] }).label).toBe('C4市铁西路暖气不热')
  })

  it('begins with the title where that holds them', () => {
    const made = ticket('a', { title: '沥青站扰民', body: '杏园村的沥青站又冒烟了。' })
    expect(foundingOf(made, { terms: ['沥青站', '杏园村'] }).label).toBe(
      '沥青站扰民 · 杏园村的沥青站又冒烟了',
    )
  })

  it('of a report without title or telling words is the beginning of its text, on one line and of whole characters', () => {
    const body = `${'路灯不亮，'.repeat(3)}\n七组到𠮷😀村口`
    const { label } = foundingOf(ticket('a', { title: null, body }), { terms: [] })
    expect(label).toBe('路灯不亮，路灯不亮，路灯不亮， 七组到𠮷')
  })

  it('has at most three parts, and no further one where it is long', () => {
    const said = '路灯不亮，电线外露，井盖松动，树枝挡路'
    const terms = ['路灯', '电线', '井盖', '树枝']
    const labelBy = (body: string) => foundingOf(ticket('a', { title: null, body }), { terms }).label
    expect(labelBy(said)).toBe('路灯不亮 · 电线外露 · 井盖松动')
    const [long, other] = [`路灯${'很暗'.repeat(9)}`, `电线${'很旧'.repeat(6)}，井盖松动`]
    expect(labelBy(`${long}，${other}`)).toBe(`${long} · 电线${'很旧'.repeat(6)}`)
  })
})

it('an incident is named after the earlier ticket that has not left, and is not leaving, one of its own name', () => {
  const [earlier, later] = [ticket('a'), ticket('b')]
  const at = '2026-03-01T08:00:00+08:00'
  const having = (of: Ticket, given: Partial<Ticket['dedupe']>) => ({
    ...of,
    dedupe: { ...of.dedupe, ...given },
  })
  const left = (of: Ticket) => {
    const end = { at, by: 'algorithm' as const, event: 'unlinked' as const, masterId: null }
    return having(of, { history: [{ ...end, incidentId: incidentIdOf(of.id) }] })
  }
  const leaving = having(later, { incidentId: incidentIdOf(later.id) })
  const ofBoth = incidentIdOf(ticketIdOf(earlier.id, later.id))
  expect(foundedBy(earlier, later)).toBe(incidentIdOf(earlier.id))
  expect(foundedBy(left(earlier), later)).toBe(incidentIdOf(later.id))
  expect(foundedBy(left(earlier), left(later))).toBe(ofBoth)
  expect(foundedBy(left(earlier), leaving)).toBe(ofBoth)
  expect(foundedBy(having(earlier, { apartFrom: [incidentIdOf(earlier.id)] }), later)).toBe(
    incidentIdOf(later.id),
  )
})

it('the times of an incident are told as its ticket writes them, else in the offset of who tells them', () => {
  const when = (name: string, given: Partial<Ticket>) =>
    ticket(name, { submittedAt: null, ingestedAt: '2026-03-05T08:00:00+08:00', ...given })
  const [first, last] = ['2026-03-01T01:00:00Z', '2026-03-02T20:30:15+08:00'] as const
  const known = [when('a', { submittedAt: first }), when('b', { receivedAt: last })]
  const counts = { reports: 3, reporters: 3, channels: ['hotline'] as const }
  const times = (ticket: Ticket, among: readonly Ticket[]) => {
    const [firstAt, lastAt] = [Date.parse(first), Date.parse(last)]
    const told = incidentIn({ counts: { ...counts, firstAt, lastAt }, known: among, label: null })(ticket)
    return [told.firstAt, told.lastAt]
  }
  expect(times(when('c', {}), known)).toEqual([first, last])
  expect(times(when('c', {}), [])).toEqual(['2026-03-01T09:00:00+08:00', '2026-03-02T20:30:15+08:00'])
  const west = when('d', { submittedAt: '2026-03-01T08:00:00-03:30' })
  expect(times(west, [])).toEqual(['2026-02-28T21:30:00-03:30', '2026-03-02T09:00:15-03:30'])
})

it('reads each ticket of an incident a few times, however many are told of it', () => {
  let read = 0
  const members = Array.from({ length: 300 }, (_, place) => {
    const made = ticket(`member ${place}`)
    const { submittedAt } = made
    const get = () => {
      read += 1
      return submittedAt
    }
    return Object.defineProperty(made, 'submittedAt', { get, enumerable: true })
  })
  const counts = { firstAt: 0, lastAt: 0, reports: 300, reporters: 300, channels: ['hotline'] as const }
  const told = members.map(incidentIn({ counts, known: members, label: null }))
  expect(told).toHaveLength(300)
  expect(read / members.length).toBeLessThan(10)
})

describe.each(stores)('an incident in %s', (_, fresh) => {
  it.each([1, 2, 5, 12])('counts every reporter once when its reports come by %d', async (batchSize) => {
    const { open, dispose } = await fresh()
    const store = await open()
    const told = await lastTold(store, batchSize)
    expect(told).toMatchObject({ reports: 12, reporters: 11, channels: ['hotline', 'sms'] })
    expect(told).toMatchObject({ firstAt: '2026-03-01T08:00:00+08:00', lastAt: '2026-03-01T19:00:00+08:00' })
    const [stored] = await store.findIncidents({ since: 0, limit: 1 })
    expect(stored).toMatchObject({ reports: 12, reporters: 11, channels: ['hotline', 'sms'] })
    await store.close()
    await dispose()
  })

  it.each([1, 4])(
    'keeps its label where the ticket it began with is corrected and leaves it, by %d',
    async (size) => {
      const { open, dispose } = await fresh()
      const store = await open()
      const titled = ['夜里有异味', '沥青站扰民', '请查废气'].map((title, place) => {
        const made = reading(place, place)
        return { ...made, ticket: { ...made.ticket, title } }
      })
      const ids = titled.map(({ ticket }) => ticket.id)
      const corrected = reading(0, 0, '33路公交车司机在体育馆站不停站，还辱骂乘客，希望公交公司公开道歉。')
      const rawId = idOf('R', 'corrected')
      const item = { ...corrected.item, rawId, seq: 3 }
      const provenance = { ...corrected.ticket.provenance, rawId }
      await drained(
        [...titled, { ...corrected, item, ticket: { ...corrected.ticket, provenance } }],
        store,
        size,
      )
      const [first, ...others] = await Promise.all(ids.map(async (id) => (await store.ticket(id))?.dedupe))
      expect(first?.incidentId).toBeNull()
      expect(others.map((one) => one?.incidentId)).toEqual(Array(2).fill(`I-${ids[0]?.slice(2)}`))
      expect(others.map((one) => one?.incident?.label)).toEqual(
        Array(2).fill('恒固沥青拌和站夜里开炉冒黄烟 · 刺鼻的气味飘进杏园村七组 · 请环保局来测废气'),
      )
      await store.close()
      await dispose()
    },
  )

  it.each([1, 10])('tells every later report the label that it began with, by %d a batch', async (size) => {
    const { open, dispose } = await fresh()
    const store = await open()
    const titled = Array.from({ length: 12 }, (_, place) => {
      const made = reading(place, place)
      return { ...made, ticket: { ...made.ticket, title: `第${'一二三'.charAt(place % 3)}次反映异味` } }
    })
    await drained(titled.slice(0, 2), store, size)
    await drained(titled.slice(2), store, size)
    const tickets = await Promise.all(titled.map(({ ticket: { id } }) => store.ticket(id)))
    const labels = tickets.map((found) => found?.dedupe.incident?.label)
    expect(labels).toEqual(Array(12).fill(labels[0]))
    expect(labels[0]).toContain('恒固沥青拌和站')
    await store.close()
    await dispose()
  })

  it.each([1, 3])('takes in what came too early to be recognised, by %d a batch', async (batchSize) => {
    const { open, dispose } = await fresh()
    const store = await open()
    const readings = [
      '石塘冲路围挡里都种上菜了，到底还修不修',
      '石塘冲路提质改造进度缓慢，救护车进不来，请告知完工时间',
      '石塘冲路提质改造进度缓慢，围挡里都种上菜了，救护车进不来，到底还修不修',
    ].map((body, place) => {
      const made = reading(place, place, body)
      const submittedAt = `2026-03-0${String(2 * place + 1)}T08:00:00+08:00`
      return { ...made, ticket: { ...made.ticket, submittedAt } }
    })
    const ids = readings.map(({ ticket }) => ticket.id)
    const ticketsNow = () => Promise.all(ids.map((id) => store.ticket(id)))
    await drained(readings.slice(0, 2), store, batchSize)
    expect((await ticketsNow()).map((found) => found?.dedupe.incidentId)).toEqual([null, null, undefined])
    await store.markPublished(await store.outbox(10), decidedAt)
    await drained(readings.slice(2), store, batchSize)
    const [first, second, third] = await ticketsNow()
    expect(third?.dedupe).toMatchObject({ verdict: 'related', incident: { reports: 3, reporters: 3 } })
    for (const earlier of [first, second]) {
      const { incidentId = '' } = third?.dedupe ?? {}
      expect(earlier?.dedupe).toMatchObject({ incidentId, incident: third?.dedupe.incident })
      expect(earlier?.dedupe.history).toMatchObject([{ event: 'linked', by: 'algorithm', incidentId }])
      expect(earlier?.revision).toBe(2)
    }
    // One began the incident, the other was linked to it.
    const events = (await store.outbox(10)).map(({ event }) => event).sort()
    expect(events).toEqual(['ticket.created', 'ticket.linked', 'ticket.updated'])
    await store.close()
    await dispose()
  })

  it('takes in nothing of a batch but what repeats its tickets', async () => {
    const { open, dispose } = await fresh()
    const store = await open()
    const bus = '33路公交车司机在体育馆站不停站，还辱骂乘客，希望公交公司公开道歉。'
    const readings = [reading(5, 0, bus), reading(0, 1), reading(0, 2), reading(1, 3)]
    await drained(readings, store, 4)
    const found = await Promise.all(readings.map(({ ticket: { id } }) => store.ticket(id)))
    const incidentId = `I-${readings[1]?.ticket.id.slice(2)}`
    const own = found.map((one) => one?.dedupe.incidentId)
    expect(own).toEqual([null, incidentId, incidentId, incidentId])
    await store.close()
    await dispose()
  })

  it('takes in a report that is most like a repeat, whose master is older than all that it is compared with', async () => {
    const { open, dispose } = await fresh()
    const store = await open()
    const unlike = '恒固沥青拌和站又冒烟了，杏园村七组晚上没法睡觉，气味太重。'
    const member = (caller: number, place: number, given: Partial<Ticket['dedupe']>, body = unlike) => {
      const made = reading(caller, place, body).ticket
      return { ...made, dedupe: { ...made.dedupe, verdict: 'related' as const, incidentId: 'I-1', ...given } }
    }
    const master = member(0, 0, {})
    const others = [1, 2, 3, 4, 5, 6, 7].map((place) => member(place, place, {}))
    const retold = smell.replace('家家不敢开窗', '老人孩子咳嗽')
    const repeat = member(0, 8, { verdict: 'duplicate', masterId: master.id }, retold)
    const [found, arriving] = [member(9, 9, {}), reading(11, 11)]
    const decider = new Decider(defaultDedupe)
    await decider.begin(0, store)
    const { keys } = decider.inquire(arriving.ticket)
    const tickets = [master, ...others, repeat, found].map((of) =>
      ticketWrite(of, { at: momentOf(of), matchKeys: of === found ? keys : [] }),
    )
    await commit(store, { tickets })
    await drained([arriving], store, 1)
    const { dedupe } = (await store.ticket(arriving.ticket.id)) ?? {}
    expect(dedupe).toMatchObject({ verdict: 'related', incidentId: 'I-1', incident: { reports: 11 } })
    await store.close()
    await dispose()
  })

  it.each([1, 2])(
    'compares with all of an incident whose ticket is corrected just before, %i at a time',
    async (size) => {
      const { open, dispose } = await fresh()
      const store = await open()
      const unlike = (place: number) => `第${place}小学门口的红绿灯坏了，接送孩子的家长很担心。`
      const members = [0, 1, 2, 3, 4, 5].map((place) => {
        const made = reading(place, place, unlike(place)).ticket
        const provenance = { ...made.provenance, rawId: `earlier ${place}` }
        const dedupe = { ...made.dedupe, decidedBy: 'person' as const, incidentId: 'I-1' }
        return { ...made, provenance, dedupe }
      })
      const tickets = members.map((of) => ticketWrite(of, { at: momentOf(of), matchKeys: [] }))
      await commit(store, { tickets })
      const arriving = reading(11, 11)
      await drained([reading(0, 0), arriving], store, size)
      expect(await store.ticket(members[0]?.id ?? '')).toMatchObject({ body: smell, revision: 2 })
      expect((await store.ticket(arriving.ticket.id))?.dedupe).toMatchObject({ verdict: 'new' })
      await store.close()
      await dispose()
    },
  )

  it('takes in with a report also a repeat whose earlier words were in that incident', async () => {
    const { open, dispose } = await fresh()
    const store = await open()
    const [first, again, later] = [reading(0, 0), reading(0, 1), reading(1, 2)]
    await drained([first, again], store, 2)
    const repeat = await store.ticket(again.ticket.id)
    if (repeat === null) throw new Error('it was made')
    const incidentId = `I-${first.ticket.id.slice(2)}`
    const was = { at: decidedAt, by: 'algorithm', masterId: null, incidentId } as const
    const history = [
      { ...was, event: 'linked' as const },
      { ...was, event: 'unlinked' as const },
      ...repeat.dedupe.history,
    ]
    const corrected = { ...repeat, revision: 2, dedupe: { ...repeat.dedupe, history } }
    await commit(store, { tickets: [ticketWrite(corrected, { matchKeys: null, at: momentOf(repeat) })] })
    await drained([later], store, 1)
    for (const { ticket } of [first, again, later])
      expect((await store.ticket(ticket.id))?.dedupe).toMatchObject({ incidentId, incident: { reports: 3 } })
    await store.close()
    await dispose()
  })

  it('takes in with a report what repeats it, also when the commit is interrupted at any ticket', async () => {
    const once = [0, 0, 0].map((caller, place) => reading(caller, place))
    const then = [reading(1, 3), reading(0, 4)]
    const ids = [...once, ...then].map(({ ticket }) => ticket.id)
    for (let kept = 0, count = 1; kept <= count; kept += 1) {
      const { open, dispose } = await fresh()
      const store = await open()
      await drained(once, store, 3)
      const cut = await decideBatch(then, store, new Decider(defaultDedupe))
      count = cut.tickets.length
      // MongoDB writes what is new last.
      const inOrder = cut.tickets.toSorted(
        (a, b) => Number(a.ticket.revision === 1) - Number(b.ticket.revision === 1),
      )
      const tickets = inOrder.slice(0, kept)
      const held = await processing(store)
      await store.commit({ tickets, links: [], outcomes: [], terms: null }, held, decidedAt)
      await store.release(held)
      await drained(then, store, 2)
      const found = await Promise.all(ids.map(async (id) => (await store.ticket(id))?.dedupe))
      const incidentId = `I-${ids[0]?.slice(2)}`
      expect(
        found.map((one) => one?.incidentId),
        `after ${kept} tickets`,
      ).toEqual(Array(5).fill(incidentId))
      expect(found.map((one) => one?.verdict)).toEqual([
        'new',
        'duplicate',
        'duplicate',
        'related',
        'duplicate',
      ])
      expect(found[1]?.history).toMatchObject([{ masterId: ids[0] }, { masterId: ids[0], incidentId }])
      const [stored] = await store.findIncidents({ since: 0, limit: 1 })
      expect(stored).toMatchObject({ reports: 5, reporters: 2, channels: ['hotline', 'sms'] })
      await store.close()
      await dispose()
    }
  })
})

describe('a letter that many sign', () => {
  const people = 40
  const signed = (place: number) =>
    readingOf({ name: `copy ${place}`, seq: place }, `+861380013${1000 + (place % people)}`, {
      body: smell,
      submittedAt: `2026-03-${String(1 + Math.floor(place / 10)).padStart(2, '0')}T08:00:00+08:00`,
    })

  it.each([7, 500])('is known again by each of them, by %d a batch', async (batchSize) => {
    const { open, dispose } = await freshSqlite()
    const store = await open()
    const copies = Array.from({ length: people * 3 }, (_, place) => signed(place))
    await drained(copies, store, batchSize)
    const ids = copies.map((copy) => copy.ticket.id)
    const tickets = await store.tickets(ids)
    const masters = ids.map((id) => tickets.get(id)?.dedupe.masterId ?? null)
    const first = ids.slice(0, people)
    expect(masters).toEqual([...first.map(() => null), ...first, ...first])
    await store.close()
    await dispose()
  })
})
