import { expect, it } from 'vitest'
import type { ReportKey } from '../dedupe/keys.ts'
import { CandidateSearch } from './candidate-search.ts'
import type { Store } from './stores/store.ts'
import { commit, idOf, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'

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

const keyOf = (key: number, worth: number) => ({
  ...{ key, worth, commonWorth: worth, limit: 16 },
  first: 'newest' as const,
})
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
      search.revise(seekerOf(name, place))
      await search.refresh(seeker)
    }
    const left = ['e', 'c', 'a'].map((name) => idOf('T', name))
    expect(search.find(seeker)).toEqual({ ticketIds: left, alike: 3, cut: false })
    expect(left.map((id) => search.ticket(id)?.id)).toEqual(left)
    await store.close()
  }))

it('gives the place of a ticket that one of this batch puts out of the answers to the next', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const key = { ...keyOf(form, 8), first: 'oldest' as const, limit: 5 }
    const seekerOf = (name: string, moment: number) => {
      return { ticketId: idOf('T', name), at: at + moment, keys: [key], backMs: 1_000, aheadMs: 1_000 }
    }
    for (const [moment, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries())
      await commit(store, {
        tickets: [ticketWrite(ticket(name), { at: at + moment, matchKeys: [form] })],
      })
    const seeker = seekerOf('new', 0)
    const search = new CandidateSearch(store)
    await search.load([seeker])
    search.add(seekerOf('older than they', -1))
    await search.refresh(seeker)
    const left = ['d', 'c', 'b', 'a'].map((name) => idOf('T', name))
    expect(search.find(seeker)).toEqual({ ticketIds: left, alike: 4, cut: true })
    expect(search.ticket(idOf('T', 'a'))?.id).toBe(idOf('T', 'a'))
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
