import { describe, expect, it } from 'vitest'
import { stopwatch } from '../config/testing/stopwatch.ts'
import type { Report } from './profile.ts'
import { comparedWith, daysApart, findingOf, personReason } from './reasons.ts'
import { by, found, pair, profile, report } from './testing/reports.ts'

const noise = '锦禾雅居旁的江滨路工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡'
const again = '锦禾雅居旁的江滨路工地凌晨还在打桩，没人管'

describe('findingOf', () => {
  it('says in words what speaks for equal texts', () => {
    const said = by('张强', report(noise))
    const { reasons, fields, ...rest } = found(said, said)
    expect(rest).toMatchObject({ ticketId: said.id, score: 1 })
    expect(reasons.slice(0, 2)).toEqual(['同一诉求人', '正文相同'])
    expect(reasons.at(-1)).toBe('相隔不到 1 天')
    expect(fields).toEqual(expect.arrayContaining(['text', 'reporter']))
  })

  it('says how alike other texts are, what they share and how far apart they are', () => {
    const { score, reasons, terms, fields } = found(report(noise, 2.4), report(again), 0.81249)
    expect(score).toBe(0.812)
    expect(reasons).toEqual([
      ...['诉求人无法比对', '正文相似度 0.52'],
      ...['共同提到：锦禾雅居旁的江滨路工地', '相隔 2 天'],
    ])
    expect(terms).toEqual(['锦禾雅居旁的江滨路工地'])
    expect(fields).toContain('place')
    expect(fields).not.toContain('reporter')
  })

  it('takes the text for evidence from three tenths of the shorter one on', () => {
    const street = '城管来过三次，罚了款照样干，业主都睡不好觉，请夜里派人来现场看一看'
    const gate = (more: string) =>
      found(report(`体育馆南门的售票机坏了，${more}城管来过三次`), report(street))
    expect(gate('').fields).toContain('text')
    expect(gate('要排一个小时，').fields).not.toContain('text')
  })

  it('counts shared numbers from two on', () => {
    const reasonsOf = (text: string) => found(report(text), report(text)).reasons
    expect(reasonsOf('拖欠工资2.14万元，共35天')).toContain('2 个数字相同：21400、35')
    expect(reasonsOf('房号 41、42、43、44、45、46').at(-2)).toBe('6 个数字相同：41、42、43、44、45 等')
    const lacking = (people: number) => report(`拖欠工资2.14万元，共35天，欠${people}人`)
    expect(found(lacking(88), lacking(99)).reasons).toContain('2 个数字相同：21400、35')
    expect(reasonsOf('拖欠工资21400元').join()).not.toContain('个数字相同')
  })

  it('reads figures without end at once', () => {
    const figures = report(`${noise}。${'1'.repeat(300_000)}`)
    const took = stopwatch()
    expect(found(figures, report(noise)).terms).not.toEqual([])
    expect(took()).toBeLessThan(100)
  })

  it('says what share of a much shorter text is in the other, and never that texts are alike which only begin alike', () => {
    const likeness = (one: string, other: string) => found(report(one), report(other)).reasons[1]
    const short = noise.slice(0, 14)
    const long = `${noise}。${again}，城管来过三次，罚了款照样干，业主都睡不好觉，请夜里派人来现场看一看`
    expect(likeness(short, long)).toBe('短的一篇有 100% 在另一篇中')
    expect(likeness(long, short)).toBe('短的一篇有 100% 在另一篇中')
    expect(likeness(`${short}离家只有八米`, long)).toBe('短的一篇有 68% 在另一篇中')
    expect(likeness(`${short}离家`, long)).toBe('短的一篇有 86% 在另一篇中')
    expect(likeness(noise, long)).toBe('短的一篇有 100% 在另一篇中')
    expect(likeness('路灯坏了，小区停水，城管来过三次', long)).toBe('正文相似度 0.14')
    expect(likeness(`${noise}哦`, noise)).toBe('正文相似度 0.98')
    expect(likeness('收费1.5万元不给发票', '收费15万元不给发票')).toBe('正文相似度 0.99')
  })

  it('calls texts the same only as they were written, also where names are spelt alike', () => {
    const [one, other] = [report('离湾新城夜里打桩太吵'), report('丽湾新城夜里打桩太吵')]
    const respelt = pair(other, other)
    const written = [profile(one), profile(other)] as const
    const { reasons, terms } = findingOf({ pair: respelt, written, slips: ['离湾新城、丽湾新城'] }, 1, 'T-1')
    expect(reasons).toEqual([
      ...[`与其重复件 ${other.id} 比对`, '诉求人无法比对', '正文相似度 0.99', '共同提到：湾新城夜里打桩太吵'],
      ...['读音相近：离湾新城、丽湾新城', '相隔不到 1 天'],
    ])
    expect(terms).toEqual(['湾新城夜里打桩太吵'])
  })

  it('rounds no score up', () => {
    expect(found(report(noise), report(noise), 0.6499999).score).toBe(0.649)
    expect(found(report(noise), report(noise), 0.65).score).toBe(0.65)
  })

  it('names no terms where nothing telling is shared', () => {
    const { terms, reasons } = found(report('路灯坏了', 40), report('学校门口堵车'))
    expect(terms).toEqual([])
    expect(reasons).toEqual(['诉求人无法比对', '正文相似度 0.00', '相隔 40 天'])
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
  expect(words).toEqual([
    ...['同一诉求人', '诉求人可能相同', '诉求人无法比对', '诉求人是否相同不明', '诉求人不同'],
  ])
})

it('says by what two persons are one', () => {
  const known = (given: Partial<Report['reporter']>) => {
    const of = report(noise)
    return { ...of, reporter: { ...of.reporter, ...given } }
  }
  const reasonOf = (one: Partial<Report['reporter']>, other: Partial<Report['reporter']>) =>
    found(known(one), known(other)).reasons[0]
  const phone = '+8613800138000'
  expect(reasonOf({ phone, key: 'a', name: '张强' }, { phone, key: 'a' })).toBe('同一手机号')
  expect(reasonOf({ phone: '+861062345678' }, { phone: '+861062345678' })).toBe('同一电话')
  expect(reasonOf({ phone, email: 'a@x.cn' }, { email: 'a@x.cn' })).toBe('同一邮箱')
  expect(reasonOf({ wechatId: 'a' }, { wechatId: 'a' })).toBe('同一微信')
  expect(reasonOf({ name: '張強' }, { name: '张强' })).toBe('同名')
  expect(reasonOf({ phone: '12345', name: '张强' }, { phone: '12345', name: '张强' })).toBe('同名')
  expect(reasonOf({ phone, name: '张强' }, { phone: '+8613800138001', name: '张强' })).toBe('诉求人不同')
})

it('names the ticket compared with where the verdict names another or none', () => {
  expect(comparedWith('T-1', 'T-1')).toEqual([])
  expect(comparedWith('T-1', 'T-2')).toEqual(['与其重复件 T-1 比对'])
  expect(comparedWith('T-1', null)).toEqual(['与 T-1 比对'])
})
