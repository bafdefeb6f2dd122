import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { charsetLabel, decodeText } from './charset.ts'

const report = '江滨路12号工地每晚打桩，噪音很大，孩子无法入睡。'
const utf8 = Buffer.from(report)
const gb = iconv.encode(report, 'gb18030')

describe('decodeText', () => {
  it.each(['gb2312', 'GBK', 'x-gbk', 'cp936', 'GB_2312-80', '"gb2312"', 'gb18030', 'csGB2312'])(
    'reads %s as GB18030',
    (label) => {
      expect(charsetLabel(label)).toBe('gb18030')
      expect(decodeText(gb, label)).toEqual({ text: report, charset: 'gb18030', note: null })
    },
  )

  it('keeps characters that only GB18030 has under a GB2312 label', () => {
    expect(decodeText(iconv.encode('刘𬍛住在䶮溪路', 'gb18030'), 'gb2312').text).toBe('刘𬍛住在䶮溪路')
  })

  it.each([null, '', 'us-ascii', 'unknown-8bit', 'x-unknown', '8bit'])(
    'guesses what %s leaves open',
    (label) => {
      expect(decodeText(gb, label)).toEqual({
        text: report,
        charset: 'gb18030',
        note: 'charset-guessed:gb18030',
      })
      expect(decodeText(utf8, label)).toEqual({
        text: report,
        charset: 'utf-8',
        note: 'charset-guessed:utf-8',
      })
    },
  )

  it('guesses Big5 and Latin text too', () => {
    const big5 = '道路積水嚴重，請派人疏通'
    expect(decodeText(iconv.encode(big5, 'big5'), null).text).toBe(big5)
    expect(decodeText(Buffer.from('Größe und Straße', 'latin1'), null).text).toBe('Größe und Straße')
    expect(decodeText(Buffer.from('Formação', 'latin1'), null).text).toBe('Formação')
  })

  it.each(['朱平', '李娜', '王芳芳', '刘磊 (福州)', '关于路灯'])(
    'corrects the label gb2312 of UTF-8 however short: %s',
    (name) => {
      const sent = Buffer.from(name)
      expect(decodeText(sent, 'gb2312')).toMatchObject({ text: name, note: 'charset-corrected:utf-8' })
      expect(decodeText(iconv.encode(name, 'gb18030'), 'gb2312')).toMatchObject({ text: name, note: null })
    },
  )

  it.each(['李超', '徐静', '孙超', '吴超', '欧阳喆超', '李镕'])(
    'takes the name %s in GBK for no damaged UTF-8',
    (name) => {
      expect(decodeText(iconv.encode(name, 'gb18030'), null).text).toBe(name)
    },
  )

  it.each(['李超', '徐静', '欧阳敏'])(
    'corrects the label iso-8859-1 of a name in GBK, where no Latin letter stands: %s',
    (name) => {
      const sent = iconv.encode(name, 'gb18030')
      expect(decodeText(sent, 'iso-8859-1')).toMatchObject({ text: name, note: 'charset-corrected:gb18030' })
    },
  )

  it('corrects labels that the bytes contradict, and says so', () => {
    expect(decodeText(gb, 'utf-8')).toMatchObject({ text: report, note: 'charset-corrected:gb18030' })
    expect(decodeText(utf8, 'gb2312')).toMatchObject({ text: report, note: 'charset-corrected:utf-8' })
    const traditional = '臺北市中山路的路燈壞了，請儘快派人維修，謝謝'
    expect(decodeText(iconv.encode(traditional, 'big5'), 'gb2312')).toMatchObject({
      text: traditional,
      note: 'charset-corrected:big5',
    })
    const gbk = '臺北市中山路的路燈壞了，請儘快派人維修，謝謝，䶮'
    expect(decodeText(iconv.encode(gbk, 'gb18030'), 'gb2312')).toMatchObject({ text: gbk, note: null })
    expect(decodeText(utf8, 'iso-8859-1')).toMatchObject({ text: report, note: 'charset-corrected:utf-8' })
    expect(decodeText(gb, 'iso-8859-1')).toMatchObject({ text: report, note: 'charset-corrected:gb18030' })
  })

  it.each(['utf-16', 'UTF-16LE', 'unicode', 'ucs-2', 'iso-2022-jp', 'hz-gb-2312', 'utf-8'])(
    'reads UTF-8 and GB18030 that are called %s as what they are',
    (label) => {
      const isUtf8 = label === 'utf-8'
      expect(decodeText(utf8, label)).toEqual({
        text: report,
        charset: 'utf-8',
        note: isUtf8 ? null : 'charset-corrected:utf-8',
      })
      expect(decodeText(gb, label)).toEqual({
        text: report,
        charset: 'gb18030',
        note: 'charset-corrected:gb18030',
      })
    },
  )

  it.each([
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
  ])('reads UTF-16 in the order of its mark, %s', (charset, mark) => {
    const bytes = Buffer.concat([Buffer.from(mark), iconv.encode('路灯 12', charset)])
    for (const label of ['utf-16', 'utf-16le', 'utf-16be'])
      expect(decodeText(bytes, label)).toEqual({ text: '路灯 12', charset, note: null })
  })

  it('reads ASCII that is called UTF-16', () => {
    expect(decodeText(Buffer.from('street lamp'), 'utf-16').text).toBe('street lamp')
  })

  it.each(['big5', 'euc-kr', 'shift_jis', 'euc-jp', 'koi8-r', 'macintosh', 'ibm866', 'windows-1251'])(
    'reads GB18030 that is called %s as what it is',
    (label) => {
      expect(decodeText(gb, label)).toMatchObject({ text: report, note: 'charset-corrected:gb18030' })
    },
  )

  it.each([
    ['utf-16le', '路灯不亮，孩子无法入睡，请修。12'],
    ['utf-16be', '路灯不亮，孩子无法入睡，请修。12'],
    ['big5', '臺北市中山路的路燈壞了，請儘快派人維修，謝謝'],
    ['euc-kr', '가로등이 고장났습니다. 수리해 주세요. 大韓民國'],
    ['shift_jis', '街灯が壊れています。早く直してください。'],
    ['euc-jp', '街灯が壊れています。早く直してください。'],
    ['koi8-r', 'Не горит фонарь у дома, пришлите кого-нибудь'],
    ['ibm866', 'Не горит фонарь у дома, пришлите кого-нибудь'],
    ['windows-1251', 'Не горит фонарь у дома, пришлите кого-нибудь'],
    ['macintosh', 'déjà vu à la façade'],
    ['windows-1253', 'Ο λαμπτήρας δεν ανάβει'],
  ])('believes the label %s of a text that fits', (label, text) => {
    expect(decodeText(iconv.encode(text, label), label)).toMatchObject({ text, note: null })
  })

  it('notes a text of characters that nobody writes, and keeps it', () => {
    const noise = Buffer.from(
      [...iconv.encode('臺北市中山路的路燈壞了，請儘快派人維修', 'big5')].toReversed(),
    )
    const { text, note } = decodeText(noise, 'utf-16le')
    expect(text.length).toBeGreaterThan(0)
    expect(note).toBe('charset-doubtful:utf-16le')
  })

  it('keeps damaged UTF-8 as UTF-8 instead of making other characters of it', () => {
    const cut = utf8.subarray(0, utf8.length - 1)
    expect(decodeText(cut, 'utf-8')).toEqual({
      text: `${report.slice(0, -1)}\ufffd`,
      charset: 'utf-8',
      note: 'charset-broken:utf-8',
    })
  })

  it('keeps short UTF-8 as UTF-8 where several characters are damaged', () => {
    const damaged = Buffer.concat([
      Buffer.from('路灯坏了'),
      Buffer.from('eda0bdedb8a1', 'hex'),
      Buffer.from('请修。'),
    ])
    for (const label of ['utf-8', null])
      expect(decodeText(damaged, label)).toMatchObject({
        text: expect.stringMatching(/^路灯坏了\ufffd+请修。$/),
        charset: 'utf-8',
      })
  })

  it('notes characters of Hong Kong in Big5 that it cannot read', () => {
    const bytes = iconv.encode('屋邨電梯壞咗三日，請跟進。', 'big5hkscs')
    expect(decodeText(bytes, 'big5-hkscs')).toMatchObject({
      text: '屋\ufffd電梯壞\ufffd三日，請跟進。',
      note: 'charset-broken:big5-hkscs',
    })
  })

  it('believes a Latin label that fits', () => {
    expect(decodeText(Buffer.from('déjà vu', 'latin1'), 'iso-8859-1')).toMatchObject({
      text: 'déjà vu',
      note: null,
    })
  })

  it('reads HZ and leaves its label alone', () => {
    expect(decodeText(Buffer.from('~{M6K_~} 12345'), 'hz-gb-2312').text).toBe('投诉 12345')
  })

  it.each([
    ['iso-2022-cn', '\x1b$)A\x0eM6K_\x0f 12345\n\x1b$)A\x0eM6K_'],
    ['utf-7', '+YpWLyQ- 12345\n+YpWLyQ'],
    ['unicode-1-1-utf-7', '+YpWLyQ- 12345\n+YpWLyQ-'],
  ])('reads %s', (label, sent) => {
    expect(decodeText(Buffer.from(sent), label)).toEqual({
      text: '投诉 12345\n投诉',
      charset: label.replace('unicode-1-1-', ''),
      note: null,
    })
    expect(decodeText(utf8, label)).toMatchObject({ text: report, note: 'charset-corrected:utf-8' })
  })

  it('reads the signs of seven-bit charsets that stand for themselves', () => {
    expect(decodeText(Buffer.from('1 +- 1 = 2'), 'utf-7').text).toBe('1 + 1 = 2')
    expect(decodeText(Buffer.from('~~ 12345'), 'hz-gb-2312').text).toBe('~ 12345')
  })

  it('notes a charset that nobody knows and reads the text all the same', () => {
    expect(decodeText(utf8, 'x-mystery')).toEqual({
      text: report,
      charset: 'utf-8',
      note: 'charset-unknown:x-mystery',
    })
  })

  it('answers for any bytes under any label', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.option(fc.string({ maxLength: 20 })),
        (bytes, label) => {
          expect(typeof decodeText(bytes, label).text).toBe('string')
        },
      ),
      { numRuns: 300 },
    )
  })
})
