import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchText } from '../normalizers/text.ts'
import { clauseEnd, foldAny, foldClauses, plainText, simplify } from './fold.ts'
import { anyText } from './testing/reports.ts'
import { pairHash, Units } from './units.ts'

describe('simplify', () => {
  it('keeps the length, and changes nothing twice', () => {
    const han = fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCharCode(code)),
    })
    fc.assert(
      fc.property(fc.oneof(han, anyText), (text) => {
        const once = simplify(text)
        expect(once).toHaveLength(text.length)
        expect(simplify(once)).toBe(once)
      }),
    )
  })

  it('gives each character a form that stays', () => {
    const all = Array.from({ length: 0x9fff - 0x4e00 + 1 }, (_, at) => String.fromCharCode(0x4e00 + at))
    expect(all.filter((character) => simplify(simplify(character)) !== simplify(character))).toEqual([])
  })

  it('writes traditional characters as simplified ones, one for one', () => {
    expect(simplify('請問東門的垃圾桶滿了，ABC')).toBe('请问东门的垃圾桶满了，ABC')
    expect(simplify('衞生間裏的説明')).toBe('卫生间里的说明')
  })
})

describe('foldClauses', () => {
  it('parts clauses, but not the parts of a number', () => {
    const clauses = foldClauses('电费3.5元，太贵了。請處理！！ ', matchText).split(clauseEnd)
    expect(clauses).toHaveLength(3)
    expect(clauses.at(-1)).toBe('请处理')
  })

  it('closes up the spaces that set figures and Latin letters off', () => {
    expect(foldClauses('落在 15 路车上，３　号楼 B 座坏了 灯也坏了', matchText).split(clauseEnd)).toEqual([
      '落在15路车上',
      '3',
      '号楼b座坏了',
      '灯也坏了',
    ])
  })

  it('gives the same in one pass as by the rules', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'东門ａ，Ａb 3.５。..7\n（）+〇/'), maxLength: 12 })
    fc.assert(
      fc.property(fc.oneof(plain, anyText), (text) => {
        expect(foldClauses(text, matchText)).toBe(foldAny(text, matchText))
      }),
    )
  })

  it('reads millions of marks that part clauses', () => {
    const marks = '。'.repeat(5_000_000)
    expect(foldClauses(`路灯${marks}坏了`, matchText)).toBe(`路灯${clauseEnd}坏了`)
  })

  it('leaves no empty clause', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldClauses(text, matchText)
        if (folded !== '') expect(folded.split(clauseEnd)).not.toContain('')
      }),
    )
  })
})

describe('plainText', () => {
  it('is the body, or the title where the body says nothing', () => {
    expect(plainText({ title: '路灯', body: '坏了！' }, matchText)).toBe('坏了')
    expect(plainText({ title: '路燈', body: ' …' }, matchText)).toBe('路灯')
    expect(plainText({ title: null, body: '' }, matchText)).toBe('')
  })
})

describe('unitsOf', () => {
  it('covers the text from end to end without a gap', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { starts: room, size } = new Units().read(text)
        const starts = room.subarray(0, size + 1)
        expect([starts[0], starts.at(-1)]).toEqual([0, text.length])
        expect([...starts].every((start, at) => at === 0 || start > (starts[at - 1] ?? 0))).toBe(true)
      }),
    )
  })

  it('takes a number or a Latin word as one', () => {
    expect(new Units().read('k17路').size).toBe(2)
    expect(new Units().read('k17路').codes[0]).not.toBe(new Units().read('h17路').codes[0])
  })

  it('hashes pairs by their order, never to 0', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), (one, other) => {
        expect(pairHash(one, other)).toBeGreaterThan(0)
        expect(pairHash(one, other)).toBeLessThanOrEqual(0xffffffff)
      }),
    )
    expect(pairHash(0x8def, 0x706f)).not.toBe(pairHash(0x706f, 0x8def))
  })
})
