import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { speltAlike } from './spelling.ts'
import { anyReport, profile, report } from './testing/reports.ts'

const spelt = (one: string, other: string) => {
  const alike = speltAlike(profile(report(one)), profile(report(other)))
  return [alike.one.report.body, alike.other.report.body]
}

describe('names that only sound alike', () => {
  it.each([
    ['丽湾新城旁边工地又在打桩', '你好我要投诉离湾新城西边的工地吵死人了'],
    ['芙蓉广场的音响太大', '芙容广场跳舞的音响开得太大了'],
    ['桂语苑门口的垃圾站太臭', '桂语院门口那个垃圾站能不能管管'],
    ['丽湾新城旁边工地又在打桩', '丽湾新成西边打桩机又响了'],
  ])('are spelt alike in either order: %s, %s', (one, other) => {
    const [first, second] = spelt(one, other)
    expect([first, second]).not.toEqual([one, other])
    expect(spelt(other, one)).toEqual([second, first])
    expect([...(first ?? '')].filter((each) => second?.includes(each)).length).toBeGreaterThanOrEqual(4)
  })

  it.each([
    ['金桂花园又停电了', '银桂花园停电两小时了'],
    ['锦绣路的路灯坏了', '锦秀路和锦绣路的路灯都坏了'],
    ['k17路公交车不准时', '17路公交车不准时'],
    ['金港河的水发臭', '河道几近干涸，水发臭'],
    ['', '丽湾新城'],
  ])('stay as they are where they are two places: %s, %s', (one, other) => {
    expect(spelt(one, other)).toEqual([one, other])
  })

  it('are spelt alike in traditional characters, and beside the text', () => {
    const noise = profile(report('丽湾新城旁边工地又在打桩'))
    const traditional = speltAlike(noise, profile(report('離灣新城西邊的工地太吵')))
    expect(traditional.slips).toHaveLength(1)
    expect(traditional.one.text.slice(0, 4)).toBe(traditional.other.text.slice(0, 4))
    const place = { ...noise.report.place, text: '丽弯新城5栋' }
    const beside = speltAlike(noise, profile(report('旁边工地太吵', 0, { place })))
    expect(beside.slips).toHaveLength(1)
    expect(beside.other.text).toContain(beside.one.text.slice(0, 4))
  })

  it('are told of only where they are spelt alike', () => {
    const [one, other] = [profile(report('丽湾新城太吵')), profile(report('离 湾新城太吵'))]
    const { slips, ...alike } = speltAlike(one, other)
    expect(slips).toHaveLength(one.text === alike.one.text && other.text === alike.other.text ? 0 : 1)
  })

  it('are of any text', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (one, other) => {
        const alike = speltAlike(profile(one), profile(other))
        const turned = { one: alike.other, other: alike.one, slips: alike.slips }
        expect(speltAlike(profile(other), profile(one))).toEqual(turned)
        expect(alike.one.text).toHaveLength(profile(one).text.length)
        expect(alike.other.text).toHaveLength(profile(other).text.length)
      }),
    )
  })
})
