import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate, Report } from './decision.ts'
import { algorithm, decideSameReport, sketchOf } from './same-report.ts'

const plain = (text: string) => text.replace(/[\s，。！]/g, '')
const body = '江滨路12号工地每晚十一点后仍在打桩'
const day = 86_400_000
const settings = { windowDays: 30 }

const report = (change: Partial<Report> = {}): Report => ({
  ...{
    ticketId: 'T-2',
    sourceId: 'mail',
    channel: 'email',
    reporterKey: 'zhang',
    at: 40 * day,
    title: null,
    body,
  },
  ...change,
})
const candidate = (change: Partial<Candidate> = {}): Candidate => ({
  ...{
    ticketId: 'T-1',
    sourceId: 'hotline',
    channel: 'hotline',
    reporterKey: 'zhang',
    at: 40 * day,
    masterId: null,
  },
  keys: sketchOf({ title: null, body }, plain).keys,
  ...change,
})
const decide = (arriving: Report, ...candidates: readonly Candidate[]) =>
  decideSameReport(arriving, sketchOf(arriving, plain), candidates, settings)

describe('sketchOf', () => {
  it('gives equal keys to equal words, and others to other words', () => {
    const keysOf = (text: string) => sketchOf({ title: null, body: text }, plain).keys
    expect(keysOf(` ${body}！`)).toEqual(keysOf(body))
    expect(keysOf(`${body}了`)).not.toEqual(keysOf(body))
  })

  it('takes the title where there is no body, and nothing where there is neither', () => {
    expect(sketchOf({ title: body, body: '' }, plain)).toEqual(sketchOf({ title: null, body }, plain))
    expect(sketchOf({ title: null, body: '！' }, plain)).toEqual({ keys: [], telling: false })
  })

  it('gives integers below 2^48 to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const key of sketchOf({ title: null, body: text }, plain).keys)
          expect(Number.isInteger(key) && key >= 0 && key < 2 ** 48).toBe(true)
      }),
    )
  })
})

describe('decideSameReport', () => {
  it('links the same words of the same reporter, and says why', () => {
    expect(decide(report({ at: 42 * day }), candidate())).toEqual({
      ...{ verdict: 'duplicate', masterId: 'T-1', score: 1, algorithm },
      reasons: ['正文相同', '同一诉求人', '相隔 2 天'],
    })
  })

  it('links the first of several masters that fit', () => {
    const others = [
      candidate({ ticketId: 'T-0', reporterKey: 'li' }),
      candidate(),
      candidate({ ticketId: 'T-9' }),
    ]
    expect(decide(report(), ...others).masterId).toBe('T-1')
  })

  it.each([
    ['two known reporters who differ', report({ reporterKey: 'li' }), candidate()],
    ['reports outside the window', report({ at: 71 * day }), candidate()],
    ['a repeat instead of its master', report(), candidate({ masterId: 'T-0' })],
    ['a ticket to itself', report({ ticketId: 'T-1' }), candidate()],
    ['short words of unknown reporters', report({ body: '没水了', reporterKey: null }), candidate()],
  ])('does not link %s', (_, arriving, other) => {
    expect(decide(arriving, other)).toMatchObject({ verdict: 'new', masterId: null, reasons: [] })
  })

  it('links at the very edge of the window', () => {
    expect(decide(report({ at: 70 * day }), candidate()).verdict).toBe('duplicate')
  })
})
