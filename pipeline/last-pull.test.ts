import { expect, it } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { isLate, lastPullOf } from './last-pull.ts'

const at = '2026-03-02T08:05:00+08:00'
const report = { sourceId: 'mail', read: 3, added: 2, known: 1 }
const hours = (count: number) => Date.parse(at) + count * 3_600_000

it('a failure that goes on keeps its beginning, tells its latest cause, and no detail without an end', () => {
  const before = lastPullOf(report, null, '2026-03-01T08:00:00+08:00', undefined)
  const first = lastPullOf(
    report,
    new YiwangError('SOURCE_BUSY', { source: 'mail' }),
    '2026-03-02T08:00:00+08:00',
    before,
  )
  const reason = 'x'.repeat(10_000)
  const { failure, succeededAt } = lastPullOf(report, new YiwangError('INTERNAL', { reason }), at, first)
  expect(succeededAt).toBe('2026-03-01T08:00:00+08:00')
  expect(failure).toMatchObject({ since: '2026-03-02T08:00:00+08:00', code: 'INTERNAL' })
  expect(failure?.details.reason).toHaveLength(500)
})

it.each([
  ['an interval', { everyMs: 60_000 }, 1, 1.1],
  // From Monday morning to Tuesday morning.
  ['a cron expression', { cron: '0 8 * * 1-5', timeZone: 'Asia/Shanghai' }, 24.9, 25],
  ['a cron expression of another zone', { cron: '0 8 * * *', timeZone: 'UTC' }, 8.8, 9],
])('a source is late an hour after %s has asked for the next pull', (_, schedule, before, after) => {
  const pull = lastPullOf(report, null, at, undefined)
  expect([isLate(pull, schedule, hours(before)), isLate(pull, schedule, hours(after))]).toEqual([false, true])
  expect(isLate(pull, null, hours(10_000))).toBe(false)
})
