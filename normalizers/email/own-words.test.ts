import { describe, expect, it } from 'vitest'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import { ownWords } from './own-words.ts'

const reply = { isReply: true, isForward: false, isAnswer: true }
const letter = { isReply: false, isForward: false, isAnswer: false }
const forward = { isReply: false, isForward: true, isAnswer: false }
/** It refers to another mail, but its subject is its own. */
const renamed = { isReply: false, isForward: false, isAnswer: true }
const own = '今晚又在打桩，请派人来看。'
const old = '江滨路12号工地每晚十一点后仍在打桩。'

const histories: Readonly<Record<string, string>> = {
  'On … wrote:': `On Thu, Sep 3, 2020 at 8:05 AM Zhang San <z@mail.example> wrote:\n\n> ${old}`,
  'On … wrote: over two lines': `On Thu, Sep 3, 2020 at 8:05 AM Zhang San\n<z@mail.example> wrote:\n> ${old}`,
  '在 …写道：': `在 2020年9月3日，上午8:05，张三 <z@mail.example> 写道：\n\n${old}`,
  'Gmail in Chinese': `张三 <z@mail.example> 于2020年9月3日周四 上午8:05写道：\n\n> ${old}`,
  NetEase: `At 2020-09-03 08:05:00, "张三" <z@163.example> wrote:\n>${old}`,
  'NetEase in Chinese': `在 2020-09-03 08:05:00，"张三" <z@163.example> 写道：\n${old}`,
  'NetEase Mail Master': `---- 回复的原邮件 ----\n| 发件人 | 张三<z@163.example> |\n| 发送日期 | 2020年9月3日 |\n${old}`,
  'QQ Mail': `------------------ 原始邮件 ------------------\n发件人: "张三" <z@qq.example>;\n发送时间: 2020年9月3日(星期四) 上午8:05\n收件人: "市长信箱" <m@gov.example>;\n主题: 噪音\n\n${old}`,
  'QQ Mail with wide spaces': `------------------\u00a0原始邮件\u00a0------------------\n发件人:\u00a0"张三"\n\n${old}`,
  'Outlook in Chinese': `________________________________\n发件人: 张三 <z@mail.example>\n发送时间: 2020年9月3日 8:05\n收件人: 市长信箱\n主题: 噪音\n\n${old}`,
  'QQ Mail with entities': `------------------&nbsp;原始邮件&nbsp;------------------\n发件人:&nbsp;"张三";\n\n${old}`,
  'QQ Mail in English': `------------------ Original ------------------\nFrom: "张三" <z@qq.example>;\n\n${old}`,
  'Outlook in Chinese, plain': `-----邮件原件-----\n发件人: 张三 <z@mail.example>\n\n${old}`,
  'headers with entities': `发件人:&nbsp;张三\n发送时间:&nbsp;2020年9月3日\n收件人：&nbsp;市长信箱\n主题：&nbsp;噪音\n\n${old}`,
  Foxmail: `发件人： 张三\n发送时间： 2020-09-03 08:05\n收件人： 市长信箱\n主题： 噪音\n${old}`,
  'Apple Mail': `> On Sep 3, 2020, at 8:05 AM, Zhang San <z@mail.example> wrote:\n>\n> ${old}`,
  'Apple Mail in Chinese': `> 2020年9月3日 上午8:05，张三 <z@mail.example> 写道：\n>\n> ${old}`,
  'Apple Mail in HTML': `> 2020年9月3日 08:05，张三 <z@mail.example> 写道：\n\n> ${old}`,
  'Gmail over two lines': `福州市某某区人民政府办公室 <office@gov.example>\n于2020年9月3日周四 08:05写道：\n\n> ${old}`,
  'a phone, name first': `在 张三 <z@mail.example>，2020年9月3日 上午8:05写道：\n\n${old}`,
  'NetEase on a phone': `在2020年09月03日 08:05，张三 写道：\n${old}`,
  'Coremail, quoted': `> -----原始邮件-----\n> 发件人: "张三" <z@mail.example>\n> 发送时间: 2020-09-03 08:05:00 (星期四)\n>\n> ${old}`,
  'Coremail in English': `-----Original Messages-----\nFrom: "Zhang" <z@mail.example>\nSent Time: 2020-09-03 08:05:00\nTo: m@gov.example\n\n${old}`,
  'Coremail in English, quoted': `> -----Original Messages-----\n> From: "Zhang" <z@mail.example>\n>\n> ${old}`,
  '139 Mail': `----邮件原文----\n发件人："张三" <z@139.example>\n收件人：m@gov.example\n抄　送：(无)\n\n${old}`,
  'QQ Mail without dashes': `原始邮件\n\n发件人：张三 <z@qq.example>\n发件时间：2020年9月3日 08:05\n收件人：m@gov.example\n主题：噪音\n\n${old}`,
  'Foxmail in HTML': `>\n> 发件人： 张三\n> 发送时间： 2020-09-03 08:05\n> 收件人： 市长信箱\n> 主题： 噪音\n> ${old}`,
  'Outlook, two lines': `发件人: 张三 [mailto:z@mail.example]\n发送时间: 2020年9月3日 8:05\n\n${old}`,
  'Outlook, time first': `发送时间: 2020年9月3日 8:05\n发件人: 张三\n收件人: 市长信箱\n主题: 噪音\n\n${old}`,
  'Outlook, subject first': `主题: 噪音\n发件人: 张三 <z@mail.example>\n日期: 2020年9月3日\n收件人: 市长信箱\n\n${old}`,
  'a header that a program prefixed': `主题: 回复: 噪音\n发件人: 张三\n日期: 2020年9月3日\n收件人: 市长信箱\n\n${old}`,
  'Alibaba and DingTalk': `${'-'.repeat(66)}\n发件人：张三<z@mail.example>\n日　期：2020年09月03日 08:05:00\n收件人：市长信箱<m@gov.example>\n主　题：噪音\n\n${old}`,
  Samsung: `-------- 原始消息 --------\n发件人：张三 <z@mail.example>\n日期：2020/9/3 08:05 (GMT+08:00)\n收件人：m@gov.example\n主题：噪音\n\n${old}`,
  'an address in the place of the name': `在 2020-09-03 08:05:00，"z@163.example" <z@163.example> 写道：\n\n${old}`,
  'Gmail, an address in the place of the name': `z@mail.example <z@mail.example> 于2020年9月3日周四 08:05写道：\n\n> ${old}`,
  'NetEase for offices': `Original:\nFrom：Zhang <z@163.example>\nDate：2020-09-03 08:05:00(中国 (GMT+08:00))\nTo：mayor<m@gov.example>\nCc：\nSubject：noise\n${old}`,
  'NetEase for offices in Chinese': `原始邮件：\n发件人：张三<z@163.example>\n日期：2020-09-03 08:05:00(中国 (GMT+08:00))\n收件人：市长信箱<m@gov.example>\n抄送：\n主题：噪音\n${old}`,
  'Tencent for offices in English': `         Original Email\n\nSender："张三"< z@work.example >;\n\nSent Time：2020/9/3 8:05\n\nTo："市长信箱"< m@gov.example >;\n\nCc recipient：\n\nSubject：Re: 噪音\n\n\n${old}`,
  'an office that is called by its answers': `在 2020-09-03 08:05:00，"市长信箱答复" <m@gov.example> 写道：\n>${old}`,
  'an office that is called by letters': `人民来信办公室 <m@gov.example> 于2020年9月3日周四 上午8:05写道：\n\n> ${old}`,
  'a name with marks': `在 2020-09-03 08:05:00，"夏天。。。" <z@163.example> 写道：\n>${old}`,
  Proton: `On Thursday, September 3rd, 2020 at 8:05 AM, Zhang San <z@proton.example> wrote:\n\n> ${old}`,
  Thunderbird: `张三 在 2020/9/3 08:05 写道:\n> ${old}`,
  Yahoo: `    张三 <z@yahoo.example> 在 2020年9月3日星期四 上午8:05:00 [GMT+8] 寫道：\n\n${old}`,
  'Outlook in German': `Von: Zhang San <z@mail.example>\nGesendet: Donnerstag, 3. September 2020 08:05\nAn: Mayor <m@gov.example>\nBetreff: noise\n\n${old}`,
  'Outlook in German, without an address': `-----Ursprüngliche Nachricht-----\nVon: Zhang San\nGesendet: Donnerstag, 3. September 2020 08:05\nAn: Mayor\nBetreff: AW: noise\n\n${old}`,
  'Foxmail 6': `======= 2020-09-03 08:05:00 您在来信中写道：=======\n\n${old}\n\n= = = = = = = = = = = =`,
  'Lotus iNotes': `-----"张三" <z@mail.example> 写道： -----\n收件人： m@gov.example\n发件人： "张三" <z@mail.example>\n日期： 2020/09/03 08:05AM\n主题： 噪音\n\n${old}`,
  'Lotus iNotes in English': `-----Zhang San/ORG wrote: -----\nTo: m@gov.example\nFrom: Zhang San/ORG\nDate: 09/03/2020 08:05AM\nSubject: noise\n\n${old}`,
  Outlook: `-----Original Message-----\nFrom: Zhang San\nSent: Thursday\nTo: Mayor\nSubject: noise\n\n${old}`,
}

describe('ownWords', () => {
  it.each(Object.entries(histories))('cuts the history below %s', (_, history) => {
    expect(ownWords(`${own}\n\n\n${history}`, reply)).toMatchObject({
      text: own,
      notes: ['quoted-history-cut'],
    })
  })

  it.each(Object.entries(histories))(
    'cuts the history below %s where all of it is quoted, as in HTML',
    (_, history) => {
      const quoted = history.replace(/^(?!>)/gm, '> ')
      expect(ownWords(`${own}\n\n${quoted}`, reply)).toMatchObject({ text: own })
    },
  )

  it('keeps all where cutting would leave nothing', () => {
    const text = histories['QQ Mail'] ?? ''
    expect(ownWords(text, reply)).toMatchObject({ text, notes: ['only-quoted-text'], written: '' })
  })

  it('keeps answers between quoted lines with what they answer', () => {
    const text = `On Thu, Sep 3, 2020 Zhang San wrote:\n> 几点？\n晚上十一点。\n> 哪里？\n江滨路。`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: ['inline-answers-kept'] })
  })

  it('keeps an answer below the quotation', () => {
    const text = `On Thu, Sep 3, 2020 Zhang San wrote:\n> 几点？\n> 哪里？\n\n晚上十一点，江滨路。`
    expect(ownWords(text, reply)).toMatchObject({
      text: '晚上十一点，江滨路。',
      notes: ['quoted-history-cut'],
    })
  })

  it('keeps a forwarded report under a short comment', () => {
    const text = `请处理。\n\n${histories['QQ Mail']}`
    expect(ownWords(text, forward)).toMatchObject({
      text,
      notes: ['forwarded-text-kept'],
      written: '请处理。',
    })
  })

  it.each([
    '-------- 转发邮件信息 --------',
    '-------- 转发的消息 --------',
    '---------- Forwarded message ---------',
    'Begin forwarded message:',
    '下面是被转发的邮件：',
  ])('takes %s for a forward whatever the subject says', (mark) => {
    const text = `${mark}\n发件人：张三\n\n${old}`
    expect(ownWords(text, letter)).toMatchObject({ text, notes: ['forwarded-text-kept'] })
  })

  it.each([
    ['QQ Mail', '这是居民寄来的信，现转给贵局，'.repeat(9)],
    ['NetEase in Chinese', '请转办'],
    ['Gmail in Chinese', '请转办'],
  ])('keeps what is forwarded below %s under any comment', (name, comment) => {
    const text = `${comment}\n\n${histories[name]}`
    expect(ownWords(text, forward)).toMatchObject({
      text,
      notes: ['forwarded-text-kept'],
      written: comment,
    })
    expect(ownWords(`${comment}\n\n-------- 转发邮件信息 --------\n${old}`, letter).text).toContain(old)
  })

  it.each(Object.keys(histories))('keeps all in a mail that answers none, also below %s', (name) => {
    const text = `请转办\n\n${histories[name]}`
    expect(ownWords(text, letter)).toMatchObject({ text, notes: ['history-uncertain'] })
  })

  it.each([
    '贵局于2023年5月1日的答复中写道：',
    '贵局于2023年5月1日10:30的答复中写道：',
    '2023年5月1日，我在信里写道：',
    'On 3 May 2023 your office wrote:',
  ])('keeps what stands below %s, also in a reply', (line) => {
    const text = `尊敬的市长：\n\n${line}\n“该路段已整改完毕”。\n但是到今天为止，积水依然严重。`
    for (const relation of [letter, reply])
      expect(ownWords(text, relation)).toMatchObject({ text, notes: ['history-uncertain'] })
    expect(ownWords(`${text}\n\n${histories['On … wrote:']}`, reply)).toMatchObject({
      text,
      notes: ['quoted-history-cut'],
    })
  })

  it.each([
    '单位于2020年9月3日 10:30 来信写道：',
    '在2020年9月3日10:30贴出的停电告示上写道：',
    '施工方在2020年9月3日上午10:30张贴的通知上写道：',
    '2020年9月3日我给 wuye@mail.example 发邮件写道：',
    '我给物业 <wuye@mail.example> 于2020年9月3日 10:30写道：',
    '物业于2020年9月3日 10:30写道：',
    '2020年9月3日 09:00我在热线平台撰写：',
    'On Thursday, 3 Sep 2020 at 10:30 your office wrote:',
    'On 3 Sep 2020 I sent a letter to wuye@mail.example and wrote:',
  ])('keeps what stands below the sentence %s', (line) => {
    const text = `贵局的答复与事实不符。\n\n${line}\n“三天内修好”。\n可是到今天还没有人来。`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: ['history-uncertain'] })
    expect(ownWords(`${text}\n\n${histories['QQ Mail']}`, reply).text).toBe(text)
  })

  it('does not take a sentence for the beginning of the attribution below it', () => {
    const text = 'On the other hand nothing has helped.'
    expect(ownWords(`${text}\n${histories['On … wrote:']}`, reply).text).toBe(text)
  })

  it.each([
    '寄件人：李四\n收件人：张三\n寄件日期：2020年9月3日\n单号：SF0000000000\n',
    'From: Fuzhou South\nTo: Xiamen North\nDate: 3 September 2020\n',
    'Date: September 3\nFrom: Fuzhou\nTo: Xiamen\nSubject: a suitcase\n',
    '时间：2020年9月3日 10:30\n发件人：快递站\n收件人：张三\n',
  ])('keeps the fields that a citizen was asked for: %j', (fields) => {
    const text = `补充的材料。\n\n${fields}包裹到今天没有送到，请帮助处理。`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: ['history-uncertain'] })
    expect(ownWords(`${text}\n\n${histories.Foxmail}`, reply)).toMatchObject({
      text,
      notes: ['quoted-history-cut'],
    })
  })

  const marked = old.replace(/^/gm, '> ')
  it.each([
    `-----Original Message-----\nFrom: Mayor <m@gov.example>\nTo: z@mail.example\n\n${marked}`,
    `发件人： 市长信箱 <m@gov.example>\n发送时间： 2020-09-03 08:05\n收件人： 张三\n\n${marked}`,
    `On Thu, Sep 3, 2020 at 8:05 AM Mayor <m@gov.example> wrote:\n${marked}`,
    `> On Sep 3, 2020, at 8:05 AM, Mayor <m@gov.example> wrote:\n>\n${marked}`,
  ])('keeps the answer below quoted lines after %j', (history) => {
    expect(ownWords(`您好！\n\n${history}\n\n${own}`, reply)).toMatchObject({
      text: `您好！\n\n${own}`,
      notes: ['quoted-history-cut'],
    })
  })

  it.each(['您好！', '尊敬的市长：', '市长您好，\n\n发自我的iPhone', 'Dear Mayor,', 'Hello!'])(
    'keeps all below where nothing but %j stands above',
    (greeting) => {
      const text = `${greeting}\n\n${histories['QQ Mail']}\n\n${own}`
      expect(ownWords(text, reply)).toMatchObject({ text, notes: ['only-quoted-text'] })
    },
  )

  it.each([
    '请看下面红字部分，我逐条回答了。',
    '答复见下。',
    '您好，补充如下：',
    'Please see my answers below.',
    '回答写在原邮件里了\n\n张三',
  ])('keeps all where the words above point to the quotation: %s', (words) => {
    for (const name of ['QQ Mail', 'Foxmail', 'NetEase in Chinese']) {
      const text = `${words}\n\n${histories[name]}\n${own}`
      expect(ownWords(text, reply)).toMatchObject({ text, notes: ['inline-answers-kept'], written: words })
    }
  })

  it.each([
    '我在您的原文里作了说明。',
    '我的回答写在每个问题后面。',
    '已在原信上批注。',
    '答复在括号内。',
    '黄色部分是我的回答。',
    '每题后面有我的回答。',
    '答案写在你们的邮件里面了。',
    '请见邮件内回复。',
    '已在邮件里回复。',
    '请往下看。',
  ])('keeps all where the words above say that the quotation has more: %s', (words) => {
    const text = `您好！${words}\n\n${histories['QQ Mail']}\n${own}`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: ['inline-answers-kept'] })
  })

  it.each([
    '贵局已在邮件中答复会修，至今没有修。',
    '希望尽快回复邮件。',
    '绿色通道一直堵着。',
    '你们来信说已经处理，实际没有。',
  ])('cuts the history below words that only speak of letters or colours: %s', (words) => {
    expect(ownWords(`${words}\n\n${histories['QQ Mail']}`, reply).text).toBe(words)
  })

  it.each(['市长您好：', '尊敬的领导：', '您好:'])(
    'does not take the colon of the greeting %s for a pointer to the quotation',
    (greeting) => {
      const words = `${greeting}\n\n${own}`
      expect(ownWords(`${words}\n\n${histories['QQ Mail']}`, reply).text).toBe(words)
      const pointed = `尊敬的领导请看以下答复：\n\n${histories['QQ Mail']}\n${own}`
      expect(ownWords(pointed, reply).text).toBe(pointed)
    },
  )

  it.each([
    '13800138000',
    '张三 13800138000',
    '2020年9月3日',
    '2020年9月3日，江滨路12号',
    'On Monday nobody came',
  ])('keeps the line %s right above an attribution', (line) => {
    for (const name of ['Gmail in Chinese', 'NetEase', 'On … wrote:', 'Gmail over two lines', 'Thunderbird'])
      expect(ownWords(`${own}\n${line}\n${histories[name]}`, reply).text).toBe(`${own}\n${line}`)
  })

  it.each(['时间：2020年9月2日 23:30', '主题：噪音'])(
    'keeps the line %s right above a header that has a field of the same name',
    (line) => {
      for (const name of ['Foxmail', 'Samsung'])
        expect(
          ownWords(
            `${own}\n${line}\n${histories[name]?.replace('发送时间', '时间').replace(/^-.*\n/, '')}`,
            reply,
          ).text,
        ).toBe(`${own}\n${line}`)
    },
  )

  it('cuts the history below an answer that stands above it', () => {
    const words = '答：江滨路12号。'
    expect(ownWords(`${words}\n\n${histories['QQ Mail']}`, reply).text).toBe(words)
  })

  it('cuts the history below words that point to themselves', () => {
    const words = '情况如下：\n1. 每晚十一点打桩\n2. 没有人管\n请派人来看。'
    expect(ownWords(`${words}\n\n${histories['QQ Mail']}`, reply).text).toBe(words)
  })

  it.each(['【答】', '（答复）', '[回答]', '【我的回答】', '答：', '我答：'])(
    'keeps answers between lines of the original that are called so: %s',
    (called) => {
      const text = `请尽快处理。\n\n${histories['QQ Mail']}\n${called}江滨路12号。`
      expect(ownWords(text, reply)).toMatchObject({ text, notes: ['inline-answers-kept'] })
    },
  )

  it.each(['QQ Mail', 'Foxmail', 'NetEase in Chinese'])(
    'keeps what may be forwarded under a subject of its own, below %s',
    (name) => {
      const text = `这是我写给物业的信，没有答复。\n\n${histories[name]}`
      expect(ownWords(text, renamed)).toMatchObject({ text, notes: ['history-uncertain'] })
    },
  )

  it('cuts an attributed quotation also under a subject of its own', () => {
    for (const name of ['On … wrote:', 'Gmail in Chinese', 'Apple Mail'])
      expect(ownWords(`${own}\n\n${histories[name]}`, renamed).text).toBe(own)
  })

  it('keeps quoted lines in which the attribution does not come first', () => {
    const text = `公告原文：\n> 每天六点停水\n> 2020年9月3日 上午8:05，张三 <z@mail.example> 写道：\n> 收到`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: [] })
  })

  it('keeps a header block that a citizen pasted into a letter', () => {
    const text = `${own}\n\n${histories.Foxmail}`
    expect(ownWords(text, letter)).toMatchObject({ text, notes: ['history-uncertain'] })
  })

  it('keeps quoted lines that no attribution introduces', () => {
    const text = `公告原文：\n> 每天六点停水\n可是现在就没有水。`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: [] })
  })

  it.each([
    '-- \n张三\n电话：13800138000',
    '发自我的iPhone',
    '发自我的华为手机',
    '发自我的小米手机',
    '来自QQ邮箱手机版',
    'Sent from my iPhone',
    '从我的 iPhone 发送',
    '发自我的 iPhone 12 Pro',
    '发自小明的iPhone',
    '发自网易邮箱大师',
    '来自企业微信',
    'Sent from Mail for Windows 10',
    'Sent from my Samsung Galaxy smartphone.',
    '从 Windows 版邮件发送',
    '-- \n张三\n福州市鼓楼区某某科技有限公司技术部\n五四路1号，A座5楼\n0591-87654321',
    '签名由 网易邮箱大师 定制',
    '获取 Outlook for iOS',
    '获取适用于 Android 的 Outlook (https://aka.ms/x)',
    '获取适用于 iOS 的 Outlook<https://aka.ms/o0ukef>',
    'Get Outlook for iOS<https://aka.ms/o0ukef>',
    '发送自 Outlook for Android',
    '发送自 Windows 版邮件',
    '发自 Windows 10 版邮件应用',
    '发自vivo电子邮件',
    '发自我的vivo智能手机',
    '发送自 飞书邮箱',
    '发自钉钉专属商务邮箱',
    '来自魅族 Flyme',
    '------------------\n张三\n市民',
    '----------------------------------------\n\n张三\n13800138000',
    '-- \n李四 工程师\n厦门市某某物业服务有限公司\nT: 0592-1234567\nli@mail.example',
    '-- \n市民王五\n手机：138 0013 8000 微信：wang_5\n2020年9月3日',
    '-- \nBest regards,\nZhang San\nhttps://mail.example/zhang',
    '| |\n张三\n|\n|\n邮箱：z@163.example\n|\n\n签名由 网易邮箱大师 定制',
    '| | |\n张三 13800138000\n签名由 网易邮箱大师 定制',
    '| |\n夜猫子\n|\n|\nz@163.example\n|',
    '发自我的网易邮箱平板适配版',
    '--\n发自我的网易邮箱手机智能版',
    '来自中国移动139手机邮箱',
  ])('cuts the signature %j', (signature) => {
    expect(ownWords(`${own}\n\n${signature}`, letter)).toEqual({
      text: own,
      signature,
      written: `${own}\n\n${signature}`,
      notes: ['signature-cut'],
    })
  })

  it('cuts a signature above the history too', () => {
    expect(ownWords(`${own}\n\n发自我的iPhone\n\n${histories['QQ Mail']}`, reply)).toMatchObject({
      text: own,
      notes: ['quoted-history-cut', 'signature-cut'],
    })
  })

  it('keeps what stands below a dash line but is no signature', () => {
    const text = `${own}\n--\n${'这里还有很多要说的话。'.repeat(80)}`
    expect(ownWords(text, letter)).toMatchObject({ text, notes: [] })
  })

  it('keeps a letter whose writer drew the line below the greeting', () => {
    const text = '市长您好：\n-- \n我家门口的路灯坏了一个月，打了三次电话没有人修。\n张三'
    expect(ownWords(text, letter)).toMatchObject({ text, signature: null, notes: [] })
    const short = '路灯不亮\n-- \n张三\n电话：13800138000，办公室'
    expect(ownWords(short, letter)).toMatchObject({ text: '路灯不亮', notes: ['signature-cut'] })
  })

  it.each([
    '来自移动公司的骚扰电话每天十几个，请处理！',
    '来自移动公司的骚扰电话',
    '获取 Outlook 邮箱密码的诈骗短信',
    '来自魅族专卖店',
    '从早到晚不停有人打我手机',
    '来自13800138000的手机',
    '来自移动',
    '使用QQ邮箱给你们写信三次没有人发出',
    'Sent via registered mail and never answered',
    'Sent from the office by phone on Monday to you all',
  ])('keeps the last line %j of a letter', (line) => {
    expect(ownWords(`我要投诉：\n${line}`, letter)).toMatchObject({ text: `我要投诉：\n${line}`, notes: [] })
  })

  it.each([
    '--------------------\n1. 人民路12号路灯坏了三个月\n2. 小区停水三天\n3. 电梯停运',
    '-- \n我的要求：\n退还押金。\n赔偿损失。',
    '-- \n恳请贵局尽快派人到现场查看\n张三',
    '-- \n一、退押金\n二、赔损失',
    '-- \nPlease send someone to look at it today.\nLi',
  ])('keeps what is said below a line: %j', (below) => {
    const text = `尊敬的市长，我住在江滨路，现在反映下面的问题：\n${below}`
    expect(ownWords(text, letter)).toMatchObject({ text, signature: null, notes: [] })
  })

  it.each([
    '--\n地点：江滨路12号工地\n时间：每晚十一点到凌晨四点\n诉求：停止夜间施工',
    '--------------------\n地点：江滨路12号工地\n时间：每晚十一点到凌晨四点',
    '--\n问题：停水\n张三\n13800138000',
    '--\n· 电梯停运三个月\n· 地下室漏水',
    '--\n- 电梯\n- 漏水',
    '--\n江滨花园3号楼\n连续第五天',
    '--\n江滨花园3号楼',
    '--\n停电\n停水',
    '--\n电梯停运\n楼道漏水\n张三 13800138000',
    '--\n何时修好\n张三',
    '--\n12 Jiangbin Road, site of a builder\nevery night 11pm to 4am',
    '--\nNoise Every Night',
    '--\n13800138000\n13800138001',
    '--\n某某物业公司',
  ])('keeps what is not clearly a signature: %j', (below) => {
    const text = `投诉夜间施工噪音扰民\n${below}`
    expect(ownWords(text, letter)).toMatchObject({ text, signature: null, notes: [] })
  })

  it.each([
    '停电\n--\n江滨花园3号楼\n张三 13800138000',
    '市长您好，我要反映的地方是：\n--\n江滨路12号\n张三 13800138000',
    '您好！\n-- \n张三\n13800138000',
  ])('keeps a signature below words that say less than it does: %j', (text) => {
    expect(ownWords(text, letter)).toMatchObject({ text, signature: null, notes: [] })
  })

  it('cuts a stamp below what is said under a line', () => {
    const text = `${own}\n-- \n请尽快派人来修，谢谢！`
    expect(ownWords(`${text}\n发自我的iPhone`, letter)).toMatchObject({ text, notes: ['signature-cut'] })
  })

  it('keeps all of a reply that says nothing but a stamp', () => {
    const text = `发自我的iPhone\n\n${histories['QQ Mail']}`
    expect(ownWords(text, reply)).toMatchObject({ text, notes: ['only-quoted-text'] })
  })

  it('keeps a mail that is nothing but a signature', () => {
    expect(ownWords('发自我的iPhone', letter)).toMatchObject({ text: '发自我的iPhone', notes: [] })
  })

  it('keeps words that only begin like an attribution', () => {
    const text = '在 2020年9月3日我写过一封信\n没有答复。\n发件人：我'
    expect(ownWords(text, reply)).toMatchObject({ text, notes: [] })
  })

  it('is done with a million odd lines in bounded time', () => {
    const took = stopwatch()
    for (const line of ['> a\n\n', 'From: a\n', '发自我的iPhone\n', 'On a\n', '--\n']) {
      ownWords(`On Thu, 3 Sep 2020, a wrote:\n${line.repeat(200_000)}`, reply)
    }
    expect(took()).toBeLessThan(670)
  })
})
