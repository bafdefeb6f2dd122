import { describe, expect, it } from 'vitest'
import { multipart, normalize, textMail, ticket } from './fixtures/build-mail.ts'

const skipped = (policy: string, detail: unknown = expect.any(String)) => ({
  outcome: 'skipped',
  policy,
  detail,
})

describe('mail policies', () => {
  it.each([
    [{ 'Auto-Submitted': 'auto-replied' }, 'Auto-Submitted: auto-replied'],
    [{ 'Auto-Submitted': 'auto-replied (vacation)' }, 'Auto-Submitted: auto-replied'],
    [{ 'X-Autoreply': 'yes', 'Return-Path': '<>' }, 'x-autoreply with an empty Return-Path'],
    [{ 'X-Autoreply': 'yes', 'In-Reply-To': '<2@a.example>' }, 'x-autoreply with In-Reply-To'],
    [{ 'X-Autorespond': 'holiday', Subject: '自动回复：您好' }, 'x-autorespond with the subject'],
    [{ 'X-Autoresponder': 'yes', 'Return-Path': '<>' }, 'x-autoresponder with an empty Return-Path'],
    [
      { 'X-Autoreply-From': 'a@b.example', 'Return-Path': '<>' },
      'x-autoreply-from with an empty Return-Path',
    ],
    [{ 'X-Mail-Autoreply': 'yes', 'Return-Path': '<>' }, 'x-mail-autoreply with an empty Return-Path'],
    [{ 'X-Autoreply': 'yes', Precedence: 'junk' }, 'x-autoreply with Precedence'],
    [{ Precedence: 'auto_reply' }, 'Precedence: auto_reply'],
    [{ Subject: '自動回覆：您好', 'Return-Path': '<>' }, 'Subject with an empty Return-Path'],
    [{ Subject: '自动回复：您好', 'Return-Path': '<>' }, 'Subject with an empty Return-Path'],
    [{ Subject: '【自动回复】', 'In-Reply-To': '<2@a.example>' }, 'Subject with In-Reply-To'],
    [{ Subject: 'Out of Office AutoReply: lamp', 'Return-Path': '<>' }, 'Subject with an empty Return-Path'],
    [{ Subject: '自动回复: 您好', 'In-Reply-To': '<2@a.example>' }, 'Subject with In-Reply-To'],
    [
      { Subject: 'Automatic reply: noise', 'Auto-Submitted': 'auto-generated' },
      'Subject with Auto-Submitted',
    ],
    [
      { Subject: 'Out of Office: Li', 'X-Auto-Response-Suppress': 'All' },
      'Subject with X-Auto-Response-Suppress',
    ],
  ])('skips %j as an auto-reply', async (fields, detail) => {
    expect(await normalize(textMail('我在休假', fields))).toEqual(skipped('auto-reply', detail))
  })

  it.each([
    { Subject: '自动回复功能坏了，请修' },
    { Subject: '自动回复没有用，路灯还是没修', 'In-Reply-To': '<2@a.example>' },
    { Subject: 'Automatic reply says nothing, lamp still dark', 'In-Reply-To': '<2@a.example>' },
    { Subject: 'Out of office hours nobody answers', 'Return-Path': '<>' },
    { Subject: 'Re: 自动回复：您好', 'In-Reply-To': '<2@a.example>' },
    { 'X-Autoreply': 'yes' },
    { 'X-Autoreply': 'no', 'In-Reply-To': '<2@a.example>' },
    { 'X-Autoreply': 'false', 'In-Reply-To': '<2@a.example>' },
    { 'Auto-Reply': ' ', 'In-Reply-To': '<2@a.example>' },
    { 'Auto-Submitted': 'no' },
    { 'Auto-Submitted': 'auto-generated' },
    { 'X-Auto-Response-Suppress': 'All' },
    { Precedence: 'list', 'List-Id': '<residents.example>' },
    { Precedence: 'bulk' },
    { From: 'postmaster@estate.example' },
    { From: 'postmaster@estate.example', Subject: '物业退信不收，请管一管' },
    { From: 'postmaster@estate.example', Subject: '退信太多，邮局不管' },
    { 'X-Loop': 'residents@list.example' },
  ])('takes %j for a report', async (fields) => {
    expect(await normalize(textMail('路灯不亮', fields))).toMatchObject({ outcome: 'ticket' })
  })

  it('takes an answer to an auto-reply for a report where it quotes that one', async () => {
    const answer = { Subject: '自动回复：路灯', 'In-Reply-To': '<2@gov.example>' }
    const quoted = '在 2020-09-03 08:05:00，"市长信箱" <m@gov.example> 写道：\n> 您的来信已收到。'
    expect(await normalize(textMail('您的来信已收到。', answer))).toEqual(skipped('auto-reply'))
    for (const fields of [answer, { 'X-Autoreply': 'yes', 'In-Reply-To': '<2@gov.example>' }])
      expect(await normalize(textMail(`路灯还是没修。\n\n${quoted}`, fields))).toMatchObject({
        outcome: 'ticket',
        draft: { body: expect.stringContaining('路灯还是没修。') },
      })
  })

  const status = (action: string) =>
    multipart(
      'report; report-type=delivery-status',
      [
        'Content-Type: text/plain\n\nnot delivered',
        `Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; b\nAction: ${action}`,
      ],
      { From: 'MAILER-DAEMON@a.example' },
    )

  it('takes a letter for a report that has a read receipt attached', async () => {
    const parts = [
      'Content-Type: text/plain\n\nno answer since March, though my letter was read',
      'Content-Type: message/disposition-notification\n\nDisposition: manual-action; displayed',
    ]
    expect(await normalize(multipart('mixed', parts))).toMatchObject({ outcome: 'ticket' })
    const receipt = 'report; report-type=disposition-notification'
    expect(await normalize(multipart(receipt, parts))).toEqual(skipped('read-receipt'))
  })

  it('skips bounces and delivery reports by what the status says', async () => {
    expect(await normalize(status('failed'))).toEqual(
      skipped('bounce', 'Content-Type: multipart/report; Action: failed'),
    )
    expect(await normalize(status('delayed'))).toEqual(skipped('bounce'))
    expect(await normalize(status('delivered'))).toEqual(skipped('delivery-report'))
    expect(await normalize(status(''))).toEqual(
      skipped('bounce', 'Content-Type: multipart/report; Action: none'),
    )
  })

  it('skips those of mail with addresses in Unicode too (RFC 6533)', async () => {
    const told = (type: string) =>
      multipart('report', [
        'Content-Type: text/plain\n\nnot delivered',
        `Content-Type: message/${type}\n\nFinal-Recipient: utf-8; b\nAction: failed`,
      ])
    expect(await normalize(told('global-delivery-status'))).toEqual(
      skipped('bounce', 'Content-Type: multipart/report; Action: failed'),
    )
    expect(await normalize(told('global-disposition-notification'))).toEqual(skipped('read-receipt'))
  })

  it('skips bounces in plain text', async () => {
    const daemon = { From: 'MAILER-DAEMON@a.example', 'Return-Path': '<>' }
    expect(await normalize(textMail('failed', daemon))).toEqual(skipped('bounce'))
    const marked = { From: 'postmaster@a.example', 'Auto-Submitted': 'auto-generated' }
    expect(await normalize(textMail('failed', marked))).toEqual(skipped('bounce'))
    const returned = { From: 'postmaster@a.example', 'Return-Path': '<>' }
    expect(await normalize(textMail('failed', returned))).toEqual(
      skipped('bounce', 'From: a postmaster, without a return path'),
    )
    expect(await normalize(textMail('failed', { 'X-Failed-Recipients': 'b@c.example' }))).toEqual(
      skipped('bounce'),
    )
  })

  it.each([
    { From: 'Mail Delivery System <MAILER-DAEMON@a.example>', Subject: 'failure notice' },
    { From: 'PostMaster@qq.example', Subject: '系统退信' },
    { From: 'PostMaster@qq.example', Subject: '退信通知：路灯' },
    { From: 'Postmaster@163.example', Subject: '系统退信/Systems bounce' },
    { From: 'postmaster@a.example', Subject: 'Undeliverable: 路灯' },
    { From: 'postmaster@a.example', Subject: '未送达: 路灯' },
    { From: 'postmaster@a.example', Subject: '無法傳遞：路灯' },
    { From: 'postmaster@a.example', Subject: 'Delivery Status Notification (Failure)' },
  ])('skips %j, as programs save bounces without a return path', async (fields) => {
    expect(await normalize(textMail('failed', fields))).toEqual(skipped('bounce'))
  })

  it('skips read receipts', async () => {
    const receipt = multipart('report; report-type=disposition-notification', [
      'Content-Type: text/plain\n\nread',
      'Content-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed',
    ])
    expect(await normalize(receipt)).toEqual(skipped('read-receipt'))
  })

  it('skips loops: our own mark, our own address, too many hops', async () => {
    const settings = { ownAddresses: ['Mayor@Gov.example'] }
    expect(await normalize(textMail('a', { 'X-Yiwang-Loop': '1' }))).toEqual(skipped('loop', 'X-Yiwang-Loop'))
    expect(await normalize(textMail('a', { From: 'MAYOR@gov.example' }), { settings })).toEqual(
      skipped('loop'),
    )
    expect(await normalize(textMail('a', { 'X-Loop': 'mayor@gov.example' }), { settings })).toEqual(
      skipped('loop'),
    )
    const other = textMail('a', { From: 'li@mail.example', 'X-Loop': 'residents@list.example' })
    expect(await normalize(other, { settings })).toMatchObject({ outcome: 'ticket' })
    const hops = Array.from(
      { length: 51 },
      (_, at) => `Received: from a${at}; Thu, 3 Sep 2020 08:05:00 +0800\r\n`,
    )
    const looped = Buffer.concat([Buffer.from(hops.join('')), textMail('a')])
    expect(await normalize(looped)).toEqual(skipped('loop', 'Received: 51 times'))
    expect(await normalize(looped, { settings: { maxReceived: 60 } })).toMatchObject({ outcome: 'ticket' })
  })

  it('takes what a form sends from an own address for the report of whom it gives to be answered', async () => {
    const settings = { ownAddresses: ['form@office.example', 'mayor@office.example'] }
    const form = { From: 'form@office.example', To: 'mayor@office.example' }
    const { reporter } = await ticket(
      textMail('路灯不亮。', { ...form, 'Reply-To': '张三 <zhang@mail.example>' }),
      {
        settings,
      },
    )
    expect(reporter).toMatchObject({ name: '张三', email: 'zhang@mail.example' })
    for (const fields of [
      { 'Reply-To': 'Mayor@office.example' },
      { 'Reply-To': 'noreply@mail.example' },
      { 'Reply-To': 'letters@city.gov.cn' },
      { 'Reply-To': 'officer@mail.example', 'In-Reply-To': '<2@mail.example>' },
      { 'Reply-To': 'zhang@mail.example', To: 'zhang@mail.example' },
    ])
      expect(await normalize(textMail('您好。', { ...form, ...fields }), { settings })).toEqual(
        skipped('loop'),
      )
    const kept = await ticket(textMail('您好。', form), { settings: { ...settings, skip: [] } })
    expect(kept.reporter).toMatchObject({ email: 'form@office.example' })
  })

  it('skips only by the policies that the source names', async () => {
    const auto = textMail('a', { 'Auto-Submitted': 'auto-replied' })
    expect(await normalize(auto, { settings: { skip: [] } })).toMatchObject({ outcome: 'ticket' })
    const list = textMail('a', { 'List-Id': '<x.example>' })
    expect(await normalize(list, { settings: { skip: ['bulk'] } })).toEqual(skipped('bulk', 'list-id'))
    for (const word of ['bulk', 'list', 'junk']) {
      const sent = textMail('a', { Precedence: word })
      expect(await normalize(sent, { settings: { skip: ['bulk'] } })).toEqual(
        skipped('bulk', `Precedence: ${word}`),
      )
    }
  })
})
