import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

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
