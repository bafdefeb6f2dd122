import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAnotherReport } from './another-report.ts'

const monday = '2026-03-02T08:00:00+08:00'
const friday = '2026-03-06T08:00:00+08:00'
const noise = '江滨路12号工地每晚十一点后仍在打桩，噪音很大'
const light = '小区路灯坏了半个月一直没有人来修理'
const isAnother = (one: [string | null, string], other: [string | null, string]) =>
  isAnotherReport(
    { submittedAt: one[0], body: one[1] },
    { submittedAt: other[0], body: other[1] },
    (text) => text,
  )

describe('isAnotherReport', () => {
  it('is true for other words at another time', () => {
    expect(isAnother([monday, noise], [friday, light])).toBe(true)
    expect(isAnother([monday, '没水'], [friday, '路灯'])).toBe(true)
  })

  it('is false while the time is the same, in whatever zone it is written', () => {
    expect(isAnother([monday, noise], ['2026-03-02T00:00:00+00:00', light])).toBe(false)
  })

  it('is false while half of the words are left', () => {
    expect(isAnother([monday, noise], [friday, `补充：${noise}，请尽快处理`])).toBe(false)
    expect(isAnother([monday, noise], [friday, noise.slice(0, 12)])).toBe(false)
    expect(isAnother([monday, noise], [friday, ''])).toBe(false)
  })

  it('is false when a time is not known', () => {
    expect(isAnother([null, noise], [friday, light])).toBe(false)
    expect(isAnother([monday, noise], [null, light])).toBe(false)
  })

  it('does not depend on which of the two came first', () => {
    const [one, other] = ['工工工工工工工工工', '工工工工了工坏工半']
    expect(isAnother([monday, one], [friday, other])).toBe(isAnother([friday, other], [monday, one]))
    const text = fc.string({ unit: fc.constantFrom(...'工地路灯坏了半个月') })
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isAnother([monday, one], [friday, other])).toBe(isAnother([friday, other], [monday, one]))
      }),
    )
  })
})
