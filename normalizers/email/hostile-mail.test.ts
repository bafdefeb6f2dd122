import { expect, it } from 'vitest'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import { addsWords } from './alternatives.ts'
import { fromBase64 } from './broken-structure.ts'
import { mail, multipart, normalize, textMail, ticket } from './fixtures/build-mail.ts'

const long = 100_000
const reply = { Subject: 'Re: noise', 'In-Reply-To': '<0@mail.example>' }
const quoted = 'On 2023-01-01 a <a@b.example> wrote:\n> a'
const encoded = (body: string) => textMail(body, { 'Content-Transfer-Encoding': 'base64' })
const flowed = (body: string) =>
  textMail(body, { 'Content-Type': 'text/plain; charset=utf-8; format=flowed' })
const named = (name: string) => mail({ 'Content-Disposition': `attachment; filename="${name}"` }, 'x')

it.each<[string, () => Buffer]>([
  ['times of day without end', () => textMail(`On 2023-01-01 ${'utc+11:11'.repeat(11)}! wrote:`)],
  ['weekdays without end', () => textMail(`On 2023-01-01 ${'sat'.repeat(40)}! wrote:`)],
  [
    'many lines of commas between a date and no name',
    () => textMail(`1/1/11${','.repeat(60)}${'['.repeat(90)} wrote:\n`.repeat(4000)),
  ],
  [
    'many lines of weekdays without end',
    () => textMail(`On 2023-01-01 ${'sat'.repeat(25)} ! wrote:\n`.repeat(2000)),
  ],
  ['base64 of nothing but spaces', () => encoded(`${' '.repeat(long)}!`)],
  ['a file name of dots', () => named(`x${'.'.repeat(long)}x`)],
  ['lines that all go on in the next', () => flowed('中 \n'.repeat(long))],
  ['spaces inside a line', () => textMail(`路灯${' '.repeat(long)}坏了`)],
  ['links without end', () => textMail(`路灯${'(http:'.repeat(long)}`)],
  ['a greeting of dots', () => textMail(`您好${'.'.repeat(long)}x\n\n${quoted}`, reply)],
  [
    'a quoted subject of bars',
    () => textMail(`路灯\n\n发件人：a\n发送时间：b\n主题${'|'.repeat(long)}\n`, reply),
  ],
  [
    'a header line that never ends',
    () => Buffer.from(`From: a@b.example\r\nX-A${'\r\n '.repeat(long)}\r\n\r\nx`),
  ],
  [
    'links to addresses without end',
    () => {
      const header = '发件人：张三<br>发送时间：2024-03-04 10:22<br>主题：路灯<br>'
      const office = { From: 'wang@street.gov.cn', Subject: '转发：路灯', 'Content-Type': 'text/html' }
      return mail(
        office,
        `${header}<p>${'<a href=mailto:'.repeat(long)}<p><a href=mailto:${'a'.repeat(long)}`,
      )
    },
  ],
  [
    'a form of labels without end',
    () => textMail('姓名：|标题 \n'.repeat(long), { From: 'noreply@b.example' }),
  ],
  ['a form of spaces', () => textMail(`姓名：a${' '.repeat(long)}b`, { From: 'noreply@b.example' })],
  [
    'a number among blanks',
    () => {
      const blanks = ' '.repeat(400)
      return textMail(`路灯\n姓名${blanks}张三${blanks}13800138000${blanks}x`)
    },
  ],
  [
    'a row of blanks above a number in the signature',
    () => textMail(`路灯坏了，请派人来修。\n|${' '.repeat(long)}|\n13800138000\n网易邮箱大师`),
  ],
  [
    'file names of blanks',
    () => {
      const part = `Content-Type: text/plain; name=${' '.repeat(1900)}=\n\nx`
      return multipart(
        'mixed',
        Array.from({ length: 2000 }, () => part),
      )
    },
  ],
  ['a signature of stamps', () => textMail(`您好，路灯坏了，请派人来修。\n${'寄自ipad\n'.repeat(long / 4)}`)],
  [
    'letters of many senders and links to as many offices',
    () => {
      const letters = '发件人：张三\n主题：Re: 路灯\n日期：2020年1月1日 10:00\n\n'.repeat(10_000)
      const links = '<a href="mailto:zhang@a.gov.cn">张三</a> '.repeat(20_000)
      return multipart(
        'mixed',
        [
          `Content-Type: text/plain; charset=utf-8\n\n请看\n\n-----转发邮件-----\n${letters}`,
          `Content-Type: text/html; charset=utf-8\n\n${links}`,
        ],
        { Subject: 'Fwd: a', From: 'x@b.gov.cn' },
      )
    },
  ],
  ['a Message-ID of signs', () => mail({ 'Message-ID': `${'@'.repeat(long)} x` }, 'x')],
])('a mail with %s is read at once', async (_what, make) => {
  const took = stopwatch()
  await normalize(make())
  expect(took()).toBeLessThan(100)
})

it('many numbers of one form of a text are looked for in another at once', () => {
  const [known, other] = [`${'1234a'.repeat(19_900)}12345z`, '12345y'.repeat(16_600)]
  const took = stopwatch()
  for (let time = 0; time < 5; time += 1) expect(addsWords([known], [other])).toBe(true)
  expect(took()).toBeLessThan(100)
})

it('base64 in millions of pieces is decoded as it comes', () => {
  const took = stopwatch()
  expect(fromBase64(Buffer.from('YQ=='.repeat(9_000_000))).body.length).toBe(9_000_000)
  expect(took()).toBeLessThan(330)
})

it('the texts of many parts are read up to the limit of one, and that is noted', async () => {
  const parts = ['一', '二', '三'].map(
    (word) => `Content-Type: text/plain; charset=utf-8\n\n${word.repeat(1_300_000)}`,
  )
  const { body, notes } = await ticket(multipart('mixed', parts))
  expect(notes).toContain('text-cut')
  expect(Buffer.byteLength(body)).toBeLessThan(8 * 1024 * 1024 + 10)
  expect(body).toContain('三')
})
