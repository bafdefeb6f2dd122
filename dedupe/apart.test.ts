import { expect, test } from 'vitest'
import { type Belonging, isKeptApart } from './apart.ts'

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
