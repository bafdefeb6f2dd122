import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areKnownToDiffer,
  introduces,
  nameRelation,
  namesGiven,
  type Person,
  personRelation,
  tellsName,
} from './persons.ts'

const nobody: Person = {
  ...{ key: null, name: null, phone: null, phoneRaw: null, email: null, wechatId: null },
}
const person = (given: Partial<Person>): Person => ({ ...nobody, ...given })
const sender = (given: Partial<Person>, sourceId = 'hotline') => ({ sourceId, reporter: person(given) })
const relation = (one: Partial<Person>, other: Partial<Person>) => personRelation(sender(one), sender(other))

describe('nameRelation', () => {
  it.each([
    ['张强', '张强', 'same'],
    ['晴空万里', '晴空万里', 'same'],
    ['张先生', '张先生', 'may-be'],
    ['张先生', '张强', 'may-be'],
    ['张先生', '张女士', 'unclear'],
    ['李女士', '王女士', 'different'],
    ['张先生', '李强', 'different'],
    ['张强', '李梅', 'different'],
    ['蔡志强', '聂晓燕', 'different'],
    ['卫建国', '晴空万里', 'unclear'],
    ['张先生', '晴空万里', 'unclear'],
    ['张强', '晴空万里', 'unclear'],
    ['张强', '夜猫子', 'unclear'],
    ['张强', '张', 'may-be'],
    ['張強', '张强', 'same'],
    ['邱若兰', '若兰', 'may-be'],
    ['王芳芳', '芳', 'unclear'],
    ['张强', null, 'unknown'],
  ] as const)('%s and %s: %s', (one, other, expected) => {
    expect(nameRelation(one, other, true)).toBe(expected)
    expect(nameRelation(other, one, false)).toBe(expected)
  })

  it('tells nicknames apart within one source only', () => {
    expect(nameRelation('晴空万里', 'A00045', true)).toBe('different')
    expect(nameRelation('晴空万里', 'A00045', false)).toBe('unclear')
    expect(nameRelation('晴空万里', '晴空万里', false)).toBe('same')
  })
})

describe('personRelation', () => {
  it('trusts a key, a phone or an address more than names', () => {
    expect(relation({ key: 'a', name: '张强' }, { key: 'a', name: '李梅' })).toBe('same')
    expect(
      relation({ phone: '+8613800000001', name: '张强' }, { phone: '+8613800000001', name: '李梅' }),
    ).toBe('same')
    expect(relation({ phone: '+8613800000001', email: 'a@x.cn' }, { email: 'a@x.cn' })).toBe('same')
    expect(
      relation({ phone: '+8613800000001', name: '张强' }, { phone: '+8613800000002', name: '张强' }),
    ).toBe('different')
  })

  it('tells unnamed senders apart by their addresses', () => {
    expect(relation({ email: 'a@x.cn' }, { email: 'b@x.cn' })).toBe('different')
    expect(relation({ wechatId: 'a' }, { wechatId: 'b' })).toBe('different')
    expect(relation({ email: 'a@x.cn', name: '张强' }, { email: 'b@x.cn', name: '张强' })).toBe('same')
    expect(relation({ email: 'a@x.cn' }, { wechatId: 'b' })).toBe('unknown')
    expect(relation({ email: 'a@x.cn' }, { phone: '+8613800000001' })).toBe('unknown')
  })

  it.each([
    ['138****1234', '138****5678', 'different'],
    ['138-****-1234', '+86 139 **** 1234', 'different'],
    ['138****1234', '138xxxx1234', 'unknown'],
    ['138****1234', '1380013****', 'unknown'],
    ['138****1234', '138***5678', 'unknown'],
    ['0591-8321****', '0591-8322****', 'unknown'],
  ] as const)('takes %s and %s, of which figures are hidden, for %s', (one, other, expected) => {
    expect(relation({ phoneRaw: one }, { phoneRaw: other })).toBe(expected)
  })

  it('tells a number of which figures are hidden from one that shows other figures', () => {
    const masked = { phoneRaw: '138****1234' }
    expect(relation(masked, { phone: '+8613800135678', phoneRaw: '13800135678' })).toBe('different')
    expect(relation({ phone: '+8613800131234' }, masked)).toBe('unknown')
    expect(relation({ ...masked, name: '张强' }, { phone: '+8613800131234', name: '张强' })).toBe('same')
    const known = (figures: string) => areKnownToDiffer(person(masked), person({ phoneRaw: figures }))
    expect([known('138****5678'), known('138****1234')]).toEqual([true, false])
  })

  it('tells nicknames apart within one source only', () => {
    const [one, other] = [{ name: '晴空万里' }, { name: 'A00045' }]
    expect(relation(one, other)).toBe('different')
    expect(personRelation(sender(one), sender(other, 'board'))).toBe('unclear')
  })

  it('learns nothing from the number of a service', () => {
    expect(relation({ phone: '12345', name: '张强' }, { phone: '12345', name: '李梅' })).toBe('different')
    expect(relation({ phone: '12345' }, { phone: '+8613800000001' })).toBe('unknown')
  })

  it('does not depend on which of the two came first', () => {
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
    const anyone = fc.record({
      key: maybe(fc.constantFrom('a', 'b')),
      name: maybe(fc.constantFrom('张强', '张先生', '张女士', '李梅', '张小强', '晴空万里', '某先生')),
      phone: maybe(fc.constantFrom('+8613800000001', '+8613800000002', '12345')),
      email: maybe(fc.constantFrom('a@x.cn', 'b@x.cn')),
      wechatId: maybe(fc.constantFrom('x', 'y')),
    })
    fc.assert(
      fc.property(anyone, anyone, (one, other) => {
        expect(relation(one, other)).toBe(relation(other, one))
      }),
    )
  })
})

describe('tellsName', () => {
  it.each([
    ['我是增桥中学教师周洪义', '周洪义', true],
    ['我是增桥中學教師周洪義', '周洪義', false],
    ['我是增桥中学教师周洪义', '周洪義', true],
    ['我是增桥中学教师', '周洪义', false],
    ['市民来电反映\n户主周洪义拆了承重墙', '周洪义', false],
    ['我是周洪义的邻居', '周洪义', false],
    ['周先生住在楼上', '周先生', false],
    ['晴空万里的一天', '晴空万里', false],
    ['我是增桥中学教师周洪义', null, false],
    ['微信转办\n网民\n云下的猫\n反映北门外野狗成群', '云下的猫', true],
    ['网友uu0081564留言称停水两天', 'UU0081564', true],
    ['云下的猫追着网民跑', '云下的猫', false],
    ['网友\n周先生\n反映停水', '周先生', false],
    ['网友猫某反映停水', '猫', false],
  ])('%s, %s: %s', (text, name, expected) => {
    expect(tellsName(text, person({ name }))).toBe(expected)
  })
})

describe('introduces', () => {
  it.each([
    ['我是青石镇柳树街的周若兰\n上次留过言', 'C5市周若兰', true],
    ['我叫周若兰', '周若兰', true],
    ['请尽快修好\n锦绣家园业主周若兰\n联系电话', '周若兰', true],
    ['来电人周若兰反映停水', '周若兰', true],
    ['市民周若兰女士反映停水', '周若兰', true],
    ['锦绣家园业主周若兰打人', '周若兰', false],
    ['本人举报村主任周若兰侵占山林', '周若兰', false],
    ['我是周若兰家的租户', '周若兰', false],
    ['请市里解决\n水库移民\n黎大安\n联系电话', '移民黎大安', true],
    ['举报村主任周若兰侵占山林', '柳树街周若兰', false],
    ['我是高新区的业主', '住在高新区', false],
    ['我是张先生', '邻居张先生', false],
    ['我是老业主', 'UU001234', false],
    ['我是老业主\n举报周若兰占道', '柳树街周若兰', false],
    ['我是江南里的居民', '住在江南里', false],
    ['我是周若兰', null, false],
  ])('%j, %s: %s', (text, name, expected) => {
    expect(introduces(text, person({ name }))).toBe(expected)
  })
})

describe('namesGiven', () => {
  it.each([
    ['本人周若兰\n女\n1967年5月生', ['周若兰']],
    ['我是青石镇的居民周若兰\n请修路\n来电人周若兰', ['周若兰']],
    ['举报村主任周若兰\n我是高新区\n我是张先生', []],
    ['锦绣家园业主周若兰打人', []],
  ])('%j: %j', (text, expected) => {
    expect(namesGiven(text)).toEqual(expected)
  })
})
