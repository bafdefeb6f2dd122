import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runThroughPipeline } from './pipeline-run.ts'
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

  it('answers null for a row without text', async () => {
    const { verdicts } = await runThroughPipeline([row({ title: null, body: null })], { dir, clock })
    expect(verdicts.get('a')).toEqual({
      ...{ verdict: null, masterId: null, incidentId: null, score: null, suggestion: null },
    })
  })
})
