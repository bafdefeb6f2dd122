import { describe, expect, inject, it } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { momentIn } from './moment.ts'
import { carryOut, completeRuling } from './rule.ts'
import type { Ruling } from './rulings.ts'
import type { Store } from './stores/store.ts'
import {
  commit,
  countedMaster,
  idOf,
  link,
  processing,
  takeOver,
  ticket,
  ticketWrite,
} from './stores/suite/fixtures.ts'
import { type Copy, copyOf, freshMongo, freshSqlite } from './stores/suite/fresh.ts'

const at = '2026-03-02T10:00:00+08:00'
const incidentId = `I-${idOf('T', 'plant').slice(2)}`

/** A ticket by its own reporter. */
function made(name: string, given: Partial<Ticket['dedupe']> = {}): Ticket {
  const of = ticket(name, {}, given.masterId ?? null)
  const reporter = { ...of.reporter, key: `by ${name}` }
  return { ...of, title: name, reporter, dedupe: { ...of.dedupe, ...given } }
}

const nothing = { tickets: [], links: [], outcomes: [], terms: null }
const member = { incidentId, incident: labelled('化工厂异味') }

function labelled(label: string): Ticket['dedupe']['incident'] {
  const when = '2026-03-01T08:05:00+08:00'
  return { label, firstAt: when, lastAt: when, reports: 2, reporters: 2, channels: ['hotline'] }
}

/** A master with a repeat, two single tickets, and an incident of two. */
async function aDay(store: Store): Promise<void> {
  const tickets = [
    made('lamp', { reports: 2, reporters: 2 }),
    made('lamp again', { masterId: idOf('T', 'lamp'), reasons: ['同一手机号'] }),
    made('dark street'),
    made('noise'),
    made('plant', member),
    made('smell', { ...member, verdict: 'related' }),
  ]
  const links = [link('lamp again', 'lamp', { reporterKey: 'by lamp again' })]
  await commit(store, { tickets: tickets.map((each) => ticketWrite(each)), links })
  const keys = tickets.map(({ id }) => ({ ticketId: id, revision: 1 }))
  await store.markPublished(keys, at)
}

type Words =
  | readonly [verdict: 'duplicate' | 'related', name: string, other: string]
  | readonly ['apart', string]

function rulingOf([verdict, name, other = '']: Words): Ruling {
  const ticketId = idOf('T', name)
  return verdict === 'apart' ? { verdict, ticketId } : { verdict, ticketId, otherId: idOf('T', other) }
}

/** Seconds after `at`. */
let now = 0

async function rule(store: Store, ...words: Words): Promise<readonly Ticket[]> {
  const lease = await processing(store)
  try {
    const when = momentIn('Asia/Shanghai', Date.parse(at) + now * 1000)
    const ids = await carryOut(rulingOf(words), store, lease, when)
    const tickets = await store.tickets(ids)
    return ids.flatMap((id) => tickets.get(id) ?? [])
  } finally {
    await store.release(lease)
  }
}

/** As a process that is killed leaves it: what was begun is kept. */
const cut = new YiwangError('STORE_CLOSED', { url: 'here' })

/** The same, of which only so many tickets are written, and no links. */
async function ruleCut(store: Store, kept: number, ...words: Words): Promise<void> {
  const cutting: Store['commit'] = async ({ tickets }, ...rest) => {
    await store.commit({ ...nothing, tickets: tickets.slice(0, kept) }, ...rest)
    throw cut
  }
  await rule({ ...store, commit: cutting }, ...words)
}

/** The same, of which only so many commits are written. Returns how many tickets each had. */
async function ruleStopped(store: Store, kept: number, ...words: Words): Promise<readonly number[]> {
  const sizes: number[] = []
  const stopping: Store['commit'] = async (what, ...rest) => {
    sizes.push(what.tickets.length)
    if (sizes.length > kept) throw cut
    await store.commit(what, ...rest)
  }
  await rule({ ...store, commit: stopping }, ...words).catch((error) => expect(error).toBe(cut))
  return sizes
}

async function complete(store: Store) {
  const lease = await processing(store)
  try {
    return await completeRuling(store, lease)
  } finally {
    await store.release(lease)
  }
}

/** A master with more repeats than are written at a time, and two single tickets. */
async function aFlood(store: Store): Promise<void> {
  const names = Array.from({ length: 230 }, (_, index) => `flood ${index}`)
  const masterId = idOf('T', 'flood')
  const repeats = names.map((name) => made(name, { masterId }))
  const heads = [made('flood', { reports: 231, reporters: 231 }), made('noise'), made('lamp')]
  const links = names.map((name) => link(name, 'flood', { reporterKey: `by ${name}` }))
  await commit(store, { tickets: [...heads, ...repeats].map((each) => ticketWrite(each)), links })
  const keys = [...heads, ...repeats].map(({ id }) => ({ ticketId: id, revision: 1 }))
  await store.markPublished(keys, at)
}

async function allOf(store: Store) {
  const masters = ['flood', 'noise', 'lamp'].map((name) => countedMaster(idOf('T', name)))
  return {
    tickets: await store.findTickets({ limit: 1000 }),
    links: [...(await store.linkCounts(masters, []))],
    incidents: await store.findIncidents({ since: 0, limit: 9 }),
    outbox: await waiting(store, 1000),
    left: await store.progress('ruling'),
  }
}

async function dedupeOf(store: Store, name: string): Promise<Ticket['dedupe'] | undefined> {
  return (await store.ticket(idOf('T', name)))?.dedupe
}

async function waiting(store: Store, limit = 100): Promise<readonly (readonly [string, string])[]> {
  const entries = await store.outbox(limit)
  return entries.map(({ event, ticketId }) => [event, ticketId] as const)
}

async function publishAll(store: Store): Promise<void> {
  await store.markPublished(await store.outbox(100), at)
}

const stores = [
  ['sqlite', () => freshSqlite()],
  ['mongodb', () => freshMongo(inject('mongoUrl'))],
] as const

describe.each(stores)('what a person says of tickets in %s', (_, fresh) => {
  const test = (name: string, work: (store: Store) => Promise<void>) =>
    it(name, async () => {
      const { open, dispose } = await fresh()
      const store = await open()
      now = 0
      try {
        await aDay(store)
        await work(store)
      } finally {
        await store.close()
        await dispose()
      }
    })

  test('makes a ticket the repeat of another, which counts it', async (store) => {
    const [first] = await rule(store, 'duplicate', 'dark street', 'lamp')
    expect(first).toMatchObject({ id: idOf('T', 'dark street'), revision: 2 })
    const masterId = idOf('T', 'lamp')
    expect(await dedupeOf(store, 'dark street')).toMatchObject({
      ...{
        verdict: 'duplicate',
        masterId,
        score: null,
        decidedBy: 'person',
        reasons: ['人工认定为同一诉求'],
      },
      history: [{ at, by: 'person', event: 'linked', masterId, incidentId: null }],
    })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 3, reporters: 3, decidedBy: 'algorithm' })
    expect(await waiting(store)).toEqual([
      ['ticket.updated', masterId],
      ['ticket.linked', idOf('T', 'dark street')],
    ])
  })

  test('links to the master of a repeat, and takes repeats along', async (store) => {
    await rule(store, 'duplicate', 'noise', 'lamp again')
    expect(await dedupeOf(store, 'noise')).toMatchObject({ masterId: idOf('T', 'lamp') })
    await rule(store, 'duplicate', 'lamp', 'dark street')
    const found = await store.findTickets({ masterId: idOf('T', 'dark street'), limit: 10 })
    expect(found.map(({ id }) => id).sort()).toEqual(
      ['lamp', 'lamp again', 'noise'].map((n) => idOf('T', n)).sort(),
    )
    expect(await dedupeOf(store, 'dark street')).toMatchObject({ reports: 4, reporters: 4 })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 1, reporters: 1 })
    // What spoke for it was said of the lamp.
    const moved = [`原为 ${idOf('T', 'lamp')} 的重复件，随其改挂`, '同一手机号']
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({ reasons: moved })
    await rule(store, 'apart', 'lamp')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({
      masterId: idOf('T', 'lamp'),
      reasons: ['同一手机号'],
    })
  })

  test('said twice changes nothing more', async (store) => {
    await rule(store, 'duplicate', 'dark street', 'lamp')
    expect(await rule(store, 'duplicate', 'dark street', 'lamp')).toEqual([])
    await rule(store, 'related', 'noise', 'smell')
    expect(await rule(store, 'related', 'noise', 'smell')).toEqual([])
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 3 })
  })

  test('confirms what the algorithm linked', async (store) => {
    const [confirmed] = await rule(store, 'duplicate', 'lamp again', 'lamp')
    expect(confirmed?.dedupe).toMatchObject({ decidedBy: 'person', masterId: idOf('T', 'lamp') })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 2, reporters: 2 })
  })

  test('moves a repeat from one master to another', async (store) => {
    await rule(store, 'duplicate', 'lamp again', 'noise')
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 1, reporters: 1 })
    expect(await dedupeOf(store, 'noise')).toMatchObject({ reports: 2, reporters: 2 })
    const { history } = (await dedupeOf(store, 'lamp again')) ?? {}
    expect(history?.map(({ event, masterId }) => [event, masterId])).toEqual([
      ['unlinked', idOf('T', 'lamp')],
      ['linked', idOf('T', 'noise')],
    ])
  })

  test('tells a master that a repeat leaves nothing of the incident that the repeat comes into', async (store) => {
    await rule(store, 'duplicate', 'lamp again', 'plant')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({ incidentId, incident: { reports: 3 } })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 1, incidentId: null, incident: null })
  })

  test('refuses a ticket that is not there, one and the same, and a circle', async (store) => {
    const refused = (...words: Words) =>
      rule(store, ...words).then(
        () => null,
        ({ code }) => code,
      )
    expect(await refused('duplicate', 'nothing', 'lamp')).toBe('TICKET_UNKNOWN')
    expect(await refused('duplicate', 'lamp', 'lamp')).toBe('LINK_SELF')
    expect(await refused('duplicate', 'lamp', 'lamp again')).toBe('LINK_LOOP')
    expect(await refused('related', 'lamp again', 'lamp')).toBe('LINK_SELF')
    expect(await refused('apart', 'noise')).toBe('NOT_LINKED')
    expect(await store.outboxCount()).toBe(0)
    await rule(store, 'duplicate', 'lamp again', 'noise')
    expect(await refused('apart', 'noise')).toBe('NOT_LINKED')
  })

  test('refuses to part once more what has only been repeated since', async (store) => {
    await rule(store, 'apart', 'lamp again')
    now += 1
    await rule(store, 'duplicate', 'noise', 'lamp again')
    await expect(rule(store, 'apart', 'lamp again')).rejects.toMatchObject({ code: 'NOT_LINKED' })
  })

  test('keeps apart no more what is linked the other way round', async (store) => {
    await rule(store, 'apart', 'lamp again')
    await rule(store, 'duplicate', 'lamp', 'lamp again')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({ masterId: null, apartFrom: [], reports: 2 })
  })

  for (const [which, name] of [
    ['a master', 'noise'],
    ['a repeat', 'dark street'],
  ] as const)
    test(`keeps ${which} apart no more from what comes along with another`, async (store) => {
      await rule(store, 'apart', 'lamp again')
      await rule(store, 'duplicate', name, 'lamp again')
      await rule(store, 'apart', name)
      expect(await dedupeOf(store, name)).toMatchObject({ apartFrom: [idOf('T', 'lamp again')] })
      await rule(store, 'duplicate', 'lamp again', 'lamp')
      await rule(store, 'duplicate', 'dark street', 'noise')
      await rule(store, 'duplicate', 'lamp', 'dark street')
      expect(await dedupeOf(store, 'lamp again')).toMatchObject({ masterId: idOf('T', 'noise') })
      expect(await dedupeOf(store, name)).toMatchObject({ apartFrom: [] })
    })

  test('leaves to the repeats of a report that joins an incident what they rest on', async (store) => {
    await rule(store, 'related', 'lamp', 'plant')
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ incidentId, reasons: ['人工认定为同一事件'] })
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({ incidentId, reasons: ['同一手机号'] })
  })

  test('tells a master in an incident that a repeat has left that too', async (store) => {
    await rule(store, 'related', 'lamp', 'plant')
    expect(await dedupeOf(store, 'lamp')).toMatchObject({
      reports: 2,
      incident: { reports: 4, reporters: 4 },
    })
    await rule(store, 'apart', 'lamp again')
    const incident = { label: '化工厂异味', reports: 3, reporters: 3 }
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 1, incident })
  })

  test('keeps all that became of a ticket, and all that it was ever taken away from', async (store) => {
    const words = [
      ['related', 'noise', 'plant'],
      ['apart', 'noise'],
      ['duplicate', 'noise', 'lamp'],
      ['apart', 'noise'],
      ['related', 'noise', 'dark street'],
    ] as const
    for (const said of words) await rule(store, ...said)
    const [masterId, own] = [idOf('T', 'lamp'), `I-${idOf('T', 'dark street').slice(2)}`]
    const { apartFrom, history } = (await dedupeOf(store, 'noise')) ?? {}
    expect(apartFrom).toEqual([incidentId, masterId])
    expect(history?.map((link) => [link.event, link.masterId ?? link.incidentId])).toEqual([
      ['linked', incidentId],
      ['unlinked', incidentId],
      ['linked', masterId],
      ['unlinked', masterId],
      ['linked', own],
    ])
    await rule(store, 'related', 'lamp', 'plant')
    await rule(store, 'related', 'lamp', 'noise')
    for (const name of ['lamp', 'lamp again']) {
      const moved = (await dedupeOf(store, name))?.history.map((link) => [link.event, link.incidentId])
      expect(moved).toEqual([
        ['linked', incidentId],
        ['unlinked', incidentId],
        ['linked', own],
      ])
    }
  })

  test('keeps the reasons by which a ticket came into the incident that a person confirms', async (store) => {
    const of = made('odour', { ...member, verdict: 'related', reasons: ['共同提到：化工厂'], score: 0.8 })
    await commit(store, { tickets: [ticketWrite(of)] })
    const [confirmed] = await rule(store, 'related', 'odour', 'plant')
    const { reasons, score } = of.dedupe
    expect(confirmed?.dedupe).toMatchObject({ decidedBy: 'person', incidentId, reasons, score })
    expect(confirmed?.dedupe.history.map(({ event }) => event)).toEqual(['linked'])
  })

  test('takes a repeat away from its master, for good', async (store) => {
    await rule(store, 'apart', 'lamp again')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({
      ...{ verdict: 'new', masterId: null, decidedBy: 'person', apartFrom: [idOf('T', 'lamp')] },
      history: [{ by: 'person', event: 'unlinked', masterId: idOf('T', 'lamp') }],
    })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 1, reporters: 1 })
    expect(await waiting(store)).toEqual([
      ['ticket.updated', idOf('T', 'lamp')],
      ['ticket.unlinked', idOf('T', 'lamp again')],
    ])
    await rule(store, 'duplicate', 'lamp again', 'lamp')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({ apartFrom: [], masterId: idOf('T', 'lamp') })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 2, reporters: 2 })
  })

  test('gives a ticket that is no repeat any more those back that came along with it', async (store) => {
    const reasons = ['正文相同']
    const before = await store.ticket(idOf('T', 'lamp again'))
    if (before === null) throw new Error('no ticket')
    const { dedupe } = before
    const reasoned = { ...before, revision: 2, dedupe: { ...dedupe, reasons, score: 1 } }
    await commit(store, { tickets: [ticketWrite(reasoned, { event: 'ticket.updated' })] })
    await rule(store, 'duplicate', 'lamp', 'noise')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({
      ...{ masterId: idOf('T', 'noise'), decidedBy: 'algorithm', score: 1 },
      reasons: [`原为 ${idOf('T', 'lamp')} 的重复件，随其改挂`, ...reasons],
    })
    await rule(store, 'duplicate', 'dark street', 'noise')
    await rule(store, 'duplicate', 'noise', 'plant')
    await rule(store, 'apart', 'lamp')
    expect(await dedupeOf(store, 'lamp')).toMatchObject({
      ...{ masterId: null, reports: 2, reporters: 2, apartFrom: [idOf('T', 'plant'), incidentId] },
    })
    const back = await dedupeOf(store, 'lamp again')
    expect(back).toMatchObject({ verdict: 'duplicate', masterId: idOf('T', 'lamp'), incidentId: null })
    expect(back).toMatchObject({ decidedBy: 'algorithm', reasons, score: 1 })
    expect(back?.history.map(({ event, masterId }) => [event, masterId])).toEqual([
      ['unlinked', idOf('T', 'lamp')],
      ['linked', idOf('T', 'noise')],
      ['unlinked', idOf('T', 'noise')],
      ['linked', idOf('T', 'plant')],
      ['unlinked', idOf('T', 'plant')],
      ['linked', idOf('T', 'lamp')],
    ])
    for (const name of ['dark street', 'noise'])
      expect(await dedupeOf(store, name)).toMatchObject({ masterId: idOf('T', 'plant') })
    expect(await dedupeOf(store, 'plant')).toMatchObject({ reports: 3, reporters: 3 })
    expect(
      (await store.linkCounts([countedMaster(idOf('T', 'lamp'))], [])).get(idOf('T', 'lamp')),
    ).toMatchObject({
      reports: 1,
    })
  })

  test('tells of a ticket that it joins or leaves, also where what repeats it is counted with that', async (store) => {
    const lamp = idOf('T', 'lamp')
    await rule(store, 'related', 'lamp', 'plant')
    expect(await waiting(store)).toContainEqual(['ticket.linked', lamp])
    await publishAll(store)
    await rule(store, 'duplicate', 'lamp', 'noise')
    await publishAll(store)
    await rule(store, 'apart', 'lamp')
    expect(await waiting(store)).toContainEqual(['ticket.unlinked', lamp])
  })

  test('leaves with the master what a person has linked there by itself', async (store) => {
    await rule(store, 'duplicate', 'lamp', 'noise')
    now += 1
    await rule(store, 'duplicate', 'lamp again', 'noise')
    await rule(store, 'apart', 'lamp')
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({ masterId: idOf('T', 'noise') })
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ reports: 1 })
    expect(await dedupeOf(store, 'noise')).toMatchObject({ reports: 2 })
  })

  test('completes what was said, at whichever ticket it was cut', async (store) => {
    const said: readonly Words[] = [
      ['duplicate', 'lamp', 'noise'],
      ['apart', 'lamp'],
    ]
    for (const words of said) {
      for (let kept = 0; kept < 4; kept++)
        await ruleCut(store, kept, ...words).catch((error) => expect(error).toBe(cut))
      await rule(store, ...words).catch(({ code }) => expect(code).toBe('NOT_LINKED'))
      const [lamp, again, noise] = await Promise.all(
        ['lamp', 'lamp again', 'noise'].map((name) => dedupeOf(store, name)),
      )
      const isApart = words[0] === 'apart'
      expect([lamp?.reports, noise?.reports]).toEqual(isApart ? [2, 1] : [1, 3])
      expect([lamp?.masterId, again?.masterId]).toEqual(
        isApart ? [null, idOf('T', 'lamp')] : [idOf('T', 'noise'), idOf('T', 'noise')],
      )
      const masterId = idOf('T', isApart ? 'lamp' : 'noise')
      const counts = await store.linkCounts([countedMaster(masterId)], [])
      expect(counts.get(masterId)).toMatchObject({ reports: isApart ? 1 : 2 })
    }
  })

  test('founds an incident with all repeats, at whichever ticket it was cut', async (store) => {
    const words = ['related', 'noise', 'lamp'] as const
    for (let kept = 0; kept < 4; kept++)
      await ruleCut(store, kept, ...words).catch((error) => expect(error).toBe(cut))
    await rule(store, ...words)
    const founded = `I-${idOf('T', 'lamp').slice(2)}`
    for (const name of ['noise', 'lamp', 'lamp again'])
      expect(await dedupeOf(store, name)).toMatchObject({ incidentId: founded, incident: { reports: 3 } })
    expect(await store.progress('ruling')).toBe(null)
  })

  test('adds a ticket and its repeats to an incident, and takes them out again', async (store) => {
    await rule(store, 'related', 'lamp again', 'smell')
    const [head, repeat] = [await dedupeOf(store, 'lamp'), await dedupeOf(store, 'lamp again')]
    expect(head).toMatchObject({ verdict: 'related', incidentId, decidedBy: 'person' })
    expect(head?.incident).toMatchObject({ label: '化工厂异味', reports: 4, reporters: 4 })
    expect(repeat).toMatchObject({ verdict: 'duplicate', incidentId, masterId: idOf('T', 'lamp') })
    await rule(store, 'apart', 'lamp')
    expect(await dedupeOf(store, 'lamp')).toMatchObject({
      ...{ verdict: 'new', incidentId: null, incident: null, apartFrom: [incidentId] },
    })
    expect(await dedupeOf(store, 'lamp again')).toMatchObject({
      incidentId: null,
      masterId: idOf('T', 'lamp'),
    })
    expect((await store.incidentCounts([incidentId], [])).get(incidentId)).toMatchObject({ reports: 2 })
  })

  test('gives a ticket the label that the newest of an incident has', async (store) => {
    const names = ['1', '2', '3', '4', '5', '6']
    const labels = names.map((name) => made(name, { incidentId, incident: labelled(name) }))
    await commit(store, { tickets: labels.map((each) => ticketWrite(each)) })
    await rule(store, 'related', 'noise', 'plant')
    expect((await dedupeOf(store, 'noise'))?.incident).toMatchObject({ label: '6' })
  })

  test('tells of their incident a ticket that becomes the repeat of another of it', async (store) => {
    await rule(store, 'duplicate', 'smell', 'plant')
    const { incident, masterId } = (await dedupeOf(store, 'smell')) ?? {}
    expect(masterId).toBe(idOf('T', 'plant'))
    expect(incident).toMatchObject({ label: '化工厂异味', reports: 2, reporters: 2 })
  })

  test('tells of an incident when its first and its last report came, as those say it', async (store) => {
    const [firstAt, lastAt] = ['2026-02-01T00:00:00+00:00', '2026-04-01T00:00:00+00:00']
    const masterId = idOf('T', 'noise')
    const repeats = [firstAt, lastAt].map((submittedAt) => ({
      ...made(submittedAt, { masterId }),
      submittedAt,
    }))
    await commit(store, {
      tickets: repeats.map((each) => ticketWrite(each, { at: Date.parse(each.submittedAt) })),
      links: [firstAt, lastAt].map((name) => link(name, 'noise')),
    })
    await rule(store, 'related', 'dark street', 'noise')
    for (const name of ['dark street', 'noise', firstAt, lastAt])
      expect((await dedupeOf(store, name))?.incident).toMatchObject({ firstAt, lastAt, reports: 4 })
  })

  test('founds an incident from the other ticket', async (store) => {
    await rule(store, 'related', 'noise', 'dark street')
    const founded = `I-${idOf('T', 'dark street').slice(2)}`
    const [joined, first] = [await dedupeOf(store, 'noise'), await dedupeOf(store, 'dark street')]
    expect(joined).toMatchObject({ incidentId: founded, verdict: 'related' })
    expect(first).toMatchObject({ incidentId: founded, verdict: 'new', decidedBy: 'person' })
    expect(joined?.incident).toMatchObject({ label: 'dark street', reports: 2, reporters: 2 })
    expect(joined?.incident).toEqual(first?.incident)
  })

  test('tells a ticket that a person confirms in an incident how many it has with the one that joins', async (store) => {
    await rule(store, 'related', 'noise', 'smell')
    for (const name of ['noise', 'smell'])
      expect((await dedupeOf(store, name))?.incident).toMatchObject({ reports: 3, reporters: 3 })
    expect((await dedupeOf(store, 'plant'))?.incident).toMatchObject({ reports: 2 })
  })

  test('keeps what was begun until it can be written, and gives up what never can', async (store) => {
    await ruleStopped(store, 0, 'duplicate', 'lamp', 'noise')
    const failing = (error: Error) => {
      const commit = () => Promise.reject(error)
      return complete({ ...store, commit }).catch(({ code, details }) => ({ code, ...details }))
    }
    const busy = new YiwangError('STORE_LOCKED', { url: store.url, reason: 'busy' })
    expect(await failing(busy)).toMatchObject({ code: 'STORE_LOCKED' })
    expect(await store.progress('ruling')).toContain(idOf('T', 'lamp'))
    const givenUp = { code: 'RULING_GIVEN_UP', ticket: idOf('T', 'lamp') }
    const tooLarge = new YiwangError('ITEM_TOO_LARGE', { bytes: 2, limit: 1 })
    expect(await failing(tooLarge)).toEqual({ ...givenUp, reason: 'ITEM_TOO_LARGE' })
    expect(await store.progress('ruling')).toBe(null)
    await ruleStopped(store, 0, 'duplicate', 'lamp', 'noise')
    expect(await failing(new Error('odd'))).toEqual({ ...givenUp, reason: 'INTERNAL: odd' })
    expect(await complete(store)).toBe(null)
    expect(await store.outboxCount()).toBe(0)
  })

  test('tells who says once more what was cut what came of it', async (store) => {
    await ruleStopped(store, 0, 'apart', 'lamp again')
    const changed = await rule(store, 'apart', 'lamp again')
    expect(changed.map(({ id }) => id)).toEqual(['lamp again', 'lamp'].map((name) => idOf('T', name)))
  })

  test('takes for done what was cut when all but its end was written', async (store) => {
    const saveProgress: Store['saveProgress'] = (name, text, lease) =>
      text === null ? Promise.reject(cut) : store.saveProgress(name, text, lease)
    for (const words of [
      ['apart', 'lamp again'],
      ['duplicate', 'noise', 'lamp'],
    ] as const) {
      await expect(rule({ ...store, saveProgress }, ...words)).rejects.toBe(cut)
      expect((await complete(store))?.ticketIds ?? []).toEqual([])
      expect(await store.progress('ruling')).toBe(null)
    }
  })

  test('is done where another has its lease by its end, who finds nothing left to do', async (store) => {
    const losing: Store['commit'] = async (what, lease, when) => {
      await store.commit(what, lease, when)
      await takeOver(store, lease)
    }
    const [first] = await rule({ ...store, commit: losing }, 'duplicate', 'noise', 'lamp')
    expect(first?.dedupe).toMatchObject({ masterId: idOf('T', 'lamp') })
    await store.release({ name: 'processing', token: 'another', takenOver: true })
    expect((await complete(store))?.ticketIds).toEqual([])
  })

  test('completes what was begun before it carries out what is said next', async (store) => {
    await ruleStopped(store, 0, 'duplicate', 'lamp', 'noise')
    expect(await dedupeOf(store, 'lamp')).toMatchObject({ masterId: null })
    await rule(store, 'duplicate', 'dark street', 'noise')
    for (const name of ['lamp', 'dark street'])
      expect(await dedupeOf(store, name)).toMatchObject({ masterId: idOf('T', 'noise') })
    expect(await store.progress('ruling')).toBe(null)
  })

  test('never leads a ticket that left the incident of its name back by founding one', async (store) => {
    await rule(store, 'apart', 'plant')
    expect(await dedupeOf(store, 'smell')).toMatchObject({ incidentId, history: [] })
    await rule(store, 'related', 'noise', 'plant')
    const after = await dedupeOf(store, 'plant')
    expect(after?.incidentId).toBe(`I-${idOf('T', 'noise').slice(2)}`)
    expect((await store.findIncidents({ since: 0, limit: 5 })).map(({ reports }) => reports)).toEqual([2, 1])
  })

  test('founds no incident under the name of one that its first ticket has left to others, or for good', async (store) => {
    const plant = await store.ticket(idOf('T', 'plant'))
    if (plant === null) throw new Error('no ticket')
    // As it is where a correction has led it away.
    const dedupe = { ...plant.dedupe, incidentId: null, incident: null }
    await commit(store, { tickets: [ticketWrite({ ...plant, revision: 2, dedupe })] })
    await rule(store, 'related', 'noise', 'plant')
    const own = `I-${idOf('T', 'noise').slice(2)}`
    expect(await dedupeOf(store, 'plant')).toMatchObject({ incidentId: own })
    expect(await dedupeOf(store, 'smell')).toMatchObject({ incidentId, incident: { reports: 2 } })
    await rule(store, 'apart', 'noise')
    await rule(store, 'apart', 'plant')
    await rule(store, 'related', 'lamp', 'noise')
    expect(await dedupeOf(store, 'noise')).toMatchObject({ incidentId: `I-${idOf('T', 'lamp').slice(2)}` })
  })

  const copies = new Map<string, Copy>()

  /** A flood of which that much has been said before, one thing at a time. */
  const begin = async (store: Store, said: readonly Words[]): Promise<void> => {
    const name = JSON.stringify(said)
    const [copy, last] = [copies.get(name), said.at(-1)]
    now = said.length
    if (copy !== undefined) return copy(store)
    if (last === undefined) await aFlood(store)
    else {
      await begin(store, said.slice(0, -1))
      await rule(store, ...last)
      now += 1
    }
    const made = await copyOf(store)
    if (made !== null) copies.set(name, made)
  }

  const onFloods = async (
    work: (open: (...said: readonly Words[]) => Promise<Store>) => Promise<void>,
  ): Promise<void> => {
    const ends: (() => Promise<void>)[] = []
    const open = async (...said: readonly Words[]) => {
      const { open, dispose } = await fresh()
      const store = await open()
      ends.push(() => store.close(), dispose)
      await begin(store, said)
      return store
    }
    try {
      await work(open)
    } finally {
      for (const end of ends) await end()
    }
  }

  it.each<readonly [string, readonly Words[]]>([
    ['linked', [['duplicate', 'flood', 'noise']]],
    [
      'unlinked',
      [
        ['duplicate', 'flood', 'noise'],
        ['apart', 'flood'],
      ],
    ],
    ['put into an incident', [['related', 'noise', 'flood']]],
    [
      'taken out of an incident',
      [
        ['related', 'flood', 'lamp'],
        ['apart', 'flood'],
      ],
    ],
  ])(
    'many repeats are %s a page at a time, and whoever works next completes it as if it had not been cut',
    (_, said) =>
      onFloods(async (open) => {
        const last = said.at(-1) ?? (['apart', ''] as const)
        const begun = () => open(...said.slice(0, -1))
        const whole = await begun()
        const sizes = await ruleStopped(whole, Number.POSITIVE_INFINITY, ...last)
        expect(Math.max(...sizes)).toBeLessThanOrEqual(103)
        const expected = await allOf(whole)
        expect([sizes.length, expected.left]).toEqual([3, null])
        for (const kept of [0, 2]) {
          const store = await begun()
          await ruleStopped(store, kept, ...last)
          now += 60
          const completed = await complete(store)
          expect(completed?.ticketIds[0]).toBe(idOf('T', last[1]))
          expect(await allOf(store)).toEqual(expected)
        }
        const [again] = await rule(whole, ...last).catch(({ code }) => [code])
        expect([undefined, 'NOT_LINKED']).toContain(again)
      }),
  )

  it('many repeats end after a page when a stop is asked for, and what is left is completed', () =>
    onFloods(async (open) => {
      const store = await open()
      const stop = new AbortController()
      const lease = await processing(store)
      const options = { signal: stop.signal, onProgress: () => stop.abort() }
      const ruling = rulingOf(['duplicate', 'flood', 'noise'])
      await expect(carryOut(ruling, store, lease, at, options)).rejects.toMatchObject({ code: 'STOPPED' })
      await store.release(lease)
      expect((await complete(store))?.ruling).toEqual(ruling)
      const whole = await open()
      await rule(whole, 'duplicate', 'flood', 'noise')
      expect(await allOf(store)).toEqual(await allOf(whole))
    }))
})
