import { expect, test } from 'vitest'
import { columnKey, hotlineSynonyms } from './hotline-columns.ts'

test('a built-in name stands under one field only, where a second one would be lost without a word', () => {
  const fields = Object.entries(hotlineSynonyms).flatMap(([field, names]) =>
    names.map((name) => ({ field, key: columnKey(name) })),
  )
  const twice = [...Map.groupBy(fields, ({ key }) => key)].filter(([, found]) => found.length > 1)
  expect(twice.map(([key, found]) => [key, ...found.map(({ field }) => field)])).toEqual([])
})
