import { describe, expect, it } from 'vitest'
import { type EvalRow, readRows } from '../../cli/tune/rows.ts'
import { plainText } from './baselines/grams.ts'
import { caseFiles } from './case-files.ts'

const dayMs = 86_400_000
const rows = await readRows(await caseFiles())

function groupsBy(label: 'report' | 'incident'): ReadonlyMap<string, readonly EvalRow[]> {
  return Map.groupBy(
    rows.filter((row) => typeof row[label] === 'string'),
    (row) => String(row[label]),
  )
}

const at = (row: EvalRow) => Date.parse(row.submittedAt ?? '')
const spanDays = (members: readonly EvalRow[]) => {
  const moments = members.map(at).filter((moment) => !Number.isNaN(moment))
  return (Math.max(...moments) - Math.min(...moments)) / dayMs
}

describe('the cases', () => {
  it('are at least 640 reports in 155 groups over all five channels', () => {
    expect(rows.length).toBeGreaterThanOrEqual(640)
    expect(groupsBy('report').size + groupsBy('incident').size).toBeGreaterThanOrEqual(155)
    const byChannel = Map.groupBy(rows, ({ channel }) => channel)
    for (const channel of ['email', 'sms', 'wechat', 'hotline', 'board'] as const) {
      expect(byChannel.get(channel)?.length ?? 0, channel).toBeGreaterThanOrEqual(80)
    }
  })

  it('are all labelled, and no more than a third stands alone', () => {
    expect(rows.filter(({ report, incident }) => report === undefined || incident === undefined)).toEqual([])
    const alone = rows.filter(({ report, incident }) => report === null && incident === null)
    expect(alone.length).toBeLessThan(rows.length / 3)
    expect(alone.length).toBeGreaterThan(rows.length / 6)
  })

  it('stand in order of arrival in each file', async () => {
    for (const file of await caseFiles()) {
      const dated = (await readRows([file])).filter(({ submittedAt }) => submittedAt !== null)
      expect(dated.map(at)).toEqual(dated.map(at).toSorted((a, b) => a - b))
      expect(dated.every(({ submittedAt }) => submittedAt?.endsWith('+08:00'))).toBe(true)
    }
  })

  it('have no cluster of one', () => {
    for (const label of ['report', 'incident'] as const) {
      for (const [name, members] of groupsBy(label)) expect(members.length, name).toBeGreaterThanOrEqual(2)
    }
  })

  it('keep a report within 45 days and an incident within 45 days', () => {
    for (const label of ['report', 'incident'] as const) {
      for (const [name, members] of groupsBy(label)) expect(spanDays(members), name).toBeLessThanOrEqual(45)
    }
  })

  it('give every copy of a report the same incident', () => {
    for (const [name, members] of groupsBy('report')) {
      expect(new Set(members.map(({ incident }) => incident)).size, name).toBe(1)
    }
  })

  it('never count two known phones as one report, unless a note says why', () => {
    for (const [name, members] of groupsBy('report')) {
      const phones = new Set(members.flatMap(({ phone }) => phone ?? []))
      const explained = members.some(({ note }) => note !== null && note !== undefined)
      expect(phones.size <= 1 || explained, name).toBe(true)
    }
  })

  it('use no phone number but invented ones, and none inside a text', () => {
    for (const row of rows) {
      if (row.phone !== null) expect(row.phone).toMatch(/^1380013\d{4}$/)
      expect(`${row.title}${row.body}`).not.toMatch(/(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}[\dXx]/)
    }
  })

  it('hold title-only, very short and long texts', () => {
    const lengths = rows.map((row) => [...plainText(row)].length)
    expect(rows.some(({ title, body }) => title !== null && body === null)).toBe(true)
    expect(lengths.filter((length) => length > 0 && length <= 10).length).toBeGreaterThan(15)
    expect(lengths.filter((length) => length >= 150).length).toBeGreaterThan(60)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(650)
  })
})
