import { expect, test } from 'vitest'
import { type Belonging, isKeptApart, openTo } from './apart.ts'

const ticket = (id: string, given: Partial<Belonging> = {}): Belonging => {
  return { id, masterId: null, incidentId: null, apartFrom: [], ...given }
}

test.each([
  ['a ticket', ticket('b')],
  ['its master', ticket('c', { masterId: 'b' })],
  ['its incident', ticket('c', { incidentId: 'b' })],
])('what a person took away from %s is kept apart, whichever of the two is asked about', (_, other) => {
  const taken = ticket('a', { apartFrom: ['x', 'b'] })
  expect([isKeptApart(taken, other), isKeptApart(other, taken)]).toEqual([true, true])
})

test('others are not', () => {
  expect(isKeptApart(ticket('a', { apartFrom: ['x'] }), ticket('b', { masterId: 'c' }))).toBe(false)
})

test('a ticket is open to what leads it to nothing that it is kept apart from', () => {
  const taken = ticket('a', { apartFrom: ['b'], incidentId: 'i' })
  const [repeat, member, other] = [
    ticket('c', { masterId: 'a' }),
    ticket('d', { incidentId: 'i' }),
    ticket('e'),
  ]
  expect(openTo(ticket('b'), [taken, repeat, member, other])).toEqual([other])
  expect(openTo(ticket('f'), [taken, repeat])).toEqual([taken, repeat])
})
