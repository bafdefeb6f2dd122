import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counted, dayOfMonth, numeral, sided } from './numbers.ts'
import type { Pattern } from './pattern.ts'
import { referring } from './recollection.ts'

const patterns = { referring, numeral, counted, sided, dayOfMonth }

/** Made of what the expression itself speaks of, so that matches are frequent: its words, their characters, figures. */
function textFor({ source }: Pattern) {
  const words = source.match(/[\u4e00-\u9fff]+/g) ?? []
  const units = [...new Set([...words, ...words.join(''), ...'0123456789.ak路\n'])]
  return fc.array(fc.constantFrom(...units), { maxLength: 8 }).map((parts) => parts.join(''))
}

describe.each(Object.entries(patterns))('the pattern %s', (_, pattern) => {
  it('finds what matchAll finds, so that a match begins with no character that it does not know', () => {
    const expression = new RegExp(pattern.source, 'g')
    let matching = 0
    fc.assert(
      fc.property(textFor(pattern), (text) => {
        const wanted = [...text.matchAll(expression)].map((match) => [match.index, ...match])
        expect(pattern.matchesIn(text).map((match) => [match.index, ...match])).toEqual(wanted)
        expect(pattern.isIn(text)).toBe(wanted.length > 0)
        if (wanted.length > 0) matching += 1
      }),
      { numRuns: 5_000 },
    )
    expect(matching).toBeGreaterThan(100)
  })
})
