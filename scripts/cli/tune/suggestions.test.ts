import { describe, expect, it } from 'vitest'
import type { Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import { judgedSuggestions, reportsLeft } from './suggestions.ts'

const row = (id: string, labels: Pick<EvalRow, 'report' | 'incident'> = {}): EvalRow => ({
  ...{ id, channel: 'sms', sourceId: 's', submittedAt: null },
  ...{ name: null, phone: null, title: null, body: id, place: null },
  ...labels,
})
const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  ...{ verdict: 'new', masterId: null, incidentId: null, score: null, suggestion: null },
  ...over,
})
const suggesting = (kind: 'duplicate' | 'related', ticketId: string, score: number) =>
  verdict({ suggestion: { verdict: kind, ticketId, score } })

describe('judgedSuggestions', () => {
  const rows = [
    row('a', { report: 'r', incident: 'i' }),
    row('b', { report: 'r', incident: 'i' }),
    row('c', { report: null, incident: 'i' }),
    row('d', { report: null, incident: null }),
    row('e'),
  ]

  it('are right where both have the label of the question', () => {
    const verdicts = new Map([
      ['b', suggesting('duplicate', 'a', 0.6)],
      ['c', suggesting('related', 'a', 0.5)],
      ['d', suggesting('related', 'a', 0.4)],
    ])
    expect(judgedSuggestions('duplicate', rows, verdicts)).toEqual([{ score: 0.6, right: true }])
    expect(judgedSuggestions('incident', rows, verdicts)).toEqual([
      { score: 0.5, right: true },
      { score: 0.4, right: false },
    ])
  })

  it('do not count standing alone as a label', () => {
    const verdicts = new Map([['d', suggesting('duplicate', 'c', 0.6)]])
    expect(judgedSuggestions('duplicate', rows, verdicts)).toEqual([{ score: 0.6, right: false }])
  })

  it('leave out reports without labels, and copies of one report as an incident', () => {
    const verdicts = new Map([
      ['b', suggesting('related', 'a', 0.6)],
      ['c', suggesting('related', 'e', 0.6)],
      ['e', suggesting('related', 'a', 0.6)],
    ])
    expect(judgedSuggestions('incident', rows, verdicts)).toEqual([])
  })
})

describe('reportsLeft', () => {
  it('counts those that belong to an earlier report and are put together with none such', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) =>
      row(id, { report: id === 'd' ? null : 'r', incident: null }),
    )
    const verdicts = new Map([
      ['a', verdict()],
      ['b', verdict({ verdict: 'duplicate', masterId: 'a' })],
      ['c', verdict()],
      ['d', verdict()],
    ])
    expect(reportsLeft('duplicate', rows, verdicts)).toBe(1)
  })
})
