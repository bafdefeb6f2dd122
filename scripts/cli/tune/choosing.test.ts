import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostFinding, mostPrecise } from './choosing.ts'

const outcome = (threshold: number, right: number, found: number) => ({ threshold, found, true: right })
const anyOutcomes = fc.array(
  fc
    .record({ step: fc.integer({ min: 0, max: 100 }), right: fc.nat(50), wrong: fc.nat(50) })
    .map(({ step, right, wrong }) => outcome(step / 100, right, right + wrong)),
  { maxLength: 12 },
)

describe('mostFinding', () => {
  it('takes the lowest threshold that reaches the wanted share, where a lower one finds more', () => {
    const outcomes = [
      outcome(0.5, 99, 110),
      outcome(0.6, 95, 100),
      outcome(0.7, 90, 92),
      outcome(0.8, 80, 80),
    ]
    expect(mostFinding(outcomes, 0.95, 0.8)).toMatchObject({ threshold: 0.6 })
  })

  it('stays at the current setting where moving finds nothing more', () => {
    const outcomes = [0.5, 0.6, 0.74, 0.8].map((threshold) => outcome(threshold, 20, 20))
    expect(mostFinding(outcomes, 0.99, 0.74)).toMatchObject({ threshold: 0.74 })
  })

  it('goes no further than it must for the same finds with fewer wrong ones', () => {
    const outcomes = [outcome(0.6, 20, 21), outcome(0.7, 20, 20), outcome(0.8, 20, 20), outcome(0.9, 19, 19)]
    expect(mostFinding(outcomes, 0.9, 0.6)).toMatchObject({ threshold: 0.7 })
  })

  it('takes finding nothing for no answer', () => {
    expect(mostFinding([outcome(0.5, 1, 3), outcome(0.9, 0, 0)], 0.99, 0.7)).toBeNull()
  })

  it('never takes one that does not reach the share, nor passes over one that does and finds more', () => {
    fc.assert(
      fc.property(anyOutcomes, fc.double({ min: 0.01, max: 1, noNaN: true }), (outcomes, wanted) => {
        const reaching = outcomes.filter((one) => one.found > 0 && one.true >= wanted * one.found)
        const chosen = mostFinding(outcomes, wanted, 0.7)
        expect(chosen === null).toBe(reaching.length === 0)
        if (chosen === null) return
        expect(reaching).toContain(chosen)
        expect(chosen.true).toBe(Math.max(...reaching.map((one) => one.true)))
      }),
    )
  })
})

describe('mostPrecise', () => {
  it('takes the best precision, and of equal ones what finds most', () => {
    const outcomes = [outcome(0.5, 50, 100), outcome(0.7, 18, 20), outcome(0.8, 9, 10), outcome(0.9, 0, 0)]
    expect(mostPrecise(outcomes, 0.5)).toMatchObject({ threshold: 0.7 })
  })

  it('is null where nothing is found at any threshold', () => {
    expect(mostPrecise([outcome(0.5, 0, 0)], 0.5)).toBeNull()
  })
})
