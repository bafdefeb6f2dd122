import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Judged, scoreTask } from './score.ts'

const row = (
  gold: string | null,
  predicted: string | null,
  channel = 'sms',
  apart: string | null = null,
): Judged => ({ gold, predicted, channel, apart })

const label = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null })
const anyRows = fc.array(
  fc.record({ gold: label, predicted: label, channel: fc.constantFrom('sms', 'board'), apart: label }),
  { maxLength: 30 },
)

const apart = (a: Judged, b: Judged) => a.apart !== null && a.apart === b.apart
const together = (x: string | null, y: string | null) => x !== null && x === y

/** The definition, pair by pair. */
function countSlowly(rows: readonly Judged[]) {
  const counts = { pairs: 0, found: 0, true: 0 }
  rows.forEach((b, later) => {
    for (const a of rows.slice(0, later)) {
      if (apart(a, b)) continue
      const gold = together(a.gold, b.gold)
      const predicted = together(a.predicted, b.predicted)
      counts.pairs += gold ? 1 : 0
      counts.found += predicted ? 1 : 0
      counts.true += gold && predicted ? 1 : 0
    }
  })
  return counts
}

function bcubedSlowly(rows: readonly Judged[]) {
  const shares = rows.map((self) => {
    const others = rows.filter((other) => other !== self && !apart(self, other))
    const inGold = others.filter((other) => together(self.gold, other.gold))
    const inPredicted = others.filter((other) => together(self.predicted, other.predicted))
    const inBoth = inGold.filter((other) => inPredicted.includes(other)).length + 1
    return { precision: inBoth / (inPredicted.length + 1), recall: inBoth / (inGold.length + 1) }
  })
  const mean = (of: 'precision' | 'recall') =>
    shares.reduce((sum, share) => sum + share[of], 0) / shares.length
  return { precision: mean('precision'), recall: mean('recall') }
}

describe('scoreTask', () => {
  it('counts a cluster of three found as a pair and a stranger', () => {
    const { score } = scoreTask([row('g', 'p'), row('g', 'p'), row('g', null), row(null, 'p')])
    expect(score).toMatchObject({ pairs: 3, found: 3, true: 1, missed: 2, wrong: 2 })
    expect(score.precision).toBeCloseTo(1 / 3)
    expect(score.bcubed.precision).toBeCloseTo((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)
    expect(score.bcubed.recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
  })

  it('says null, not zero, where there was nothing to find and nothing was found', () => {
    const { score } = scoreTask([row(null, null), row(null, null)])
    expect(score).toMatchObject({ precision: null, recall: null, bcubed: { precision: 1, recall: 1, f1: 1 } })
  })

  it('does not compare rows that are kept apart', () => {
    const { score } = scoreTask([
      row('g', 'p', 'sms', 'r'),
      row('g', 'p', 'sms', 'r'),
      row('g', 'p', 'board'),
    ])
    expect(score).toMatchObject({ pairs: 2, found: 2, true: 2 })
  })

  it('books a pair under the channel of its later row, and under both', () => {
    const { byChannel, byChannelPair } = scoreTask([row('g', 'p', 'sms'), row('g', 'p', 'board')])
    expect(byChannel).toMatchObject([{ channels: 'board', pairs: 1, true: 1 }])
    expect(byChannelPair).toMatchObject([{ channels: 'board + sms', pairs: 1, true: 1 }])
  })

  it('agrees with counting every pair', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const tables = scoreTask(rows)
        const counts = countSlowly(rows)
        expect(tables.score).toMatchObject(counts)
        for (const table of [tables.byChannel, tables.byChannelPair]) {
          expect(table.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(counts.pairs)
          expect(table.reduce((sum, { found }) => sum + found, 0)).toBe(counts.found)
        }
      }),
    )
  })

  it('agrees with B-cubed by its definition', () => {
    fc.assert(
      fc.property(
        anyRows.filter((rows) => rows.length > 0),
        (rows) => {
          const slow = bcubedSlowly(rows)
          const { bcubed } = scoreTask(rows).score
          expect(bcubed.precision).toBeCloseTo(slow.precision)
          expect(bcubed.recall).toBeCloseTo(slow.recall)
        },
      ),
    )
  })

  it('counts one cluster of 100,000 rows without listing its pairs', () => {
    const rows = Array.from({ length: 100_000 }, () => row('g', 'p'))
    expect(scoreTask(rows).score).toMatchObject({ pairs: 4_999_950_000, true: 4_999_950_000 })
  })
})
