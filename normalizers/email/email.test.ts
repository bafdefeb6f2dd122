import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { email } from './email.ts'
import { context, item, mail, multipart, normalize, textMail, ticket } from './fixtures/build-mail.ts'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const waiting = 'awaited key of email:zhang@mail.example'
const gb = (text: string) => iconv.encode(text, 'gb18030')
const b64 = (bytes: Buffer) => bytes.toString('base64')

describe('a mail as a ticket', () => {
  it('has the fields that a mail decides, and says where each came from', async () => {
    const made = await ticket(
      textMail('福州市鼓楼区的路灯不亮。\n\n-- \n张三\n电话：13800138000', {
        Received: 'from a by b; Thu, 3 Sep 2020 08:06:00 +0800',
        From: '张三 <Zhang@Mail.EXAMPLE>',
        Subject: '回复：Re: 【投诉】 路灯',
        References: '<root@a.example> <2@a.example>',
        'In-Reply-To': '<2@a.example>',
      }),
    )
    expect(made).toMatchObject({
      channel: 'email',
      title: '【投诉】 路灯',
      body: '福州市鼓楼区的路灯不亮。',
      language: 'zh',
      kind: 'complaint',
      threadId: 'root@a.example',
      threadKeys: ['1@mail.example', `${waiting} 2@a.example`, `${waiting} root@a.example`],
      refersTo: ['2@a.example', 'root@a.example', `${waiting} 1@mail.example`],
      submittedAt: '2020-09-03T08:05:00+08:00',
      receivedAt: '2020-09-03T08:06:00+08:00',
      reporter: {
        kind: 'person',
        name: '张三',
        phone: '+8613800138000',
        email: 'zhang@mail.example',
        key: 'key of phone:+8613800138000',
      },
      place: { city: '福州市', district: '鼓楼区', method: 'text' },
      notes: ['signature-cut'],
    })
    expect(made.fields).toEqual({
      title: 'Subject',
      body: 'text/plain',
      'reporter.name': 'From',
      'reporter.email': 'From',
      'reporter.phone': 'signature',
      submittedAt: 'Date',
      receivedAt: 'Received',
      threadId: 'References',
      place: 'text',
      kind: 'Subject',
    })
  })

  it('reads raw GBK in header and body that nothing declares', async () => {
    const raw = mail(
      { From: Buffer.concat([gb('张三'), Buffer.from(' <z@mail.example>')]), Subject: gb('噪音扰民') },
      gb('工地每晚打桩，噪音很大。'),
    )
    expect(await ticket(raw)).toMatchObject({
      title: '噪音扰民',
      body: '工地每晚打桩，噪音很大。',
      reporter: { name: '张三' },
      notes: ['header-charset-guessed:gb18030', 'charset-guessed:gb18030'],
    })
  })

  it('reads GB18030 that is called GB2312, whatever the transfer encoding', async () => {
    const text = '刘𬍛反映：䶮溪路积水。'
    const base64 = mail(
      { 'Content-Type': 'text/plain; charset=gb2312', 'Content-Transfer-Encoding': 'base64' },
      b64(gb(text)),
    )
    const quoted = [...gb(text)]
      .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join('')
    const printable = mail(
      { 'Content-Type': 'text/plain; charset="GBK"', 'Content-Transfer-Encoding': 'quoted-printable' },
      quoted,
    )
    expect((await ticket(base64)).body).toBe(text)
    expect((await ticket(printable)).body).toBe(text)
  })

  it('reads format=flowed', async () => {
    const flowed = { 'Content-Type': 'text/plain; charset=utf-8; format=flowed' }
    expect((await ticket(textMail('one \ntwo\n\n路灯 \n不亮', flowed))).body).toBe('one two\n\n路灯不亮')
  })

  it('takes the spaces that QQ Mail writes as entities into plain text for spaces', async () => {
    const text = '&nbsp; &nbsp; 路灯不亮，&nbsp;请修。\n\n&nbsp;\n\n谢谢'
    expect((await ticket(textMail(text))).body).toBe('路灯不亮， 请修。\n\n\n谢谢')
  })

  it('leaves out what programs write into plain text in the place of pictures', async () => {
    const text = '井盖破了：\n\ufffc\n还有树倒了。\n[cid:image001.png@01DB8D3F.5C1A2B30]\n[地点：人民路]'
    expect((await ticket(textMail(text))).body).toBe('井盖破了：\n\n还有树倒了。\n\n[地点：人民路]')
    expect(await ticket(textMail('\ufffc'))).toMatchObject({ body: '', notes: ['body-empty'] })
  })

  it('reads HTML where there is nothing else, or only a stub beside it', async () => {
    const html =
      'Content-Type: text/html; charset=utf-8\n\n<p>路灯<b>不亮</b>，已经一个多星期了，请尽快派人来修。晚上很黑，老人和孩子都不敢出门。</p>'
    const stub = 'Content-Type: text/plain\n\nYour client cannot show HTML.'
    const body = '路灯不亮，已经一个多星期了，请尽快派人来修。晚上很黑，老人和孩子都不敢出门。'
    expect(await ticket(multipart('alternative', [html]))).toMatchObject({
      body,
      fields: { body: 'text/html' },
    })
    expect(
      (await ticket(multipart('alternative', [stub, html.replace('</p>', `${'很黑。'.repeat(40)}</p>`)])))
        .body,
    ).toContain('很黑')
    const plain = 'Content-Type: text/plain; charset=utf-8\n\n路灯不亮，已经一个多星期了。'
    expect(await ticket(multipart('alternative', [plain, html]))).toMatchObject({
      body,
      notes: ['alternatives-differ'],
    })
    const words = '中山路三号楼前的路灯坏了，已经一个月，孩子晚上回家很危险。'.repeat(3)
    const long =
      'Content-Type: text/plain; charset=utf-8\n\n此邮件为 HTML 格式，请用支持 HTML 的邮件客户端查看。If you cannot read it, open it in your browser.'
    const letter = `Content-Type: text/html; charset=utf-8\n\n<p>${words}</p>`
    expect((await ticket(multipart('alternative', [long, letter]))).body).toBe(words)
  })

  it('reads the HTML where it says much that the plain form does not, and both where each does', async () => {
    const notice =
      '本邮件由诉求平台自动发送，请勿直接回复，具体诉求内容请见邮件正文中的表格部分，办理时限为五个工作日。'
    const report = '人民路12号路灯坏了三个月无人修，请尽快派人维修，多次拨打热线没有结果，晚上出门很不安全。'
    const forms = (plain: string, html: string) =>
      multipart('alternative', [
        `Content-Type: text/plain; charset=utf-8\n\n${plain}`,
        `Content-Type: text/html; charset=utf-8\n\n${html}`,
      ])
    const table = `<table><tr><td>诉求内容</td><td>${report}</td></tr></table>`
    expect(await ticket(forms(notice, `<p>${notice}</p>${table}`))).toMatchObject({
      body: `${notice}\n诉求内容 | ${report}`,
      fields: { body: 'text/html' },
      notes: ['alternatives-differ'],
    })
    expect((await ticket(forms(notice, table))).body).toBe(`诉求内容 | ${report}\n\n${notice}`)
    const wrapped = report.repeat(3).replace(/.{38}/g, '$&\n')
    const same = forms(
      `${wrapped} https://a.example/1`,
      `<div>${report.repeat(3)}</div><a href="https://a.example/2?x=${'a'.repeat(80)}">图</a>`,
    )
    expect(await ticket(same)).toMatchObject({ fields: { body: 'text/plain' }, notes: [] })
  })

  it('keeps the words above an answer that is quoted as a whole HTML document, and cuts the answer', async () => {
    const answer = '<html><head></head><body><p>您的诉求已收到，感谢来信。</p></body></html>'
    const wrote =
      '<div>At 2020-09-03 08:05:00, "市长信箱" &lt;m@gov.example&gt; wrote:</div><blockquote id="isReplyContent">'
    const html = `<div>您好，水管还是漏水，请再派人。</div>${wrote}${answer}</blockquote>`
    const made = await ticket(mail({ Subject: 'Re: 漏水', 'Content-Type': 'text/html; charset=utf-8' }, html))
    expect(made).toMatchObject({ body: '您好，水管还是漏水，请再派人。', notes: ['quoted-history-cut'] })
  })

  it('takes a blockquote that only indents for the words of the writer', async () => {
    const indent = 'style="margin:0 0 0 40px;border:none;padding:0px"'
    const wrote = '<div>On Thu, Sep 3, 2020 at 8:05 AM Mayor &lt;m@gov.example&gt; wrote:</div>'
    const html = `<div>您好，</div>${wrote}<blockquote>请提供地址</blockquote><blockquote ${indent}>江滨路12号，请查处。</blockquote>`
    const made = await ticket(mail({ Subject: 'Re: 噪音', 'Content-Type': 'text/html; charset=utf-8' }, html))
    expect(made).toMatchObject({ body: '您好，\n\n江滨路12号，请查处。', notes: ['quoted-history-cut'] })
  })

  it('keeps history where only In-Reply-To says that the mail is a reply', async () => {
    const old =
      '------------------ 原始邮件 ------------------\n发件人: "张三" <z@mail.example>;\n\n电梯停运三个月。'
    const text = `这是我写给物业的信，没有答复，请督办。\n\n${old}`
    const answers = { 'In-Reply-To': '<0@mail.example>' }
    expect(await ticket(textMail(text, { ...answers, Subject: '电梯停运' }))).toMatchObject({
      body: text,
      notes: ['history-uncertain'],
    })
    for (const Subject of ['回复：电梯', '回复：转发：电梯', 'Re: Fwd: x'])
      expect(await ticket(textMail(text, { Subject }))).toMatchObject({ notes: ['quoted-history-cut'] })
    for (const Subject of ['转发：回复：电梯', '转发(2)：电梯', 'Fwd: Re: x'])
      expect(await ticket(textMail(text, { Subject }))).toMatchObject({ body: text })
    const german = await ticket(textMail(text, { Subject: 'WG: AW: x' }))
    expect(german).toMatchObject({ title: 'x', body: text, notes: ['forwarded-text-kept'] })
  })

  it('joins the texts of a mixed mail and keeps files under clean names', async () => {
    const made = await ticket(
      multipart('mixed', [
        'Content-Type: text/plain; charset=utf-8\n\n见照片。',
        `Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="../../a\\\\井盖.png"\n\n${png}`,
        "Content-Type: application/msword\nContent-Disposition: attachment; filename*=gb2312''%B1%A8%B8%E6.doc\n\nx",
        'Content-Type: text/plain; charset=utf-8; name="附件.txt"\n\n文件',
        'Content-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR',
        'Content-Type: application/ms-tnef; name=winmail.dat\n\nx',
        'Content-Type: text/plain; charset=utf-8\n\n谢谢。',
      ]),
    )
    expect(made.body).toBe('见照片。\n\n谢谢。\n\n文件')
    expect(made.attachments.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['井盖.png', 'image/png'],
      ['报告.doc', 'application/msword'],
      ['附件.txt', 'text/plain'],
      [null, 'text/calendar'],
      ['winmail.dat', 'application/ms-tnef'],
    ])
    expect(Buffer.from(made.attachments[0]?.body ?? []).toString('base64')).toBe(png)
  })

  it('reads a mail that is attached to a mail that is attached and says nothing', async () => {
    const attached = (mail: string) => `${multipart('mixed', [`Content-Type: message/rfc822\n\n${mail}`])}`
    const inner = attached(`${textMail('路灯不亮')}`)
      .replace('boundary=b', 'boundary=c')
      .replaceAll('--b', '--c')
    expect(await ticket(Buffer.from(attached(inner)))).toMatchObject({
      body: '路灯不亮',
      notes: ['text-of-nested-mail'],
    })
  })

  it('keeps nested mails whole and reads them where nothing else was said', async () => {
    const nested = `Content-Type: message/rfc822\n\n${textMail('路灯不亮', { Subject: '路灯/报修' })}`
    const alone = await ticket(multipart('mixed', [nested]))
    expect(alone).toMatchObject({
      body: '路灯不亮',
      fields: { body: 'message/rfc822' },
      notes: ['text-of-nested-mail'],
    })
    expect(alone.attachments).toMatchObject([{ name: '路灯_报修.eml', mediaType: 'message/rfc822' }])
    const commented = await ticket(
      multipart('mixed', ['Content-Type: text/plain; charset=utf-8\n\n请处理', nested]),
    )
    expect(commented).toMatchObject({
      body: '请处理\n\n路灯不亮',
      fields: { body: 'text/plain' },
      notes: ['text-of-nested-mail'],
      attachments: [{ mediaType: 'message/rfc822' }],
    })
    const beside = async (text: string) =>
      ticket(multipart('mixed', [`Content-Type: text/plain; charset=utf-8\n\n${text}`, nested]))
    expect(await beside('发自我的iPhone')).toMatchObject({
      body: '路灯不亮',
      fields: { body: 'message/rfc822' },
    })
    const letter = '我家门口的路灯坏了一个多月，打了很多次电话没有人修。'.repeat(5)
    expect(await beside(letter)).toMatchObject({ body: letter, notes: [] })
  })

  it('says what the letter says that a bounce brought back, where the bounce is attached', async () => {
    const returned = `Content-Type: message/rfc822\n\n${textMail('路灯不亮', { From: '张三 <zhang@mail.example>' })}`
    const told = [
      'Content-Type: text/plain\n\nnot delivered',
      'Content-Type: message/delivery-status\n\nAction: failed',
    ]
    const bounce = (...parts: readonly string[]) =>
      `${multipart('report', parts, { Subject: 'failure', From: 'postmaster@mail.example' })}`.replaceAll(
        /(?<=--|=)b\b/g,
        'c',
      )
    const attached = (mail: string) =>
      multipart('mixed', [
        'Content-Type: text/plain; charset=utf-8\n\n我的信被退回了，见附件',
        `Content-Type: message/rfc822\n\n${mail}`,
      ])
    expect(await ticket(attached(bounce(...told, returned)))).toMatchObject({
      body: '我的信被退回了，见附件\n\n路灯不亮',
      notes: ['text-of-nested-mail'],
    })
    expect((await ticket(attached(bounce(...told)))).body).toBe('我的信被退回了，见附件\n\nnot delivered')
  })

  it('says all that the mails attached to a short comment say, also one sent as a file, or by its subject', async () => {
    const nested = (text: string, Subject = 'x') => `${textMail(text, { Subject })}`
    const parts = [
      'Content-Type: text/plain; charset=utf-8\n\n共四封，请处理',
      `Content-Type: message/rfc822\n\n${nested('路灯不亮\n\n-- \n张三\n13800138000')}`,
      `Content-Type: message/rfc822\n\n${nested('井盖丢了')}`,
      `Content-Type: application/octet-stream; name="a.eml"\nContent-Transfer-Encoding: base64\n\n${b64(Buffer.from(nested('水管漏了')))}`,
      `Content-Type: message/rfc822\n\n${nested('', '电梯停了')}`,
      'Content-Type: application/octet-stream; name="b.eml"\n\nno mail',
    ]
    const made = await ticket(multipart('mixed', parts))
    expect(made.body).toBe('共四封，请处理\n\n路灯不亮\n\n井盖丢了\n\n水管漏了\n\n电梯停了')
    expect(made.notes).toEqual(['text-of-nested-mail', 'signature-cut'])
    expect(made.attachments).toHaveLength(5)
  })

  it('is read from a text file where the mail itself says no more than a line, and keeps the file', async () => {
    const said = (text: string) => `Content-Type: text/plain; charset=utf-8\n\n${text}`
    const file = (type: string, name: string, text: Buffer) =>
      `Content-Type: ${type}; name="${name}"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n${b64(text)}`
    const letter = file('text/plain', '信.txt', gb('市长您好，路灯坏了一个月，请派人来修。'))
    const page = file('text/html', 'b.html', Buffer.from('<p>井盖丢了</p>'))
    expect(await ticket(multipart('mixed', [said('见附件'), letter, page]))).toMatchObject({
      body: '见附件\n\n市长您好，路灯坏了一个月，请派人来修。\n\n井盖丢了',
      notes: ['text-of-attached-file', 'charset-guessed:gb18030', 'charset-guessed:utf-8'],
      attachments: [{ name: '信.txt' }, { name: 'b.html' }],
    })
    expect((await ticket(multipart('mixed', [said(''), page]))).body).toBe('井盖丢了')
    const long = '我家门口的路灯坏了一个多月，打了很多次电话没有人修。'.repeat(5)
    expect((await ticket(multipart('mixed', [said(long), letter]))).body).toBe(long)
    const bytes = (name: string, text: Buffer) =>
      multipart('mixed', [said('见附件'), file('application/octet-stream', name, text)])
    const wide = Buffer.from('\ufeff路灯不亮', 'utf16le')
    expect((await ticket(bytes('信.txt', wide))).body).toBe('见附件\n\n路灯不亮')
    expect((await ticket(bytes('a.htm', gb('<p>路灯不亮</p>')))).body).toBe('见附件\n\n路灯不亮')
    expect((await ticket(bytes('a.txt', Buffer.from('PK\0\0')))).body).toBe('见附件')
    const log = file('text/plain', 'log.txt', Buffer.from('a line of a log\n'.repeat(2000)))
    expect((await ticket(multipart('mixed', [said('见附件'), log]))).body).toBe('见附件')
  })

  it.each(['', 'text/plain; charset=utf-8'])('is HTML that a script sent as %j', async (type) => {
    const of = async (html: string) => (await ticket(mail({ 'Content-Type': type }, html))).body
    const table = '<table border="1"><tr><td>姓名</td><td>张三</td></tr></table>'
    expect(await of(`<html><body><p>路灯不亮</p>${table}</body></html>\n`)).toBe('路灯不亮\n姓名 | 张三')
    expect(await of(`${table}<p>路灯不亮</p>`)).toBe('姓名 | 张三\n路灯不亮')
    expect(await of('网页显示 <html><body></body></html>')).toBe('网页显示 <html><body></body></html>')
    expect(await of('<p> 这个标签显示不出来')).toBe('<p> 这个标签显示不出来')
  })

  it('has the words below a picture that Exchange made a file of', async () => {
    const parts = [
      `Content-Type: text/plain; charset=utf-8\n\n${'路灯坏了一个月，请派人来修。'.repeat(9)}`,
      'Content-Type: image/png; name=a.png\n\nx',
      'Content-Type: text/plain; charset=utf-8; name="ATT00001.txt"\nContent-Disposition: attachment; filename="ATT00001.txt"\n\n还有，井盖也丢了。',
    ]
    const made = await ticket(multipart('mixed', parts))
    expect(made.body).toMatch(/还有，井盖也丢了。$/)
    expect(made.attachments).toHaveLength(1)
  })

  it('is one without Message-ID, From, Date or Subject', async () => {
    const bare = textMail('路灯不亮', { From: '', Date: '', Subject: '', 'Message-ID': '' })
    expect(await ticket(bare)).toMatchObject({
      title: null,
      submittedAt: null,
      threadId: null,
      threadKeys: [],
      refersTo: [],
      reporter: { kind: 'unknown', name: null, email: null, key: null },
      notes: ['from-missing'],
    })
    expect((await ticket(bare)).fields).toEqual({ body: 'text/plain' })
    const answer = textMail('路灯不亮', { References: '<0@mail.example>', Subject: 'a' })
    expect((await ticket(answer)).fields.threadId).toBe('References')
    expect((await ticket(textMail('路灯不亮'))).fields.threadId).toBe('Message-ID')
  })

  it('has a letter that was written into the subject whole in its body', async () => {
    const Subject = `${'人民路的路灯坏了很久没有人来修。'.repeat(40)}请快来修。`
    const made = await ticket(textMail('', { Subject }))
    expect(made).toMatchObject({ body: Subject, fields: { body: 'Subject' }, notes: ['title-cut'] })
    expect(Subject).toContain(made.title)
    expect((await ticket(textMail('如题', { Subject }))).body).toBe(`${Subject}\n\n如题`)
  })

  it('says once what a program sent in two forms without calling them alternatives', async () => {
    const plain = 'Content-Type: text/plain; charset=utf-8\n\n路灯不亮，\n请修。'
    const html = 'Content-Type: text/html; charset=utf-8\n\n<p>路灯不亮，请修。</p>'
    const other = 'Content-Type: text/html; charset=utf-8\n\n<p>井盖丢了。</p>'
    const forms = await ticket(multipart('mixed', [plain, html, other]))
    expect(forms.body).toBe('路灯不亮，\n请修。\n\n井盖丢了。')
    expect((await ticket(multipart('mixed', [html, plain]))).body).toBe('路灯不亮，请修。')
  })

  it('has no body where a phone adds a line of its own to a mail that is all subject', async () => {
    const sent = { Subject: '江滨路路灯坏了', body: '发自我的iPhone' }
    const { title, body, notes } = await ticket(textMail(sent.body, { Subject: sent.Subject }))
    expect({ title, body, notes }).toEqual({ title: sent.Subject, body: '', notes: ['body-empty'] })
    expect(await normalize(textMail(sent.body, { Subject: '' }))).toMatchObject({ code: 'MAIL_EMPTY' })
  })

  it.each(['无主题', '（无主题）', 'Re: (no subject)', '<無主旨>'])(
    'has no title under the subject %s',
    async (Subject) => {
      expect((await ticket(textMail('路灯不亮', { Subject }))).title).toBeNull()
      expect(await normalize(textMail(' ', { Subject }))).toMatchObject({ code: 'MAIL_EMPTY' })
      expect((await ticket(textMail('路灯不亮', { Subject: `${Subject}的来信` }))).title).not.toBeNull()
    },
  )

  it('does not take the time of reading for a broken date', async () => {
    expect(await ticket(textMail('a', { Date: 'Thu, 99 Foo 2020' }))).toMatchObject({
      submittedAt: null,
      notes: ['date-unreadable'],
    })
  })

  it('notes a reply address that is not the writer', async () => {
    expect(await ticket(textMail('a', { 'Reply-To': 'other@mail.example' }))).toMatchObject({
      reporter: { email: 'zhang@mail.example' },
      notes: ['reply-to-differs'],
    })
  })

  it('takes a phone only from the words of the writer', async () => {
    const text =
      '又在打桩。\n\n------------------ 原始邮件 ------------------\n发件人: a\n\n电话：13800138000'
    expect((await ticket(textMail(text, { Subject: 'Re: a' }))).reporter.phone).toBeNull()
  })

  it('refers to at most fifty earlier messages, nearest first', async () => {
    const ids = Array.from({ length: 80 }, (_, at) => `<${at}@a.example>`).join(' ')
    const itself = textMail('a', { 'In-Reply-To': '<1@mail.example>', References: '<1@mail.example>' })
    expect((await ticket(itself)).threadKeys).toEqual(['1@mail.example'])
    const { refersTo } = await ticket(textMail('a', { References: `${ids} not-an-id <with space>` }))
    expect(refersTo).toHaveLength(51)
    expect(refersTo[0]).toBe('79@a.example')
  })

  it('refers to earlier messages also where a program left the brackets out', async () => {
    const bare = { 'In-Reply-To': '2@a.example', References: '1@a.example, 2@a.example' }
    const { refersTo } = await ticket(textMail('a', bare))
    expect(refersTo.slice(0, 2)).toEqual(['2@a.example', '1@a.example'])
    const told = { 'In-Reply-To': 'your message of Monday <3@a.example> from z@mail.example' }
    expect((await ticket(textMail('a', told))).refersTo[0]).toBe('3@a.example')
  })

  it('waits for what it answers, and is awaited by its sender and receivers, where these are few', async () => {
    const answer = await ticket(textMail('a', { 'In-Reply-To': '<0@mail.example>' }))
    expect(answer.threadKeys).toEqual(['1@mail.example', `${waiting} 0@mail.example`])
    const letter = { 'Message-ID': '<0@mail.example>', From: 'mayor@gov.example' }
    const sent = await ticket(textMail('a', { ...letter, To: 'Zhang@mail.example' }))
    expect(sent.refersTo).toContain(answer.threadKeys[1])
    const people = Array.from({ length: 6 }, (_, at) => `p${at}@mail.example`).join(', ')
    const newsletter = textMail('a', { ...letter, To: 'zhang@mail.example', Cc: people })
    expect((await ticket(newsletter)).refersTo).toEqual([])
    const many = Array.from({ length: 80 }, (_, at) => `<${at}@a.example>`).join(' ')
    expect((await ticket(textMail('a', { References: many }))).threadKeys).toHaveLength(11)
  })
})

describe('a mail that is odd', () => {
  it('has a line far longer than allowed', async () => {
    const long = '噪音'.repeat(50_000)
    expect((await ticket(textMail(long))).body).toBe(long)
  })

  it('has a hundred nested parts', async () => {
    const open = Array.from(
      { length: 100 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    ).join('')
    const nested = Buffer.from(
      `From: a@mail.example\r\n${open}Content-Type: text/plain; charset=utf-8\r\n\r\n路灯不亮`,
    )
    expect(await ticket(nested)).toMatchObject({ body: '路灯不亮' })
  })

  it('nests deeper than the stack', async () => {
    const open = Array.from(
      { length: 4000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    ).join('')
    const nested = Buffer.from(
      `From: a@mail.example\r\n${open}Content-Type: text/plain; charset=utf-8\r\n\r\n路灯不亮`,
    )
    expect(await ticket(nested)).toMatchObject({ body: '路灯不亮' })
  })

  const pictures = (count: number) =>
    Array.from({ length: count }, (_, at) => `Content-Type: image/png; name=${at}.png\n\nx`)

  it('has more attachments than anybody sends: a thousand are kept, with a note', async () => {
    const text = 'Content-Type: text/plain; charset=utf-8\n\n路灯不亮'
    const made = await ticket(multipart('mixed', [text, ...pictures(1200)]))
    expect(made).toMatchObject({ body: '路灯不亮', notes: ['attachments-cut'] })
    const pasted = '<img src="data:image/png;base64,AAAA">'.repeat(200_000)
    const html = await ticket(
      mail({ 'Content-Type': 'text/html; charset=utf-8' }, `<p>路灯不亮</p>${pasted}`),
    )
    expect(html.body).toBe('路灯不亮')
    expect(html.notes).toContain('attachments-cut')
    expect(made.attachments).toHaveLength(1000)
  })

  it('is never closed, or its boundary never comes', async () => {
    const open = mail(
      { 'Content-Type': 'multipart/mixed; boundary=b' },
      '--b\nContent-Type: text/plain; charset=utf-8\n\n路灯不亮',
    )
    expect((await ticket(open)).body).toBe('路灯不亮')
    const wrong = mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--c\n\n路灯不亮')
    expect(await ticket(wrong)).toMatchObject({
      body: '--c\n\n路灯不亮',
      notes: ['mime-structure-broken', 'charset-guessed:utf-8'],
    })
  })

  const picture = `Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n${png}`
  const alternative = (boundary: string, content: string) =>
    multipart('mixed', [`Content-Type: multipart/alternative${boundary}\n\n${content}`, picture])

  it('has an inner multipart whose boundary never comes, is missing, or is another one', async () => {
    for (const boundary of ['; boundary=wrong', ''])
      expect(await ticket(alternative(boundary, '路灯不亮'))).toMatchObject({
        body: '路灯不亮',
        attachments: [{ name: 'a.png' }],
        notes: ['mime-structure-broken', 'charset-guessed:utf-8'],
      })
    const encoded = `Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: base64\n\n${b64(gb('路灯不亮'))}`
    const parts = `--real\n${encoded}\n--real\nContent-Type: text/html; charset=utf-8\n\n<p>路灯不亮</p>\n--real--`
    for (const bytes of [
      alternative('; boundary=wrong', parts),
      mail({ 'Content-Type': 'multipart/alternative; boundary=wrong' }, parts),
    ])
      expect(await ticket(bytes)).toMatchObject({ body: '路灯不亮', notes: ['mime-structure-broken'] })
  })

  it('has its text only in front of the parts', async () => {
    const withPreamble = (text: string) =>
      mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, `${text}\n--b\n${picture}\n--b--\n`)
    expect(await ticket(withPreamble('路灯不亮'))).toMatchObject({
      body: '路灯不亮',
      attachments: [{ name: 'a.png' }],
      notes: ['mime-structure-broken', 'charset-guessed:utf-8'],
    })
    const usual = withPreamble('This is a multi-part message in MIME format.')
    expect(await ticket(usual)).toMatchObject({ body: '', notes: ['body-empty'] })
  })

  it('has text in front of its parts or behind them, or parts behind the end', async () => {
    const part = 'Content-Type: text/plain; charset=utf-8\n\n见下文'
    const around = (subtype: string, before: string, after: string, content = part) =>
      ticket(
        mail(
          { 'Content-Type': `multipart/${subtype}; boundary=b` },
          `${before}\n--b\n${content}\n--b--\n${after}\n`,
        ),
      )
    const notes = ['mime-structure-broken', 'charset-guessed:utf-8']
    expect(await around('mixed', '路灯不亮', '')).toMatchObject({ body: '路灯不亮\n\n见下文', notes })
    expect(await around('mixed', '', '路灯不亮')).toMatchObject({ body: '见下文\n\n路灯不亮', notes })
    const html = 'Content-Type: text/html; charset=utf-8\n\n<p>见下文</p>'
    expect(await around('alternative', '路灯不亮', '', `${part}\n--b\n${html}`)).toMatchObject({
      body: '路灯不亮\n\n见下文',
      notes,
    })
    const second = `--b\n${part.replace('见下文', '路灯不亮')}\n--b\n${picture}\n--b--`
    expect(await around('mixed', '', second)).toMatchObject({
      body: '见下文\n\n路灯不亮',
      attachments: [{ name: 'a.png' }],
      notes: ['mime-structure-broken'],
    })
    for (const hint of ['This is a multi-part message in MIME format.', '这是一封 MIME 格式的邮件。'])
      expect(await around('mixed', hint, '\0\n--\n--a b --')).toMatchObject({ body: '见下文', notes: [] })
  })

  it.each(['inline; filename="body.txt"', 'inline'])(
    'has its text in a part that is called %s',
    async (how) => {
      const part = `Content-Type: text/plain; charset=utf-8\nContent-Disposition: ${how}\n\n路灯不亮`
      expect((await ticket(multipart('mixed', [part, picture]))).body).toBe('路灯不亮')
    },
  )

  it('is base64 in pieces that were encoded one by one', async () => {
    const pieces = ['【外部邮件】a', '路灯不亮，已经三个月了。b', '谢谢'].map((text) =>
      b64(Buffer.from(text)),
    )
    expect(pieces.map((piece) => piece.includes('='))).toEqual([true, true, false])
    const base64 = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': 'base64' }
    for (const between of ['\n', '', '\n\n'])
      expect(await ticket(mail(base64, pieces.join(between)))).toMatchObject({
        body: '【外部邮件】a路灯不亮，已经三个月了。b谢谢',
        notes: [],
      })
  })

  it.each(['"base64"', 'base64;', 'base64; charset=utf-8', 'Base64 (by a gateway)'])(
    'names its encoding as %s, and what came with it alike',
    async (encoding) => {
      const part = (type: string, bytes: Buffer) =>
        `Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n${b64(bytes)}`
      const picture = Buffer.from(png, 'base64')
      const parts = [part('text/plain; charset=utf-8', Buffer.from('路灯不亮')), part('image/png', picture)]
      expect(await ticket(multipart('mixed', parts))).toMatchObject({
        body: '路灯不亮',
        attachments: [{ body: picture }],
        notes: [],
      })
    },
  )

  it('says that it is base64 and is not', async () => {
    const base64 = {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Transfer-Encoding': 'base64',
    }
    const text = '路灯不亮，已经三个月了。'
    expect(await ticket(mail(base64, text))).toMatchObject({
      body: text,
      notes: ['transfer-encoding-ignored'],
    })
    const lines = b64(Buffer.from(text.repeat(20))).replace(/.{76}/g, '$&\n')
    expect(await ticket(mail(base64, lines))).toMatchObject({ body: text.repeat(20), notes: [] })
    expect(await ticket(mail(base64, `${b64(Buffer.from(text))}\n\n免责声明`))).toMatchObject({
      body: text,
      notes: ['transfer-encoding-broken'],
    })
  })

  it.each([
    'CONFIDENTIALITY NOTICE: This e-mail may contain confidential information.\nIf you are not meant, delete it.',
    '_______________________________________________\nmayor mailing list\nmayor@lists.example',
    'This message was checked by an antivirus program',
  ])('is base64 with the words of a gateway below, which are left out: %j', async (footer) => {
    const base64 = {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Transfer-Encoding': 'base64',
    }
    for (const text of ['路灯坏了，请修。', '中山路的路灯坏了，请尽快派人来修理。'.repeat(20)]) {
      const lines = b64(Buffer.from(text)).replace(/.{76}/g, '$&\r\n')
      for (const below of ['', `\n${lines}`]) {
        expect(await ticket(mail(base64, `${lines}\n\n${footer}\n${below}`))).toMatchObject({
          body: below === '' ? text : text + text,
          notes: ['transfer-encoding-broken'],
        })
      }
    }
  })

  it('has pictures pasted into its HTML: these are attachments, and the words behind them are read', async () => {
    const html = (data: string, after: string) =>
      `<p>照片：</p><img src="data:image/png;base64,${data}" alt="">${after}`
    const type = { 'Content-Type': 'text/html; charset=utf-8' }
    const large = Buffer.alloc(7 * 1024 * 1024, 1).toString('base64')
    const made = await ticket(mail(type, html(large, '<p>路灯不亮</p>')))
    expect(made).toMatchObject({ body: '照片：\n路灯不亮', notes: [] })
    expect(made.attachments).toEqual([
      { name: null, mediaType: 'image/png', body: Buffer.from(large, 'base64') },
    ])
    const alone = `<img src="data:image/png;base64,${png}">`
    expect(await ticket(mail({ ...type, Subject: '' }, alone))).toMatchObject({
      body: '',
      attachments: [{ mediaType: 'image/png' }],
      notes: ['body-empty'],
    })
    const plain = 'Content-Type: text/plain; charset=utf-8\n\n照片：路灯不亮'
    const rich = `Content-Type: text/html; charset=utf-8\n\n${html(png, '路灯不亮')}`
    expect(await ticket(multipart('alternative', [plain, rich]))).toMatchObject({
      body: '照片：路灯不亮',
      attachments: [{ mediaType: 'image/png' }],
    })
  })

  it('is nothing but an attachment, or a subject', async () => {
    const picture = mail(
      { Subject: '', 'Content-Type': 'image/png; name=a.png', 'Content-Transfer-Encoding': 'base64' },
      png,
    )
    expect(await ticket(picture)).toMatchObject({
      title: null,
      body: '',
      attachments: [{ name: 'a.png' }],
      notes: ['body-empty'],
    })
    expect(await ticket(textMail('', { Subject: '路灯不亮' }))).toMatchObject({ title: '路灯不亮', body: '' })
  })

  it('holds NULs and other control characters', async () => {
    expect((await ticket(textMail('路\0灯\x07不\x1b亮'))).body).toBe('路灯不亮')
  })

  it('has a large attachment', async () => {
    const big = Buffer.alloc(10 * 1024 * 1024, 7)
    const lines = big.toString('base64').replace(/.{76}/g, '$&\r\n')
    const made = await ticket(
      multipart('mixed', [
        'Content-Type: text/plain\n\na',
        `Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n${lines}`,
      ]),
    )
    expect(made.attachments[0]?.body.length).toBe(big.length)
  })

  it('has unknown charsets everywhere', async () => {
    const odd = textMail('路灯不亮', {
      'Content-Type': 'text/plain; charset=x-mystery',
      Subject: '=?x-mystery?B?6Lev54Gv?=',
    })
    expect(await ticket(odd)).toMatchObject({ title: '路灯', body: '路灯不亮' })
  })

  it.each(['charset="utf-16"', 'http-equiv=Content-Type content="text/html; charset=unicode"'])(
    'has a <meta %s> that could be read',
    async (meta) => {
      const html = `<meta ${meta}><p>路灯不亮</p>`
      expect(await ticket(mail({ 'Content-Type': 'text/html' }, html))).toMatchObject({
        body: '路灯不亮',
        notes: [],
      })
    },
  )

  it('has lines that end in CR alone', async () => {
    const bytes = Buffer.from(
      textMail('路灯不亮\n请修').toString('latin1').replaceAll('\r\n', '\r'),
      'latin1',
    )
    expect(await ticket(bytes)).toMatchObject({ title: 'noise', body: '路灯不亮\n请修' })
  })

  it.each([
    ['attachment; filename=a b;c.doc', 'a b;c.doc'],
    ['attachment; filename=a;b.doc; size=3', 'a;b.doc'],
    ['attachment; filename=a.doc; size=3', 'a.doc'],
    ['attachment; filename=a.doc;', 'a.doc'],
    ['attachment; filename="a;b.doc"', 'a;b.doc'],
    ['attachment; filename="..htaccess. ."', 'htaccess'],
    ['attachment; filename=".."', null],
    ['attachment; filename="a<b>:c|d?*.doc"', 'a_b__c_d__.doc'],
    [`attachment; filename="${'a'.repeat(300)}.docx"`, `${'a'.repeat(195)}.docx`],
  ])('has an attachment with the disposition %s', async (disposition, name) => {
    const file = `Content-Type: application/msword\nContent-Disposition: ${disposition}\n\nx`
    expect((await ticket(multipart('mixed', [file]))).attachments).toMatchObject([{ name }])
  })

  it('has several senders, in one field or in two', async () => {
    const second = `${textMail('路灯不亮')}`.replace('Date:', 'From: <li@mail.example>\r\nDate:')
    expect((await ticket(Buffer.from(second))).notes).toEqual(['from-several'])
    const one = textMail('路灯不亮', { From: 'zhang@mail.example, li@mail.example' })
    expect(await ticket(one)).toMatchObject({
      reporter: { email: 'zhang@mail.example' },
      notes: ['from-several'],
    })
  })

  it('has a space before the colon of From, which is its first line', async () => {
    const spaced = `${textMail('路灯不亮')}`.replace('From:', 'From :')
    expect(await ticket(Buffer.from(spaced))).toMatchObject({
      reporter: { email: 'zhang@mail.example' },
      notes: [],
    })
  })

  it('begins with a byte order mark or blank lines', async () => {
    expect((await ticket(Buffer.concat([Buffer.from('\ufeff\r\n\n'), textMail('路灯不亮')]))).body).toBe(
      '路灯不亮',
    )
  })
})

describe('what is no ticket', () => {
  it('is an empty mail', async () => {
    expect(await normalize(textMail(' \n', { Subject: '' }))).toEqual({
      outcome: 'quarantined',
      code: 'MAIL_EMPTY',
      details: {},
    })
  })

  it.each([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70]),
    Buffer.from('没有信头的文字'),
    Buffer.alloc(0),
  ])('is a file that is no mail', async (bytes) => {
    expect(await normalize(bytes)).toEqual({
      outcome: 'quarantined',
      code: 'ITEM_UNREADABLE',
      details: { mediaType: 'message/rfc822', reason: 'no mail header' },
    })
  })

  it('is a file of several mails, of which only the first would be seen', async () => {
    const mark = (day: string) => `From li@mail.example Tue Mar  ${day} 10:01:00 2025\n`
    const first = `${mark('4')}${textMail('路灯不亮')}\n`
    expect(await normalize(Buffer.from(`${first}\n${mark('5')}${textMail('井盖丢了')}`))).toMatchObject({
      code: 'ITEM_UNREADABLE',
      details: { reason: 'several mails in one file (mbox)' },
    })
    const told = `${textMail(`他们写道：\n\n${mark('5')}From: a@mail.example\n`)}`
    for (const one of [first, told, `${first}\nFrom March on nobody came.\n`])
      expect(await normalize(Buffer.from(one))).toMatchObject({ outcome: 'ticket' })
  })

  it('is a mail of more parts than the parser takes', async () => {
    const parts = Array.from({ length: 6000 }, () => 'Content-Type: image/png\n\nx')
    expect(await normalize(multipart('mixed', parts))).toMatchObject({
      outcome: 'quarantined',
      code: 'ITEM_UNREADABLE',
      details: { reason: 'EMAXLEN' },
    })
  })

  it('is a header beyond all bounds', async () => {
    const huge = textMail('a', { Subject: '', 'X-A': 'a'.repeat(2 * 1024 * 1024) })
    expect(await normalize(huge)).toMatchObject({
      outcome: 'quarantined',
      code: 'ITEM_UNREADABLE',
      details: { reason: 'EMAXLEN' },
    })
  })

  it('is what the connector could not take whole', async () => {
    const large = item(textMail('a'), {
      meta: { problem: 'ITEM_TOO_LARGE', problemDetail: '{"bytes":9,"limit":1}' },
    })
    expect(await email.normalize(large, context)).toEqual({
      outcome: 'quarantined',
      code: 'ITEM_TOO_LARGE',
      details: { bytes: 9, limit: 1 },
    })
  })
})

it.each([
  ['投诉', 'complaint'],
  ['我要投诉！', 'complaint'],
  ['举报信', 'report'],
  ['【咨询】公交', 'consultation'],
  ['关于公交的建议', 'suggestion'],
  ['取消投诉', 'other'],
  ['投诉无门', 'other'],
  ['举报人的保护', 'other'],
  ['来信', 'other'],
])('the subject %s makes it %s', async (Subject, kind) => {
  expect((await ticket(textMail('路灯不亮。', { Subject }))).kind).toBe(kind)
})
