import { describe, expect, it } from 'vitest'
import type { Report } from './profile.ts'
import { daysApart, findingOf, personReason } from './reasons.ts'
import { by, pair, report } from './testing/reports.ts'

const noise = '锦禾雅居旁的江滨路工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡'
const again = '锦禾雅居旁的江滨路工地凌晨还在打桩，没人管'

describe('findingOf', () => {
  it('says in words what speaks for equal texts', () => {
    const found = findingOf('T-1', pair(by('张强', report(noise)), by('张强', report(noise))), 1)
    expect(found).toMatchObject({ ticketId: 'T-1', score: 1 })
    expect(found.reasons.slice(0, 2)).toEqual(['正文相同', '同一诉求人'])
    expect(found.reasons.at(-1)).toBe('相隔不到 1 天')
    expect(found.fields).toEqual(expect.arrayContaining(['text', 'reporter']))
  })

  it('says how alike other texts are, what they share and how far apart they are', () => {
    const found = findingOf('T-1', pair(report(noise, 2.4), report(again)), 0.81249)
    expect(found.score).toBe(0.812)
    expect(found.reasons[0]).toMatch(/^正文相似度 0\.\d\d$/)
    expect(found.reasons.slice(1)).toEqual(['诉求人未知', `共同提到：${found.terms.join('、')}`, '相隔 2 天'])
    expect(found.terms[0]).toContain('锦禾雅居')
    expect(found.fields).toContain('place')
    expect(found.fields).not.toContain('reporter')
  })

  it('counts shared numbers from two on', () => {
    const reasonsOf = (text: string) => findingOf('T-1', pair(report(text), report(text)), 1).reasons
    expect(reasonsOf('拖欠工资21400元，共35天')).toContain('2 个数字相同')
    expect(reasonsOf('拖欠工资21400元').join()).not.toContain('个数字相同')
  })

  it('shows at most five stretches, none of them within another, on one line', () => {
    const streets = [
      '白鹭桥断裂',
      '紫薇巷积水',
      '翠屏坪塌方',
      '玄武湖死鱼',
      '凤鸣轩断电',
      '栖霞岭山火',
      '碧落潭溺水',
    ]
    const { terms } = findingOf(
      'T-1',
      pair(report(streets.join('，')), report(streets.toReversed().join('！又'))),
      1,
    )
    expect(terms).toHaveLength(5)
    expect(terms.filter((term) => terms.some((other) => other !== term && other.includes(term)))).toEqual([])
    expect(terms.join('')).not.toContain('\n')
  })

  it('cuts no character in two', () => {
    const letter = '恒固沥青拌和站夜里开炉冒黄烟刺鼻的气味飘进杏园𠮷村七组'
    const { terms } = findingOf('T-1', pair(report(letter), report(`${letter}家家不敢开窗`)), 1)
    expect(terms).toContain('恒固沥青拌和站夜里开炉冒黄烟刺鼻的气味飘进杏园𠮷')
  })

  it('names no terms where nothing telling is shared', () => {
    const { terms, reasons } = findingOf('T-1', pair(report('路灯坏了', 40), report('学校门口堵车')), 0.1)
    expect(terms).toEqual([])
    expect(reasons).toEqual(['正文相似度 0.00', '诉求人未知', '相隔 40 天'])
  })
})

it.each([
  [0, '相隔不到 1 天'],
  [0.4, '相隔不到 1 天'],
  [0.99, '相隔不到 1 天'],
  [1.4, '相隔 1 天'],
  [12, '相隔 12 天'],
  [null, '时间不详'],
])('daysApart(%s) is %s', (days, expected) => {
  expect(daysApart(days)).toBe(expected)
})

it('has words for each relation of two persons', () => {
  const relations = ['same', 'may-be', 'unknown', 'unclear', 'different'] as const
  const words = relations.map((relation) => personReason(relation, null))
  expect(words).toEqual(['同一诉求人', '诉求人可能相同', '诉求人未知', '诉求人不确定', '诉求人不同'])
})

it('says by what two persons are one', () => {
  const known = (given: Partial<Report['reporter']>) => {
    const of = report(noise)
    return { ...of, reporter: { ...of.reporter, ...given } }
  }
  const reasonOf = (one: Partial<Report['reporter']>, other: Partial<Report['reporter']>) =>
    findingOf('T-1', pair(known(one), known(other)), 1).reasons[1]
  const phone = '+8613800138000'
  expect(reasonOf({ phone, key: 'a', name: '张强' }, { phone, key: 'a' })).toBe('同一手机号')
  expect(reasonOf({ phone: '+861062345678' }, { phone: '+861062345678' })).toBe('同一电话')
  expect(reasonOf({ phone, email: 'a@x.cn' }, { email: 'a@x.cn' })).toBe('同一邮箱')
  expect(reasonOf({ wechatId: 'a' }, { wechatId: 'a' })).toBe('同一微信')
  expect(reasonOf({ name: '張強' }, { name: '张强' })).toBe('同名')
  expect(reasonOf({ phone: '12345', name: '张强' }, { phone: '12345', name: '张强' })).toBe('同名')
  expect(reasonOf({ phone, name: '张强' }, { phone: '+8613800138001', name: '张强' })).toBe('诉求人不同')
})
