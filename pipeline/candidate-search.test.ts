import { expect, it } from 'vitest'
import type { ReportKey } from '../dedupe/keys.ts'
import { CandidateSearch } from './candidate-search.ts'
import { commit, idOf, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'

const at = Date.parse('2026-03-01T08:00:00+08:00')
const [form, place] = [11, 22]

it('prefers what shares a place to what fills in the same form as many others', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const under = (name: string, key: number) =>
      commit(store, { tickets: [ticketWrite(ticket(name), { at, matchKeys: [key] })] })
    await under('neighbour', place)
    for (const name of ['a', 'b', 'c']) await under(name, form)
    const found = async (limit: number) => {
      const keys: readonly ReportKey[] = [
        { key: form, worth: 8, commonWorth: 2, first: 'newest', limit },
        { key: place, worth: 5, commonWorth: 5, first: 'newest', limit: 16 },
      ]
      const seeker = { ticketId: idOf('T', 'new'), at, keys, backMs: 1_000, aheadMs: 1_000 }
      const search = new CandidateSearch(store)
      await search.load([seeker])
      return search.find(seeker)
    }
    const [neighbour, ...same] = ['neighbour', 'c', 'b', 'a'].map((name) => idOf('T', name))
    expect(await found(3)).toEqual({ ticketIds: [...same, neighbour], cut: false })
    expect(await found(2)).toEqual({ ticketIds: [neighbour], cut: true })
    await store.close()
  }))
