import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proposed, reviewOf, type Trial, wilson } from './thresholds.ts'

const trial = (link: number, right: number, wrong: number): Trial => {
  const found = right + wrong
  const precision = found === 0 ? null : right / found
  return { link, pairs: 100, found, true: right, wrong, precision, recall: right / 100 }
}

describe('proposed', () => {
  it('takes what finds most at the wanted precision, and the most careful of those', () => {
    const trials = [trial(0.3, 95, 20), trial(0.5, 90, 1), trial(0.6, 90, 1), trial(0.9, 60, 0)]
    expect(proposed(trials, 0.95)).toMatchObject({ link: 0.6, reached: true })
    expect(proposed(trials, 0.999)).toMatchObject({ link: 0.9, reached: true })
  })

  it('says that none reaches it, and takes the nearest', () => {
    expect(proposed([trial(0.3, 50, 50), trial(0.9, 30, 10)], 0.95)).toMatchObject({
      link: 0.9,
      reached: false,
    })
  })

  it('proposes nothing where nothing was found', () => {
    expect(proposed([trial(0.3, 0, 0)], 0.95)).toBeNull()
  })
})

describe('reviewOf', () => {
  const suggestion = (score: number, right: boolean) => ({ score, right })

  it('goes down while a third of what is suggested is right', () => {
    const all = [suggestion(0.7, true), suggestion(0.5, false), suggestion(0.4, true), suggestion(0.2, false)]
    expect(reviewOf(all, 0.8)).toBe(0.4)
  })

  it('passes over what would be linked anyway, and stays where nothing is right', () => {
    expect(reviewOf([suggestion(0.9, true), suggestion(0.5, false)], 0.8)).toBe(0.8)
  })
})

describe('wilson', () => {
  it('is the interval of a published example', () => {
    // 81 of 263, Newcombe 1998, table I, method 3.
    const [low, high] = wilson(81, 263) ?? []
    expect(low).toBeCloseTo(0.2553, 4)
    expect(high).toBeCloseTo(0.3662, 4)
  })

  it('holds the share, within 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (whole, some) => {
        const part = some % (whole + 1)
        const [low = 1, high = 0] = wilson(part, whole) ?? []
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low - 1e-9).toBeLessThanOrEqual(part / whole)
        expect(high + 1e-9).toBeGreaterThanOrEqual(part / whole)
      }),
    )
  })

  it('says nothing of nothing', () => {
    expect(wilson(0, 0)).toBeNull()
  })
})
