import { describe, expect, it } from 'vitest'
import { readMailDate, receivedAt } from './mail-date.ts'

const read = (raw: string) => readMailDate(raw, 'Asia/Shanghai')

describe('readMailDate', () => {
  it.each([
    ['Thu, 03 Sep 2020 08:05:00 +0800', '2020-09-03T08:05:00+08:00'],
    ['Thu, 3 Sep 2020 08:05 +0800 (CST)', '2020-09-03T08:05:00+08:00'],
    ['3 Sep 20 00:05:00 GMT', '2020-09-03T00:05:00+00:00'],
    ['Thu, 03 Sep 2020 08:05:00 -0000', '2020-09-03T08:05:00+00:00'],
    ['Fri, 21 Nov 1997 09:55:06 -0330', '1997-11-21T09:55:06-03:30'],
    ['Thu, 03 Sep 2020 08:05:00 PDT', '2020-09-03T08:05:00-07:00'],
    ['Thu,03-Sep-2020 08:05:60 +0800', '2020-09-03T08:05:59+08:00'],
  ])('keeps the offset of %s', (raw, value) => {
    expect(read(raw)).toEqual({ value, note: null })
  })

  it('reads a time without a zone, or in CST, which is two, in the zone of the source', () => {
    const value = '2020-09-03T08:05:00+08:00'
    expect(read('Thu, 03 Sep 2020 08:05:00')).toEqual({ value, note: 'date-zone-unknown' })
    expect(read('Thu, 03 Sep 2020 08:05:00 CST')).toEqual({ value, note: 'date-zone-unknown' })
    expect(read('2020-09-03 08:05:00')).toEqual({ value, note: 'date-nonstandard' })
  })

  it.each([
    'Thu, 32 Sep 2020 08:05:00 +0800',
    '31 Feb 2020 08:05 +0800',
    'Thu, 03 Sep 2020 25:05:00 +0800',
    'yesterday',
    '3 Foo 2020 08:05:00 +0800',
  ])('does not make up a time for %s', (raw) => {
    expect(read(raw)).toEqual({ value: null, note: 'date-unreadable' })
  })

  it('has nothing to say of a missing date', () => {
    expect(read('')).toEqual({ value: null, note: null })
  })
})

describe('receivedAt', () => {
  it('is the time of the newest server', () => {
    const received = [
      'from a by b; for <c>; Thu, 3 Sep 2020 08:06:01 +0800 (CST)',
      'from x; Thu, 3 Sep 2020 08:05:00 +0800',
    ]
    expect(receivedAt(received, 'Asia/Shanghai')).toBe('2020-09-03T08:06:01+08:00')
    expect(receivedAt(['from a by b'], 'Asia/Shanghai')).toBeNull()
    expect(receivedAt(undefined, 'Asia/Shanghai')).toBeNull()
  })
})
