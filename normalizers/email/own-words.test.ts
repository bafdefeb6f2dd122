import { describe, expect, it } from 'vitest'
import { ownWords } from './own-words.ts'

const reply = { isReply: true, isForward: false }
const letter = { isReply: false, isForward: false }
const forward = { isReply: false, isForward: true }
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
  'headers with entities': `发件人:&nbsp;张三\n发送时间:&nbsp;2020年9月3日\n收件人：&nbsp;市长信箱\n\n${old}`,
  Foxmail: `发件人： 张三\n发送时间： 2020-09-03 08:05\n收件人： 市长信箱\n主题： 噪音\n${old}`,
  Outlook: `-----Original Message-----\nFrom: Zhang San\nSent: Thursday\nTo: Mayor\nSubject: noise\n\n${old}`,
}

describe('ownWords', () => {
  it.each(Object.entries(histories))('cuts the history below %s', (_, history) => {
    expect(ownWords(`${own}\n\n\n${history}`, reply)).toMatchObject({
      text: own,
      notes: ['quoted-history-cut'],
    })
  })

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
    '---------- Forwarded message ---------',
    'Begin forwarded message:',
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
    '------------------\n张三\n市民',
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
    const begin = performance.now()
    for (const line of ['> a\n\n', 'From: a\n', '发自我的iPhone\n', 'On a\n', '--\n']) {
      ownWords(`On Thu, 3 Sep 2020, a wrote:\n${line.repeat(200_000)}`, reply)
    }
    expect(performance.now() - begin).toBeLessThan(20_000)
  })
})
