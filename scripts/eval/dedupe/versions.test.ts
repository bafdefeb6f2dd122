import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runThroughPipeline } from '../../cli/tune/pipeline-run.ts'
import { readRows } from '../../cli/tune/rows.ts'
import { caseFiles } from './case-files.ts'
import { countFound, type Made, withVersions } from './versions.ts'

const dir = mkdtempSync(join(tmpdir(), 'yiwang-versions-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe('versions of the cases', () => {
  it('are found, whatever a channel or an operator made of the report', async () => {
    const { rows, made } = withVersions(await readRows(await caseFiles()))
    const clock = () => Date.parse('2026-03-01T00:00:00+08:00')
    const counts = countFound(made, (await runThroughPipeline(rows, { dir, clock })).verdicts)
    for (const count of counts) expect(count.found / count.made, JSON.stringify(count)).toBeGreaterThan(0.8)
    const shareOf = (reporter: Made['reporter']) => {
      const own = counts.filter((count) => count.reporter === reporter)
      const sum = (what: 'made' | 'found') => own.reduce((total, count) => total + count[what], 0)
      return sum('found') / sum('made')
    }
    expect(shareOf('named')).toBeGreaterThan(0.97)
    expect(shareOf('unknown')).toBeGreaterThan(0.93)
  }, 120_000)
})

describe('withVersions', () => {
  const body = '望岳豪庭东门的路灯坏了半个月，夜里看不清台阶，前天有老人踩空摔伤，请尽快派人来修，谢谢。'
  const row = (id: string, submittedAt: string | null, text = body) => ({
    ...{ id, channel: 'board' as const, sourceId: 'board', submittedAt, name: '张强', phone: '13800138001' },
    ...{ title: '路灯', body: text, place: null, report: null, incident: 'lamps' },
  })
  const first = row('1', '2026-02-20T08:00:00+08:00')
  const second = { ...row('2', '2026-02-20T18:00:00+08:00'), channel: 'hotline' as const }

  it('names a version of a report whose id is a number by a text', () => {
    const { rows } = withVersions([{ ...first, idIsNumber: true }])
    expect(rows.map(({ id, idIsNumber = false }) => [id, idIsNumber])).toEqual([
      ['1', true],
      ['1 equal', false],
    ])
  })

  it('puts each version where it arrives, one report with its original and of no incident', () => {
    const { rows, made } = withVersions([first, second])
    expect(rows.map(({ id }) => id)).toEqual(['1', '2', '1 equal', '2 title in the text'])
    expect(rows.map(({ report, incident }) => [report, incident])).toEqual([
      ['1', undefined],
      ['2', undefined],
      ['1', undefined],
      ['2', undefined],
    ])
    const [, , equal, retold] = rows
    expect(equal).toMatchObject({
      channel: 'hotline',
      sourceId: 'other-hotline',
      name: '张强',
      title: '路灯',
      body,
    })
    expect(equal?.submittedAt).toBe('2026-02-21T00:00:00.000Z')
    expect(retold).toMatchObject({ channel: 'board', title: null, body: `路灯\n${body}` })
    expect(retold?.submittedAt).toBe('2026-02-22T10:00:00.000Z')
    expect(made[1]).toEqual({
      id: '2 title in the text',
      of: '2',
      version: 'title in the text',
      reporter: 'named',
    })
  })

  it('keeps labels, leaves short texts alone, and is the same at every run', () => {
    const labelled = { ...row('1', null), report: 'lamp' }
    expect(withVersions([labelled]).rows.map(({ report }) => report)).toEqual(['lamp', 'lamp'])
    expect(withVersions([row('1', null, body.slice(0, 39))]).made).toEqual([])
    expect(withVersions([row('1', null, body.slice(0, 40))]).made).toHaveLength(1)
    const many = Array.from({ length: 60 }, (_, at) => row(String(at), null))
    expect(withVersions(many)).toEqual(withVersions(many))
    const unknown = withVersions(many).rows.filter(({ name }) => name === null)
    expect(unknown).toHaveLength(24)
    for (const { phone } of unknown) expect(phone).toBeNull()
    const days = withVersions(many).rows.flatMap(({ submittedAt }) => submittedAt ?? [])
    expect([...new Set(days)]).toEqual(
      Array.from({ length: 12 }, (_, day) => new Date(Date.UTC(1970, 0, 2 + day)).toISOString()),
    )
    expect(withVersions([{ ...row('1', null), title: null }]).rows[1]?.title).toBe('')
    expect(withVersions([{ ...row('1', null), body: null }]).made).toEqual([])
  })
})

describe('countFound', () => {
  it('counts a version that shares its master with its original', () => {
    const verdict = (masterId: string | null) => ({
      ...{ verdict: 'duplicate' as const, masterId, incidentId: null, score: 1, suggestion: null },
    })
    const made = ['a', 'b', 'c'].map((id) => ({
      ...{ id: `${id}2`, of: id, version: 'equal', reporter: 'named' as const },
    }))
    const verdicts = new Map([
      ...([
        ['a2', verdict('a')],
        ['b', verdict('x')],
        ['b2', verdict('x')],
      ] as const),
      ['c2', verdict('x')],
    ])
    expect(countFound(made, verdicts)).toEqual([{ version: 'equal', reporter: 'named', made: 3, found: 2 }])
  })
})
