import { CronExpressionParser } from 'cron-parser'
import type { ErrorDetails, YiwangError } from '../config/errors.ts'
import type { Schedule } from '../config/settings.ts'
import type { PullReport } from './app.ts'
import type { LastPull } from './stores/store.ts'

/** A path may be long, and what an unexpected error says. */
const longestDetail = 500

/**
 * How a pull ended, for those who look later.
 * @param error what it failed with; null: it did not
 * @param at when it ended, RFC 3339
 * @param before how the last one ended; undefined: not known
 */
export function lastPullOf(
  { sourceId, read, added }: PullReport,
  error: YiwangError | null,
  at: string,
  before: LastPull | undefined,
): LastPull {
  if (error === null) return { sourceId, at, read, added, succeededAt: at, failure: null }
  const since = before?.failure?.since ?? at
  const failure = { since, code: error.code, details: shortened(error.details) }
  return { sourceId, at, read, added, succeededAt: before?.succeededAt ?? null, failure }
}

function shortened(details: ErrorDetails): ErrorDetails {
  const short = (value: string | number) =>
    typeof value === 'string' && value.length > longestDetail
      ? `${value.slice(0, longestDetail - 1)}…`
      : value
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, short(value)]))
}

/** A pull may take long, and cron may call less often than the schedule says. */
const lateAfterMs = 3_600_000

/**
 * Whether the pull after this one should have ended by now: who pulls the source does not run, or is stuck.
 * @param now in milliseconds since 1970
 */
export function isLate({ at }: LastPull, schedule: Schedule | null, now: number): boolean {
  return schedule !== null && now > dueAfter(Date.parse(at), schedule) + lateAfterMs
}

function dueAfter(at: number, schedule: Schedule): number {
  if ('everyMs' in schedule) return at + schedule.everyMs
  const { cron, timeZone: tz } = schedule
  return CronExpressionParser.parse(cron, { tz, currentDate: new Date(at) })
    .next()
    .getTime()
}
