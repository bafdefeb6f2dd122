import { describe, expect, it } from 'vitest'
import type { Judged } from '../../cli/tune/score.ts'
import { missedPairs, wrongPairs } from './worst-pairs.ts'

const row = (gold: string | null, predicted: string | null, apart: string | null = null): Judged => ({
  gold,
  predicted,
  channel: 'sms',
  apart,
})

describe('wrongPairs', () => {
  it('lists rows put with a stranger, highest score first', () => {
    const rows = [row('a', 'p'), row('b', 'p'), row('a', 'p'), row(null, 'q'), row(null, 'q')]
    const scores = [0, 0.5, 0.6, 0, 0.9]
    expect(wrongPairs(rows, (at) => scores[at] ?? 0, 20)).toEqual([
      { earlier: 3, later: 4, value: 0.9 },
      { earlier: 1, later: 2, value: 0.6 },
      { earlier: 0, later: 1, value: 0.5 },
    ])
  })

  it('passes over rows that are not compared', () => {
    expect(wrongPairs([row(null, 'p', 'r'), row(null, 'p', 'r')], () => 1, 20)).toEqual([])
  })
})

describe('missedPairs', () => {
  it('lists for each row the most similar one that it was kept from', () => {
    const rows = [row('a', 'p'), row('a', null), row('a', 'p'), row('b', null)]
    const similarity = (earlier: number, later: number) => (earlier + later) / 10
    expect(missedPairs(rows, similarity, 20)).toEqual([
      { earlier: 1, later: 2, value: 0.3 },
      { earlier: 0, later: 1, value: 0.1 },
    ])
  })

  it('gives no more than asked for', () => {
    const rows = Array.from({ length: 50 }, () => row('a', null))
    expect(missedPairs(rows, () => 1, 20)).toHaveLength(20)
  })
})
