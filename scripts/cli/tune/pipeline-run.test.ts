import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { arrivalsOf, runThroughPipeline } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'yiwang-eval-test-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
const row = (over: Partial<EvalRow>): EvalRow => ({
  id: 'a',
  channel: 'board',
  sourceId: '留言板/1',
  submittedAt: '2026-01-02T03:04:05+08:00',
  name: null,
  phone: null,
  title: '电梯停运',
  body: '槐荫里小区三号楼的电梯从上周一开始停运，六楼的老人已经五天没有下楼。',
  place: null,
  report: null,
  incident: null,
  ...over,
})

describe('runThroughPipeline', () => {
  it('finds a repeat that came through another channel, and answers in ids of the input', async () => {
    const again = {
      id: 'b',
      channel: 'email',
      sourceId: 'mail',
      submittedAt: '2026-01-02T09:00:00+08:00',
    } as const
    const { verdicts, decisionsPerSecond } = await runThroughPipeline([row({}), row(again)], { dir, clock })
    expect(verdicts.get('a')).toMatchObject({ verdict: 'new', masterId: null })
    expect(verdicts.get('b')).toMatchObject({ verdict: 'duplicate', masterId: 'a' })
    expect(decisionsPerSecond).toBeGreaterThan(0)
  })

  it('takes a report without a time for one that arrived between its neighbours, years ago too', async () => {
    const old = row({ submittedAt: '2019-05-01T08:00:00+08:00' })
    const undated = row({ id: 'b', channel: 'email', sourceId: 'mail', submittedAt: null })
    const { verdicts } = await runThroughPipeline([old, undated], { dir, clock })
    expect(verdicts.get('b')).toMatchObject({ verdict: 'duplicate', masterId: 'a' })
  })

  it('answers null for a row without text', async () => {
    const { verdicts } = await runThroughPipeline([row({ title: null, body: null })], { dir, clock })
    expect(verdicts.get('a')).toEqual({
      ...{ verdict: null, masterId: null, incidentId: null, score: null, suggestion: null },
    })
  })
})

describe('arrivalsOf', () => {
  it('goes by the row before, at the beginning by the first that has a time, and without any by now', () => {
    const times = ['2026-01-02T03:04:05+08:00', '2026-01-03T03:04:05+08:00']
    const [first = '', second = ''] = times
    const rows = [null, first, null, second, null].map((submittedAt) => row({ submittedAt }))
    expect(arrivalsOf(rows, 'now')).toEqual([first, first, first, second, second])
    expect(arrivalsOf([row({ submittedAt: null })], 'now')).toEqual(['now'])
  })
})
