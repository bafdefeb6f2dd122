import { describe, expect, it } from 'vitest'
import { textMail, ticket } from './fixtures/build-mail.ts'

const reporter = async (body: string, fields: Record<string, string>) =>
  (await ticket(textMail(body, fields))).reporter

describe('the reporter of a mail', () => {
  it('is its sender, with no number that stands under another name', async () => {
    const own = await reporter('路灯不亮。\n联系人：李四 电话：13900139000', {
      From: '张三 <zhang@mail.example>',
    })
    expect(own).toMatchObject({ name: '张三', phone: null, key: 'key of email:zhang@mail.example' })
  })

  it.each([
    '路灯不亮。\n张三\n13800138000',
    '路灯不亮。\n此致\n敬礼\n张三 138 0013 8000 2020年11月3日',
    '路灯不亮。\n张三\n138-0013-8000\n2020.11.3',
  ])('is known by the mobile under which they sign without a label: %j', async (body) => {
    expect(await reporter(body, { From: '张三 <zhang@mail.example>' })).toMatchObject({
      phone: '+8613800138000',
    })
    for (const name of ['李四', '夜猫子的信箱', ''])
      expect((await reporter(body, { From: `${name} <a@mail.example>` })).phone).toBeNull()
  })

  it('is known by the mobile in the name of the sender, unless the letter is signed with another', async () => {
    const From = '张先生 13800138000 <zhang@mail.example>'
    expect(await reporter('路灯不亮。', { From })).toMatchObject({
      ...{ name: '张先生', phone: '+8613800138000', phoneRaw: '13800138000' },
    })
    expect(await reporter('路灯不亮。\n我的电话：13900139000', { From })).toMatchObject({
      ...{ name: '张先生', phone: '+8613900139000' },
    })
    expect(await reporter('路灯不亮。', { From: '13800138000 <a@mail.example>' })).toMatchObject({
      ...{ name: null, phone: '+8613800138000' },
    })
  })

  it('is not told by the number of those whom two letters complain of', async () => {
    const body = '江滨路工地每晚打桩。\n施工方：某某建筑公司\n联系电话：0591-87654321'
    const keys = ['张三 <zhang@mail.example>', '李四 <li@mail.example>'].map(
      async (From) => (await reporter(body, { From })).key,
    )
    expect(await Promise.all(keys)).toEqual([
      'key of email:zhang@mail.example',
      'key of email:li@mail.example',
    ])
  })

  it('is whom to answer where a program sent the letter', async () => {
    const from = { From: '网站管理员 <noreply@gov.example>', 'Reply-To': '李四 <li@mail.example>' }
    expect(await reporter('路灯不亮。', from)).toMatchObject({
      ...{ name: '李四', email: 'li@mail.example', key: 'key of email:li@mail.example' },
    })
  })

  it('is nobody where a program says nobody to answer, but for who signed the form', async () => {
    const from = { From: '网站管理员 <noreply@gov.example>' }
    expect(await reporter('路灯不亮。', from)).toMatchObject({ name: null, email: null, key: null })
    expect(await reporter('来信人：张三\n联系电话：13800138000\n来信内容：路灯不亮。', from)).toMatchObject({
      ...{ name: '张三', phone: '+8613800138000', key: 'key of phone:+8613800138000' },
    })
  })

  it.each([
    '姓名 | 张三\n联系电话 | 13800138000\n内容 | 路灯不亮。',
    '姓名 | 张三 | 性别 | 男\n联系电话 | 13800138000 | 邮编 | 350001\n内容 | 路灯不亮。',
    '姓名\t张三\n手机\t13800138000\n内容\t路灯不亮。',
    '【姓名】张三\n【电话】13800138000\n【内容】路灯不亮。',
    '您的姓名：\n张三\n联系电话：\n13800138000\n内容：\n路灯不亮。',
  ])('is who filled in the form %j', async (body) => {
    const form = { From: 'noreply@gov.example' }
    expect(await reporter(body, form)).toMatchObject({ name: '张三', phone: '+8613800138000' })
  })

  it('is not the account of a web server, which all users of its forms share', async () => {
    for (const account of ['www-data', 'apache', 'nobody', 'anonymous', 'root'])
      expect(await reporter('路灯不亮。', { From: `${account}@web.gov.example` })).toMatchObject({
        key: null,
      })
    const automatic = { From: '服务中心 <service@gov.example>', 'Auto-Submitted': 'auto-generated' }
    const to = { ...automatic, To: '<mayor@gov.example>' }
    expect(await reporter('路灯不亮。', to)).toMatchObject({ name: null, key: null })
    expect(await reporter('路灯不亮。', { ...automatic, 'Reply-To': 'li@mail.example' })).toMatchObject({
      key: 'key of email:li@mail.example',
    })
    const inTheirName = { ...to, From: '李四 <li@mail.example>' }
    expect(await reporter('路灯不亮。', inTheirName)).toMatchObject({
      name: '李四',
      email: 'li@mail.example',
    })
  })
})
