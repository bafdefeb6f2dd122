import { expect, test } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { FailureWatch } from './failure-watch.ts'

const minuteMs = 60_000
const away = new YiwangError('SOURCE_UNREACHABLE', { source: 'a', host: 'h', reason: 'r' })
const refused = new YiwangError('SOURCE_AUTH', { source: 'a', host: 'h', answer: 'NO' })

test('the same failure is told of once an hour, another at once, and each source has its own', () => {
  let now = 0
  const watch = new FailureWatch(() => now)
  const news = (sourceId: string, error: YiwangError, minutes: number) => {
    now = minutes * minuteMs
    return watch.isNews(sourceId, error)
  }
  expect(news('a', away, 0)).toBe(true)
  expect(news('a', away, 59)).toBe(false)
  expect(news('b', away, 59)).toBe(true)
  expect(news('a', away, 60)).toBe(true)
  expect(news('a', refused, 61)).toBe(true)
  expect(news('a', away, 62)).toBe(true)
})

test('the same failure is told of again after its end, which is told of once', () => {
  const watch = new FailureWatch(() => 0)
  expect(watch.isOver('a')).toBe(false)
  expect(watch.isNews('a', away)).toBe(true)
  expect(watch.isOver('a')).toBe(true)
  expect(watch.isOver('a')).toBe(false)
  expect(watch.isNews('a', away)).toBe(true)
})

test('a clock that was set back keeps no failure untold', () => {
  let now = 100 * minuteMs
  const watch = new FailureWatch(() => now)
  watch.isNews('a', away)
  now = 0
  expect(watch.isNews('a', away)).toBe(true)
})
