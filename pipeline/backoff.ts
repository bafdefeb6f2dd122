import type { YiwangError } from '../config/errors.ts'

const firstMs: Readonly<Record<YiwangError['kind'], number>> = {
  transient: 1_000,
  // A wrong password tried every second locks accounts.
  auth: 60_000,
  bug: 5_000,
  data: 5_000,
  config: 60_000,
}
/** No wait is longer, in milliseconds. */
export const longestMs = 15 * 60_000

/**
 * How long to wait before the next attempt, in milliseconds: doubled each time, capped at a quarter of an hour,
 * and spread over half of its length so that many sources failing together do not come back together.
 * @param attempt 1 after the first failure.
 * @param random in [0, 1).
 */
export function backoffMs(kind: YiwangError['kind'], attempt: number, random: number): number {
  return spread(firstMs[kind] * 2 ** Math.min(attempt - 1, 20), random)
}

/**
 * The same for passing trouble whose attempts are not counted: as long again as it has been waited for already.
 * @param waitedMs below zero where clocks disagree.
 * @param random in [0, 1).
 */
export function passingBackoffMs(waitedMs: number, random: number): number {
  return spread(Math.max(firstMs.transient, waitedMs), random)
}

function spread(fullMs: number, random: number): number {
  const full = Math.min(longestMs, fullMs)
  return Math.round(full / 2 + (full / 2) * random)
}
