import { describe, expect, it } from 'vitest'
import { mail, multipart, textMail, ticket } from './fixtures/build-mail.ts'

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

  it('has the name of the sender without the address that some programs repeat in it', async () => {
    for (const name of ['张三<zhang@mail.example>', '张三（zhang@mail.example）', '张三 zhang@mail.example'])
      expect(await reporter('路灯不亮。', { From: `"${name}" <zhang@mail.example>` })).toMatchObject({
        ...{ name: '张三', kind: 'person', email: 'zhang@mail.example' },
      })
  })

  it('has the address of Reply-To, else of Sender, where From has none', async () => {
    const made = (fields: Record<string, string>) => ticket(textMail('路灯不亮。', fields))
    const From = '=?utf-8?B?5byg5LiJ?='
    const zhang = { name: '张三', email: 'zhang@mail.example', key: 'key of email:zhang@mail.example' }
    for (const [fields, from, notes] of [
      [{ From, Sender: 'zhang@mail.example' }, 'Sender', []],
      [
        { From, 'Reply-To': 'zhang@mail.example', Sender: 'li@mail.example' },
        'Reply-To',
        ['reply-to-differs'],
      ],
      [{ From, 'Reply-To': 'noreply@gov.example', Sender: zhang.email }, 'Sender', ['reply-to-differs']],
      [{ From: '', 'Reply-To': `张三 <${zhang.email}>` }, 'Reply-To', ['from-missing', 'reply-to-differs']],
      [{ From: '', Sender: `张三 <${zhang.email}>` }, 'Sender', ['from-missing']],
    ] as const) {
      const mail = await made(fields)
      expect(mail).toMatchObject({ reporter: zhang, notes })
      expect(mail.fields).toMatchObject({
        'reporter.email': from,
        'reporter.name': fields.From ? 'From' : from,
      })
    }
  })

  it('has no address that a program, an office, the receiver or somebody of another name has', async () => {
    const From = '=?utf-8?B?5byg5LiJ?='
    const To = 'mayor@mail.example'
    for (const Sender of ['www-data@mail.example', 'service@city.gov.cn', To, '李四 <li@mail.example>'])
      expect(await reporter('路灯不亮。', { From, To, Sender })).toMatchObject({
        ...{ name: '张三', email: null, key: null },
      })
  })

  it('is anonymous where the letter, its subject or the name of the sender asks for it', async () => {
    const From = '张三 <zhang@mail.example>'
    for (const [body, fields] of [
      ['路灯不亮，请为我保密。', { From }],
      ['路灯不亮。', { From, Subject: '要求匿名' }],
      ['路灯不亮。', { From: '张三（匿名） <zhang@mail.example>' }],
    ] as const)
      expect(await reporter(body, fields)).toMatchObject({ name: '张三', anonymous: true })
    expect((await reporter('路灯不亮。', { From })).anonymous).toBe(false)
    const { fields } = await ticket(textMail('路灯不亮，请为我保密。', { From }))
    expect(fields).toMatchObject({ 'reporter.anonymous': 'body' })
    expect(Object.keys(fields)).not.toContain('reporter.phone')
  })

  it('is noted to be answered elsewhere only where that is another address', async () => {
    const From = '张三 <zhang@mail.example>'
    for (const [reply, notes] of [
      ['Zhang@mail.example', []],
      ['li@mail.example', ['reply-to-differs']],
    ] as const)
      expect((await ticket(textMail('路灯不亮。', { From, 'Reply-To': reply }))).notes).toEqual(notes)
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
    '姓名： | 张三 | 性别： | 男\n联系电话： | 13800138000\n内容： | 路灯不亮。',
    '来信人：张三\n来信人电话：13800138000\n内容：路灯不亮。',
    '真实姓名：张三\n手机号码：13800138000\n标题：路灯\n内容：路灯不亮。\n是否公开：是',
    '投诉人姓名：张三\n投诉人联系电话：13800138000\n内容：路灯不亮。',
    '内容：路灯不亮。\n联系人：张三\n联系人手机：13800138000',
    '姓 名：张三\n电 话：13800138000\n内 容：路灯不亮。',
    '姓　　名 | 张三\n电　　话 | 13800138000\n内　　容 | 路灯不亮。',
    '姓名：张三\n移动电话：13800138000\n内容：路灯不亮。',
    '姓名：张三\n固定电话：0591-87654321\n手机：13800138000\n内容：路灯不亮。',
    '姓名：张三 电话：13800138000 邮箱：zhang@mail.example\n内容：路灯不亮。',
    '姓名：张三，性别：男，电话：13800138000\n内容：路灯不亮。',
    '- 姓名：张三\n- 电话：13800138000\n- 内容：路灯不亮。',
    '1、姓名：张三\n2、电话：13800138000\n3、内容：路灯不亮。',
    '姓名\n张三\n电话\n13800138000\n内容\n路灯不亮。',
    '姓名：张三 | 移动电话：13800138000\n内容：路灯不亮。 | 类型：投诉',
    '姓名 | 电话 | 内容\n张三 | 13800138000 | 路灯不亮。',
    '姓名 | 电话 | 邮箱 | 内容\n张三 | 13800138000 | | 路灯不亮。',
    '姓名 | 电话 | 内容\n张三\n13800138000\n路灯不亮。\n很黑。',
    '留言人：张三\n电话：13800138000\n内容：路灯不亮。',
    '提交人姓名（必填）：张三\n联系方式（必填）：13800138000\n内容：路灯不亮。',
    '称呼：张三\n电话：13800138000\n内容：路灯不亮。',
    '姓名：张三\n\n电话：13800138000\n\n内容：路灯不亮。',
    '内容：路灯不亮。\n很黑。\n电话：13800138000\n姓名：张三\n提交时间：2024-03-04 10:00\n系统邮件，请勿回复。',
    '您好，信箱收到一封新的来信：\n类型：建议\n姓名：张三\n移动电话：13800138000\n内容：路灯不亮。',
    '姓名：张三\n移动电话：13800138000\n内容：骗子的信息：\n姓名：李四\n移动电话：13900139000',
    '姓名：张三\n移动电话：13800138000\n被投诉人：李四\n移动电话：13900139000\n内容：路灯不亮。',
    '【被投诉人信息】\n姓名：李四\n手机：13900139000\n【投诉人信息】\n姓名：张三\n移动电话：13800138000',
    '承办单位：路灯所\n移动电话：13900139000\n姓名：张三\n移动电话：13800138000\n内容：路灯不亮。',
  ])('is who filled in the form %j', async (body) => {
    const form = { From: 'noreply@gov.example' }
    expect(await reporter(body, form)).toMatchObject({ name: '张三', phone: '+8613800138000' })
  })

  it('is who gave an address in a form of HTML', async () => {
    const form = { From: 'noreply@gov.example', 'Content-Type': 'text/html; charset=utf-8' }
    const [name, address, text] = ['张三', 'zhang@mail.example', '路灯不亮。']
    for (const html of [
      `<ul><li>姓名：${name}</li><li>邮箱：${address}</li><li>内容：${text}</li></ul>`,
      `<dl><dt>姓名</dt><dd>${name}</dd><dt>邮箱</dt><dd>${address}</dd><dt>内容</dt><dd>${text}</dd></dl>`,
      `<table><tr><td>姓&nbsp;&nbsp;名</td><td>${name}</td></tr><tr><td>邮箱</td><td>${address}</td></tr></table>`,
      `<table><tr><th>姓名</th><th>邮箱</th></tr><tr><td>${name}</td><td>${address}</td></tr></table>`,
    ]) {
      const made = await ticket(mail(form, html))
      expect(made.reporter).toMatchObject({ name, email: address, key: `key of email:${address}` })
      expect(made.fields).toMatchObject({ 'reporter.name': 'body', 'reporter.email': 'body' })
    }
  })

  it.each([
    '被反映人：李四\n移动电话：13900139000\n内容：路灯不亮。',
    '承办人：李四\n移动电话：13900139000\n内容：路灯不亮。',
    '店名：某某店\n联系人：李四\n移动电话：13900139000\n问题：缺斤少两',
    '标题：举报\n内容：我被人骗了，骗子的\n姓名：李四\n移动电话：13900139000',
    '标题：举报\n内容：骗子信息如下：\n姓名：李四\n移动电话：13900139000',
    '装修师傅李四收钱不干活\n姓名：李四\n移动电话：13900139000',
    '路灯不亮。\n移动电话：13900139000',
  ])('is nobody whom a form tells of: %j', async (body) => {
    expect(await reporter(body, { From: 'noreply@gov.example' })).toMatchObject({ name: null, key: null })
  })

  it('is whom to answer, with what the form adds, unless that is somebody else', async () => {
    const body = '姓名：张三\n移动电话：13800138000\n内容：路灯不亮。'
    const made = (to: string) => reporter(body, { From: 'noreply@gov.example', 'Reply-To': to })
    expect(await made('zhang@mail.example')).toMatchObject({
      ...{ name: '张三', email: 'zhang@mail.example', phone: '+8613800138000' },
    })
    expect(await made('李四 <li@mail.example>')).toMatchObject({
      ...{ name: '李四', email: 'li@mail.example', phone: null },
    })
  })

  it('is the sender of a letter that has the form of a form', async () => {
    const body = '姓 名：李四\n移动电话：13900139000\n内容：路灯不亮。'
    expect(await reporter(body, { From: '张三 <zhang@mail.example>' })).toMatchObject({
      ...{ name: '张三', phone: null },
    })
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

  it('is not the office whose form writes to the office itself', async () => {
    const form = { From: '市长信箱 <mayor@city.gov.example>', To: '<mayor@city.gov.example>' }
    const body = '姓名：张三\n联系电话：13800138000\n内容：路灯不亮。'
    const who = { name: '张三', phone: '+8613800138000' }
    expect(await reporter(body, form)).toMatchObject({ ...who, email: null })
    expect(await reporter(body, { ...form, 'Reply-To': 'zhang@mail.example' })).toMatchObject({
      ...{ ...who, email: 'zhang@mail.example' },
    })
    const self = { From: '李四 <li@mail.example>', To: '<li@mail.example>' }
    expect(await reporter('路灯不亮。', self)).toMatchObject({ name: '李四', email: 'li@mail.example' })
  })

  it('is not the mailing list that puts its own address in the place of the writer’s', async () => {
    const list = {
      From: '张三 via 业主 <owners@list.example>',
      'List-Post': '<mailto:Owners@list.example>',
    }
    const answers = { ...list, 'Reply-To': '张三 <zhang@mail.example>' }
    expect(await reporter('路灯不亮。', answers)).toMatchObject({ name: '张三', email: 'zhang@mail.example' })
    for (const to of ['', 'owners@list.example'])
      expect(await reporter('路灯不亮。', { ...list, 'Reply-To': to })).toMatchObject({
        email: null,
        key: null,
      })
    const own = { ...answers, From: '李四 <li@mail.example>', 'Reply-To': 'owners@list.example' }
    expect(await reporter('路灯不亮。', own)).toMatchObject({ name: '李四', email: 'li@mail.example' })
  })

  describe('where an office hands on a letter', () => {
    const office = { From: '王办事员 <wang@street.gov.example>', Subject: '转发：路灯' }
    const header = (sender: string) => `-------- 转发邮件信息 --------\n发件人：${sender}\n主题：路灯`
    const letter = '中山路的路灯坏了一个月。\n张三\n电话：13800138000'

    it.each([
      '"张三" <zhang@mail.example>',
      '张三<zhang@mail.example>',
      '张三 [mailto:zhang@mail.example]',
      '&nbsp;"张三" <Zhang@mail.example&gt;;',
    ])('is who wrote it, also with a header such as %s', async (sender) => {
      const body = `请处理。\n王办事员\n电话：13900139000\n\n${header(sender)}\n\n${letter}`
      const made = await ticket(textMail(body, office))
      expect(made.reporter).toMatchObject({
        name: '张三',
        phone: '+8613800138000',
        email: 'zhang@mail.example',
      })
      expect(made.fields).toMatchObject({ 'reporter.name': 'forwarded', 'reporter.email': 'forwarded' })
      expect(made.notes).toEqual(['forwarded-text-kept', 'from-office'])
    })

    it('has a phone also where all of the letter is quoted, as Apple’s programs do', async () => {
      const quoted = `Begin forwarded message:\n\nFrom: 张三 <zhang@mail.example>\nSubject: 路灯\n\n${letter}`
      const body = `请处理。\n\n${quoted.replace(/^/gm, '> ')}`
      expect(await reporter(body, office)).toMatchObject({ name: '张三', phone: '+8613800138000' })
    })

    describe('of which Foxmail writes the sender by name alone', () => {
      const fields = (name: string) =>
        `发件人： ${name}\n发送时间： 2024-03-04 10:22\n收件人： wang\n主题： 路灯\n`
      const made = (body: string, more = {}) => ticket(textMail(body, { ...office, ...more }))

      it('is that person', async () => {
        for (const body of [
          `请处理。\n\n${fields('张三')}${letter}`,
          `请处理。\n\n${fields('张三')}${letter}`.replace(/^(?!请)/gm, '> '),
          `请处理。\n\n${fields('李科长')}请转街道。\n\n${fields('张三')}${letter}`,
        ]) {
          const { reporter, notes } = await made(body)
          expect(reporter).toMatchObject({ name: '张三', email: null, phone: '+8613800138000' })
          expect(notes).toContain('from-office')
        }
      })

      it('has the address behind the name in HTML, or beside it in the header', async () => {
        const link = (name: string, address: string) => `<a href="mailto:${address}">${name}</a>`
        const header = fields(link('张三', 'Zhang@mail.example')).replaceAll('\n', '</div><div>')
        const html = `<div>请处理。</div><blockquote><div>${header}路灯坏了。</div></blockquote>`
        const { reporter, body } = await ticket(mail({ ...office, 'Content-Type': 'text/html' }, html))
        expect(reporter).toMatchObject({ name: '张三', email: 'zhang@mail.example' })
        expect(body).toContain('> 发件人： 张三\n')
        const copied = { Cc: '张三 <zhang@mail.example>' }
        expect((await made(`${fields('张三')}${letter}`, copied)).reporter).toMatchObject({
          email: 'zhang@mail.example',
        })
      })

      it('is not an office, the clerk, a program, or somebody in lines that no program wrote', async () => {
        const parcel = '寄件人：张三\n收件人：李四\n日期：三月四日\n'
        for (const header of [...['信访局', '王办事员', '市长信箱', '管理员'].map(fields), parcel])
          expect((await made(`请处理。\n\n${header}${letter}`)).reporter).toMatchObject({
            ...{ name: '王办事员', email: 'wang@street.gov.example' },
          })
      })
    })

    it('is the first in it who is no office', async () => {
      const body = `${header('李科长 <li@district.gov.example>')}\n\n请转街道。\n\n${header('zhang@mail.example')}\n\n${letter}`
      expect(await reporter(body, office)).toMatchObject({ name: null, email: 'zhang@mail.example' })
      const own = `请处理。\n\n${header('李科长 <li@district.gov.example>')}\n\n路灯坏了。`
      expect(await reporter(own, office)).toMatchObject({
        name: '王办事员',
        email: 'wang@street.gov.example',
      })
    })

    it('has no landline of the office that signs below the letter', async () => {
      const signed = (from: string, below: string) =>
        reporter(`请处理。\n\n${header(from)}\n\n路灯坏了。\n${below}`, office)
      const zhang = '张三 <zhang@mail.example>'
      for (const [from, below] of [
        ['zhang@mail.example', '福州市人民政府办公厅信息处\n电话：0591-87654321'],
        ['夜猫子 <zhang@mail.example>', '联系人：小陈 电话：0591-87654321'],
      ] as const)
        expect(await signed(from, below)).toMatchObject({ email: 'zhang@mail.example', phone: null })
      expect((await signed(zhang, '联系人：张三 电话：0591-87654321')).phone).toBe('+8659187654321')
      const both = '联系电话：13800138000\n\n市政府办公厅\n电话：0591-87654321'
      expect((await signed(zhang, both)).phone).toBe('+8613800138000')
    })

    it('is the sender of the attached mail, of several only one whom all have', async () => {
      const attached = (From: string) => `Content-Type: message/rfc822\n\n${textMail(letter, { From })}`
      const zhang = attached('张三 <zhang@mail.example>')
      const made = async (...mails: readonly string[]) =>
        (await ticket(multipart('mixed', mails, office))).reporter
      expect(await made(zhang, zhang)).toMatchObject({ name: '张三', email: 'zhang@mail.example' })
      expect(await made(zhang, attached('li@mail.example'))).toMatchObject({
        email: 'wang@street.gov.example',
      })
    })

    it('is who hands on where that is no office', async () => {
      const citizen = { ...office, From: '李四 <li@mail.example>' }
      const body = `物业这样回复我，请处理。\n\n${header('物业 <wuye@mail.example>')}\n\n三天内修好。`
      expect(await reporter(body, citizen)).toMatchObject({ name: '李四', email: 'li@mail.example' })
    })
  })
})
