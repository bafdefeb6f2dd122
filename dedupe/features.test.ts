import { describe, expect, it } from 'vitest'
import { pairOf } from './features.ts'
import type { Report } from './profile.ts'
import { comparer, profile, report } from './testing/reports.ts'

const featuresOf = (one: Report, other: Report) =>
  pairOf(profile(one), profile(other), comparer(one).compare(profile(other))).features

describe('features of a pair', () => {
  const letter = report('增桥中学的住校生一周来喝的都是黄水，请尽快解决。周洪义', 9)

  it('know a reminder by the day that it names', () => {
    const filed = report('增桥中学的水发黄', 9)
    expect(featuresOf(report('增桥中学的水，3月10日反映过', 20), filed).saysWhen).toBe(1)
    expect(featuresOf(report('增桥中学的水，10号反映过', 20), filed).saysWhen).toBe(1)
    expect(featuresOf(report('增桥中学的水，11号反映过', 20), filed).saysWhen).toBe(0)
    expect(featuresOf(report('增桥中学的水，10号反映过', 20), { ...filed, dated: false }).saysWhen).toBe(0)
  })

  it('take reports of one morning for six hours apart, and reports of unknown times for a week', () => {
    const at = (hours: number, dated = true) => report('增桥中学的水发黄', hours / 24, { dated })
    const daysOf = (one: Report, other: Report) => Math.expm1(featuresOf(one, other).days)
    expect(daysOf(at(0), at(0))).toBeCloseTo(0.25)
    expect(daysOf(at(0), at(5))).toBeCloseTo(0.25)
    expect(daysOf(at(0), at(12))).toBeCloseTo(0.5)
    expect(daysOf(at(0), at(12, false))).toBeCloseTo(7)
  })

  it('know the writer of a signed letter, whichever came first', () => {
    const call = report('增桥中学饮用水发黄', 12)
    const caller = { ...call, reporter: { ...call.reporter, name: '周洪义' } }
    expect(featuresOf(caller, letter).signed).toBe(1)
    expect(featuresOf(letter, caller).signed).toBe(1)
    expect(featuresOf({ ...caller, reporter: { ...call.reporter, name: '周先生' } }, letter).signed).toBe(0)
  })

  it('take one who gives the name in a nickname as their own for its bearer, if nothing shows two people', () => {
    const under = (name: string, of: Report) => ({ ...of, reporter: { ...of.reporter, name } })
    const filed = under('UU001234', report('我是青石镇柳树街居民周若兰，隔壁的违建没有人管', 9))
    const again = under('C5市周若兰', report('隔壁的违建砌到二楼了', 12))
    const relation = (one: Report, other: Report) =>
      pairOf(profile(one), profile(other), comparer(one).compare(profile(other))).person
    expect([relation(again, filed), relation(filed, again)]).toEqual(['may-be', 'may-be'])
    expect(relation(again, under('UU001234', report('柳树街的周若兰家也是违建', 9)))).toBe('different')
    const phone = (of: Report, number: string) => ({ ...of, reporter: { ...of.reporter, phone: number } })
    expect(relation(phone(again, '+8613800138001'), phone(filed, '+8613800138002'))).toBe('different')
  })

  it('are the same whichever of the two arrives first', () => {
    const filed = report('增桥中学的水发黄', 9)
    const reminder = report('增桥中学的水，3月10日反映过，至今没有回复', 20)
    expect(featuresOf(filed, reminder)).toEqual(featuresOf(reminder, filed))
  })

  it('count an address that stands beside the text', () => {
    const place = { ...report('').place, text: '长沙市岳麓区锦禾雅居5栋', city: '长沙市', district: '岳麓区' }
    const column = report('路灯都不亮', 0, { place })
    expect(profile(column).text).toBe('路灯都不亮\n锦禾雅居5栋')
    expect(featuresOf(column, report('锦禾雅居路灯坏了')).nameCover).toBe(1)
    const town = { ...place, text: '马鞍山市和县和平路12号', city: '马鞍山市', district: '和县' }
    expect(profile(report('路灯都不亮', 0, { place: town })).text).toBe('路灯都不亮\n和平路12号')
  })

  it.each([
    ['A3区锦禾雅居的垃圾没人收', 'C市锦禾雅居的垃圾没人收', 1],
    ['A3区锦禾雅居的垃圾没人收', 'A市锦禾雅居的垃圾没人收', 0],
    ['A3区锦禾雅居的垃圾没人收', 'A7县锦禾雅居的垃圾没人收', 0],
    ['A3区锦禾雅居的垃圾没人收，C市也这样吗', 'C市锦禾雅居的垃圾没人收', 0],
    ['A3区锦禾雅居的垃圾没人收', '锦禾雅居的垃圾没人收', 0],
  ])('know of %s and %s whether the cities differ whose names were taken away', (one, other, differ) => {
    expect(featuresOf(report(one), report(other)).otherCity).toBe(differ)
  })

  it('come to an end also where a title has a million marks on one letter', () => {
    const marks = '\u0301\u0316'.repeat(15)
    const title = `ｶ${`ﾞ${marks}`.repeat(30_000)}`
    expect(profile({ ...report('3号楼路灯不亮'), title }).numbers).toEqual(
      profile(report('3号楼路灯不亮')).numbers,
    )
  })

  it('tell how much of what the briefer one names the other names too', () => {
    const estate = report('锦禾雅居和望江苑的路灯都不亮')
    expect(featuresOf(report('锦禾雅居停电了'), estate).nameCover).toBe(1)
    expect(featuresOf(report('北濠名邸停电了'), estate).nameCover).toBe(0)
  })
})
