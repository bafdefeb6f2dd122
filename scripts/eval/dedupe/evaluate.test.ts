import { describe, expect, it } from 'vitest'
import type { EvalRow } from '../../cli/tune/rows.ts'
import { evaluate, shortfalls } from './evaluate.ts'
import { asJson, verdictLines } from './print.ts'

const row = (id: string): EvalRow => ({
  id,
  channel: 'board',
  sourceId: 'b',
  submittedAt: '2026-01-02T03:04:05+08:00',
  name: null,
  phone: null,
  title: '电梯停运',
  body: '槐荫里小区三号楼的电梯从上周一开始停运。',
  place: null,
  report: 'r',
  incident: null,
})

describe('verdictLines', () => {
  it('names reports as the file does: by a number where it does so', () => {
    const verdict = { verdict: 'duplicate', masterId: '7', incidentId: null, score: 1 } as const
    const suggestion = { verdict: 'related', ticketId: 'b', score: 0.5 } as const
    const rows = [{ ...row('7'), idIsNumber: true }, row('b')]
    const lines = verdictLines(rows, new Map([['b', { ...verdict, suggestion }]])).trimEnd()
    const [first, second] = lines.split('\n').map((line) => JSON.parse(line))
    expect(first).toMatchObject({ id: 7, masterId: null })
    expect(second).toEqual({ id: 'b', ...verdict, masterId: 7, suggestion })
  })

  it('keeps all figures of an id', () => {
    const verdict = { verdict: 'duplicate', incidentId: null, score: 1, suggestion: null } as const
    const [id, masterId] = ['649184237461238786', '649184237461238785']
    const rows = [masterId, id].map((number) => ({ ...row(number), idIsNumber: true }))
    const [, line] = verdictLines(rows, new Map([[id, { ...verdict, masterId }]])).split('\n')
    expect(line).toContain('"id":649184237461238786,')
    expect(line).toContain('"masterId":649184237461238785,')
  })
})

describe('evaluate', () => {
  const labelled = [row('a'), row('b')]
  const linked = new Map([
    ['b', { verdict: 'duplicate', masterId: 'a', incidentId: null, score: 1, suggestion: null } as const],
  ])

  it('gives a program the counts of both tasks', () => {
    const answer: unknown = JSON.parse(asJson(evaluate(labelled, linked), 10))
    expect(answer).toMatchObject({
      duplicate: { pairs: 1, found: 1, true: 1, missed: 0, wrong: 0, precision: 1, recall: 1 },
      incident: { pairs: 0, found: 0, bcubed: { f1: 1 } },
      decisionsPerSecond: 10,
    })
  })

  it('says which floor is not reached', () => {
    expect(shortfalls(evaluate(labelled, new Map()))).toContain('duplicate recall 0.0000 is below 0.95')
  })
})
