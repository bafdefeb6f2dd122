import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { repairHeader } from './header-repair.ts'

function repaired(line: string | Buffer, key = 'subject') {
  const field = { key, line: Buffer.from(line).toString('latin1') }
  const notes = repairHeader([field])
  return { line: field.line, notes }
}

const word = (charset: string, bytes: Buffer) => `=?${charset}?B?${bytes.toString('base64')}?=`

describe('repairHeader', () => {
  it('turns raw GBK into UTF-8', () => {
    const { line, notes } = repaired(
      Buffer.concat([Buffer.from('Subject: '), iconv.encode('噪音扰民', 'gb18030')]),
    )
    expect(Buffer.from(line, 'latin1').toString()).toBe('Subject: 噪音扰民')
    expect(notes).toEqual(['header-charset-guessed:gb18030'])
  })

  it.each(['停水', '漏水', '学校', '医院', '欠薪', '谢谢'])(
    'turns raw GBK into UTF-8 where its bytes are UTF-8 too: %s',
    (subject) => {
      const { line } = repaired(Buffer.concat([Buffer.from('Subject: '), iconv.encode(subject, 'gb18030')]))
      expect(Buffer.from(line, 'latin1').toString()).toBe(`Subject: ${subject}`)
    },
  )

  it.each(['Müller', 'Café ©2024', 'Привет', 'Łódź', '±5°', 'ｶﾅ'])(
    'leaves %s in raw UTF-8 as it is',
    (subject) => {
      const { line } = repaired(`Subject: ${subject}`)
      expect(Buffer.from(line, 'latin1').toString()).toBe(`Subject: ${subject}`)
    },
  )

  it('reads what was encoded twice', () => {
    const once = word('GB2312', iconv.encode('李四', 'gb18030'))
    expect(repaired(`From: ${word('utf-8', Buffer.from(once))} <l@a.example>`, 'from').line).toBe(
      `From: ${word('UTF-8', Buffer.from('李四'))} <l@a.example>`,
    )
  })

  it.each([
    ['From: "Zhang, San <z@mail.example>', 'From: "Zhang, San" <z@mail.example>'],
    ['From: Zhang" <z@mail.example>', 'From: Zhang"" <z@mail.example>'],
    ['From: "Zhang', 'From: Zhang'],
    ['From: "Zhang \\"San" <z@mail.example>', 'From: "Zhang \\"San" <z@mail.example>'],
  ])('closes the quote that %s leaves open', (line, closed) => {
    expect(repaired(line, 'from').line).toBe(closed)
    expect(repaired(line.replace('From', 'Subject')).line).toBe(line.replace('From', 'Subject'))
  })

  it('leaves raw UTF-8 as it is', () => {
    const { line, notes } = repaired('Subject: 噪音扰民')
    expect(Buffer.from(line, 'latin1').toString()).toBe('Subject: 噪音扰民')
    expect(notes).toEqual([])
  })

  it('joins encoded-words that were cut inside a character', () => {
    const bytes = iconv.encode('关于䶮溪路的投诉', 'gb18030')
    const { line } = repaired(
      `Subject: ${word('gb2312', bytes.subarray(0, 5))}\r\n ${word('GB2312', bytes.subarray(5))}`,
    )
    expect(line).toBe(`Subject: ${word('UTF-8', Buffer.from('关于䶮溪路的投诉'))}`)
  })

  it('joins encoded-words whose base64 was cut anywhere, and leaves those that only lack padding', () => {
    const text = '关于溪路的投诉信'
    for (const charset of ['utf-8', 'gb18030']) {
      const sent = iconv.encode(text, charset).toString('base64')
      for (let at = 1; at < sent.length; at++) {
        const words = [sent.slice(0, at), sent.slice(at)].map((part) => `=?${charset}?B?${part}?=`)
        expect(repaired(`Subject: ${words.join('\r\n ')}`).line).toBe(
          `Subject: ${word('UTF-8', Buffer.from(text))}`,
        )
      }
    }
    const bare = ['a', '路灯', '坏了'].map((part) => word('utf-8', Buffer.from(part)).replaceAll('=?=', '?='))
    expect(repaired(`Subject: ${bare.map((each) => each.replace('=?=', '?=')).join(' ')}`).line).toBe(
      `Subject: ${word('UTF-8', Buffer.from('a路灯坏了'))}`,
    )
  })

  it('keeps the text around and between words of different charsets', () => {
    const { line } = repaired(
      `From: "${word('gbk', iconv.encode('张三', 'gb18030'))}" <a@b.example>, =?utf-8?q?Jos=C3=A9_B?= <c@d.example>`,
    )
    expect(line).toBe(
      `From: "${word('UTF-8', Buffer.from('张三'))}" <a@b.example>, ${word('UTF-8', Buffer.from('José B'))} <c@d.example>`,
    )
  })

  it('corrects an encoded-word whose label is wrong', () => {
    const { line, notes } = repaired(`Subject: ${word('gb2312', Buffer.from('江滨路工地噪音'))}`)
    expect(line).toBe(`Subject: ${word('UTF-8', Buffer.from('江滨路工地噪音'))}`)
    expect(notes).toEqual(['header-charset-corrected:utf-8'])
  })

  it('relabels Chinese charsets of RFC 2231 parameters', () => {
    expect(
      repaired("Content-Disposition: attachment; filename*0*=gb2312''%B1%A8; filename*1*=%B8%E6").line,
    ).toBe("Content-Disposition: attachment; filename*0*=gb18030''%B1%A8; filename*1*=%B8%E6")
  })

  it('does not throw whatever a header holds', () => {
    const lines = fc.oneof(
      fc.string(),
      fc.stringMatching(/^=\?.{0,20}\?[bq]\?.{0,20}\?=/),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    )
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 5 }), (texts) => {
        repairHeader(texts.map((line) => ({ key: 'x', line })))
      }),
    )
  })
})
