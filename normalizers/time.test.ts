import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formatInstant, joinTimes, readTime, type TimeOptions } from './time.ts'

const shanghai: TimeOptions = { timeZone: 'Asia/Shanghai', dateOrder: null }
const eightFive = '2020-09-03T08:05:00+08:00'
const midnight = '2020-09-03T00:00:00+08:00'

describe('times that say everything', () => {
  test.each<[string | number, string]>([
    ['2020-09-03T08:05:00', eightFive],
    ['2020-09-03 08:05', eightFive],
    ['2020/9/3 8:05', eightFive],
    ['2020/09/03 08:05:00', eightFive],
    ['2020.9.3 8:05', eightFive],
    ['2020-9-3  8:5', eightFive],
    [' 2020-09-03 08:05:00 ', eightFive],
    ['２０２０／９／３　８：０５', eightFive],
    ['20200903080500', eightFive],
    ['202009030805', eightFive],
    ['20200903 08:05', eightFive],
    [20200903080500, eightFive],
    ['2020年9月3日 8时5分', eightFive],
    ['2020年09月03日 08:05:00', eightFive],
    ['2020年9月3日上午8点05分', eightFive],
    ['2020年9月3日星期四早上8点5分', eightFive],
    ['2020年9月3日礼拜四早上8点5分', eightFive],
    ['2020年9月3日周四早上8点5分', eightFive],
    ['2020/9/3 星期四 上午 8:05:00', eightFive],
    ['二〇二〇年九月三日八时零五分', eightFive],
    ['二〇二〇年十二月二十三日八点十五分', '2020-12-23T08:15:00+08:00'],
    ['二〇二〇年十月廿一日十点', '2020-10-21T10:00:00+08:00'],
    ['2020年9月3日下午1点', '2020-09-03T13:00:00+08:00'],
    ['Thu, 3 Sep 2020 08:05:00 +0800', eightFive],
    ['Thu Sep 03 2020 08:05:00 GMT+0800 (中国标准时间)', eightFive],
    ['Sep 3, 2020 8:05 AM', eightFive],
    ['8:05 2020/9/3', eightFive],
    ['08:05:00 2020-09-03', eightFive],
    ['上午8:05 2020年9月3日', eightFive],
    ['3:05 PM 9/13/2020', '2020-09-13T15:05:00+08:00'],
    ['20200903 080500', eightFive],
    ['20200903T080500', eightFive],
    ['20200903T000500Z', '2020-09-03T00:05:00+00:00'],
    ['20200903T080500.123+0900', '2020-09-03T08:05:00.123+09:00'],
    ['20200903T0805-05:00', '2020-09-03T08:05:00-05:00'],
    ['2020-09-03 0805-1000', eightFive],
    ['2020-09-03 0805', eightFive],
    ['2020-09-03-08:05:00', eightFive],
    ['2020/9/3 上午12:05:00', '2020-09-03T00:05:00+08:00'],
    ['2020/9/3 下午12:05:00', '2020-09-03T12:05:00+08:00'],
    ['3-Sep-2020 08:05', eightFive],
    ['3-Sep-20 8:05 a.m.', eightFive],
    ['03-SEP-20 08.05.00.000000 AM', eightFive],
    ['03-9月 -20 08.05.00.000000 上午', eightFive],
    ['28-10月-20 04.10.20 下午', '2020-10-28T16:10:20+08:00'],
    ['2020-09-03 08.05.00', eightFive],
    ['2020-09-03-08.05.00.000000', eightFive],
    ['09  3 2020  8:05AM', eightFive],
    ['09 13 2020  3:05:00:000PM', '2020-09-13T15:05:00+08:00'],
    [44077.336805555555, eightFive],
    ['44077.336805555555', eightFive],
    ['1599091500', eightFive],
    [1599091500, eightFive],
    ['1599091500000', eightFive],
    [1599091500000, eightFive],
    ['2020-09-03 08:05:00.123', '2020-09-03T08:05:00.123+08:00'],
    ['2020-09-03T08:05:00.123456', '2020-09-03T08:05:00.123+08:00'],
    ['1599091500.123', '2020-09-03T08:05:00.123+08:00'],
    ['20200903080500123', '2020-09-03T08:05:00.123+08:00'],
    ['2020-09-03T00:05:00Z', '2020-09-03T00:05:00+00:00'],
    ['2020-09-03T08:05:00+08:00', eightFive],
    ['2020-09-03T08:05:00+0900', '2020-09-03T08:05:00+09:00'],
    ['2020-09-03T08:05:00+05:30', '2020-09-03T08:05:00+05:30'],
    ['2020-09-03T08:05:00+14:00', '2020-09-03T08:05:00+14:00'],
    ['2020-09-03T08:05:00+14:30', eightFive],
    ['2020-09-03 08:05 +09:00', '2020-09-03T08:05:00+09:00'],
    ['2020年9月3日 8:05 +09:00', '2020-09-03T08:05:00+09:00'],
    ['2020-09-03 08:05:00 -05:00', '2020-09-03T08:05:00-05:00'],
    ['2020-09-03T08:05-05:00', '2020-09-03T08:05:00-05:00'],
    ['2020-09-03 08:05 GMT-05:00', '2020-09-03T08:05:00-05:00'],
    ['2020-09-03 08:05-11:00', eightFive],
    ['2020-09-03 08:05 - 09:30', eightFive],
    ['2020年9月3日8:05-11:30', eightFive],
    ['2020年9月3日上午8:05-10:00', eightFive],
    ['2020-09-03 08:05:00-10:00:00', eightFive],
    ['Sun Mar 01 15:05:06 CST 2026', '2026-03-01T15:05:06+08:00'],
    ['Sun Mar 1 15:05:06 2026', '2026-03-01T15:05:06+08:00'],
    ['Tue Sep 01 08:05:00 CST 2020', '2020-09-01T08:05:00+08:00'],
    ['Wed Sep 02 08:05:00 CST 2020', '2020-09-02T08:05:00+08:00'],
    ['Thu Sep 03 08:05:00 CST 2020', eightFive],
    ['Fri Sep 04 08:05:00 CST 2020', '2020-09-04T08:05:00+08:00'],
    ['Sat Sep 05 08:05:00 CST 2020', '2020-09-05T08:05:00+08:00'],
    ['Sun Mar 01 07:05:06 UTC 2026', '2026-03-01T07:05:06+00:00'],
    ['Sun Mar 01 15:05:06 GMT+08:00 2026', '2026-03-01T15:05:06+08:00'],
    ['26/10/2016 3:04 PM', '2016-10-26T15:04:00+08:00'],
    ['10/26/2016 3:04:05 pm', '2016-10-26T15:04:05+08:00'],
    ['10/26/16 15:04', '2016-10-26T15:04:00+08:00'],
    ['2020年9月3日（星期四）8:05', eightFive],
    ['2020/9/3 禮拜四 8:05', eightFive],
    ['Mon Aug 31 08:05:00 CST 2020', '2020-08-31T08:05:00+08:00'],
    ['1st Sep 2020 8:05', '2020-09-01T08:05:00+08:00'],
    ['2nd Sep 2020 8:05', '2020-09-02T08:05:00+08:00'],
    ['3rd Sep 2020 8:05', eightFive],
    ['4th Sep 2020 8:05', '2020-09-04T08:05:00+08:00'],
    ['Sep 1st, 2020 8:05', '2020-09-01T08:05:00+08:00'],
    ['Sep 2nd, 2020 8:05', '2020-09-02T08:05:00+08:00'],
    ['September 3rd, 2020 8:05', eightFive],
    ['Sep 4th, 2020 8:05', '2020-09-04T08:05:00+08:00'],
    ['03-9月-2020 08.05.00 上午', eightFive],
    ['16-10-5 8:05', '2016-10-05T08:05:00+08:00'],
    ['2020年9月3日夜晚8点', '2020-09-03T20:00:00+08:00'],
    ['2020年9月3日半夜11点', '2020-09-03T23:00:00+08:00'],
    ['8点整 2020年9月3日', '2020-09-03T08:00:00+08:00'],
    ['2020年9月3日 00:05:00Z', '2020-09-03T00:05:00+00:00'],
    ['2020年9月3日 00:05 GMT', '2020-09-03T00:05:00+00:00'],
    ['2020年9月3日 08:05:00-05:00', '2020-09-03T08:05:00-05:00'],
    ['2020-09-03 18:05 Amsterdam', '2020-09-03T18:05:00+08:00'],
    ['2020年9月3日凌晨两点', '2020-09-03T02:00:00+08:00'],
    ['2020年9月3日下午两点半', '2020-09-03T14:30:00+08:00'],
    ['2020年9月3日大约8点5分', eightFive],
    ['2020年9月3日上午约8点5分', eightFive],
    ['2020年9月3日大概在早上8点5分', eightFive],
    ['\u200e2020\u200e/\u200e9\u200e/\u200e3\u200e \u200f\u200e8\u200e:\u200e05', eightFive],
    ['2020年9月3日下午3点半', '2020-09-03T15:30:00+08:00'],
    ['2020年9月3日下午三点一刻', '2020-09-03T15:15:00+08:00'],
    ['2020年9月3日下午3点3刻', '2020-09-03T15:45:00+08:00'],
    ['2020年9月3日十点二十', '2020-09-03T10:20:00+08:00'],
    ['2020年9月3日8点零5', eightFive],
    ['2020年9月3日十点二十左右', '2020-09-03T10:20:00+08:00'],
    ['2020年9月3日8时三人受伤', '2020-09-03T08:00:00+08:00'],
    ['2020年9月3日晚上九点十五', '2020-09-03T21:15:00+08:00'],
    ['2020年九月三號八點零五分', eightFive],
    ['2020年9月3日夜间10点', '2020-09-03T22:00:00+08:00'],
    ['2020年9月3日深夜11点', '2020-09-03T23:00:00+08:00'],
    ['2020年9月3日晚间8点', '2020-09-03T20:00:00+08:00'],
    ['2020年9月3日夜22点', '2020-09-03T22:00:00+08:00'],
    ['2020年9月3日清早6点', '2020-09-03T06:00:00+08:00'],
    ['2020年9月3日黄昏6点', '2020-09-03T18:00:00+08:00'],
    ['2020.9.3日8:05', eightFive],
    ['2020/9/3號 8:05', eightFive],
    ['2020/9/3 週四 上午 8:05', eightFive],
    ['2020年元月3日 8:05', '2020-01-03T08:05:00+08:00'],
    ['Thu, Sep 3, 2020 at 8:05 AM', eightFive],
    ['2020-09-03 08:05:00 GMT+8', eightFive],
    ['2020-09-03 08:05:00 UTC-5', '2020-09-03T08:05:00-05:00'],
    ['2020-09-03 00:05:00+00', '2020-09-03T00:05:00+00:00'],
    ['2020-09-03 08:05:00.123456+09', '2020-09-03T08:05:00.123+09:00'],
    ['2020年9月3日 08:05:00+09', '2020-09-03T08:05:00+09:00'],
    ['2020-09-03 08:05-10', eightFive],
    ['2020年9月3日中午12点', '2020-09-03T12:00:00+08:00'],
    ['2020年9月3日中午1点', '2020-09-03T13:00:00+08:00'],
    ['2020年9月3日中午11点', '2020-09-03T11:00:00+08:00'],
    ['2020年9月3日中午2点', '2020-09-03T14:00:00+08:00'],
    ['2020年9月3日凌晨12点30分', '2020-09-03T00:30:00+08:00'],
    ['2020年9月3日凌晨3点', '2020-09-03T03:00:00+08:00'],
    ['2020年9月3日清晨8点05分', eightFive],
    ['2020年9月3日早晨8点05分', eightFive],
    ['2020年9月3日早8点05分', eightFive],
    ['2020年9月3日午后3点', '2020-09-03T15:00:00+08:00'],
    ['2020年9月3日傍晚6点', '2020-09-03T18:00:00+08:00'],
    ['2020年9月3日夜里11点', '2020-09-03T23:00:00+08:00'],
    ['2020年9月3日晚5点', '2020-09-03T17:00:00+08:00'],
    ['2020年9月3日晚上11点', '2020-09-03T23:00:00+08:00'],
    ['2020年9月3日晚8点', '2020-09-03T20:00:00+08:00'],
    ['2020/9/3 下午 15:20', '2020-09-03T15:20:00+08:00'],
    ['9/9/2020 12:00 AM', '2020-09-09T00:00:00+08:00'],
    ['9/9/2020 12:00 PM', '2020-09-09T12:00:00+08:00'],
    ['2020-09-03 24:00', '2020-09-04T00:00:00+08:00'],
    ['2020-09-03 08:05:60', '2020-09-03T08:06:00+08:00'],
    ['2020090308', '2020-09-03T08:00:00+08:00'],
    ['2024-02-29 00:01', '2024-02-29T00:01:00+08:00'],
  ])('%j', (raw, value) => {
    expect(readTime(raw, shanghai)).toEqual({ value, note: null })
  })
})

describe('times that leave something open', () => {
  test.each<[string | number, string | null, string | null]>([
    ['2020.9.3', midnight, 'time-unknown'],
    ['2020-09-03', midnight, 'time-unknown'],
    ['20200903', midnight, 'time-unknown'],
    [20200903, midnight, 'time-unknown'],
    [44077, midnight, 'time-unknown'],
    ['44077', midnight, 'time-unknown'],
    ['2020年9月3日', midnight, 'time-unknown'],
    ['20年9月3日', midnight, 'time-unknown'],
    ['20-9-3', midnight, 'time-unknown'],
    ['2020年9月3日左右', midnight, 'time-unknown'],
    ['2020年9月3日晚上12点', midnight, 'time-unknown'],
    ['2020年9月3日夜里12点', midnight, 'time-unknown'],
    ['2020年9月3日深夜1点', midnight, 'time-unknown'],
    ['2020年9月3日晚上4点', midnight, 'time-unknown'],
    ['2020年9月3日下午0点', midnight, 'time-unknown'],
    ['2020年9月3日上午15点', midnight, 'time-unknown'],
    ['2020年9月3日凌晨13点', midnight, 'time-unknown'],
    ['2020年9月3日 10086', midnight, 'time-unknown'],
    ['8:05至9:30 2020/9/3', midnight, 'time-unknown'],
    ['25:05 2020/9/3', midnight, 'time-unknown'],
    ['2020年9月3日上午12点', midnight, 'time-unknown'],
    ['20200903 998877', midnight, 'time-unknown'],
    ['约 8:05 前 2020/9/3', midnight, 'time-unknown'],
    ['10/26/2016', '2016-10-26T00:00:00+08:00', 'time-unknown'],
    ['26.10.2016', '2016-10-26T00:00:00+08:00', 'time-unknown'],
    ['5/5/2020', '2020-05-05T00:00:00+08:00', 'time-unknown'],
    ['03/04/2020', null, 'day-month-unknown'],
    ['3/4/20 10:00', null, 'day-month-unknown'],
    ['16-10-26', null, 'day-month-unknown'],
    ['9月3日', null, 'no-year'],
    ['9月3日 下午3:20', null, 'no-year'],
    ['9/3 8:05', null, 'no-year'],
    ['下午3:20', null, 'no-date'],
    ['08:05:00', null, 'no-date'],
    [0.5, null, 'no-date'],
    ['2020-02-30', null, 'no-such-date'],
    ['2020-09-00', null, 'no-such-date'],
    ['2020-00-09', null, 'no-such-date'],
    ['2/30/2020', null, 'no-such-date'],
    ['2020年13月1日', null, 'no-such-date'],
    ['2023-02-29 10:00', null, 'no-such-date'],
    [60, null, 'no-such-date'],
    [59, '1900-02-28T00:00:00+08:06', 'out-of-range'],
    [61, '1900-03-01T00:00:00+08:06', 'out-of-range'],
    ['1989-12-31 23:00', '1989-12-31T23:00:00+08:00', 'out-of-range'],
    ['2099-01-01', '2099-01-01T00:00:00+08:00', 'out-of-range'],
    ['9999-12-31 23:59:59', null, 'out-of-range'],
    ['1601-01-01', null, 'out-of-range'],
    ['0050-01-01', null, 'out-of-range'],
    [200_000, null, 'out-of-range'],
    ['13-11-12', null, 'day-month-unknown'],
    ['10-16-5', null, 'no-such-date'],
    ['12020年9月3日', null, 'no-year'],
    ['12020-09-03', null, 'unreadable'],
    ['2020-09-031', null, 'unreadable'],
    ['202009031 08:05', null, 'unreadable'],
    ['113/10/2016', null, 'unreadable'],
    ['13/10/20165', null, 'unreadable'],
    ['113-Sep-2020', null, 'unreadable'],
    ['3-Sep-20201', null, 'unreadable'],
    ['Sep 3, 20201', null, 'unreadable'],
    ['9/3/', null, 'unreadable'],
    ['103-9月 -20', null, 'unreadable'],
    ['09 31 2020  3:05PM', null, 'no-such-date'],
    ['2020.9.3-20.09.05', '2020-09-03T00:00:00+08:00', 'time-unknown'],
    ['03-9月 -201', null, 'no-year'],
    ['2020-09-03 08:60', null, 'unreadable'],
    ['2020-09-03 25:00', null, 'unreadable'],
    ['2020-09-03 24:30', null, 'unreadable'],
    ['2020年9月3日中午5点', midnight, 'time-unknown'],
    ['9/13/30', '1930-09-13T00:00:00+08:00', 'out-of-range'],
    ['2020-09-03 08:61', null, 'unreadable'],
    ['2020-09-03 08:05:61', null, 'unreadable'],
    ['2020年9月3日25点', null, 'unreadable'],
    ['20200903256000', null, 'unreadable'],
    ['2020年9月', null, 'unreadable'],
    ['二十分钟前', null, 'unreadable'],
    ['昨天下午', null, 'unreadable'],
    ['农历2020年3月15日', null, 'unreadable'],
    ['2020年7月15日（阴历）', null, 'unreadable'],
    ['民國92年5月5日', null, 'unreadable'],
    ['13800138000', null, 'unreadable'],
    ['12345', null, 'unreadable'],
    [0, null, 'unreadable'],
    [-3, null, 'unreadable'],
    [Number.POSITIVE_INFINITY, null, 'unreadable'],
    ['2020-09-03'.repeat(20), null, 'unreadable'],
  ])('%j', (raw, value, note) => {
    const reading = readTime(raw, shanghai)
    expect(reading.note).toBe(note)
    // Before 1901 Shanghai kept local mean time, 8:05:43: RFC 3339 cannot write its seconds.
    if (note === 'out-of-range' && typeof raw === 'number')
      expect(reading.value?.slice(0, 10)).toBe(value?.slice(0, 10))
    else expect(reading.value).toBe(value)
  })

  test.each([
    [''],
    ['  '],
    ['-'],
    ['—'],
    ['/'],
    ['无'],
    ['空'],
    ['未知'],
    ['不详'],
    ['N/A'],
    ['null'],
    ['None'],
    ['NaN'],
    ['0000-00-00 00:00:00'],
    [null],
    [true],
  ])('%j is absent, without a doubt', (raw) => {
    expect(readTime(raw, shanghai)).toEqual({ value: null, note: null })
  })
})

describe('a date and a time of day in two cells', () => {
  test.each<[string | number, string | number, string | null, string | null]>([
    ['2020-09-03', '08:05:00', eightFive, null],
    ['2020-09-03T00:00:00', '08:05:00', eightFive, null],
    ['2020/9/3', '上午8点5分', eightFive, null],
    [44077, 0.336805555555, eightFive, null],
    ['1990-04-15', '02:30', '1990-04-15T03:30:00+09:00', 'dst-gap'],
  ])('%j and %j', (date, clock, value, note) => {
    expect(joinTimes(readTime(date, shanghai), clock, shanghai)).toEqual({ value, note })
  })

  test.each<[string, string]>([
    ['2020-09-03 09:00', '08:05'],
    ['2020-09-03', '2020-09-03 08:05'],
    ['2020-09-03', '25:99'],
    ['2020-09-03', '无'],
    ['昨天', '08:05'],
  ])('%j and %j are not one time', (date, clock) => {
    expect(joinTimes(readTime(date, shanghai), clock, shanghai)).toBeNull()
  })
})

describe('the configured order of day and month', () => {
  test.each([
    ['mdy', '03/04/2020 8:05', '2020-03-04T08:05:00+08:00'],
    ['dmy', '03/04/2020 8:05', '2020-04-03T08:05:00+08:00'],
    ['ymd', '10-11-12 8:05', '2010-11-12T08:05:00+08:00'],
    ['ymd', '10-12-13 8:05', '2010-12-13T08:05:00+08:00'],
    ['mdy', '10-11-12 8:05', '2012-10-11T08:05:00+08:00'],
  ] as const)('%s reads %s', (dateOrder, raw, value) => {
    expect(readTime(raw, { ...shanghai, dateOrder })).toEqual({ value, note: null })
  })

  test('a year of one figure does not come first', () => {
    const reading = readTime('3/4/20 8:05', { ...shanghai, dateOrder: 'ymd' })
    expect(reading).toEqual({ value: null, note: 'day-month-unknown' })
  })

  test('a date that has only one reading keeps it against the order', () => {
    const reading = readTime('26/10/2016 8:05', { ...shanghai, dateOrder: 'mdy' })
    expect(reading).toEqual({ value: '2016-10-26T08:05:00+08:00', note: null })
  })
})

describe('clocks that changed', () => {
  test.each([
    ['Asia/Shanghai', '1990-07-01 12:00', '1990-07-01T12:00:00+09:00', null],
    ['Asia/Shanghai', '1990-04-15 02:30', '1990-04-15T03:30:00+09:00', 'dst-gap'],
    ['Asia/Shanghai', '1991-09-15 01:30', '1991-09-15T01:30:00+09:00', 'dst-overlap'],
    ['Asia/Shanghai', '1991-09-16 01:30', '1991-09-16T01:30:00+08:00', null],
    ['Europe/Berlin', '2024-03-31 02:30', '2024-03-31T03:30:00+02:00', 'dst-gap'],
    ['Europe/Berlin', '2024-10-27 02:30', '2024-10-27T02:30:00+02:00', 'dst-overlap'],
    ['America/New_York', '2024-07-01 12:00', '2024-07-01T12:00:00-04:00', null],
    ['Asia/Kolkata', '2024-07-01 12:00', '2024-07-01T12:00:00+05:30', null],
    ['Pacific/Apia', '2011-12-30 12:00', '2011-12-31T12:00:00+14:00', 'dst-gap'],
    ['Pacific/Kiritimati', '2024-07-01 12:00', '2024-07-01T12:00:00+14:00', null],
  ])('%s %s', (timeZone, raw, value, note) => {
    expect(readTime(raw, { timeZone, dateOrder: null })).toEqual({ value, note })
  })
})

test('an instant is written in the time of its zone', () => {
  expect(formatInstant(Date.UTC(2020, 8, 3, 0, 5), 'Asia/Shanghai')).toBe(eightFive)
  expect(formatInstant(Date.UTC(1991, 8, 14, 16, 30), 'Asia/Shanghai')).toBe('1991-09-15T01:30:00+09:00')
})

test('what is written is the time that was read, in every zone', () => {
  const minute = fc.integer({ min: Date.UTC(1990, 0) / 60_000, max: Date.UTC(2060, 0) / 60_000 })
  const zone = fc.constantFrom(
    'Asia/Shanghai',
    'Asia/Urumqi',
    'Europe/London',
    'America/St_Johns',
    'Australia/Lord_Howe',
  )
  fc.assert(
    fc.property(minute, zone, (at, timeZone) => {
      const written = formatInstant(at * 60_000, timeZone)
      expect(Date.parse(written)).toBe(at * 60_000)
      const { value, note } = readTime(written.slice(0, 19), { timeZone, dateOrder: null })
      if (note !== 'dst-overlap') expect(value).toBe(written)
    }),
  )
})

test('whatever is in the cell, the answer is null or RFC 3339 with offset', () => {
  const moment = z.iso.datetime({ offset: true }).nullable()
  const scraps = fc.constantFrom(
    '2020',
    '9',
    '3',
    '12',
    '-',
    '/',
    '.',
    ':',
    '年',
    '月',
    '日',
    '时',
    '点',
    '上午',
    '下午',
    ' ',
    'T',
    'Z',
    '+08:00',
    'PM',
    'Sep',
    '十',
    '二',
    '半',
    '星期四',
  )
  const cell = fc.oneof(
    fc.array(scraps, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string(),
    fc.double(),
    fc.integer(),
  )
  fc.assert(
    fc.property(cell, (raw) => {
      expect(moment.safeParse(readTime(raw, shanghai).value).success).toBe(true)
    }),
    { numRuns: 5000 },
  )
})
