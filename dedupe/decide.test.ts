import { describe, expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import { algorithm } from './algorithm.ts'
import { type Candidate, decide, isPromising } from './decide.ts'
import { type Decision, type DedupeSettings, windowsFor } from './decision.ts'
import type { Report } from './profile.ts'
import { by, comparer, profile, report } from './testing/reports.ts'

const noise = '锦禾雅居旁的江滨路工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理'
const again = '锦禾雅居旁边江滨路的工地夜里十一点后还在打桩施工，噪音大，孩子睡不着'
const lamp = '体育馆南门的售票机坏了，排队要一个小时'

function candidate(of: Report, given: Partial<Candidate> = {}): Candidate {
  return { profile: profile(of), masterId: null, incidentId: null, apartFrom: [], ...given }
}

function decided(
  of: Report,
  candidates: readonly Candidate[],
  settings: Partial<DedupeSettings> = {},
): Decision {
  return decide(comparer(of), candidates, { ...defaultDedupe, ...settings }, false)
}

const never = { link: 1, review: 1 }
const always = { link: 0, review: 0 }

/** The score of a pair as the decision would link it by. */
function scoreBy(question: 'duplicate' | 'incident', one: Report, other: Report): number {
  const settings = { duplicate: never, incident: never, [question]: always }
  const decision = decided(one, [candidate(other)], settings)
  return decision.verdict === 'new' ? -1 : decision.finding.score
}

describe('the score of an incident', () => {
  const [earlier, later] = [by('张强', report(noise)), by('李梅', report(again, 2))]
  const scoreWith = (incidentId: string | null) => {
    const settings = { ...defaultDedupe, duplicate: never, incident: always }
    const decision = decide(comparer(later), [candidate(earlier, { incidentId })], settings, false)
    return decision.verdict === 'related' ? decision.finding.score : -1
  }

  it('is lower by a ticket that is alone than by the same ticket of an incident', () => {
    expect(scoreWith(null)).toBeGreaterThan(0)
    expect(scoreWith(null)).toBeLessThan(scoreWith('I-1'))
  })
})

describe('a name spelt by its sound', () => {
  const spoken = again.replace('锦禾雅居', '金禾雅居').replaceAll('，', '')
  const scored = (text: string) => scoreBy('incident', report(noise), report(text, 2))

  it('counts as the name, whichever report has it', () => {
    expect(spoken).toContain('金禾雅居')
    expect(scored(spoken)).toBe(scored(spoken.replace('金禾', '锦禾')))
    expect(scoreBy('incident', report(spoken, 2), report(noise))).toBe(scored(spoken))
  })

  it('is told of in the reasons', () => {
    expect(decided(report(spoken, 2), [candidate(report(noise))])).toMatchObject({
      verdict: 'related',
      finding: { reasons: expect.arrayContaining(['读音相近：锦禾雅居、金禾雅居']) },
    })
  })
})

describe('a stretch that two reports share and no list has', () => {
  const filed = report('青枫映月旁边的搅拌站半夜机器轰鸣，睡不着觉')
  const dust = report('住在青枫映月，搅拌站的灰天天往家里飘，晚上还在装车', 2)
  const verdictFor = (of: Report) => decided(by('李梅', dust), [candidate(by('张强', of))]).verdict

  it('counts as a name for one incident', () => {
    expect(verdictFor(filed)).toBe('related')
    expect(verdictFor(report(filed.body.replace('青枫映月', '居民小区')))).toBe('new')
  })

  it('counts for nothing where the reports name other places', () => {
    const lamps = report('东岭路的路灯坏了半个月，晚上出门摔得鼻青脸肿')
    const lamp = report('西塘村口那盏灯不亮了，老人们摔得鼻青脸肿', 2)
    expect(decided(by('李梅', lamp), [candidate(by('张强', lamps))]).verdict).toBe('new')
  })
})

describe('two short reports that share nothing but the name of a place', () => {
  const verdictOf = (one: string, other: string) =>
    decided(by('李梅', report(other, 1)), [candidate(by('张强', report(one)))])

  it.each(['锦绣花园', '东方曼哈顿'])('are suggested as one incident at most, at %s', (place) => {
    const decision = verdictOf(`${place}门口摆了两只石狮子`, `反映${place}保洁员换人`)
    expect(decision).toMatchObject({ verdict: 'new', suggestion: { verdict: 'related' } })
  })

  it('are not one either where the first is in an incident and both matters are known', () => {
    const dark = ['保利香槟又跳闸了，一晚上没有电', '来电人反映保利香槟频繁停电，影响生活'].map((body) =>
      candidate(report(body), { incidentId: 'I-1' }),
    )
    const verdictOf = (body: string) => decided(by('李梅', report(body, 1)), dark).verdict
    expect([verdictOf('保利香槟停电了'), verdictOf('保利香槟跳舞的音响太吵')]).toEqual(['related', 'new'])
  })

  it.each([
    ['a matter that is known', '锦绣花园又停水了', '反映锦绣花园断水，做不了饭'],
    ['other words', '锦绣花园门口摆了两只石狮子', '反映锦绣花园的石狮子摆在路中间'],
  ])('are one where they share %s', (_, one, other) => {
    expect(verdictOf(one, other).verdict).toBe('related')
  })
})

describe('a town whose name ends in an everyday word', () => {
  const dry =
    '其居住于梅城镇南桥片区，昨晚十点左右起停水，至今未恢复，事先未收到任何停水通知，诉求：尽快恢复供水'

  it('keeps what is said of another town in the same words apart', () => {
    const elsewhere = report(dry.replace('梅城镇南桥', '平口镇老街'), 1)
    expect(decided(elsewhere, [candidate(report(dry))]).verdict).toBe('new')
  })

  it('is no name in words that go on', () => {
    const namesOf = (text: string) => profile(report(text)).names.length
    expect([namesOf('住在梅城镇'), namesOf('住在金乡镇')]).toEqual([1, 1])
    expect([namesOf('全市城镇停水'), namesOf('农村城镇居民停水'), namesOf('各乡镇停水')]).toEqual([0, 0, 0])
  })
})

describe('a form that somebody unknown filled in with something else', () => {
  const asked = (what: string) =>
    report(`市民咨询办理${what}需要提供哪些材料，能否网上办理，办理地点在哪里，周末是否上班，请电话告知`, 1)
  const filed = candidate(asked('护照'))

  it('is suggested, and not linked', () => {
    const decision = decided(asked('身份证'), [filed])
    expect(decision.verdict === 'new' && decision.suggestion?.verdict).toBe('duplicate')
  })

  it('is suggested also where one person has another matter that is known', () => {
    const unpaid = (what: string) =>
      by('范晓东', report(`家中${what}户号登记有误导致无法缴纳，要求尽快核实更正并电话告知办理结果`))
    const verdicts = ['电费', '燃气费', '账单'].map(
      (what) => decided(unpaid(what), [candidate(unpaid('水费'))]).verdict,
    )
    expect(verdicts).toEqual(['new', 'new', 'duplicate'])
  })

  it.each([
    ['孩子', '小孩'],
    ['全家', '一家人'],
  ])('is one report with another word for it: %s, %s', (one, other) => {
    const noise = (who: string) => report(`邻居半夜放音响，${who}睡不着，老人心脏病都要犯了，请派出所管一管`)
    expect(decided(noise(other), [candidate(noise(one))]).verdict).toBe('duplicate')
  })

  it.each([
    ['二单元', '三单元'],
    ['三年级', '五年级'],
    ['住院部三楼', '住院部六楼'],
  ])('is another report where parts of one house are named: %s, %s', (one, other) => {
    const lamp = (where: string) =>
      report(`来电人反映${where}走廊的灯不亮已经半个月，老人夜里出门摔跤，要求尽快维修`)
    expect(decided(lamp(other), [candidate(lamp(one))]).verdict).not.toBe('duplicate')
  })
})

describe('what an operator passes on for a user of another channel', () => {
  const posted =
    '梓山湖北门公厕旁边那群狗，晚上十几条，见电动车就追，今天我亲眼看到送外卖的被追得撞到花坛上。城管、公安谁管狗？打110说不归他们管，打城管说没有笼子。'
  const passedOn = (who: string) =>
    report(
      `微信转办：${who}反映梓山湖北门公厕旁有流浪狗十余只，夜间追赶电动车，一外卖人员被追撞上花坛，称拨打110及城管均被推诿。诉求：明确职责并处置。`,
      1,
    )
  const decide = (who: string) => decided(passedOn(who), [candidate(by('云下的猫', report(posted)))])

  it('repeats what that user wrote, and says why', () => {
    expect(decide('网民“云下的猫”')).toMatchObject({
      verdict: 'duplicate',
      finding: { reasons: expect.arrayContaining(['一件的正文写出另一件的诉求人']) },
    })
    expect(decide('网民').verdict).toBe('related')
  })
})

describe('a call by somebody whose full name stands in what came without one', () => {
  const decide = (posted: string, called: string, nickname: string | null = null) => {
    const [first, call] = [report(posted), report(called, 5)]
    const named = (one: Report, name: string | null) => ({ ...one, reporter: { ...one.reporter, name } })
    return decided(named(call, '姚香菊'), [candidate(named(first, nickname))])
  }

  it('repeats it where its writer gives that name as their own, and says why', () => {
    const posted = (who: string) =>
      `${who}，今年六月向社保局申请办理退休，社保局要求提供十年前的工资表和人事档案，原来的饭店早已注销，至今不予办理。`
    const called = '来电人询问在社保局申请的退休手续何时能够办好，称已经等了三个月。'
    expect(decide(posted('本人姚香菊，女'), called)).toMatchObject({
      verdict: 'duplicate',
      finding: { reasons: expect.arrayContaining(['同一诉求人', '一件的正文写出另一件的诉求人']) },
    })
    expect(decide(posted('本人女'), called).verdict).not.toBe('duplicate')
  })

  it('does not where it tells of that person', () => {
    const posted =
      '四亩街百年老屋被洪水冲垮，户主姚香菊在原危房地基上违规加建三层楼房，街口只剩三米宽的水道，消防池也被填平，请政府制止。'
    const called =
      '来电人称其在四亩街的祖屋被洪水冲垮，在原地基上加建三层，邻居多次举报并到工地阻工，街口水道仍有三米宽，请政府保护其权益。'
    expect(decide(posted, called, 'UU008865').verdict).not.toBe('duplicate')
  })
})

describe('a letter under a name and under a nickname, with a line more', () => {
  const letter =
    '今年四月开发商在汀兰苑的中心花园动工修建两层的临时售楼部，砍掉了二十三棵香樟，堵住了消防通道，既没有公示也没有征求业主意见。要求立即停工，恢复绿地，并公开规划许可证。'
  const isRepeat = (who: string) => {
    const later = by('路人甲乙丙丁', report(`尊敬的市长：您好！${who}${letter}此致敬礼`, 1))
    const first = candidate(by('范晓东', report(`${who}${letter}`)))
    return decided(later, [first], { duplicate: { link: 0.2, review: 0.1 } }).verdict === 'duplicate'
  }

  it('is no repeat where many may have signed it, and one where somebody tells of himself', () => {
    expect(isRepeat('我们是住户。')).toBe(false)
    expect(isRepeat('我是住户。')).toBe(true)
  })
})

describe('a letter that two people sent', () => {
  const letter = '开发商在汀兰苑的中心花园修两层的售楼部，砍掉了二十三棵香樟，堵住了消防通道，没有公示过。'
  const signed = [by('范晓东', report(letter)), by('李梅', report(letter, 1))].map((one) => candidate(one))
  const unknown = report(letter, 2)

  it('is about one incident when somebody unknown sends it, because nobody knows whose copy it is', () => {
    expect(decided(unknown, signed.slice(0, 1)).verdict).toBe('duplicate')
    expect(decided(unknown, signed).verdict).toBe('related')
  })

  it('is no repeat of the copy of somebody unknown when a third one sends it', () => {
    const third = by('王强', report(letter, 3))
    expect(decided(third, [...signed, candidate(unknown)]).verdict).toBe('related')
  })

  it('does not count where the other sent it about another place', () => {
    const elsewhere = candidate(by('李梅', report(letter.replace('汀兰苑', '枫桥苑'), 1)))
    const candidates = [...signed.slice(0, 1), elsewhere]
    expect(decided(unknown, candidates).verdict).toBe('duplicate')
  })

  it('is a repeat when one of the two sends it again', () => {
    const again = decided(by('李梅', report(letter, 3)), [...signed, candidate(unknown)])
    expect(again).toMatchObject({ verdict: 'duplicate', masterId: signed[1]?.profile.report.id })
  })
})

describe('a report typed letter by letter', () => {
  const late = 'K17路公交车上下班高峰经常脱班，站牌上写的末班车是九点半，八点五十就没有车了'
  const verdictOf = (text: string) =>
    decided(report([...text].join(' '), 1), [candidate(report(late))]).verdict

  it('is about the same line, also where its number begins with a letter', () => {
    expect(verdictOf(late)).toBe('duplicate')
    expect(verdictOf(late.replace('K', 'B'))).toBe('new')
  })
})

describe('two long reports of one village that tell of other matters', () => {
  const quota =
    '我是云栖村的征收户，属于外嫁女，只有半边户头。征收以后拿到的钱只够买一套七十平的小房子，当时只有两个人住，如今添了两个孩子，家里还有两位老人，实在住不下，却又没有购房资格，希望在改善性住房上给予倾斜。'
  const voucher =
    '云栖村的村民因国家征用土地，在镇上商业街购置了地皮准备建房，那里不收购房券，券用不出去，工期又不能拖，请考虑折成现金发给大家，解决燃眉之急。'
  const [first, second] = [by('张强', report(quota)), by('李梅', report(voucher, 2))]

  it('are suggested as one incident, and not linked', () => {
    for (const [earlier, later] of [
      [first, second],
      [second, first],
    ] as const)
      expect(decided(later, [candidate(earlier)])).toMatchObject({
        verdict: 'new',
        suggestion: { verdict: 'related', ticketId: earlier.id },
      })
  })

  it('may be one incident where one of them is short', () => {
    const short = by('李梅', report('云栖村征地购房券用不出去', 2))
    expect(scoreBy('incident', short, first)).toBeGreaterThan(0.5)
  })
})

describe('the three zones', () => {
  const [first, second] = [report(noise), report(again, 2)]

  describe.each([
    ['duplicate', 'duplicate', by('张先生', second)],
    ['incident', 'related', by('李梅', second)],
  ] as const)('of %s', (question, verdict, later) => {
    const earlier = by('张强', first)
    const score = scoreBy(question, later, earlier)
    const decideWith = (link: number, review: number) =>
      decided(later, [candidate(earlier)], {
        duplicate: never,
        incident: never,
        [question]: { link, review },
      })

    it('lie within the scores', () => {
      expect(score).toBeGreaterThan(0.01)
      expect(score).toBeLessThan(0.99)
    })

    it('link from `link` on', () => {
      const decision = decideWith(score - 0.001, score - 0.002)
      expect(decision).toMatchObject({ verdict, finding: { ticketId: earlier.id, score } })
      expect(decision).toMatchObject(
        verdict === 'duplicate' ? { masterId: earlier.id } : { with: earlier.id },
      )
    })

    it('suggest from `review` on', () => {
      expect(decideWith(score + 0.001, score - 0.001)).toMatchObject({
        ...{ verdict: 'new', recurrence: null },
        suggestion: { verdict, ticketId: earlier.id, score },
      })
    })

    it('say nothing below', () => {
      expect(decideWith(score + 0.002, score + 0.001)).toMatchObject({ verdict: 'new', suggestion: null })
    })
  })

  it('link a copy, or suggest it, where the bound is as high as the score', () => {
    const byBound = (duplicate: DedupeSettings['duplicate']) =>
      decided(report(noise, 1), [candidate(first)], { duplicate, incident: { link: 2, review: 2 } })
    expect(byBound({ link: 1, review: 1 })).toMatchObject({ verdict: 'duplicate', finding: { score: 1 } })
    expect(byBound({ link: 2, review: 1 })).toMatchObject({ suggestion: { verdict: 'duplicate', score: 1 } })
  })

  it('are told apart for a copy, a letter of several and another matter by what is set by default', () => {
    expect(decided(report(noise, 1), [candidate(first)])).toMatchObject({ verdict: 'duplicate' })
    const letter = decided(by('李梅', report(noise, 1)), [candidate(by('张强', first))])
    expect(letter).toMatchObject({ verdict: 'related', with: by('张强', first).id })
    const other = decided(report(lamp, 1), [candidate(first)])
    expect(other).toMatchObject({ verdict: 'new', suggestion: null, recurrence: null, compared: 1 })
  })
})

describe('decide', () => {
  const first = report(noise)

  it('finds nothing among no candidates', () => {
    const nothing = { verdict: 'new', suggestion: null, recurrence: null, compared: 0 }
    expect(decided(first, [])).toMatchObject(nothing)
  })

  it('says when more shared the words than were compared', () => {
    expect(decide(comparer(first), [], defaultDedupe, true)).toMatchObject({ cut: true })
  })

  it('links to the master, by the repeat that is most alike', () => {
    const mine = by('张强', report(noise))
    const repeat = by('张强', report(again, 2))
    const candidates = [candidate(mine), candidate(repeat, { masterId: mine.id })]
    expect(decided(by('张强', report(again, 3)), candidates)).toMatchObject({
      ...{ verdict: 'duplicate', masterId: mine.id, algorithm, compared: 2, cut: false },
      finding: { ticketId: repeat.id, score: 1 },
    })
  })

  it('does not link by a repeat alone when the master is not there or is unlike', () => {
    const repeat = report(noise, 2)
    const alone = [candidate(repeat, { masterId: first.id })]
    expect(decided(report(noise, 3), alone).verdict).not.toBe('duplicate')
    const unlike = report(lamp)
    const chained = [candidate(unlike), candidate(repeat, { masterId: unlike.id })]
    expect(decided(report(noise, 3), chained).verdict).not.toBe('duplicate')
  })

  it('links what one person says again and again, though the first time is long ago', () => {
    const mine = by('张强', first)
    const repeat = by('张强', report(again, 50))
    const candidates = [candidate(mine), candidate(repeat, { masterId: mine.id })]
    const next = (days: number) => decided(by('张强', report(again, days)), candidates)
    expect(next(110)).toMatchObject({
      verdict: 'duplicate',
      masterId: mine.id,
      finding: { ticketId: repeat.id },
    })
    expect(next(111).verdict).toBe('new')
  })

  it('links what one person says again in other words than the first report has', () => {
    const dorm =
      '伍家岭东南角老干所宿舍拆迁补偿没有谈成，去年十二月以后征收办再也没有人来，水管多次被破坏，水闸被关，希望市里协调'
    const retold =
      '来电人反映：伍家岭老干所宿舍拆迁期间水管被破坏、水闸被关，近日电线被剪断，要求立即恢复供水供电'
    const master = report(dorm)
    const repeat = by('黄侠', report(retold, 3))
    const candidates = [candidate(master), candidate(repeat, { masterId: master.id })]
    const brief = report('老干所宿舍还没来电，摸黑半个月了，天天点蜡烛，凭什么剪我线', 13)
    expect(decided(by('黄侠', brief), candidates)).toMatchObject({
      verdict: 'duplicate',
      masterId: master.id,
    })
    expect(decided(brief, candidates).verdict).not.toBe('duplicate')
    const others = [candidate(by('李梅', master)), candidate(repeat, { masterId: by('李梅', master).id })]
    expect(decided(by('黄侠', brief), others).verdict).not.toBe('duplicate')
  })

  it('does not link to a group in which somebody else reported', () => {
    const candidates = [candidate(first), candidate(by('李梅', report(noise, 1)), { masterId: first.id })]
    expect(decided(by('张强', report(noise, 2)), candidates)).toMatchObject({ verdict: 'related' })
    const repeat = candidate(report(noise, 50), { masterId: first.id })
    expect(decided(by('张强', report(noise, 100)), [...candidates, repeat]).verdict).toBe('new')
    expect(decided(by('张强', report(noise, 100)), [candidate(first), repeat]).verdict).toBe('duplicate')
  })

  it('lets one ticket of an incident carry nobody in', () => {
    const others = [1, 2, 3].map((days) => candidate(report(`${lamp}${days}`, days), { incidentId: 'I-1' }))
    const like = candidate(by('张强', first), { incidentId: 'I-1' })
    const newcomer = by('李梅', report(noise, 4))
    expect(decided(newcomer, [like, ...others])).toMatchObject({ verdict: 'new', recurrence: null })
    expect(decided(newcomer, [like])).toMatchObject({ verdict: 'related' })
  })

  it('keeps a report of one city out of an incident in another, also where some of its tickets name none', () => {
    const about = (place: string, name: string, days: number) =>
      by(name, report(`${place}北濠名邸的物业走了，楼道垃圾一直没人运`, days))
    const incident = (...places: readonly string[]) =>
      places.map((place, day) => candidate(about(place, `张强${day}`, day), { incidentId: 'I-1' }))
    const verdictOf = (of: Report, ...places: readonly string[]) => decided(of, incident(...places)).verdict
    expect(verdictOf(about('', '李梅', 5), 'A3区', '', '')).toBe('related')
    expect(verdictOf(about('A市', '李梅', 5), 'A3区', '', '')).toBe('related')
    expect(verdictOf(about('C市', '李梅', 5), 'A3区', '', '')).toBe('new')
    expect(verdictOf(about('C市', '李梅', 5), 'A3区', 'C2县', '', '')).toBe('related')
    const given = (city: string, name: string) => {
      return by(name, report(about('', name, 5).body, 5, { place: { ...report('').place, city } }))
    }
    const known = [candidate(given('株洲市', '张强'), { incidentId: 'I-1' }), ...incident('', '')]
    expect(decided(given('株洲市', '李梅'), known).verdict).toBe('related')
    expect(decided(given('长沙市', '李梅'), known).verdict).toBe('new')
  })

  it.each([
    [60, { verdict: 'duplicate' }],
    [61, { verdict: 'new', recurrence: { ticketId: first.id } }],
    [445, { verdict: 'new', recurrence: { ticketId: first.id } }],
    [446, { verdict: 'new', recurrence: null }],
  ])('of an equal text %i days later', (days, expected) => {
    expect(decided(report(noise, days), [candidate(first)])).toMatchObject(expected)
    expect(decided(first, [candidate(report(noise, days), {})]).verdict).toBe(expected.verdict)
  })

  it.each([
    [45, { verdict: 'related' }],
    [46, { verdict: 'new', recurrence: { ticketId: by('张强', first).id } }],
  ])('of an equal text by somebody else %i days later', (days, expected) => {
    const known = candidate(by('张强', first))
    expect(decided(by('李梅', report(noise, days)), [known])).toMatchObject(expected)
  })

  it('repeats a short text only by the same person', () => {
    const short = (name: string | null, days: number) =>
      name === null ? report('没水了', days) : by(name, report('没水了', days))
    const verdictOf = (one: string | null, other: string | null) =>
      decided(short(one, 1), [candidate(short(other, 0))]).verdict
    expect([verdictOf('张强', '张强'), verdictOf(null, null)]).toEqual(['duplicate', 'new'])
    expect([verdictOf('张强', null), verdictOf('张强', '李梅')]).toEqual(['new', 'new'])
  })

  it('repeats a text of nothing but framing only by the same person', () => {
    const framing = (days: number) => report('您好，情况如题，请有关部门尽快核实处理并回复，谢谢', days)
    const nothing = { verdict: 'new', suggestion: null }
    expect(decided(framing(1), [candidate(framing(0))])).toMatchObject(nothing)
    expect(decided(by('李梅', framing(1)), [candidate(by('张强', framing(0)))])).toMatchObject(nothing)
    expect(decided(by('张强', framing(1)), [candidate(by('张强', framing(0)))]).verdict).toBe('duplicate')
  })

  it('repeats nothing by texts of framing that are not equal', () => {
    const framing = '您好，情况如题，请有关部门尽快核实处理并回复，谢谢'
    const [earlier, later] = [report(framing), report(framing.replace('并回复', ''), 1)]
    const nothing = { verdict: 'new', suggestion: null }
    expect(decided(later, [candidate(earlier)])).toMatchObject(nothing)
    expect(decided(by('张强', later), [candidate(by('张强', earlier))])).toMatchObject(nothing)
    const told = report(`${framing}。锦禾雅居停水三天`, 1)
    expect(decided(told, [candidate(earlier)])).toMatchObject(nothing)
  })

  it('takes what one person says of two matters for two reports, however short both are', () => {
    const workshop = by('张强', report('安吉里口那个工地天天半夜切钢筋'))
    const bus = by('张强', report('5路车空调坏了还是舍不得开，车里跟蒸笼一样', 3))
    expect(decided(bus, [candidate(workshop)])).toMatchObject({ verdict: 'new', suggestion: null })
  })

  it('takes the same words with another sum for another report, unless one person tells both', () => {
    const wages = (sum: number, days: number) =>
      report(`在江滨路工地做木工三个月，老板欠工资${sum}元，电话不接，请帮我们要回来`, days)
    expect(decided(wages(4300, 1), [candidate(wages(4300, 0))]).verdict).toBe('duplicate')
    expect(decided(wages(4300, 1), [candidate(wages(6800, 0))]).verdict).toBe('related')
    const byOne = [candidate(by('张强', wages(6800, 0)))]
    expect(decided(by('张强', wages(4300, 1)), byOne).verdict).toBe('duplicate')
    expect(decided(by('张先生', wages(4300, 1)), byOne).verdict).toBe('duplicate')
  })

  it('takes the same words about another street for another report, also by one person', () => {
    const lamps = (street: string, days: number) =>
      by('张强', report(`${street}的路灯坏了半个月，夜里看不清台阶，老人摔了两次，请派人来修。`, days))
    const streets = [candidate(lamps('建设路', 0))]
    expect(decided(lamps('人民路', 1), streets)).toMatchObject({ verdict: 'new', suggestion: null })
  })

  it('takes the same words about another place for another report also where its name is a fifth of a short text', () => {
    const lid = (place: string, days: number) => {
      const words =
        '门口的窨井盖破损下陷，骑电动车经过差点摔倒，晚上没有路灯更加危险，请市政部门尽快更换井盖。'
      return by('张强', report(`${place}${words}`, days))
    }
    const places = [candidate(lid('丁香路幼儿园', 0))]
    expect(decided(lid('建国西路农业银行', 1), places)).toMatchObject({ verdict: 'new', suggestion: null })
    expect(decided(lid('我们丁香路幼儿园', 1), places)).toMatchObject({ verdict: 'duplicate' })
  })

  it('gives the same answer every time', () => {
    const candidates = [candidate(first), candidate(report(lamp)), candidate(report(noise, 1))]
    expect(decided(report(again, 3), candidates)).toEqual(decided(report(again, 3), candidates))
  })
})

describe('of several tickets', () => {
  const [equal, like] = [candidate(by('张强', report(noise))), candidate(by('赵敏', report(again, 1)))]
  const letter = by('李梅', report(noise, 3))
  const inEitherOrder = (...two: readonly Candidate[]) => [two, two.toReversed()]

  it('the one most alike is the master', () => {
    const [copy, retold] = [candidate(report(noise)), candidate(report(again, 1))]
    for (const found of inEitherOrder(copy, retold))
      expect(decided(report(`${noise}，谢谢`, 3), found)).toMatchObject({ masterId: copy.profile.report.id })
  })

  it('the one most alike makes the incident, and tells of it', () => {
    const facts = { verdict: 'related', with: equal.profile.report.id, algorithm, compared: 2, cut: false }
    for (const found of inEitherOrder(equal, like)) {
      expect(decided(letter, found)).toMatchObject(facts)
      const members = found.map((one) => ({ ...one, incidentId: 'I-1' }))
      expect(decided(letter, members)).toMatchObject(facts)
    }
  })

  it('the one most alike is what comes back, and no other matter', () => {
    const later = by('李梅', report(noise, 200))
    const thankful = candidate(by('赵敏', report(`${noise}，谢谢`, 1)))
    for (const found of inEitherOrder(equal, thankful))
      expect(decided(later, found)).toMatchObject({ recurrence: { ticketId: equal.profile.report.id } })
    expect(decided(later, [candidate(report(lamp))])).toMatchObject({ verdict: 'new', recurrence: null })
  })

  it('of equal ones the first counts', () => {
    const [first, second] = [candidate(report(noise)), candidate(report(noise, 1))]
    const repeat = { ...second, masterId: first.profile.report.id }
    for (const found of [
      [first, second],
      [first, repeat],
    ])
      expect(decided(report(noise, 2), found)).toMatchObject({
        masterId: first.profile.report.id,
        finding: { ticketId: first.profile.report.id },
      })
    const signed = [equal, candidate(by('赵敏', report(noise, 1)))]
    expect(decided(letter, signed)).toMatchObject({ with: equal.profile.report.id })
  })

  it('the four of an incident that are most alike count, however many others it has', () => {
    const members = (days: readonly number[], body: string) =>
      days.map((day) => candidate(by(`张强${day}`, report(body, day)), { incidentId: 'I-1' }))
    const others = members([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], lamp)
    const letterOf = by('李梅', report(noise, 9))
    expect(decided(letterOf, [...others, ...members([1, 2, 3, 4], noise)]).verdict).toBe('related')
    expect(decided(letterOf, [...others, ...members([1], noise)]).verdict).toBe('new')
  })
})

describe('isPromising', () => {
  it('is what may be an incident only, and not what is about another matter', () => {
    const later = comparer(by('李梅', report(noise, 3)))
    expect(isPromising(later, candidate(by('张强', report(noise))))).toBe(true)
    expect(isPromising(later, candidate(report(lamp)))).toBe(false)
  })
})

describe('a report that joins an incident', () => {
  const still = '石塘冲路围挡里都种上菜了，到底还修不修'
  const slow = '石塘冲路提质改造进度缓慢，救护车进不来，请告知完工时间'
  const both = '石塘冲路提质改造进度缓慢，围挡里都种上菜了，救护车进不来，到底还修不修'
  const [first, second] = [by('王芳', report(still)), by('张强', report(slow, 1))]
  const third = by('李梅', report(both, 2))
  const broughtBy = (...candidates: readonly Candidate[]) => {
    const decision = decided(third, candidates)
    return decision.verdict === 'related' ? decision.bringing : null
  }

  it('brings along what was too little alike before it came', () => {
    expect(decided(second, [candidate(first)])).toMatchObject({ verdict: 'new' })
    expect(broughtBy(candidate(first))).toEqual([])
    expect(broughtBy(candidate(second), candidate(first))).toEqual([second.id])
    expect(broughtBy(candidate(second, { incidentId: 'I-1' }), candidate(first))).not.toContain(third.id)
  })

  it.each([
    ['is of an incident already', candidate(second, { incidentId: 'I-1' })],
    ['repeats another ticket', candidate(second, { masterId: 'T-1' })],
    ['a person took away from it', candidate(second, { apartFrom: [first.id] })],
    ['is about another matter', candidate(by('张强', report(lamp, 1)))],
    ['is too long ago', candidate(by('张强', report(both, -50)))],
  ])('leaves alone what %s', (_, other) => {
    expect(broughtBy(other, candidate(first))).not.toContain(other.profile.report.id)
  })

  it('leaves alone what is of another city than its tickets that name one', () => {
    const of = (city: string | null, name: string, days: number) =>
      by(name, report(both, days, { place: { ...report('').place, city } }))
    const incident = candidate(of('长沙市', '王芳', 0), { incidentId: 'I-1' })
    const brought = (city: string) => {
      const decision = decided(of(null, '李梅', 2), [incident, candidate(of(city, '张强', 1))])
      return decision.verdict === 'related' ? decision.bringing.length : null
    }
    expect([brought('长沙市'), brought('株洲市')]).toEqual([1, 0])
  })

  it('brings along only one of two that a person took away from each other', () => {
    const fourth = by('赵敏', report(`${slow}。`, 1))
    const brought = [second.id, fourth.id]
    expect(broughtBy(candidate(second), candidate(fourth), candidate(first))).toEqual(brought)
    const taken = candidate(fourth, { apartFrom: [second.id] })
    expect(broughtBy(candidate(second), taken, candidate(first))).toEqual([second.id])
  })

  it('leaves alone what is like it, and unlike the rest of the incident', () => {
    const rest = [3, 4, 5, 6].map((days) =>
      candidate(by(`赵敏${days}`, report(still, days)), { incidentId: 'I-1' }),
    )
    expect(decided(third, [...rest, candidate(second)])).toMatchObject({
      with: rest[0]?.profile.report.id,
      bringing: [],
    })
  })
})

describe('windowsFor', () => {
  const short = { kinds: ['help'], categories: [], windowDays: 2, incidentDays: 3 }
  const noisy = { kinds: [], categories: ['噪音'], windowDays: 5, incidentDays: 6 }
  const settings = { ...defaultDedupe, windows: [short, noisy] }
  const category = { value: '噪音', by: 'source' } as unknown as Report['category']

  it('are those of the first that fits, else those for all', () => {
    expect(windowsFor(settings, { kind: 'help', category })).toBe(short)
    expect(windowsFor(settings, { kind: 'complaint', category })).toBe(noisy)
    expect(windowsFor(settings, { kind: 'complaint', category: null })).toBe(settings)
  })

  it('decide how long a text repeats another', () => {
    const late = report(noise, 3, { kind: 'help' })
    const decision = decided(late, [candidate(report(noise))], { windows: [short] })
    expect(decision).toMatchObject({ verdict: 'related' })
  })
})

it('keeps what is said of two bus lines apart, however alike', () => {
  const line = (number: number) =>
    `${number}路公交车原经五一路，现改走淡村路，居民出行不便，要求恢复原来的走向`
  const about = (number: number) =>
    decide(comparer(by('张强', report(line(33), 4))), [candidate(report(line(number)))], defaultDedupe, false)
  expect(about(33).verdict).not.toBe('new')
  expect(about(78)).toMatchObject({ verdict: 'new', suggestion: null })
  const [here, there] = [
    '建议恢复33路公交车原经五一路的走向，现改走淡村路后，居民出行不便',
    '建议恢复78路公交车原经五一路的走向，现改走星光大道后，五一路居民出行不便',
  ]
  const [earlier, later] = [by('李梅', report(here)), by('张强', report(there, 4))]
  expect(decide(comparer(later), [candidate(earlier)], defaultDedupe, false)).toMatchObject({
    ...{ verdict: 'new', suggestion: null },
  })
  const [left, found] = [
    '昨天把书包落在603路车上，司机送到了门卫室，非常感谢',
    '把背包落在了 15 路公交车上，感谢司机师傅',
  ]
  expect(decide(comparer(report(left, 4)), [candidate(report(found))], defaultDedupe, false).verdict).toBe(
    'new',
  )
})

it('what a web form writes around letters makes no incident of them', () => {
  const form = (name: string, phone: string, body: string, days: number) =>
    by(
      name,
      report(
        `您收到一封新的市长信箱来信：\n\n来信编号：20240304${days}\n来信人姓名：${name}\n联系电话：${phone}\n电子邮箱：${days}@mail.example\n信件类别：投诉\n是否公开：否\n信件标题：${body.slice(0, 4)}\n信件内容：\n${body}，请处理。\n\n本邮件由系统自动发送，请勿直接回复。`,
        days,
        { title: '市长信箱新来信通知' },
      ),
    )
  const earlier = form('张强', '13800138000', '楼下烧烤店太吵', 1)
  const later = form('李梅', '13900139000', '工地拖欠工资两万元', 2)
  expect(decided(later, [candidate(earlier)])).toMatchObject({ verdict: 'new', suggestion: null })
})

it.each([
  ['电子邮箱收不到社保局的回复', '社保局的回复在电子邮箱里收不到'],
  ['网站上公开了我的家庭住址和电话号码', '我的家庭住址、电话号码被公开在网站上，要求删除'],
  ['受理单位迟迟不回复我的投诉内容', '我的投诉内容受理单位一直没有回复'],
])('what a web form asks for may be what a report is about: %s', (one, other) => {
  const [earlier, later] = [by('张强', report(one)), by('张强', report(other, 2))]
  expect(decided(later, [candidate(earlier)]).verdict).toBe('duplicate')
})

describe('equal words', () => {
  it('under titles that name two streets are two reports and no incident', () => {
    const body = '沿路的路灯有一半不亮，晚上孩子放学要摸黑走，请尽快修好'
    const earlier = by('张强', report(body, 0, { title: '江滨路路灯不亮' }))
    const later = (title: string) => ({ ...by('张强', report(body, 2, { title })), id: 'T-later' })
    expect(decided(later('江滨路路灯不亮'), [candidate(earlier)]).verdict).toBe('duplicate')
    expect(decided(later('湖东路路灯不亮'), [candidate(earlier)]).verdict).toBe('new')
  })

  it.each([
    ['学田新村垃圾没人清理', '学田新村垃圾没人清理'],
    ['学田新村垃圾', '学田新村垃圾没人清理'],
    ['学田新村垃圾没人清理', ''],
    ['投诉', '学田新村垃圾没人清理'],
    ['网民来信', '人民路与解放路交叉口红绿灯坏了'],
  ])('are the same report also where one of them has a title that says no more: %s', (title, body) => {
    const earlier = report(body, 0, { title })
    const later = { ...report(body || title, 2), id: 'T-later' }
    expect(decided(later, [candidate(earlier)])).toMatchObject({
      verdict: 'duplicate',
      finding: { score: 1 },
    })
    expect(decided({ ...earlier, id: 'T-new' }, [candidate(later)])).toMatchObject({ finding: { score: 1 } })
  })

  it.each([
    '如题',
    '如题，请尽快处理，谢谢！',
    '见附件',
    '张三\n13800138000',
    '详情见标题，请有关部门尽快核实处理并答复，谢谢。',
  ])('below titles that say what they leave unsaid are no repeat: %j', (body) => {
    const earlier = by('张强', report(body, 0, { title: '江滨路88号路灯坏了' }))
    const later = (title: string | null) => ({ ...by('张强', report(body, 2, { title })), id: 'T-later' })
    expect(decided(later('江滨路88号，路灯坏了！'), [candidate(earlier)]).verdict).toBe('duplicate')
    expect(decided(later('小区井盖丢了，很危险'), [candidate(earlier)]).verdict).toBe('new')
    const unknown = report(body, 2, { title: '小区井盖丢了，很危险' })
    expect(decided(unknown, [candidate(report(body, 0, { title: '路灯坏了' }))]).verdict).toBe('new')
  })

  it('that say enough are one report whatever is above them', () => {
    const earlier = by('张强', report(noise, 0, { title: '夜间施工' }))
    for (const title of ['噪音扰民', null, '投诉']) {
      const later = { ...by('张强', report(noise, 2, { title })), id: 'T-later' }
      expect(decided(later, [candidate(earlier)])).toMatchObject({
        verdict: 'duplicate',
        finding: { score: 1 },
      })
    }
  })

  it('in English are one report whatever is above them', () => {
    const body =
      'The driver refused to use the meter on the way from the station, and asked for twice the usual fare in cash.'
    const earlier = by('张强', report(body, 0, { title: 'Complaint about a taxi' }))
    expect(decided(by('张强', report(body, 2)), [candidate(earlier)]).verdict).toBe('duplicate')
  })

  it('of one person are one report whatever district the channel gives', () => {
    const at = (district: string, days: number) =>
      by('张强', report(noise, days, { place: { ...report('').place, city: '长沙市', district } }))
    const later = { ...at('天心区', 1), id: 'T-later' }
    expect(decided(later, [candidate(at('岳麓区', 0))]).verdict).toBe('duplicate')
    const unknown = { ...later, reporter: report('').reporter }
    expect(decided(unknown, [candidate(at('岳麓区', 0))])).toMatchObject({ verdict: 'new', suggestion: null })
  })

  it('are equal also when one is set with a space after each character', () => {
    const body = '锦绣家园五栋的电梯停了三天没人修'
    const spaced = [...body].join(' ')
    expect(decided(report(spaced, 1), [candidate(report(body))]).verdict).toBe('duplicate')
    expect(decided(report(body, 1), [candidate(report(spaced))]).verdict).toBe('duplicate')
  })
})

describe('what a decision tells', () => {
  it('is not that texts are the same where only their sums differ by a point', () => {
    const owed = (sum: string) => `紫金培训学校关门跑路，拖欠我的学费${sum}元，老师也联系不上，请有关部门处理`
    expect(decided(report(owed('1.5万'), 1), [candidate(report(owed('1.5万')))])).toMatchObject({
      verdict: 'duplicate',
    })
    expect(decided(report(owed('15万'), 1), [candidate(report(owed('1.5万')))]).verdict).not.toBe('duplicate')
  })

  it('names the ticket that its reasons are about where that is a repeat of the master', () => {
    const [first, second] = [report(noise), by('张强', report(noise, 19))]
    const known = [candidate(first), candidate(second, { masterId: first.id })]
    const decision = decided(by('张强', report(`${noise}，谢谢`, 20)), known)
    expect(decision).toMatchObject({ verdict: 'duplicate', masterId: first.id })
    expect(decision.verdict === 'duplicate' && decision.finding.reasons[0]).toBe(
      `与其重复件 ${second.id} 比对`,
    )
  })

  it('names the ticket that it was compared with where it joins an incident', () => {
    const [first, later] = [by('张强', report(noise)), by('李梅', report(noise, 1))]
    const decision = decided(later, [candidate(first)])
    expect(decision).toMatchObject({ verdict: 'related', with: first.id })
    expect(decision.verdict === 'related' && decision.finding.reasons.slice(0, 2)).toEqual([
      ...[`与 ${first.id} 比对`, '诉求人不同'],
    ])
  })

  it('names in a suggestion the ticket compared with only where that is a repeat of the one suggested', () => {
    const [first, second] = [report(noise), by('张强', report(noise, 19))]
    const known = [candidate(first), candidate(second, { masterId: first.id })]
    const [off, suggested] = [
      { link: 2, review: 2 },
      { link: 2, review: 0 },
    ]
    const arriving = by('张强', report(`${noise}，谢谢`, 20))
    const repeat = decided(arriving, known, { duplicate: suggested, incident: off })
    expect(repeat).toMatchObject({ suggestion: { verdict: 'duplicate', ticketId: first.id } })
    expect(repeat.verdict === 'new' && repeat.suggestion?.reasons.slice(0, 2)).toEqual([
      ...[`与其重复件 ${second.id} 比对`, '同一诉求人'],
    ])
    const joining = by('李梅', report(noise, 1))
    const incident = decided(joining, [candidate(first)], { duplicate: off, incident: suggested })
    expect(incident).toMatchObject({ suggestion: { verdict: 'related', ticketId: first.id } })
    expect(incident.verdict === 'new' && incident.suggestion?.reasons[0]).toBe('诉求人无法比对')
  })

  it('gives the reasons of a recurrence', () => {
    const decision = decided(by('李梅', report(noise, 61)), [candidate(by('张强', report(noise)))])
    expect(decision).toMatchObject({
      recurrence: {
        score: 0.99,
        fields: ['text', 'place', 'matter'],
        terms: expect.arrayContaining([expect.any(String)]),
      },
    })
    const reasons = decision.verdict === 'new' ? decision.recurrence?.reasons : []
    expect(reasons?.slice(0, 2)).toEqual(['诉求人不同', '正文相同'])
    expect(reasons?.at(-1)).toBe('相隔 61 天')
  })

  it('is no recurrence of what was reported later', () => {
    const [early, late] = [by('张强', report(noise)), by('李梅', report(noise, 61))]
    expect(decided(late, [candidate(early)])).toMatchObject({ recurrence: { ticketId: early.id } })
    expect(decided(early, [candidate(late)])).toMatchObject({ verdict: 'new', recurrence: null })
  })

  it('holds only words that both reports say in one piece', () => {
    const against = report('强烈反对K18路改道走麓枫北路，我们桂竹园小区老人出行全靠这趟车，请取消改线方案')
    const inFavour = report('看到有人反对K18改线，我支持K18路走麓枫北路，桂竹园小区另一头的人一直等这趟车', 1)
    const settings = { duplicate: never, incident: always }
    const decision = decided(inFavour, [candidate(against)], settings)
    const { terms } = decision.verdict === 'new' ? { terms: [] } : decision.finding
    const { text } = profile(inFavour)
    expect(terms.length).toBeGreaterThan(0)
    expect(terms.filter((term) => !text.includes(term))).toEqual([])
  })
})
