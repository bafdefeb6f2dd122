import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeyAsk, MatchKeys } from '../../../dedupe/decision.ts'
import { commit, idOf, ticket, ticketsUnder, ticketWrite } from '../suite/fixtures.ts'
import { onFile } from '../suite/fresh.ts'

const key = fc.constantFrom(0, 2 ** 48 - 1)
const moment = fc.nat(9)
const write = fc.record({ name: fc.nat(30), at: moment, keys: fc.option(fc.uniqueArray(key)) })
const ask = fc.record({ key, since: moment, until: moment, limit: fc.nat(3) })

interface Stored {
  readonly ticketId: string
  readonly revision: number
  readonly at: number
  readonly keys: MatchKeys
}

/** The answer by going through all tickets, given in the order they were made. */
function answerOf(tickets: readonly Stored[], { key, since, until, limit }: KeyAsk) {
  const under = tickets.filter(({ at, keys }) => keys.includes(key) && at >= since && at <= until)
  const newestFirst = under.toSorted((a, b) => a.at - b.at).toReversed()
  const hits = newestFirst.slice(0, limit).map(({ ticketId, at }) => ({ ticketId, at }))
  return { hits, cut: under.length > limit }
}

describe('the match keys of a sqlite store', () => {
  it('lead to the same tickets whatever levels they stand in', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(write, { maxLength: 60, size: 'max' }),
        fc.array(ask, { maxLength: 30, size: 'max' }),
        (writes, asks) =>
          onFile(async (_file, open) => {
            const store = await open({ matchRows: [10, 20] })
            const stored = new Map<number, Stored>()
            for (const { name, at, keys } of writes) {
              const before = stored.get(name)
              const revision = (before?.revision ?? 0) + 1
              const one = ticket(`${name}`, { revision })
              await commit(store, { tickets: [ticketWrite(one, { at, matchKeys: keys })] })
              stored.set(name, {
                ...{ ticketId: idOf('T', `${name}`), revision, at },
                keys: keys ?? before?.keys ?? [],
              })
            }
            const tickets = [...stored.values()]
            expect(await ticketsUnder(store, ...asks)).toEqual(asks.map((each) => answerOf(tickets, each)))
            const page = await store.ticketsInOrder({ after: null, since: null, limit: 99 })
            expect(page.tickets.map(({ matchKeys }) => matchKeys)).toEqual(tickets.map(({ keys }) => keys))
            await store.close()
          }),
      ),
      { numRuns: 25 },
    ))
})
