import { describe, expect, it } from 'vitest'
import { readMailDate, receivedAt, sentAt } from './mail-date.ts'

const read = (raw: string) => readMailDate(raw, 'Asia/Shanghai')

describe('readMailDate', () => {
  it.each([
    ['Thu, 03 Sep 2020 08:05:00 +0800', '2020-09-03T08:05:00+08:00'],
    ['Thu, 3 Sep 2020 08:05 +0800 (CST)', '2020-09-03T08:05:00+08:00'],
    ['3 Sep 20 00:05:00 GMT', '2020-09-03T00:05:00+00:00'],
    ['Thu, 03 Sep 2020 08:05:00 -0000', '2020-09-03T08:05:00+00:00'],
    ['Fri, 21 Nov 1997 09:55:06 -0330', '1997-11-21T09:55:06-03:30'],
    ['Thu, 03 Sep 2020 08:05:00 PDT', '2020-09-03T08:05:00-07:00'],
    ['Thu, 03 Sep 2020 08:05:00 GMT+0800', '2020-09-03T08:05:00+08:00'],
    ['Thu, 03 Sep 2020 08:05:00 UTC+08:00 (CST)', '2020-09-03T08:05:00+08:00'],
    ['Thu, 03 Sep 2020 08:05:00 GMT+8', '2020-09-03T08:05:00+08:00'],
    ['Thu, 03 Sep 2020 08:05:00 -05:00', '2020-09-03T08:05:00-05:00'],
    ['Thu, 03 Sep 2020 3:05:00 PM +0800', '2020-09-03T15:05:00+08:00'],
    ['Thu, 03 Sep 2020 12:05 AM +0800', '2020-09-03T00:05:00+08:00'],
    ['Thu, 03 Sep 2020 12:05:00 p.m. GMT', '2020-09-03T12:05:00+00:00'],
    ['Thu,03-Sep-2020 08:05:60 +0800', '2020-09-03T08:05:59+08:00'],
    ['3 Sep 2020 08.05 +0800', '2020-09-03T08:05:00+08:00'],
    ['3 Sep 2020 08.05.30 +0800', '2020-09-03T08:05:30+08:00'],
    ['Thu, 03 Sep 2020 08:05:00 +00', '2020-09-03T08:05:00+00:00'],
    ['星期四, 3 九月 2020 08:05:00 +0800', '2020-09-03T08:05:00+08:00'],
    ['周四, 03 9月 2020 08:05:00 +0800', '2020-09-03T08:05:00+08:00'],
    ['Thu, 31 十二月 2020 08:05:00 +0800', '2020-12-31T08:05:00+08:00'],
    ['Thu Sep  3 08:05:00 2020 +0800', '2020-09-03T08:05:00+08:00'],
    ['Thu Sep 3 08:05:00 PDT 2020', '2020-09-03T08:05:00-07:00'],
  ])('keeps the offset of %s', (raw, value) => {
    expect(read(raw)).toEqual({ value, note: null })
  })

  it('reads a time without a zone, or in CST, which is two, in the zone of the source', () => {
    const value = '2020-09-03T08:05:00+08:00'
    expect(read('Thu, 03 Sep 2020 08:05:00')).toEqual({ value, note: 'date-zone-unknown' })
    expect(read('Thu, 03 Sep 2020 08:05:00 CST')).toEqual({ value, note: 'date-zone-unknown' })
    expect(read('Thu Sep  3 08:05:00 2020')).toEqual({ value, note: 'date-zone-unknown' })
    expect(read('Thu Sep  3 08:05:00 CST 2020')).toEqual({ value, note: 'date-zone-unknown' })
    expect(read('2020-09-03 08:05:00')).toEqual({ value, note: 'date-nonstandard' })
  })

  it.each([
    'Thu, 32 Sep 2020 08:05:00 +0800',
    '31 Feb 2020 08:05 +0800',
    'Thu, 03 Sep 2020 25:05:00 +0800',
    'Thu, 03 Sep 2020 15:05:00 AM +0800',
    'Thu, 03 Sep 2020 0:05:00 AM +0800',
    'Thu, 03 Sep 2020 08:65:00 +0800',
    'Thu, 03 Sep 2020 08:05:61 +0800',
    'yesterday',
    '3 Foo 2020 08:05:00 +0800',
    '3 13月 2020 08:05:00 +0800',
  ])('does not make up a time for %s', (raw) => {
    expect(read(raw)).toEqual({ value: null, note: 'date-unreadable' })
  })

  it('has nothing to say of a missing date', () => {
    expect(read('')).toEqual({ value: null, note: null })
  })
})

describe('sentAt', () => {
  const received = '2020-09-03T08:06:00+08:00'
  const sent = (...dates: readonly string[]) => sentAt(dates, received, 'Asia/Shanghai')

  it('is the first Date that can be read', () => {
    const good = 'Thu, 03 Sep 2020 08:05:00 +0800'
    const value = '2020-09-03T08:05:00+08:00'
    expect(sent(good)).toEqual({ value, from: 'Date', notes: [] })
    expect(sent('yesterday', good)).toEqual({ value, from: 'Date', notes: ['date-several'] })
    expect(sent('yesterday')).toEqual({ value: null, from: 'Date', notes: ['date-unreadable'] })
    expect(sent()).toEqual({ value: null, from: 'Date', notes: [] })
  })

  it.each(['Fri, 03 Sep 2032 08:05:00 +0800', 'Thu, 1 Jan 1970 00:00:00 +0000'])(
    'is when the mail was received where %s cannot be',
    (date) => {
      expect(sent(date)).toEqual({ value: received, from: 'Received', notes: ['date-impossible'] })
    },
  )

  it('is not known where a date before there was mail is all there is', () => {
    const dates = ['Thu, 1 Jan 1970 00:00:00 +0000']
    expect(sentAt(dates, null, 'Asia/Shanghai')).toMatchObject({ value: null, notes: ['date-impossible'] })
  })

  it('stays as it is with a note where it is long before, and without one within a day after', () => {
    expect(sent('Mon, 03 Aug 2020 08:05:00 +0800')).toEqual({
      value: '2020-08-03T08:05:00+08:00',
      from: 'Date',
      notes: ['date-long-before-received'],
    })
    expect(sent('Thu, 03 Sep 2020 20:05:00 +0800').notes).toEqual([])
  })
})

describe('receivedAt', () => {
  it('is the time of the newest server', () => {
    const received = [
      'from a by b; for <c>; Thu, 3 Sep 2020 08:06:01 +0800 (CST)',
      'from x; Thu, 3 Sep 2020 08:05:00 +0800',
    ]
    expect(receivedAt(received, 'Asia/Shanghai')).toBe('2020-09-03T08:06:01+08:00')
    const dated = 'from a by b id 2020-01-01; Thu, 3 Sep 2020 08:05:00 +0800'
    expect(receivedAt([dated], 'Asia/Shanghai')).toBe('2020-09-03T08:05:00+08:00')
    expect(receivedAt(['from a by b'], 'Asia/Shanghai')).toBeNull()
    expect(receivedAt(undefined, 'Asia/Shanghai')).toBeNull()
  })
})
