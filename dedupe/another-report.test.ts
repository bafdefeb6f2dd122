import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAnotherReport, type Version } from './another-report.ts'

const monday = '2026-03-02T08:00:00+08:00'
const friday = '2026-03-06T08:00:00+08:00'
const noise = '江滨路12号工地每晚十一点后仍在打桩，噪音很大'
const light = '小区路灯坏了半个月一直没有人来修理'
const bus = '公交车司机态度恶劣不停站'
const nobody = { key: null, name: null, phone: null, phoneRaw: null, email: null, wechatId: null }

function version(body: string, given: Partial<Omit<Version, 'body'>> = {}): Version {
  return { submittedAt: null, receivedAt: null, reporter: nobody, body, ...given }
}

function by(name: string | null, phone: string | null = null): Pick<Version, 'reporter'> {
  return { reporter: { ...nobody, name, phone } }
}

const differ = (one: Version, other: Version) => isAnotherReport(one, other, (text) => text)
const isAnother = (one: [string | null, string], other: [string | null, string]) =>
  differ(version(one[1], { submittedAt: one[0] }), version(other[1], { submittedAt: other[0] }))

describe('isAnotherReport', () => {
  it('is true for other words at another time', () => {
    expect(isAnother([monday, noise], [friday, light])).toBe(true)
    expect(isAnother([monday, '没水'], [friday, '路灯'])).toBe(true)
  })

  it('is false while the time is the same, in whatever zone it is written', () => {
    expect(isAnother([monday, noise], ['2026-03-02T00:00:00+00:00', light])).toBe(false)
  })

  it('is false while half of the words are left', () => {
    expect(isAnother([monday, noise], [friday, `补充：${noise}，请尽快处理`])).toBe(false)
    expect(isAnother([monday, noise], [friday, noise.slice(0, 12)])).toBe(false)
    expect(isAnother([monday, noise], [friday, ''])).toBe(false)
    // Of the shorter text's eight pairs four are left, or three.
    expect(isAnother([monday, '江滨路工地打桩扰民'], [friday, '江滨路工地'])).toBe(false)
    expect(isAnother([monday, '江滨路工地打桩扰民'], [friday, '江滨路工地路灯不亮'])).toBe(false)
    expect(isAnother([monday, '江滨路工地打桩扰民'], [friday, '江滨路工没有路灯了'])).toBe(true)
  })

  it('is false when a time is not known', () => {
    expect(isAnother([null, noise], [friday, light])).toBe(false)
    expect(isAnother([monday, noise], [null, light])).toBe(false)
  })

  it('goes by the time of receipt where the other is not known', () => {
    expect(differ(version(noise, { receivedAt: monday }), version(light, { receivedAt: friday }))).toBe(true)
    expect(differ(version(noise, { receivedAt: monday }), version(light, { receivedAt: monday }))).toBe(false)
    const corrected = version(light, { submittedAt: monday, receivedAt: friday })
    expect(differ(version(noise, { submittedAt: monday, receivedAt: monday }), corrected)).toBe(false)
    expect(differ(version(noise, { submittedAt: monday }), version(light, { receivedAt: friday }))).toBe(
      false,
    )
  })

  it('is true without a time when hardly a word is left and somebody else reports', () => {
    const [zhang, qian] = [by('张三', '+8613800138010'), by('钱七', '+8613800138020')]
    expect(differ(version(light, zhang), version(bus, qian))).toBe(true)
    expect(differ(version(light, by('张三')), version(bus, by('钱七')))).toBe(true)
    expect(differ(version(light, by(null, '+8613800138010')), version(bus, by(null, '+8613800138020')))).toBe(
      true,
    )
    expect(differ(version(light, { ...zhang, submittedAt: monday }), version(bus, qian))).toBe(true)
  })

  it('is false without a time while words are left, or it may be the same person', () => {
    const [zhang, qian] = [by('张三', '+8613800138010'), by('钱七', '+8613800138020')]
    const some = '小区路灯已经修好，但是楼道的垃圾还是没有清运'
    expect(differ(version(light, zhang), version(some, qian))).toBe(false)
    // Of ten pairs two are left, or one.
    const [ten, two, one] = ['江滨路工地打桩很扰民吧', '江滨路的公交车总是不停', '江滨大道的公交车不停站']
    expect(differ(version(ten, zhang), version(two, qian))).toBe(false)
    expect(differ(version(ten, zhang), version(one, qian))).toBe(true)
    expect(differ(version(light, zhang), version('', qian))).toBe(false)
    expect(differ(version(light, zhang), version(bus, by('张三', '+8613800138020')))).toBe(false)
    expect(differ(version(light, zhang), version(bus, by('钱七', '+8613800138010')))).toBe(false)
    expect(differ(version(light, by('张先生')), version(bus, by('钱女士')))).toBe(false)
    expect(differ(version(light, zhang), version(bus))).toBe(false)
  })

  it('does not depend on which of the two came first', () => {
    const [one, other] = ['工工工工工工工工工', '工工工工了工坏工半']
    expect(isAnother([monday, one], [friday, other])).toBe(isAnother([friday, other], [monday, one]))
    const text = fc.string({ unit: fc.constantFrom(...'工地路灯坏了半个月') })
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isAnother([monday, one], [friday, other])).toBe(isAnother([friday, other], [monday, one]))
      }),
    )
  })
})
