import { describe, expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import { matchText } from '../normalizers/text.ts'
import { decideByEqualText } from './equal-text.ts'
import type { Report } from './profile.ts'
import { by, report } from './testing/reports.ts'

const noise = '锦禾雅居旁的江滨路工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理'
const again = '锦禾雅居旁边江滨路的工地夜里十一点后还在打桩施工，噪音大，孩子睡不着'

describe('decideByEqualText', () => {
  const first = report(noise)
  const equal = (of: Report, masterId: string | null = null) => ({ report: of, masterId })
  const verdictOf = (of: Report, ...candidates: readonly ReturnType<typeof equal>[]) =>
    decideByEqualText(of, candidates, defaultDedupe, matchText)

  it('links no short words of one person below other titles, or to other files', () => {
    const file = (sha256: string) => ({ name: null, mediaType: 'image/jpeg', bytes: 1, sha256, uri: '' })
    const sent = (title: string, sha256: string, days: number, body = '见附件') =>
      by('张强', report(body, days, { title, attachments: [file(sha256)] }))
    const earlier = equal(sent('路灯坏了', 'a', 0))
    expect(verdictOf(sent('路灯坏了！', 'a', 1), earlier).verdict).toBe('duplicate')
    expect(verdictOf(sent('井盖丢了', 'a', 1), earlier).verdict).toBe('new')
    expect(verdictOf(sent('路灯坏了', 'b', 1), earlier).verdict).toBe('new')
    const repeated = equal(sent('路灯坏了', 'a', 0, '路灯坏了'))
    expect(verdictOf(sent('路灯', 'a', 1, '路灯坏了'), repeated).verdict).toBe('duplicate')
    const long = equal(sent('路灯坏了', 'a', 0, noise))
    expect(verdictOf(sent('井盖丢了', 'b', 1, noise), long).verdict).toBe('duplicate')
  })

  it('links equal words to their master, with reasons', () => {
    const linked = verdictOf(report(`${noise}！！`, 2), equal(report(noise, 1), first.id), equal(first))
    expect(linked).toMatchObject({ verdict: 'duplicate', masterId: first.id, compared: 2 })
    expect(linked).toMatchObject({
      finding: { score: 1, reasons: ['诉求人无法比对', '正文相同', '相隔 2 天'], fields: ['text'] },
    })
  })

  it.each([
    ['other words', report(again, 1)],
    ['another reporter', by('李梅', report(noise, 1))],
    ['a time outside the window', report(noise, 61)],
    ['a time before the window', report(noise, -61)],
  ])('does not link %s', (_, later) => {
    expect(verdictOf(later, equal(by('张强', first))).verdict).toBe('new')
  })

  it('links to a master outside the window while one of its repeats is inside', () => {
    const said = (days: number) => by('张强', report(noise, days))
    const master = equal(said(0))
    const repeat = (days: number) => equal(said(days), master.report.id)
    const nearest = repeat(40)
    const linked = verdictOf(said(100), nearest, repeat(50), master)
    expect(linked).toMatchObject({ verdict: 'duplicate', masterId: master.report.id })
    const compared = `与其重复件 ${nearest.report.id} 比对`
    expect(linked).toMatchObject({
      finding: { reasons: [compared, '同一诉求人', '正文相同', '相隔 60 天'], fields: ['text', 'reporter'] },
    })
    expect(verdictOf(said(100), repeat(39), master).verdict).toBe('new')
    const corrected = { ...master, report: { ...master.report, body: again } }
    expect(verdictOf(said(100), repeat(40), corrected).verdict).toBe('new')
  })

  it('takes the reporter for evidence where it may be the same', () => {
    const linked = verdictOf(by('张先生', report(noise, 1)), equal(by('张强', first)))
    expect(linked).toMatchObject({
      finding: { reasons: ['诉求人可能相同', '正文相同', '相隔 1 天'], fields: ['text', 'reporter'] },
    })
  })

  it('links to the end of the window, and tells by what the reporter is known', () => {
    const facts = { verdict: 'duplicate', algorithm: 'equal-text/4', compared: 1, cut: false }
    const called = (of: Report) => ({ ...of, reporter: { ...of.reporter, phone: '+8613800138000' } })
    for (const days of [60, -60])
      expect(verdictOf(called(report(noise, days)), equal(called(first)))).toMatchObject({
        ...facts,
        finding: { reasons: ['同一手机号', '正文相同', '相隔 60 天'] },
      })
    expect(verdictOf(report(again), equal(first))).toMatchObject({ ...facts, verdict: 'new' })
  })
})
