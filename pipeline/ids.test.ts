import { describe, expect, it } from 'vitest'
import { rawIdOf, reporterKeys, ticketIdOf } from './ids.ts'

const body = new TextEncoder().encode('噪音')

describe('ids', () => {
  it('are 26 base32 characters behind their letter', () => {
    expect(rawIdOf('mail', '1', body)).toMatch(/^R-[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(ticketIdOf('mail', '1')).toMatch(/^T-[0-9A-HJKMNP-TV-Z]{26}$/)
  })

  it('are equal for equal things and differ when any part differs', () => {
    expect(rawIdOf('mail', '1', body)).toBe(rawIdOf('mail', '1', body.slice()))
    const ids = [rawIdOf('mail', '1', body), rawIdOf('mai', 'l1', body), rawIdOf('mail', '1', body.slice(1))]
    expect(new Set(ids).size).toBe(3)
  })

  it('of a ticket do not change with its text', () => {
    expect(ticketIdOf('mail', '1')).toBe(ticketIdOf('mail', '1'))
    expect(ticketIdOf('mail', '1')).not.toBe(ticketIdOf('mail', '2'))
  })
})

describe('reporter keys', () => {
  it('are equal for one identity and one secret only', () => {
    const key = reporterKeys('a')
    expect(key('phone:+8613800138000')).toBe(key('phone:+8613800138000'))
    expect(key('phone:+8613800138000')).not.toBe(key('phone:+8613800138001'))
    expect(key('phone:+8613800138000')).not.toBe(reporterKeys('b')('phone:+8613800138000'))
  })
})
