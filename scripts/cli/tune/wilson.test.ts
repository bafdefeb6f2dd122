import { expect, it } from 'vitest'
import { wilsonInterval } from './wilson.ts'

// Newcombe (1998), Statistics in Medicine 17, table I, method 3.
it.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i lies between %f and %f', (part, whole, low, high) => {
  const found = wilsonInterval(part, whole)
  expect(found?.low).toBeCloseTo(low, 4)
  expect(found?.high).toBeCloseTo(high, 4)
})

it('says nothing of no cases', () => {
  expect(wilsonInterval(0, 0)).toBeNull()
})
