import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stopwatch } from '../config/testing/stopwatch.ts'
import { beginning, cleanLine, cleanText, foldWidth, matchText } from './text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '\ud800',
        '\udc00',
        '\u200d',
        '\u200b',
        '\r',
        '\n',
        '\0',
        ' ',
        '\u3000',
        'é',
        'e',
        '\u0301',
        '😀',
        '👩',
        '字',
        'Ａ',
        '，',
        '\u202e',
        '🏴',
        '\u{e0067}',
        '\u{e007f}',
        'ﾞ',
        'か',
      ),
    )
    .map((parts) => parts.join('')),
)

describe('cleanText', () => {
  test.each([
    ['a lone surrogate becomes U+FFFD', 'x\ud800y\udc00', 'x\ufffdy\ufffd'],
    ['letters and marks are composed (NFC)', 'cafe\u0301', 'café'],
    ['control characters go', 'a\0b\u0007c\u0085d\u009fe', 'abc\nde'],
    ['tabs and line feeds inside stay', '甲\t乙\n丙', '甲\t乙\n丙'],
    ['every line end becomes a line feed', 'a\r\nb\rc\u2028d\u2029e\vf', 'a\nb\nc\nd\ne\nf'],
    ['zero width characters and bidi controls go', '转\u200b账\u202e\u2066给\ufeff我\u200f', '转账给我'],
    ['soft hyphens go', 'co\u00adoperate', 'cooperate'],
    ['emoji keep their joiners', '👨\u200d👩\u200d👧 ❤️\u200d🔥 👩🏽\u200d💻', '👨‍👩‍👧 ❤️‍🔥 👩🏽‍💻'],
    ['a joiner that joins nothing goes', '投\u200d诉\u200c\u200d👩', '投诉👩'],
    ['a joiner beside an emoji alone goes', '👩\u200d投', '👩投'],
    ['a joiner beside a letter alone goes', '投\u200cم\u200c诉', '投م诉'],
    ['Mongolian keeps its joiners', 'ᠮ\u200dᠣ', 'ᠮ\u200dᠣ'],
    ['Tibetan keeps its joiners', 'ཀ\u200dཁ', 'ཀ\u200dཁ'],
    ['Devanagari keeps its joiners', 'क\u200dष', 'क\u200dष'],
    ['Bengali keeps its joiners', 'ক\u200dষ', 'ক\u200dষ'],
    [
      'marks that become two are as many as others at most',
      `a${'\u0344'.repeat(30)}`,
      `ä\u0301${'\u0308\u0301'.repeat(14)}\u0308`,
    ],
    ['Persian keeps its non-joiner', 'می\u200cخواهم', 'می\u200cخواهم'],
    [
      'the flag of Scotland stays',
      '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
      '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    ],
    ['hidden tag characters go', '好\u{e0048}\u{e0049}', '好'],
    ['full-width punctuation and letters stay', '（Ａ座），１２３！', '（Ａ座），１２３！'],
    ['astral Han stays', '𠮷野家𪚥', '𠮷野家𪚥'],
    ['no-break spaces become spaces', 'a\u00a0b', 'a b'],
    ['at most two blank lines stand in a row', 'a\n\n\n\n\nb', 'a\n\n\nb'],
    ['a space in front goes', ' 你好', '你好'],
    ['a space behind goes', '你好 ', '你好'],
    ['edges and line ends are trimmed', '\u3000\n\t 你好 \t\n 再见\u3000', '你好\n 再见'],
    ['more than two blank lines become two', 'a\n \n\n\n\n\nb', 'a\n\n\nb'],
    ['two blank lines stay', 'a\n\n\nb', 'a\n\n\nb'],
    ['nothing stays nothing', ' \u200b\n', ''],
  ])('%s', (_rule, raw, clean) => {
    expect(cleanText(raw)).toBe(clean)
  })

  test('cleaning twice changes nothing, and the result is well-formed NFC without control characters', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const clean = cleanText(raw)
        expect(cleanText(clean)).toBe(clean)
        expect(clean.isWellFormed()).toBe(true)
        expect(clean.normalize('NFC')).toBe(clean)
        expect(clean).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['spaces', ' '],
    ['blank lines', '\n'],
    ['joiners', '\u200d'],
    ['tags', '\u{e0041}'],
    ['black flags', '🏴'],
    ['families', '👩\u200d'],
    ['Han', '字'],
    ['marks', '\u0301\u0323'],
  ])('a megabyte of %s is cleaned in linear time', (_what, unit) => {
    const took = stopwatch()
    cleanText(`a${unit.repeat(1_000_000 / unit.length)}b`)
    expect(took()).toBeLessThan(100)
  })
})

test('of millions of blank lines two stay', () => {
  expect(cleanText(`a${'\n'.repeat(8_000_000)}b`)).toBe('a\n\n\nb')
})

test('of millions of marks on one letter the first thirty stay', () => {
  const heap = `か${'\u0323'.repeat(5_000_000)}`
  expect(cleanText(heap)).toBe(heap.slice(0, 31))
  expect(matchText(`${'ﾞ'.repeat(5_000_000)}a`)).toBe(matchText(`${'ﾞ'.repeat(30)}a`))
})

test('a line has no line ends, and null where nothing is left', () => {
  expect(cleanLine(' 关于\n  噪音\u3000扰民\t问题 ')).toBe('关于 噪音 扰民 问题')
  expect(cleanLine(' \u200b\r\n')).toBeNull()
})

test('width folding makes ASCII of full-width letters, figures, marks and spaces', () => {
  expect(foldWidth('（０５９１）８３２１\u3000ＡＢｃ：～中文，')).toBe('(0591)8321 ABc:~中文,')
})

describe('matchText', () => {
  test.each([
    ['关于 ＡＢＣ小区！', '关于abc小区'],
    ['“你好”，世界……', '你好世界'],
    ['a\u200bB\u00ad c', 'abc'],
    ['ﬁne ① Ⅳ ㍿', 'fine1iv株式会社'],
    ['ｶﾞス', 'ガス'],
    ['好😀!', '好😀'],
    ['？！。', ''],
    ['', ''],
  ])('%j is compared as %j', (raw, form) => {
    expect(matchText(raw)).toBe(form)
  })

  test('the compared form of a compared form is itself', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        expect(matchText(matchText(raw))).toBe(matchText(raw))
      }),
      { numRuns: 2000 },
    )
  })

  test('the quick way gives what Unicode gives', () => {
    const slowly = (raw: string) => matchText(`${raw}\u{20000}`).replace('\u{20000}', '')
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0x20, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
        (raw) => {
          const text = raw.toWellFormed()
          expect(matchText(text)).toBe(slowly(text))
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('cleaning a text does not change how it is compared', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        expect(matchText(cleanText(raw))).toBe(matchText(raw))
      }),
    )
  })
})

test('the beginning of a text is as many characters of it, none of them cut in two', () => {
  expect(beginning('𠮷野家𠮷野家', 4)).toBe('𠮷野家𠮷')
  expect(beginning('𠮷野家', 4)).toBe('𠮷野家')
})
