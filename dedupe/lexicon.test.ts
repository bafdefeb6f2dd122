import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Lexicon } from './lexicon.ts'

const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'路灯坏了水'), minLength, maxLength })

/** Longest first, left to right, by trying every word at every place. */
function foundIn(given: string, words: readonly string[]): readonly string[] {
  const found: string[] = []
  for (let at = 0; at < given.length; ) {
    const here = words.filter((word) => given.startsWith(word, at))
    const longest = here.reduce((most, word) => (word.length > most.length ? word : most), '')
    if (longest !== '') found.push(`${at} ${longest}`)
    at += longest.length || 1
  }
  return found
}

it('finds the longest words from left to right', () => {
  fc.assert(
    fc.property(fc.array(text(2, 4), { maxLength: 8 }), text(0, 30), (words, given) => {
      const lexicon = new Lexicon(words.map((word) => [word, { word }]))
      const found: string[] = []
      lexicon.scan(given, (_, start, end) => found.push(`${start} ${given.slice(start, end)}`))
      expect(found).toEqual(foundIn(given, words))
    }),
  )
})

it('keeps the first of two equal words', () => {
  const lexicon = new Lexicon([
    ['路灯', { kind: 'first' }],
    ['路灯', { kind: 'second' }],
  ])
  const kinds: string[] = []
  lexicon.scan('路灯', ({ kind }) => kinds.push(kind))
  expect(kinds).toEqual(['first'])
})

it('refuses more beginnings of words than it can number', () => {
  const many = Array.from({ length: 70_000 }, (_, at) =>
    String.fromCharCode(0x4e00 + (at >> 8), 0x4e00 + (at & 0xff)),
  )
  expect(() => new Lexicon(many.map((word) => [word, { word }]))).toThrow('beginnings')
})
