import { expect, test } from 'vitest'
import type { ArchivedItem } from './normalizer.ts'
import { problemOf } from './problem.ts'

function itemWith(meta: ArchivedItem['meta']): ArchivedItem {
  return {
    rawId: 'R-A',
    sourceId: 'hotline',
    externalId: '1',
    mediaType: 'text/csv',
    body: new Uint8Array(),
    meta,
    archivedAt: '2026-03-01T08:00:00+08:00',
  }
}

test('an item without a problem is not quarantined', () => {
  expect(problemOf(itemWith({}))).toBeNull()
})

test('the connector’s code and details are kept, and nothing but texts and numbers', () => {
  const problemDetail = JSON.stringify({ bytes: 9, limit: '5', odd: { a: 1 }, none: null })
  expect(problemOf(itemWith({ problem: 'ITEM_TOO_LARGE', problemDetail }))).toEqual({
    outcome: 'quarantined',
    code: 'ITEM_TOO_LARGE',
    details: { bytes: 9, limit: '5' },
  })
})

test.each([[undefined], ['{'], ['null'], ['"text"']])(
  'details that are %j leave the code alone',
  (problemDetail) => {
    const meta = problemDetail === undefined ? {} : { problemDetail }
    expect(problemOf(itemWith({ problem: 'ITEM_TOO_LARGE', ...meta }))).toMatchObject({
      code: 'ITEM_TOO_LARGE',
      details: {},
    })
  },
)

test('a code that the catalogue lacks still ends in quarantine', () => {
  expect(problemOf(itemWith({ problem: 'NO_SUCH_CODE' }))).toEqual({
    outcome: 'quarantined',
    code: 'ITEM_UNREADABLE',
    details: { mediaType: 'text/csv', reason: 'NO_SUCH_CODE' },
  })
})
