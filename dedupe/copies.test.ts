import { describe, expect, it } from 'vitest'
import {
  equalReports,
  equalTexts,
  haveOtherMatters,
  isAnotherCase,
  isNextMatter,
  isOfAnotherPlace,
  nameOtherLines,
  nearlyEqualTexts,
} from './copies.ts'
import type { Report } from './profile.ts'
import { by, pair, profile, report } from './testing/reports.ts'

const long = '江滨路工地每晚打桩噪音很大'

describe('equalTexts', () => {
  it.each([
    ['same', 1, 1],
    ['may-be', 1, 0],
    ['unknown', 1, 0],
    ['unclear', 0, 0],
    ['different', 0, 0],
  ] as const)('by a reporter who is %s', (person, ofLong, ofShort) => {
    expect(equalTexts(long, person)).toEqual({ duplicate: ofLong, incident: 0.99 })
    expect(equalTexts('没水了', person)).toEqual({ duplicate: ofShort, incident: 0 })
  })

  it('takes texts of ten characters for telling', () => {
    expect(equalTexts(long.slice(0, 10), 'unknown').duplicate).toBe(1)
    expect(equalTexts(long.slice(0, 9), 'unknown').duplicate).toBe(0)
  })
})

const letter =
  '锦禾雅居旁的江滨路工地每晚十一点后仍在打桩，渣土车进出不盖篷布，扬尘漫天，孩子咳嗽不止，整栋楼的老人无法入睡，施工方拒不出示夜间许可证'

describe('nearlyEqualTexts', () => {
  const copy = (one: Report, other: Report) =>
    nearlyEqualTexts(pair(one, other), profile(one), profile(other))

  it('are the same report when a few words were added', () => {
    const added = copy(report(`${letter}，谢谢！`, 1), report(letter))
    expect(added).toEqual({ duplicate: 0.95, incident: 0.97 })
  })

  it('are one incident when two people sent them', () => {
    const several = copy(by('李梅', report(`${letter}，谢谢！`, 1)), by('张强', report(letter)))
    expect(several).toEqual({ duplicate: 0, incident: 0.97 })
  })

  it('are one incident at one place though each is owed another sum, and not where no place is named', () => {
    const owed = (place: string, sum: string) =>
      report(`${place}欠木工班工资${sum}，三个月没发，电话一直不接，请帮我们要回血汗钱，家里老人等着看病`)
    const incidentOf = (place: string, sum: string) =>
      copy(by('李梅', owed(place, '4300元')), by('张强', owed(place, sum))).incident
    expect(incidentOf('江滨路工地', '六千多元')).toBe(0.97)
    expect(incidentOf('江滨路19号工地', '6800元')).toBe(0.97)
    expect(incidentOf('老板', '6800元')).toBe(0)
  })

  it('are the same report under a name and a nickname when somebody tells of himself, not when many may have signed', () => {
    const told = (whose: string) =>
      `东风街人行道塌了一个大坑，夜里没有灯，${whose}七月三日晚上踩空，左脚踝骨折，手术花了两万八千元，请管护单位赔偿。`
    const under = (whose: string) => {
      return copy(by('路人甲乙丙丁', report(`${told(whose)}谢谢！`, 1)), by('范晓东', report(told(whose))))
    }
    expect(under('我母亲')).toEqual({ duplicate: 0.95, incident: 0.97 })
    expect(under('我们小区的老人')).toEqual({ duplicate: 0, incident: 0.97 })
    expect(under('我母亲和我们小区的老人')).toEqual({ duplicate: 0, incident: 0.97 })
    const byTwo = copy(by('李梅', report(`${told('我母亲')}谢谢！`, 1)), by('范晓东', report(told('我母亲'))))
    expect(byTwo).toEqual({ duplicate: 0, incident: 0.97 })
  })

  it.each([
    ['another place', report(letter.replace('锦禾雅居旁的江滨路', '望岳豪庭旁的滨湖街'))],
    [
      'a place of another kind',
      report(letter.replace('锦禾雅居旁的江滨路', '锦禾雅居')),
      report(letter.replace('锦禾雅居旁的江滨路', '江滨路')),
    ],
    [
      'another section of it',
      report(letter.replace('江滨路', '二期')),
      report(letter.replace('江滨路', '三期')),
    ],
    ['other words', report('体育馆南门的售票机坏了，排队要一个小时')],
    ['too few words', report('打桩很吵'), report('打桩很吵吗')],
  ])('are neither for %s', (_, one, other = report(letter)) => {
    expect(copy(one, other)).toEqual({ duplicate: 0, incident: 0 })
  })

  it('are the same report of one person, and no incident at two house numbers', () => {
    const mine = copy(by('张强', report(`${letter}，谢谢！`, 1)), by('张强', report(letter)))
    expect(mine).toEqual({ duplicate: 0.95, incident: 0.97 })
    const at = (house: string) => report(letter.replace('江滨路', `江滨路${house}号`))
    expect(copy(at('88'), at('301')).incident).toBe(0)
    expect(copy(at('88'), at('88')).incident).toBe(0.97)
  })

  it('are the same report where one was cut off after thirty characters or more', () => {
    const cutAt = (length: number) => report(letter.slice(0, length), 1)
    expect(copy(cutAt(31), report(letter)).duplicate).toBe(0.95)
    expect(copy(report(letter), cutAt(31)).duplicate).toBe(0.95)
    expect(copy(cutAt(30), report(letter)).duplicate).toBe(0)
    const byTwo = copy(by('李梅', cutAt(40)), by('张强', report(letter)))
    expect(byTwo.duplicate).toBe(0)
    expect(copy(report(`昨天说的是${letter.slice(0, 40)}`), report(letter)).duplicate).toBe(0)
  })

  it('are no reworded report where one says much more, and no incident where both do', () => {
    const [lamps, bus] = [
      '小区北门的路灯坏了半个月，夜里看不清台阶，老人摔了两次，物业推给市政，市政推给物业，谁也不来修，请明确由谁维护',
      '公交车司机不停站，学生等了四十分钟，冬天冷得发抖，调度说车辆不足，投诉电话一直占线，没有人回复，请加开早高峰班次',
    ]
    expect(copy(report(`${bus}。${letter}`, 1), report(letter)).duplicate).toBe(0)
    expect(copy(report(`${letter}。${lamps}`, 1), report(`${letter}。${bus}`)).incident).toBe(0)
  })

  it('are neither in two districts', () => {
    const at = (district: string) =>
      report(letter, 0, {
        place: { ...report('').place, province: '湖南省', city: '长沙市', district },
      })
    expect(copy(at('岳麓区'), at('天心区'))).toEqual({ duplicate: 0, incident: 0 })
    expect(copy(at('岳麓区'), at('岳麓区')).duplicate).toBe(0.95)
  })
})

describe('equalReports', () => {
  it('are one incident where they name a place, however short', () => {
    expect(equalReports(profile(report('锦绣家园停水')), 'different')).toEqual({
      duplicate: 0,
      incident: 0.99,
    })
    expect(equalReports(profile(report('小区又停水了')), 'different').incident).toBe(0)
    const placeless = profile(report('没水了，什么时候来水呢'))
    expect(equalReports(placeless, 'unknown')).toEqual({ duplicate: 1, incident: 0 })
  })

  it('are one incident without a place only where they say a lot', () => {
    const incidentOf = (body: string) => equalReports(profile(report(body)), 'different').incident
    expect(incidentOf('没水了，什么时候来水呢')).toBe(0)
    expect(incidentOf('售票机吞了我的身份证，管理员推说锁匠请假，让我改天再跑一趟取回')).toBe(0.99)
  })

  it('are the same report by nothing but framing only of one person', () => {
    const framing = profile(report('您好，情况如题，请有关部门尽快核实处理并回复，谢谢'))
    expect(equalReports(framing, 'unknown')).toEqual({ duplicate: 0, incident: 0 })
    expect(equalReports(framing, 'same')).toEqual({ duplicate: 1, incident: 0 })
  })
})

it('what one person sends with words that only point to pictures is the same report unless the pictures are others', () => {
  const sent = (body: string, files: string) =>
    profile(report(body, 0, { attachments: files.split('').map(picture) }))
  const repeats = (body: string, files: string, others: string) =>
    equalReports(sent(body, files), 'same', sent(body, others)).duplicate
  expect(repeats('详见附件图片，谢谢！', 'a', 'b')).toBe(0)
  expect(repeats('', 'al', 'bl')).toBe(0)
  for (const others of ['a', 'ab', '']) expect(repeats('见附件', 'a', others)).toBe(1)
  expect(repeats('江滨路工地每晚打桩，见附件', 'a', 'b')).toBe(1)
})

function picture(sha256: string): Report['attachments'][number] {
  return { name: null, mediaType: 'image/jpeg', bytes: 1, sha256, uri: '' }
}

describe('isAnotherCase', () => {
  const isOther = (one: Report, other: Report) =>
    isAnotherCase(pair(one, other), profile(one), profile(other))
  const wages = (sum: number) =>
    report(`在江滨路工地做木工三个月，老板欠工资${sum}元，电话不接，请帮我们要回来`)

  it('is true of the same words with another sum, another day or another building', () => {
    expect(isOther(wages(4300), wages(6800))).toBe(true)
    const lost = (day: string) => report(`${day}在115路公交车上丢了一个黑色背包，里面有身份证，请帮忙找找`)
    expect(isOther(lost('4月8日'), lost('5月6日'))).toBe(true)
    const lift = (building: string) =>
      report(`锦绣花园${building}的电梯坏了一个星期，物业一直说等配件，老人上下楼很困难，请督促维修`)
    expect(isOther(lift('5号楼'), lift('7号楼'))).toBe(true)
    expect(isOther(lift('5号楼'), lift('五栋'))).toBe(false)
    expect(isOther(lift('5号楼'), lift(''))).toBe(false)
  })

  it('is false of a text that was cut off in the midst of a number', () => {
    const whole = '江滨路工地的木工班组有十一个人，从去年三月做到六月，老板至今欠工资26800元，电话一直不接'
    expect(isOther(report(whole.slice(0, whole.indexOf('800元'))), report(whole))).toBe(false)
    expect(isOther(report(whole.replace('26800', '26')), report(whole))).toBe(true)
  })

  it('is false of the same sum, of a sum that only one tells, of other words, and of one person', () => {
    expect(isOther(wages(4300), wages(4300))).toBe(false)
    const untold = report(wages(4300).body.replace('4300元', ''))
    expect(isOther(wages(4300), untold)).toBe(false)
    expect(isOther(untold, wages(4300))).toBe(false)
    expect(isOther(report('体育馆门票38元太贵'), report('停车一小时15元不合理'))).toBe(false)
    expect(isOther(by('张强', wages(4300)), by('张强', wages(6800)))).toBe(false)
  })
})

describe('isOfAnotherPlace', () => {
  const lamps = '建设路的路灯坏了半个月，夜里看不清台阶，老人摔了两次，请派人来修。'
  const isOf = (one: Report, other: Report) => isOfAnotherPlace(pair(one, other), one.body, other.body)

  it('is true of the same words about another street, whose name may be an everyday word', () => {
    expect(isOf(report(lamps.replace('建设路', '人民路')), report(lamps))).toBe(true)
  })

  it('is true of short texts of the same words about another place', () => {
    expect(isOf(report('翠锦花园门口违停严重'), report('丽安公寓门口违停严重'))).toBe(true)
    expect(isOf(report('丽安公寓又停水了，什么时候来水'), report('翠锦路又停水了，什么时候来水'))).toBe(true)
    expect(isOf(report('丽安公寓又停水了'), report('翠锦路欠薪三个月'))).toBe(false)
  })

  it('is false of long texts of one person that name others who answered', () => {
    const wages = (answer: string) =>
      report(
        `本人经人介绍到云栖矿业做维修工共四十二天，口头协议每月六千元，一共八千四百元，老板至今没有给我，打电话也不接，${answer}`,
      )
    const [station, village] = [
      '新桥派出所说给三千元了事，我不同意。',
      '长亭村委会说让我等到年底，我等不起。',
    ]
    expect(isOf(by('张强', wages(station)), by('张强', wages(village)))).toBe(false)
    expect(isOf(by('张强', wages(station)), by('李梅', wages(village)))).toBe(true)
  })

  it('is true of the same words about another school by number', () => {
    const classes = '县二中的高三学生暑假仍要回校补课，每人收费四百二十元'
    expect(isOf(report(classes.replace('二中', '三中')), report(classes))).toBe(true)
  })

  it('is true of the same words from another district, or with another address beside the text', () => {
    const stairs = '楼下广场舞的音响声音太大，老人心脏受不了，请派人来管一管'
    const at = (district: string, text: string) =>
      report(stairs, 0, {
        place: { ...report('').place, text, province: '湖南省', city: '长沙市', district },
      })
    const isOther = (one: Report, other: Report) =>
      isOfAnotherPlace(pair(one, other), profile(one).text, profile(other).text)
    expect(isOther(at('岳麓区', '岳麓区'), at('天心区', '天心区'))).toBe(true)
    expect(isOther(at('岳麓区', '岳麓区麓谷小学旁'), at('岳麓区', '岳麓区望月小学旁'))).toBe(true)
    expect(isOther(at('岳麓区', '岳麓区麓谷小学旁'), at('岳麓区', '岳麓区'))).toBe(false)
  })

  it('is false of other words, which are left to the scores', () => {
    expect(isOf(report('人民路积水没过脚踝，行人绕不过去'), report(lamps))).toBe(false)
    expect(isOf(report(`${lamps}谢谢`), report(lamps))).toBe(false)
  })
})

describe('nameOtherLines', () => {
  it.each([
    ['33路公交车改线', '78路公交车改线', true],
    ['33路公交车改线', '33路和78路公交车改线', false],
    ['33路公交车改线', '公交车改线', false],
    ['k17路总是不来', '78路总是不来', true],
    ['一路上都是坑', '78路总是不来', false],
  ])('of %s and %s: %s', (one, other, expected) => {
    expect(nameOtherLines(profile(report(one)), profile(report(other)))).toBe(expected)
    expect(nameOtherLines(profile(report(other)), profile(report(one)))).toBe(expected)
  })
})

describe('two long reports about one village', () => {
  const quota =
    '我是云栖村的征收户，属于外嫁女，只有半边户头。征收以后拿到的钱只够买一套七十平的小房子，当时只有两个人住，如今添了两个孩子，家里还有两位老人，实在住不下，却又没有购房资格，希望在改善性住房上给予倾斜。'
  const voucher = (said: string) =>
    `云栖村的村民因国家征用土地，在镇上商业街购置了地皮准备建房，那里不收购房券，${said}，工期又不能拖，请考虑折成现金发给大家，解决燃眉之急。`

  it.each([
    ['share only its name', '券用不出去', true],
    ['share a sentence', '券用不出去。如今添了两个孩子，家里还有两位老人', false],
    ['share a matter', '又不给购房资格', false],
  ])('that %s (%s) have other matters: %s', (_how, said, expected) => {
    expect(haveOtherMatters(pair(report(voucher(said), 2), report(quota)))).toBe(expected)
  })
})

describe('isNextMatter', () => {
  const pipes = '枫桥街道柳塘组三十多户至今吃井水，枯水季要去河边挑，盼望早日把自来水管接到各家门口'
  const house = '枫桥街道的建房手续都已办妥，本月九日动工时邻居四人拦住挖掘机，张口要四万元才放行'
  const isNext = (one: Report, other: Report) => isNextMatter(pair(one, other))

  it('is true of one person who first asks for one thing and then for another', () => {
    expect(isNext(by('张强', report(house, 3)), by('张强', report(pipes)))).toBe(true)
  })

  it.each([
    ['two people', by('李梅', report(house, 3)), by('张强', report(pipes))],
    ['a reminder', by('张强', report(`上次反映的事至今没有回复，${house}`, 3)), by('张强', report(pipes))],
    ['a shared matter', by('张强', report(`${house}，夜里断电`, 3)), by('张强', report(`${pipes}，常停电`))],
    [
      'a shared number',
      by('张强', report(`${house}，赔了1860元`, 3)),
      by('张强', report(`${pipes}，每户收了一千八百六十元`)),
    ],
    [
      'a shared name',
      by('张强', report(`锦禾雅居旁，${house}`, 3)),
      by('张强', report(`锦禾雅居旁，${pipes}`)),
    ],
    ['the same words', by('张强', report(`${pipes}，谢谢`, 3)), by('张强', report(pipes))],
    ['a short one', by('张强', report('枫桥街道有人拦住挖掘机', 3)), by('张强', report(pipes))],
  ])('is false of %s', (_, one, other) => {
    expect(isNext(one, other)).toBe(false)
  })
})
