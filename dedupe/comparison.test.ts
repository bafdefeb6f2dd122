import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Agreement, Comparison } from './comparison.ts'
import { pairOf } from './features.ts'
import { Scores } from './score.ts'
import { TermStatistics } from './term-statistics.ts'
import { anyReport, by, comparer, pair, profile, report } from './testing/reports.ts'

const noise = '锦禾雅居二期3号楼旁的工地每晚十一点后仍在打桩，噪音很大'

/** Stretches are cut where the other text goes on, so only they may depend on which text is followed. */
function symmetricPart(comparison: Comparison) {
  const {
    runs: _runs,
    longestRun: _longest,
    beyondChance: _beyond,
    unlisted: _unlisted,
    ...rest
  } = comparison
  return rest
}

/** Sums in another order differ in their last digits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(3))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, rounded(of)]))
}

function shares(of: Comparison): readonly number[] {
  const agreements: readonly Agreement[] = [of.matter, of.domain, of.focus]
  const { cover, coverOfLarger, jaccard, containment, contentCover, title } = of
  const inAgreements = agreements.flatMap(({ cosine, containment: part }) => [cosine, part])
  return [cover, coverOfLarger, jaccard, containment, contentCover, title, ...inAgreements]
}

describe('a comparison', () => {
  it('does not depend on which of the two is held against the other', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (one, other) => {
        const there = pair(one, other).comparison
        const back = pair(other, one).comparison
        expect(rounded(symmetricPart(there))).toEqual(rounded(symmetricPart(back)))
      }),
    )
  })

  it('finds all of a report in itself, and nothing against it', () => {
    fc.assert(
      fc.property(anyReport, (one) => {
        const { comparison } = pair(one, one)
        const { terms } = profile(one)
        const whole = terms.length > 0 ? 1 : 0
        expect(comparison).toMatchObject({ jaccard: whole, containment: whole, fewerTerms: terms.length })
        expect(comparison.namesDiffer && comparison.sharedNames > 0).toBe(false)
        expect(comparison).toMatchObject({ otherOrdinals: 0, otherNameKinds: 0, otherBuilding: false })
        expect(comparison).toMatchObject({ matter: { conflict: 0 }, domain: { conflict: 0 } })
        if (comparison.shared > 0) expect(comparison.cover).toBeCloseTo(1, 4)
      }),
    )
  })

  it('keeps shares in [0, 1], weights at 0 or more, and parts within the whole', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (one, other) => {
        const { comparison } = pair(one, other)
        for (const share of shares(comparison)) expect(share >= 0 && share <= 1).toBe(true)
        for (const { weight } of comparison.runs) expect(weight).toBeGreaterThanOrEqual(0)
        const { shared, sharedInFocus, coverOfLarger, cover, fewerTerms, moreTerms } = comparison
        expect(shared).toBeGreaterThanOrEqual(sharedInFocus)
        expect(cover).toBeGreaterThanOrEqual(coverOfLarger)
        expect(moreTerms).toBeGreaterThanOrEqual(fewerTerms)
        expect(comparison.sharedNumbers).toBeLessThanOrEqual(comparison.fewerNumbers)
      }),
    )
  })

  it('gives numbers to the scores, which stay in [0, 1] also after other comparisons', () => {
    const always = comparer(report(noise))
    fc.assert(
      fc.property(anyReport, (other) => {
        const compared = pairOf(always.profile, profile(other), always.compare(profile(other)))
        expect(Object.values(compared.features).every(Number.isFinite)).toBe(true)
        expect(compared.features).toEqual(pair(always.profile.report, other).features)
        for (const question of ['duplicate', 'incident'] as const) {
          const score = new Scores(compared.features).of(question)
          expect(score >= 0 && score <= 1).toBe(true)
        }
      }),
    )
  })

  it.each([
    ['another section', '锦禾雅居三期3号楼停水', { otherOrdinals: 1, sameBuilding: true }],
    ['another building', '锦禾雅居二期7号楼停水', { sameOrdinals: 1, otherBuilding: true }],
    ['traditional characters', noise.replace('锦', '錦'), { jaccard: 1 }],
    [
      'other punctuation and width',
      '锦禾雅居二期３号楼旁的工地每晚十一点后仍在打桩！噪音很大',
      { jaccard: 1 },
    ],
  ])('of a report with %s', (_, other, expected) => {
    expect(pair(report(noise), report(other)).comparison).toMatchObject(expected)
  })

  it.each([
    ['对面的混凝土厂半夜打料', '商砼企业灰尘大'],
    ['不买车位就不让签约', '开发商绑车位'],
    ['这条路修了四年', '到现在还没修通'],
    ['门口在立高压铁塔', '反对架设110千伏的架空线路'],
  ])('knows one matter in the words of %s and of %s', (one, other) => {
    expect(pair(report(one), report(other)).comparison.matter.shared).toBeGreaterThan(0)
  })

  it('takes no idiom for what may be a name', () => {
    const { comparison } = pair(report('门口的工地让人提心吊胆'), report('晚上走路提心吊胆'))
    expect(comparison.unlisted).toBe(0)
  })

  it('tells the stretches of text that both share, each as far as it goes, the most telling first', () => {
    const { runs, longestRun } = pair(
      report('昨天白鹭桥栏杆断裂啦，小孩从缺口掉下去'),
      report('来电人称白鹭桥栏杆断裂多日，已有人从缺口落水', 1),
    ).comparison
    expect(runs.map(({ text }) => text)).toEqual(['白鹭桥栏杆断裂', '从缺口'])
    expect(longestRun).toBe(runs[0]?.weight)
  })

  it('measures a title by the shorter one, and what stands in focus by the report that has less of it', () => {
    const titled = (title: string, body: string) => report(body, 0, { title })
    const { comparison } = pair(
      titled('路灯不亮', '白鹭桥的路灯不亮'),
      titled('白鹭桥路灯不亮请维修', '路灯不亮，请派人维修'),
    )
    expect(comparison.title).toBe(1)
    expect(comparison.focusCover).toBeGreaterThan(0.7)
    expect(comparison.focusCover).toBeLessThanOrEqual(1)
  })

  it('counts the kinds of places of which both name some, and share one or none', () => {
    const kinds = (one: string, other: string) => {
      const { sameNameKinds, otherNameKinds } = pair(report(one), report(other, 1)).comparison
      return [sameNameKinds, otherNameKinds]
    }
    expect(kinds('光明路锦禾雅居停水', '光明路望岳豪庭停水')).toEqual([1, 1])
    expect(kinds('光明路停水', '望岳豪庭停水')).toEqual([0, 0])
  })

  it('weighs every year alike, those to come too', () => {
    const shared = (year: number) =>
      pair(report(`${year}年3月起没有供暖`), report(`${year}年3月起停水`)).comparison.shared
    const years = Array.from({ length: 21 }, (_, at) => 2015 + at)
    expect(years.filter((year) => shared(year) !== shared(2026))).toEqual([])
  })

  it('weighs what everybody says less than what few say', () => {
    const statistics = new TermStatistics()
    for (let times = 0; times < 500; times += 1) statistics.add(profile(report('每天都听到广场舞')).terms)
    const sharedWith = (text: string) =>
      comparer(report(text), statistics).compare(profile(report(text))).shared
    expect(sharedWith('每天都听到广场舞')).toBeLessThan(sharedWith('白鹭桥栏杆断裂啦') / 2)
  })
})

describe('a name made of two everyday words of places', () => {
  it('is as telling as any name, where its words meet', () => {
    const shared = (name: string) => pair(report(`${name}停水`), report(`${name}涨价`, 1)).comparison.shared
    expect(shared('学府嘉苑')).toBeGreaterThan(new TermStatistics().weight(0))
    expect(shared('嘉苑')).toBeLessThan(shared('学府嘉苑') / 4)
  })
})

describe('the name of a reporter', () => {
  const told = (matter: string) => by('卢欢玉', report(`本人卢欢玉，${matter}`))

  it('is no likeness of what is said', () => {
    const one = pair(told('申请低保半年没有答复'), told('水表转得太快'))
    expect(one.comparison.shared).toBe(0)
    expect(one.person).toBe('same')
  })

  it('is one where somebody else is named', () => {
    const accused = (matter: string) => by('张强', report(`举报卢欢玉，${matter}`))
    expect(pair(accused('占道经营'), accused('私搭乱建')).comparison.shared).toBeGreaterThan(5)
  })
})
