import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decisive, type ReportKey } from '../dedupe/keys.ts'
import { CandidateSearch } from './candidate-search.ts'
import type { Store } from './stores/store.ts'
import { commit, idOf, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'
import { momentOf } from './ticket-of.ts'

const at = Date.parse('2026-03-01T08:00:00+08:00')
const [form, place] = [11, 22]

/** What is found with these keys among a neighbour under `place` and three tickets under `form`. */
async function found(open: () => Promise<Store>, keys: readonly ReportKey[]) {
  const store = await open()
  const under = (name: string, key: number) =>
    commit(store, { tickets: [ticketWrite(ticket(name), { at, matchKeys: [key] })] })
  await under('neighbour', place)
  for (const name of ['a', 'b', 'c']) await under(name, form)
  const seeker = { ticketId: idOf('T', 'new'), at, keys, backMs: 1_000, aheadMs: 1_000 }
  const search = new CandidateSearch(store)
  await search.load([seeker])
  await store.close()
  return search.find(seeker)
}

const keyOf = (key: number, worth: number) => ({ key, worth, commonWorth: worth, limit: 16 })
const [neighbour, ...same] = ['neighbour', 'c', 'b', 'a'].map((name) => idOf('T', name))

it('prefers what shares a place to what fills in the same form as many others', () =>
  onFile(async (_file, open) => {
    const keys = [{ ...keyOf(form, 8), commonWorth: 2, limit: 3 }, keyOf(place, 5)]
    expect(await found(open, keys)).toEqual({ ticketIds: [...same, neighbour], alike: 4, cut: false })
  }))

it('leaves out who only fills in the same form where too many do', () =>
  onFile(async (_file, open) => {
    const keys = [{ ...keyOf(form, 8), commonWorth: 2, limit: 2 }, keyOf(place, 5)]
    expect(await found(open, keys)).toEqual({ ticketIds: [neighbour], alike: 1, cut: true })
  }))

it('tells which tickets share but a little of what the report is found by', () =>
  onFile(async (_file, open) => {
    const keys = [keyOf(form, 8), keyOf(place, 5), keyOf(33, 100)]
    expect(await found(open, keys)).toEqual({ ticketIds: [...same, neighbour], alike: 3, cut: false })
  }))

it('does not measure tickets by a key that decides alone, which most reports share with nobody', () =>
  onFile(async (_file, open) => {
    const keys = [keyOf(form, 8), keyOf(place, 5), keyOf(33, decisive)]
    expect(await found(open, keys)).toEqual({ ticketIds: [...same, neighbour], alike: 4, cut: false })
  }))

it('gives the place of a ticket that is corrected meanwhile to the next', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const numbered = { at, matchKeys: [form] }
    for (const name of names) await commit(store, { tickets: [ticketWrite(ticket(name), numbered)] })
    const seekerOf = (name: string, key: number) => {
      return { ticketId: idOf('T', name), at, keys: [keyOf(key, 8)], backMs: 1_000, aheadMs: 1_000 }
    }
    const seeker = seekerOf('new', form)
    const search = new CandidateSearch(store)
    await search.load([seeker])
    for (const name of ['f', 'b', 'd']) {
      search.revise(seekerOf(name, place), null)
      await search.refresh(seeker)
    }
    const left = ['e', 'c', 'a'].map((name) => idOf('T', name))
    expect(search.find(seeker)).toEqual({ ticketIds: left, alike: 3, cut: false })
    expect(left.map((id) => search.ticket(id)?.id)).toEqual(left)
    await store.close()
  }))

it('gives the place of a ticket whose key others fill meanwhile to the next', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const stored = { a: form, b: form, c: form, neighbour: place, other: 33 }
    for (const [name, key] of Object.entries(stored))
      await commit(store, { tickets: [ticketWrite(ticket(name), { at, matchKeys: [key] })] })
    const crowded = { ...keyOf(place, 8), commonWorth: 2, limit: 1 }
    const seekerOf = (name: string, keys: readonly ReportKey[]) => {
      return { ticketId: idOf('T', name), at, keys, backMs: 1_000, aheadMs: 1_000 }
    }
    const seeker = seekerOf('new', [keyOf(form, 9), crowded, keyOf(33, 5)])
    const search = new CandidateSearch(store)
    await search.load([seeker])
    expect(search.find(seeker).ticketIds).toEqual([...same, neighbour])
    search.add(seekerOf('made', [crowded]))
    await search.refresh(seeker)
    expect(search.find(seeker).ticketIds).toEqual([...same, idOf('T', 'other')])
    await store.close()
  }))

it('finds what is inside the window of time, to both ends of it', () =>
  onFile(async (_file, open) => {
    const store = await open()
    for (const moment of [-1_001, -1_000, 2_000, 2_001])
      await commit(store, {
        tickets: [ticketWrite(ticket(`at ${moment}`), { at: at + moment, matchKeys: [form] })],
      })
    const seeker = { ticketId: idOf('T', 'new'), at, keys: [keyOf(form, 8)], backMs: 1_000, aheadMs: 2_000 }
    const search = new CandidateSearch(store)
    await search.load([seeker])
    expect(search.find(seeker).ticketIds).toEqual([2_000, -1_000].map((moment) => idOf('T', `at ${moment}`)))
    await store.close()
  }))

const dayMs = 86_400_000
/** What reports may be found by. */
const anyKeys = fc.subarray(
  [1, 2, 3, 4, 5, 6].map((key) => ({ key, worth: 4 + key, commonWorth: 2, limit: 2 + (key % 3) })),
  { minLength: 1 },
)

/** Reports within some weeks, several of one moment, that come in any order. */
const anyReports = fc.array(fc.record({ days: fc.integer({ min: 0, max: 12 }), keys: anyKeys }), {
  minLength: 12,
  maxLength: 24,
})

it('finds the same wherever a batch begins', () =>
  fc.assert(
    fc.asyncProperty(anyReports, fc.nat(20), async (reports, begin) =>
      onFile(async (_file, open) => {
        const store = await open()
        const seekers = reports.map(({ days, keys }, place) => {
          const windows = { backMs: 5 * dayMs, aheadMs: 2 * dayMs }
          return { ticketId: idOf('T', `report ${place}`), at: at + days * dayMs, keys, ...windows }
        })
        const keep = async (place: number) => {
          const { at = 0, keys = [] } = seekers[place] ?? {}
          const numbered = { at, matchKeys: keys.map(({ key }) => key) }
          await commit(store, { tickets: [ticketWrite(ticket(`report ${place}`), numbered)] })
        }
        const first = Math.min(begin, seekers.length - 1)
        for (let place = 0; place < first; place += 1) await keep(place)
        const batch = new CandidateSearch(store)
        await batch.load(seekers.slice(first))
        for (const [place, seeker] of seekers.entries()) {
          if (place < first) continue
          const alone = new CandidateSearch(store)
          await alone.load([seeker])
          await batch.refresh(seeker)
          expect(batch.find(seeker)).toEqual(alone.find(seeker))
          batch.add(seeker)
          await keep(place)
        }
        await store.close()
      }),
    ),
    { numRuns: 25 },
  ))

it('tells a ticket of an incident in its place also once another time of it is known', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const search = new CandidateSearch(store)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    for (const [day, name] of names.entries()) search.join('I-1', idOf('T', name), at + day * dayMs)
    const told = ['i', 'h', 'g', 'f', 'e', 'd', 'c', 'b'].map((name) => idOf('T', name))
    expect(search.membersOf('I-1')).toEqual(told)
    const seeker = { ticketId: idOf('T', 'a'), at: at + 9 * dayMs, keys: [], backMs: 0, aheadMs: 0 }
    search.revise(seeker, 'I-1')
    expect(search.membersOf('I-1')).toEqual([seeker.ticketId, ...told.slice(0, -1)])
    await store.close()
  }))

it('knows of an incident the tickets that the store would tell, as they join it', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 20 }), (days) =>
      onFile(async (_file, open) => {
        const store = await open()
        const members = days.map((day, place) => {
          const { dedupe } = ticket('')
          const submittedAt = new Date(at + day * dayMs).toISOString()
          return ticket(`member ${place}`, { submittedAt, dedupe: { ...dedupe, incidentId: 'I-1' } })
        })
        const search = new CandidateSearch(store)
        for (const [place, member] of members.entries()) {
          const moment = momentOf(member)
          await commit(store, { tickets: [ticketWrite(member, { at: moment, matchKeys: [form] })] })
          search.join('I-1', member.id, moment)
          if (place % 3 === 0) search.join('I-1', member.id, moment)
          expect(search.membersOf('I-1')).toEqual(await store.incidentMembers('I-1', 8))
        }
        await store.close()
      }),
    ),
    { numRuns: 8 },
  ))
