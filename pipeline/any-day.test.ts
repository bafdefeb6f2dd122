import fc from 'fast-check'
import { expect, it } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { defaultDedupe } from '../config/schema.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { decideBatch } from './batch.ts'
import { countedMaster } from './counting.ts'
import { Decider } from './decider.ts'
import type { TicketReading } from './interpret.ts'
import { carryOut } from './rule.ts'
import type { Ruling } from './rulings.ts'
import type { PendingItem, Store } from './stores/store.ts'
import { decidedAt, idOf, processing } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'
import { readingOf } from './testing/readings.ts'
import { momentOf } from './ticket-of.ts'

// What holds of links after any reports, corrections and rulings.

const texts = [
  '通京大道与杏园路路口的路灯坏了半个月，晚上一片漆黑，老人摔了一跤，请尽快派人来修理。',
  '来电人反映：通京大道与杏园路路口的路灯坏了半个月，晚上一片漆黑，老人摔了一跤，请尽快派人来修理。要求回复。',
  '市民来电，通京大道杏园路口路灯已有半个月不亮，夜里漆黑，有老人因此摔倒，希望尽快维修路灯。',
  '杏园镇恒固沥青拌和站这几天一到夜里就开炉，烟囱冒黄烟，刺鼻的沥青味飘到杏园村七组，家里不敢开窗，请查处。',
  '来电人称恒固沥青拌和站夜间生产排放黄烟，杏园村多户村民闻到刺鼻的沥青味，老人咳嗽不止，要求环保部门检查。',
  '我是杏园小学学生家长，恒固沥青拌和站就在学校西边三百米，上午操场上全是沥青味，有孩子恶心头晕，希望停产整改。',
]
const names = ['a', 'b', 'c', 'd', 'e']

/** A name that was there before is corrected. */
const row = fc.record({
  name: fc.constantFrom(...names),
  words: fc.constantFrom(...texts),
  caller: fc.constantFrom(null, '1', '2', '3'),
  channel: fc.constantFrom('hotline' as const, 'sms' as const),
  day: fc.integer({ min: 1, max: 9 }),
})
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never

const ruling = fc.record({
  verdict: fc.constantFrom('duplicate' as const, 'related' as const, 'apart' as const),
  ticketId: fc.constantFrom(...names).map((name) => idOf('T', name)),
  otherId: fc.constantFrom(...names).map((name) => idOf('T', name)),
})

const step = fc.oneof(fc.array(row, { minLength: 1, maxLength: 3 }), ruling)

let seq = 0

function reading({ name, words, caller, channel, day }: Row): TicketReading<PendingItem> {
  seq += 1
  const version = [name, words, caller, channel, day].join(' ')
  const phone = caller === null ? null : `+861380013100${caller}`
  const submittedAt = `2026-03-0${day}T08:00:00+08:00`
  return readingOf({ name, version, seq }, phone, { body: words, channel, submittedAt })
}

async function arrive(store: Store, rows: readonly Row[]): Promise<void> {
  const commit = await decideBatch(rows.map(reading), store, new Decider(defaultDedupe))
  await store.commit({ ...commit, outcomes: [] }, await processing(store), decidedAt)
}

/** False where it is refused. */
async function rule(store: Store, said: Ruling): Promise<boolean> {
  try {
    await carryOut(said, store, await processing(store), decidedAt)
    return true
  } catch (thrown) {
    if (thrown instanceof YiwangError && /^(LINK_|NOT_LINKED|TICKET_)/.test(thrown.code)) return false
    throw thrown
  }
}

type Tickets = ReadonlyMap<string, Ticket>

const headOf = (id: string, tickets: Tickets) => tickets.get(id)?.dedupe.masterId ?? id
const incidentOf = (id: string, tickets: Tickets) =>
  tickets.get(id)?.dedupe.incidentId ?? tickets.get(headOf(id, tickets))?.dedupe.incidentId ?? null

/** What a person said of two tickets, or of one and what it left. */
interface Word {
  readonly kind: Ruling['verdict']
  readonly one: string
  readonly other: string
}

function isKept({ kind, one, other }: Word, tickets: Tickets): boolean {
  const incidents = [incidentOf(one, tickets), incidentOf(other, tickets)]
  if (kind === 'duplicate') return headOf(one, tickets) === headOf(other, tickets)
  if (kind === 'related') return incidents[0] !== null && incidents[0] === incidents[1]
  const isShared = incidents[0] !== null && (incidents[0] === incidents[1] || incidents[0] === other)
  return headOf(one, tickets) !== headOf(other, tickets) && !isShared
}

function wordsOf(said: Ruling, before: Tickets): readonly Word[] {
  const { verdict: kind, ticketId: one } = said
  if (said.verdict !== 'apart') return [{ kind, one, other: said.otherId }]
  const left = [before.get(one)?.dedupe.masterId, incidentOf(one, before)]
  return left.flatMap((other) => (other ? [{ kind, one, other }] : []))
}

/** Master and incident by the history. */
function byHistory({ dedupe }: Ticket) {
  return dedupe.history.reduce<{ masterId: string | null; incidentId: string | null }>(
    (now, { event, masterId, incidentId }) =>
      event === 'linked'
        ? { masterId, incidentId }
        : {
            masterId: masterId === null ? now.masterId : null,
            incidentId: incidentId === null ? now.incidentId : null,
          },
    { masterId: null, incidentId: null },
  )
}

function reportersOf(tickets: readonly Ticket[]): number {
  const keys = new Set(tickets.map(({ reporter }) => reporter.key))
  keys.delete(null)
  return keys.size
}

function channelsOf(tickets: readonly Ticket[]): readonly string[] {
  return [...new Set(tickets.map(({ channel }) => channel))].sort()
}

function checkTicket(of: Ticket, all: readonly Ticket[], tickets: Tickets): void {
  const { masterId, incidentId, verdict } = of.dedupe
  expect(byHistory(of)).toEqual({ masterId, incidentId })
  expect(verdict === 'duplicate').toBe(masterId !== null)
  if (verdict === 'related') expect(incidentId).not.toBeNull()
  if (masterId !== null) {
    const master = tickets.get(masterId)
    expect(master?.dedupe.masterId).toBeNull()
    expect(incidentId).toBe(master?.dedupe.incidentId)
  }
  const counted = [of, ...all.filter(({ dedupe }) => dedupe.masterId === of.id)]
  const [reporters, channels] = [reportersOf(counted), channelsOf(counted)]
  expect(of.dedupe).toMatchObject({ reports: counted.length, reporters, channels })
}

async function checkCounts(store: Store, all: readonly Ticket[]): Promise<void> {
  for (const [id, { reports }] of await store.linkCounts(all.map(countedMaster), []))
    expect(reports).toBe(all.filter(({ dedupe }) => dedupe.masterId === id).length)
  const incidents = Map.groupBy(
    all.filter(({ dedupe }) => dedupe.incidentId !== null),
    ({ dedupe }) => dedupe.incidentId,
  )
  const found = await store.findIncidents({ since: 0, limit: 100 })
  expect(found.map(({ id }) => id).sort()).toEqual([...incidents.keys()].sort())
  for (const { id, ...counts } of found) {
    const members = incidents.get(id) ?? []
    const times = members.map(momentOf)
    expect(counts).toEqual({
      ...{ firstAt: Math.min(...times), lastAt: Math.max(...times), reports: members.length },
      ...{ reporters: reportersOf(members), channels: channelsOf(members) },
    })
  }
}

it(
  'counts, histories and a person’s word hold, whatever is reported, corrected and ruled',
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24, size: 'max' }), (steps) =>
        onFile(async (_, open) => {
          const store = await open()
          let words: readonly Word[] = []
          for (const one of steps) {
            const before = await store.tickets(names.map((name) => idOf('T', name)))
            const isRuled = !Array.isArray(one) && (await rule(store, one as Ruling))
            if (Array.isArray(one)) await arrive(store, one)
            const tickets = await store.tickets(names.map((name) => idOf('T', name)))
            // A later word takes the place of an earlier one.
            if (isRuled) {
              const said = wordsOf(one as Ruling, before)
              words = [...words.filter((word) => isKept(word, tickets)), ...said]
            }
            for (const word of words) expect([word, isKept(word, tickets)]).toEqual([word, true])
            const all = [...tickets.values()]
            for (const of of all) checkTicket(of, all, tickets)
            await checkCounts(store, all)
          }
          await store.close()
        }),
      ),
      { numRuns: 100, seed: 6 },
    ),
  120_000,
)
