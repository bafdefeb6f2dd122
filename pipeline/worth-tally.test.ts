import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WorthTally } from './worth-tally.ts'

/** Numbers of stored tickets, and of those that a batch has made. */
const number = fc.oneof(
  fc.nat({ max: 40 }),
  fc.nat({ max: 40 }).map((n) => 2 ** 40 + n),
  fc.nat(),
)
const added = fc.array(fc.tuple(number, fc.constantFrom(1, 2, 5, 8)), { maxLength: 2_000 })

const timeOf = (n: number) => (n * 7) % 11

function takenFrom(tally: WorthTally, all: readonly (readonly [number, number])[], least: number) {
  tally.begin()
  for (const [n, worth] of all) tally.add([{ n, at: timeOf(n) }], 0, 10, worth)
  const taken: number[] = []
  for (let n = tally.takeBest(least); n >= 0; n = tally.takeBest(least)) taken.push(n)
  return taken
}

it('gives tickets by their worth together, then the newest, then the last made', () => {
  const tally = new WorthTally()
  fc.assert(
    fc.property(added, (all) => {
      const worths = new Map<number, number>()
      for (const [n, worth] of all) worths.set(n, (worths.get(n) ?? 0) + worth)
      const expected = [...worths]
        .filter(([, worth]) => worth >= 4)
        .sort(([a, x], [b, y]) => y - x || timeOf(b) - timeOf(a) || b - a)
        .map(([n]) => n)
      expect(takenFrom(tally, all, 4)).toEqual(expected)
    }),
  )
})

it('holds more tickets than it had room for, with their times and worths', () => {
  const many = Array.from({ length: 3_000 }, (_, at) => [(at * 7919) % 3_000, 4 + (at % 3)] as const)
  const expected = many.toSorted(([a, x], [b, y]) => y - x || timeOf(b) - timeOf(a) || b - a).map(([n]) => n)
  const tally = new WorthTally()
  expect(takenFrom(tally, many, 4)).toEqual(expected)
  expect(takenFrom(tally, many.slice(0, 9), 4)).toHaveLength(9)
})

it('knows nothing of the report before', () => {
  const tally = new WorthTally()
  expect(takenFrom(tally, [[1, 8]], 4)).toEqual([1])
  expect(takenFrom(tally, [[1, 3]], 4)).toEqual([])
})

it('counts nothing of what came before or after', () => {
  const tally = new WorthTally()
  tally.begin()
  tally.add(
    [1, 2, 3, 4].map((n) => ({ n, at: n })),
    2,
    3,
    8,
  )
  expect([tally.takeBest(4), tally.takeBest(4), tally.takeBest(4)]).toEqual([3, 2, -1])
})
