import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPhone } from './phone.ts'

describe('phones as clerks write them', () => {
  test.each<[string | number, string | null, string | null]>([
    ['13800138000', '+8613800138000', null],
    [13800138000, '+8613800138000', null],
    ['13800138000.0', '+8613800138000', null],
    ['1.3800138E10', '+8613800138000', null],
    ['1.3800138001E10', '+8613800138001', null],
    ['１３８００１３８０００', '+8613800138000', null],
    ['138 0013 8000', '+8613800138000', null],
    ['138-0013-8000', '+8613800138000', null],
    ['+86 138-0013-8000', '+8613800138000', null],
    ['+8613800138000', '+8613800138000', null],
    ['8613800138000', '+8613800138000', null],
    ['86-13800138000', '+8613800138000', null],
    ['008613800138000', '+8613800138000', null],
    ['19900138000', '+8619900138000', null],
    ['013800138000', '+8613800138000', null],
    ['0138-0013-8000', '+8613800138000', null],
    ['+86 013800138000', '+8613800138000', null],
    ['86013800138000', '+8613800138000', null],
    ['1795113800138000', '+8613800138000', null],
    ['17951013800138000', '+8613800138000', null],
    ['1259313800138000', '+8613800138000', null],
    ['1790913800138000', '+8613800138000', null],
    ['17911 138 0013 8000', '+8613800138000', null],
    ['17909059183212345', '+8659183212345', null],
    ['12593059183212345', '+8659183212345', null],
    ['013800138000/013900139000', '+8613800138000', 'phone-several'],
    ['013800138000 013900139000', '+8613800138000', 'phone-several'],
    ['008613800138000 008613900139000', '+8613800138000', 'phone-several'],
    ['8888813800138000', null, 'phone-invalid'],
    ['0013800138000', null, 'phone-invalid'],
    ['0591-83212345', '+8659183212345', null],
    ['059183212345', '+8659183212345', null],
    ['0591 8321 2345', '+8659183212345', null],
    ['（0591）83212345', '+8659183212345', null],
    ['+86 591 8321 2345', '+8659183212345', null],
    ['+86 (0591) 83212345', '+8659183212345', null],
    ['86-591-83212345', '+8659183212345', null],
    ['0591-83212345转801', '+8659183212345', null],
    ['0591-83212345-801', '+8659183212345', null],
    ['0591-83212345 ext.801', '+8659183212345', null],
    ['0591-83212345转110', '+8659183212345', null],
    ['0591-83212345分机110', '+8659183212345', null],
    ['0591-83212345 ext. 110', '+8659183212345', null],
    ['0591-83212345#110', '+8659183212345', null],
    ['0591-83212345x801', '+8659183212345', null],
    ['0591-83212345*801', '+8659183212345', null],
    ['0591-83212345(801)', '+8659183212345', null],
    ['+86 0591-83212345-801', '+8659183212345', null],
    ['86-591-83212345-801', '+8659183212345', null],
    ['400-800-8888-1', '4008008888', null],
    ['4008008888-1', '4008008888', null],
    ['40080088881', null, 'phone-invalid'],
    ['0591/83212345', '+8659183212345', null],
    ['0591_83212345', '+8659183212345', null],
    ['【0591】83212345', '+8659183212345', null],
    ['[0591]83212345', '+8659183212345', null],
    ['138\u20110013\u20108000', '+8613800138000', null],
    ['138\u200b0013\u200b8000', '+8613800138000', null],
    ['0591-8321****', null, 'phone-masked'],
    ['0591-83212345—801', '+8659183212345', null],
    ['+86 596 4369378', '+865964369378', null],
    ['86-596-4369378', '+865964369378', null],
    ['0591-83212345 0596-4369378', '+8659183212345', 'phone-several'],
    ['0591 8321 2345 13800138000', '+8659183212345', 'phone-several'],
    ['0591-83212345/46', '+8659183212345', null],
    ['059183212345/13800138000', '+8659183212345', 'phone-several'],
    ['059183212345.0', '+8659183212345', null],
    ['010-62345678', '+861062345678', null],
    ['0594-2212345', '+865942212345', null],
    ['59183212345', '+8659183212345', 'phone-zero-restored'],
    ['1062345678', '+861062345678', 'phone-zero-restored'],
    ['2083212345', '+862083212345', 'phone-zero-restored'],
    ['12345', '12345', null],
    ['110', '110', null],
    ['95588', '95588', null],
    ['96110', '96110', null],
    ['12315', '12315', null],
    ['10086', '10086', null],
    ['+86 400-800-8888', '4008008888', null],
    ['116114', '116114', null],
    ['400-800-8888', '4008008888', null],
    ['8008101234', '8008101234', null],
    ['+1 213 373 4253', '+12133734253', null],
    ['+44 20 7946 0958', '+442079460958', null],
    ['00852 2123 4567', '+85221234567', null],
    ['+49 151 23456789', '+4915123456789', null],
    ['张先生 13800138000', '+8613800138000', null],
    ['1-13800138000', '+8613800138000', null],
    ['wx13800138000', '+8613800138000', null],
    ['wxid_12315abc', null, 'phone-invalid'],
    ['微信号：lin_123', null, 'phone-invalid'],
    ['zhangsan12345', null, 'phone-invalid'],
    ['12345zhangsan', null, 'phone-invalid'],
    ['852-61234567', null, 'phone-invalid'],
    ['85366123456', null, 'phone-invalid'],
    ['电话：13800138000（微信同号）', '+8613800138000', null],
    ['13800138000/13900139000', '+8613800138000', 'phone-several'],
    ['13800138000 13900139000', '+8613800138000', 'phone-several'],
    ['13800138000、0591-83212345', '+8613800138000', 'phone-several'],
    ['13800138000，13800138000', '+8613800138000', null],
    ['1234567890，13800138000', '+8613800138000', null],
    ['138****8000', null, 'phone-masked'],
    ['1380013＊＊＊＊', null, 'phone-masked'],
    ['138xxxx8000', null, 'phone-masked'],
    ['83212345', null, 'phone-no-area-code'],
    ['8321234', null, 'phone-no-area-code'],
    ['1.38001E+10', null, 'phone-invalid'],
    ['138001380001', null, 'phone-invalid'],
    ['12800138000', null, 'phone-invalid'],
    ['+1 555', null, 'phone-invalid'],
    ['350102199001011234', null, 'phone-invalid'],
    ['0000', null, 'phone-invalid'],
  ])('%j', (cell, phone, note) => {
    expect(readPhone(cell)).toEqual({ phone, raw: String(cell), note })
  })

  test.each([[''], ['  '], [null]])('%j is absent', (cell) => {
    expect(readPhone(cell)).toEqual({ phone: null, raw: null, note: null })
  })

  test('a cell without figures keeps its words and raises no doubt', () => {
    expect(readPhone('未留')).toEqual({ phone: null, raw: '未留', note: null })
  })
})

test('every mainland mobile is read however it is grouped', () => {
  const mobile = fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 0, max: 999_999_999 }))
  const prefix = fc.constantFrom('', '+86', '0086', '86', '+86 ', '86-', '+86-')
  fc.assert(
    fc.property(mobile, prefix, fc.constantFrom('', ' ', '-'), ([second, rest], before, gap) => {
      const digits = `1${second}${String(rest).padStart(9, '0')}`
      const written = `${before}${digits.slice(0, 3)}${gap}${digits.slice(3, 7)}${gap}${digits.slice(7)}`
      expect(readPhone(written).phone).toBe(`+86${digits}`)
    }),
  )
})

test('whatever is in the cell, the phone is null, E.164 or the digits of a service number', () => {
  const scraps = fc.constantFrom(
    '0',
    '1',
    '13',
    '86',
    '591',
    '8321',
    '+',
    '(',
    ')',
    '-',
    ' ',
    '*',
    'x',
    '转',
    '、',
    '/',
    '.',
    '00',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(scraps, { maxLength: 40 }).map((parts) => parts.join('')),
      ),
      (cell) => {
        expect(readPhone(cell).phone ?? '110').toMatch(/^(?:\+[1-9]\d{5,14}|\d{3,10})$/)
      },
    ),
    { numRuns: 5000 },
  )
})

test.each([['('], ['1 '], ['-'], ['138'], ['*'], ['转']])(
  'a megabyte of %j does not keep it busy',
  (unit) => {
    const started = process.threadCpuUsage()
    readPhone(unit.repeat(1_000_000))
    expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(1000)
  },
)
