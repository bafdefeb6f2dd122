import { describe, expect, it } from 'vitest'
import { isProgram, ownPhone } from './senders.ts'

const phone = '+8613800138000'

describe('ownPhone', () => {
  it.each([
    '路灯不亮。\n张女士\n电话：13800138000',
    '路灯不亮。\n张女士 13800138000',
    '路灯不亮。\n联系电话: 138-0013-8000',
    '路灯不亮。\n我的手机：１３８００１３８０００。',
    '路灯不亮。\n联系人：张三 电话：13800138000',
    '路灯不亮。\nTel: +86 13800138000',
    '路灯不亮。\n我的电话是13800138000',
    '路灯不亮。\n电话/微信：13800138000',
    '路灯不亮。\n手机（微信同号）：13800138000',
    '路灯不亮。\n电话：13800138000（微信同号）',
    '路灯不亮。\n张女士 13800138000 谢谢！',
    '路灯不亮。\n张女士，电话：138 0013 8000，谢谢。',
    '路灯不亮。\n电话：0591-87654321\n手机：13800138000',
    '路灯不亮。\n我的电话13800138000，请回电。',
    '路灯不亮，请尽快维修，我的手机号是138 0013 8000，谢谢！',
    '路灯不亮。如需了解情况，本人联系电话：13800138000。',
    '路灯不亮，我电话是13800138000，请回电。',
    '装修师傅李强收钱不干活。\n张三\n电话：13800138000',
    '装修师傅李强收钱不干活。\n联系人：张三 电话：13800138000',
    '装修师傅李强收钱不干活。\n我的电话：13800138000',
    '装修师傅李强收钱不干活，盼来电。\n电话：13800138000',
    '小区里骚扰电话太多，请管一管，谢谢！\n电话：13800138000',
    '天天接到推销电话，不胜其烦。\n\n电话：13800138000',
    '物业派师傅来修过两次，还是漏水。\n电话：13800138000',
    '我是出租车师傅，路口的红绿灯坏了。\n电话：13800138000',
    '我叫张三，微信：abc123\n电话：13800138000',
    '张三，微信：abc123\n电话：13800138000',
    '路灯不亮，有事加我微信：abc123\n电话：13800138000',
    '我的电话打不通，请发短信。\n电话：13800138000',
    '12345热线电话打不通。\n电话：13800138000',
    '医保代办手续怎么办？\n电话：13800138000',
  ])('finds the number that %j is signed with', (written) => {
    expect(ownPhone(written, null)).toMatchObject({ phone, from: 'signature' })
  })

  it('finds a mobile in a signature', () => {
    expect(ownPhone('路灯不亮。', '张女士\n13800138000')).toMatchObject({
      phone,
      raw: '13800138000',
      from: 'signature',
    })
  })

  it('reads a landline with its area code', () => {
    expect(ownPhone('路灯不亮。\n电话：0513-85123456', null)?.phone).toBe('+8651385123456')
  })

  it.each([
    '物业电话：13800138000',
    '电话是13800138000',
    '路灯不亮。\n13800138000',
    '路灯不亮。\n司机\n13800138000',
    '被投诉人联系电话：13800138000',
    '我打了13800138000没有人接',
    '骗子用我的手机号13800138000，注册了账号',
    '我的电话物业13800138000也有',
    '昨天停水，我电话0591-87654321，无人接听。',
    '老板拖欠工资，我电话13800138000，他不接。',
    '物业经理对我说，我的电话13800138000，有事找他。',
    '电话：13800138000\n手机：13900139000',
    '电话：110',
    '工地夜里打桩。\n施工方：某某建筑公司\n联系电话：13800138000',
    '我要举报，骗子联系方式如下：\n联系人：王五 电话：13800138000\n请查处。',
    '请处理。\n发件人：李四\n电梯停运。\n李四\n电话：13800138000',
    '装修师傅李强收钱不干活\n手机13800138000',
    '装修师傅李强收了钱，一直不干活，已经三个月了。\n手机：13800138000',
    '李强师傅偷工减料。\n联系人：李强 电话：13800138000',
    '健身教练跑路了\n电话：13800138000',
    '小区门口一直有骚扰电话\n电话：13800138000',
    '天天接到推销电话，不胜其烦。\n电话：13800138000',
    '有人卖假药，微信：abc123\n电话：13800138000',
    '拖欠工资的人叫李强\n联系方式：13800138000',
    '一个叫李强的人骗走我三万元。\n电话：13800138000',
    '社区电话打不通\n电话：0591-87654321',
  ])('finds none in %j', (written) => {
    expect(ownPhone(written, null)?.phone.startsWith('+') ?? false).toBe(false)
  })
})

it('leaves a number beside a mere name to the comparison with the sender’s', () => {
  expect(ownPhone('路灯不亮。\n张三 13800138000', null)).toMatchObject({ name: '张三', isByName: true })
  for (const line of [
    '张三，电话13800138000',
    '张三 手机：13800138000',
    '张三（13800138000）',
    '市民张三，联系电话：13800138000',
  ])
    expect(ownPhone(`路灯不亮。\n${line}`, null)).toMatchObject({ phone, isByName: true })
  expect(ownPhone('路灯不亮。\n市民张三，电话13800138000', null)?.name).toBe('市民张三')
  expect(ownPhone('物业电话13800138000', null)).toBeNull()
  expect(ownPhone('订单号 13800138000', null)).toMatchObject({ name: '订单号', isByName: true })
  expect(ownPhone('路灯不亮。\n张三 13800138000\n电话：13900139000', null)).toMatchObject({
    phone: '+8613900139000',
    isByName: false,
  })
})

it('takes no label of a form for a name', () => {
  for (const label of [
    '投诉人电话',
    '来信人的手机号',
    '联系人电话',
    '联系人联系方式',
    '举报人电话',
    '您的手机',
  ])
    expect(ownPhone(`路灯不亮。\n${label}：13800138000`, null)).toMatchObject({ phone, name: null })
})

it('gives the name beside a number, which may be another than the sender’s', () => {
  expect(ownPhone('路灯不亮。\n联系人：李四 电话：13800138000', null)?.name).toBe('李四')
  expect(ownPhone('路灯不亮。', '张三 13800138000')?.name).toBe('张三')
  expect(ownPhone('路灯不亮。\n电话：13800138000', null)?.name).toBeNull()
})

it('knows programs that send for others', () => {
  const by = (address: string | null, name: string | null = null) => isProgram({ address, name })
  expect(
    ['noreply@gov.example', 'no-reply@gov.example', 'noreply-12345@gov.example', 'system@gov.example'].every(
      (each) => by(each),
    ),
  ).toBe(true)
  expect(by('info@gov.example', '网站管理员')).toBe(true)
  expect(
    [
      'norman@mail.example',
      'systema@mail.example',
      'system2008@mail.example',
      'noel.reply@mail.example',
    ].some((each) => by(each)),
  ).toBe(false)
})
