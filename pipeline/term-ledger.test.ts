import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TermStatistics } from '../dedupe/term-statistics.ts'
import { commit } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'
import { epochOf, TermLedger } from './term-ledger.ts'

/** What one ticket counts, in up to two parts. */
const anyTerms = fc.array(
  fc
    .uniqueArray(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 12 })
    .map((of) => Uint32Array.from(of)),
  { minLength: 1, maxLength: 2 },
)
/** Batches of tickets, each with the epochs that have passed since the one before. */
const anyBatches = fc.array(
  fc.record({ passed: fc.constantFrom(0, 0, 0, 1, 300), tickets: fc.array(anyTerms, { maxLength: 3 }) }),
  { minLength: 1, maxLength: 8 },
)

it('an epoch ends after every 512 items', () => {
  expect([0, 511, 512, 1023, 1024].map(epochOf)).toEqual([0, 0, 1, 1, 2])
})

it('counts are seen from the next epoch on, also by one who reads them from the store in between', () =>
  fc.assert(
    fc.asyncProperty(anyBatches, (batches) =>
      onFile(async (_file, open) => {
        const store = await open()
        const ledger = await TermLedger.load(store)
        const expected = new TermStatistics()
        let epoch = 0
        let waiting: Uint32Array[][] = []
        for (const [number, { passed, tickets }] of batches.entries()) {
          epoch += passed
          if (passed > 0)
            for (const parts of waiting.splice(0)) expected.add(parts.flatMap((part) => [...part]))
          const later = await TermLedger.load(store)
          for (const each of [ledger, later]) {
            each.begin(epoch)
            expect(Buffer.compare(each.statistics.toBytes(), expected.toBytes())).toBe(0)
          }
          for (const parts of tickets) ledger.count(...parts)
          waiting = [...waiting, ...tickets]
          const terms = ledger.write([`batch ${number}`])
          expect(terms !== null).toBe(tickets.length > 0)
          await commit(store, { terms })
        }
        await store.close()
      }),
    ),
    { numRuns: 20 },
  ))

it('what many batches wrote is put together, and nothing of it counted twice or lost', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const ledger = await TermLedger.load(store)
    const expected = new TermStatistics()
    const most: number[] = []
    for (let number = 0; number < 150; number += 1) {
      // An epoch ends in the midst of those that are put together.
      if (number === 40) ledger.begin(1)
      ledger.count(Uint32Array.of(number, 7_000_000))
      expected.add([number, 7_000_000])
      await commit(store, { terms: ledger.write([`batch ${number}`]) })
      most.push((await store.termStatistics()).additions.length)
    }
    for (const each of [ledger, await TermLedger.load(store)]) {
      each.begin(2)
      expect(Buffer.compare(each.statistics.toBytes(), expected.toBytes())).toBe(0)
    }
    expect(Math.max(...most)).toBe(64)
    await store.close()
  }))

it('statistics counted anew take the place of all that was counted', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const ledger = await TermLedger.load(store)
    ledger.begin(3)
    ledger.count(Uint32Array.of(1, 2, 3))
    await commit(store, { terms: ledger.write(['batch']) })
    const anew = new TermStatistics()
    anew.add([5])
    await commit(store, { terms: ledger.replacedBy(anew, 'rebuilt') })
    const later = await TermLedger.load(store)
    later.begin(4)
    expect(Buffer.compare(later.statistics.toBytes(), anew.toBytes())).toBe(0)
    await store.close()
  }))
