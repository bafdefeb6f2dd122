import { describe, expect, it } from 'vitest'
import type { Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import { scoreTask } from './score.ts'
import { clustersOf, taskRows } from './tasks.ts'

const row = (id: string, labels: Pick<EvalRow, 'report' | 'incident'> = {}): EvalRow => ({
  id,
  channel: 'sms',
  sourceId: 's',
  submittedAt: null,
  name: null,
  phone: null,
  title: null,
  body: id,
  place: null,
  ...labels,
})
const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  verdict: 'new',
  masterId: null,
  incidentId: null,
  score: null,
  suggestion: null,
  ...over,
})

describe('clustersOf', () => {
  const rows = [row('a'), row('b'), row('c')]

  it('puts a duplicate with its master', () => {
    const verdicts = new Map([['b', verdict({ masterId: 'a' })]])
    expect(clustersOf('duplicate', rows, verdicts)).toEqual(['report a', 'report a', 'report c'])
  })

  it('puts a duplicate into the incident of its master', () => {
    const verdicts = new Map([
      ['a', verdict({ incidentId: 'I' })],
      ['b', verdict({ masterId: 'a' })],
      ['c', verdict({ incidentId: 'I' })],
    ])
    expect(new Set(clustersOf('incident', rows, verdicts))).toEqual(new Set(['incident I']))
  })
})

describe('taskRows', () => {
  it('leaves rows without labels out of the count', () => {
    const rows = [
      row('a'),
      row('b', { report: 'r', incident: null }),
      row('c', { report: 'r', incident: null }),
    ]
    const { judged, places } = taskRows('duplicate', rows, ['x', 'x', 'x'])
    expect(places).toEqual([1, 2])
    expect(scoreTask(judged).score).toMatchObject({ pairs: 1, found: 1, true: 1 })
  })

  it('leaves a row out of the task to which it is not labelled', () => {
    const rows = [
      row('a', { report: 'r' }),
      row('b', { incident: 'i' }),
      row('c', { incident: 'i' }),
      row('d', { report: 'r', incident: null }),
    ]
    const alike = ['x', 'x', 'x', 'x']
    const [duplicate, incident] = (['duplicate', 'incident'] as const).map((task) =>
      taskRows(task, rows, alike),
    )
    expect([duplicate?.places, incident?.places]).toEqual([
      [0, 3],
      [1, 2, 3],
    ])
    expect(scoreTask(duplicate?.judged ?? []).score).toMatchObject({ pairs: 1, found: 1, wrong: 0 })
    expect(scoreTask(incident?.judged ?? []).score).toMatchObject({ pairs: 1, found: 3, wrong: 2 })
  })

  it('does not count copies of one report as an incident, whichever way it is labelled', () => {
    for (const incident of [null, 'i']) {
      const rows = [row('a', { report: 'r', incident }), row('b', { report: 'r', incident })]
      const { judged } = taskRows('incident', rows, ['x', 'x'])
      expect(scoreTask(judged).score).toMatchObject({ pairs: 0, found: 0, wrong: 0 })
    }
  })
})
