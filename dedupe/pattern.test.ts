import fc from 'fast-check'
import { expect, it } from 'vitest'
import { arabicFigures, Pattern } from './pattern.ts'

const source = '(?<!\\d)(\\d{1,2}|[一二十]{1,3})[日号](?!线)'
const pattern = new Pattern(source, `${arabicFigures}一二十`)
const text = fc.string({ unit: fc.constantFrom(...'12日号线一二十月'), maxLength: 30 })

it('finds what matchAll finds', () => {
  fc.assert(
    fc.property(text, (given) => {
      const wanted = [...given.matchAll(new RegExp(source, 'g'))].map((match) => [match.index, ...match])
      expect(pattern.matchesIn(given).map((match) => [match.index, ...match])).toEqual(wanted)
      expect(pattern.isIn(given)).toBe(wanted.length > 0)
    }),
  )
})
