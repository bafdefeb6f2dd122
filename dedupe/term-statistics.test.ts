import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slots, TermCounts, TermStatistics } from './term-statistics.ts'

const term = fc.nat({ max: 0xffffffff })
const reports = fc.array(fc.uniqueArray(term, { maxLength: 20 }), { maxLength: 20 })

function counted(all: Iterable<Iterable<number>>): TermStatistics {
  const statistics = new TermStatistics()
  for (const terms of all) statistics.add(terms)
  return statistics
}

function countsOf(all: readonly (readonly number[])[]): TermCounts {
  const counts = new TermCounts()
  for (const terms of all)
    counts.count([Uint32Array.from(terms.slice(0, 5)), Uint32Array.from(terms.slice(5))])
  return counts
}

describe('TermCounts', () => {
  it('count several reports as they would be counted one after the other', () => {
    fc.assert(
      fc.property(reports, reports, (some, others) => {
        const counts = countsOf(some)
        counts.merge(countsOf(others))
        const statistics = new TermStatistics()
        statistics.addAll(counts)
        expect(statistics.toBytes()).toEqual(counted([...some, ...others]).toBytes())
      }),
      { numRuns: 20 },
    )
  })

  it('tell each slot once, in order', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const told: [number, number][] = []
        countsOf(all).each((slot, count) => told.push([slot, count]))
        const expected = Map.groupBy(
          all.flat().map((one) => one & (slots - 1)),
          (slot) => slot,
        )
        const ascending = [...expected].map(([slot, { length }]) => [slot, length] as [number, number])
        expect(told).toEqual(ascending.sort(([one], [other]) => one - other))
      }),
    )
  })

  it('are halved too, and overflow nothing', () => {
    const statistics = new TermStatistics()
    const many = countsOf(Array.from({ length: 70_000 }, (_, at) => (at % 2 === 0 ? [1, 2] : [1])))
    for (const reports of [70_000, 105_000]) {
      statistics.addAll(many)
      expect(statistics.reports).toBe(reports)
      expect(statistics.weight(1)).toBeLessThan(0.5)
      expect(statistics.weight(2)).toBeCloseTo(Math.log(2), 0)
    }
  })
})

describe('TermStatistics', () => {
  it('weighs in [0, 7], and a term less the more reports hold it', () => {
    fc.assert(
      fc.property(reports, term, (all, some) => {
        const statistics = counted(all)
        const before = statistics.weight(some)
        expect(before >= 0 && before <= 7).toBe(true)
        statistics.add([some])
        expect(statistics.weight(some)).toBeLessThanOrEqual(before)
        expect(statistics.reports).toBe(all.length + 1)
      }),
    )
  })

  it('weighs many terms at once as it weighs each', () => {
    fc.assert(
      fc.property(reports, fc.array(term, { maxLength: 20 }), (all, some) => {
        const statistics = counted(all)
        const weights = new Float64Array(some.length)
        statistics.weigh(Uint32Array.from(some), weights)
        expect([...weights]).toEqual(some.map((one) => statistics.weight(one)))
      }),
    )
  })

  it('does not depend on the order of reports', () => {
    fc.assert(
      fc.property(reports, (all) => {
        expect(counted(all.toReversed()).toBytes()).toEqual(counted(all).toBytes())
      }),
    )
  })

  it('comes back from its bytes, wherever they lie in memory', () => {
    fc.assert(
      fc.property(reports, term, (all, some) => {
        const statistics = counted(all)
        const bytes = statistics.toBytes()
        const moved = new Uint8Array(bytes.length + 3)
        moved.set(bytes, 3)
        const back = TermStatistics.fromBytes(moved.subarray(3))
        expect(back.reports).toBe(statistics.reports)
        expect(back.weight(some)).toBe(statistics.weight(some))
        expect(back.toBytes()).toEqual(bytes)
      }),
      { numRuns: 10 },
    )
  })

  it('halves all counts after 60,000 reports, so that none overflows', () => {
    const statistics = new TermStatistics()
    for (let count = 0; count < 150_000; count += 1) statistics.add(count % 2 === 0 ? [1, 2] : [1])
    expect(statistics.reports).toBe(60_000)
    expect(statistics.weight(1)).toBeCloseTo(0, 1)
    expect(statistics.weight(2)).toBeCloseTo(Math.log(2), 1)
    expect(statistics.weight(3)).toBe(7)
  })

  it('takes two terms of one slot for one', () => {
    const statistics = counted(Array.from({ length: 100 }, () => [5]))
    expect(statistics.weight(5 + slots)).toBe(statistics.weight(5))
  })
})
