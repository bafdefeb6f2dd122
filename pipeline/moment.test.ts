import { describe, expect, it } from 'vitest'
import { momentIn } from './moment.ts'

describe('momentIn', () => {
  it('gives RFC 3339 with the offset of the zone at that moment', () => {
    const summer = Date.UTC(2026, 6, 1, 0, 5, 9, 999)
    expect(momentIn('Asia/Shanghai', summer)).toBe('2026-07-01T08:05:09+08:00')
    expect(momentIn('UTC', summer)).toBe('2026-07-01T00:05:09+00:00')
    expect(momentIn('America/St_Johns', summer)).toBe('2026-06-30T21:35:09-02:30')
  })
})
