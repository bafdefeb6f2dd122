import { describe, expect, it } from 'vitest'
import { backoffMs, passingBackoffMs } from './backoff.ts'

describe('backoffMs', () => {
  it('doubles with each attempt and is spread over its upper half', () => {
    expect(backoffMs('transient', 1, 0)).toBe(500)
    expect(backoffMs('transient', 1, 1)).toBe(1_000)
    expect(backoffMs('transient', 4, 1)).toBe(8_000)
  })

  it('never exceeds a quarter of an hour', () => {
    expect(backoffMs('transient', 500, 1)).toBe(15 * 60_000)
  })

  it('waits a minute after a refused login, so that accounts are not locked', () => {
    expect(backoffMs('auth', 1, 0)).toBeGreaterThanOrEqual(30_000)
  })
})

describe('passingBackoffMs', () => {
  it('waits as long again as was waited, spread over its upper half, and at least the first wait', () => {
    expect(passingBackoffMs(60_000, 1)).toBe(60_000)
    expect(passingBackoffMs(60_000, 0)).toBe(30_000)
    expect(passingBackoffMs(-1, 1)).toBe(1_000)
    expect(passingBackoffMs(86_400_000, 1)).toBe(15 * 60_000)
  })
})
