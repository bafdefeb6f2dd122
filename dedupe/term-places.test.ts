import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TermPlaces } from './term-places.ts'

// Few values, and such as differ in their high bits alone, so that terms meet in one slot.
const term = fc.oneof(
  fc.nat(9),
  fc.nat(9).map((value) => value * 2 ** 28),
)
const terms = fc.array(term, { maxLength: 60 })

it('gives each term the place in which it came first, however large the table before it was', () => {
  const places = new TermPlaces()
  fc.assert(
    fc.property(terms, terms, (some, asked) => {
      const room = new Uint32Array(some.length)
      places.begin(room)
      const distinct = [...new Set(some)]
      expect(some.map((each) => places.add(each))).toEqual(some.map((each) => distinct.indexOf(each)))
      expect([...room.subarray(0, places.size)]).toEqual(distinct)
      expect(asked.map((each) => places.placeOf(each))).toEqual(asked.map((each) => distinct.indexOf(each)))
    }),
  )
})

it('takes over terms that are distinct', () => {
  const places = TermPlaces.of(Uint32Array.of(7, 2 ** 31, 9))
  expect([7, 2 ** 31, 9, 8].map((each) => places.placeOf(each))).toEqual([0, 1, 2, -1])
})
