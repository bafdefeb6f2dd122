import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  catalogue,
  describeError,
  type ErrorCode,
  isErrorCode,
  toYiwangError,
  YiwangError,
} from './errors.ts'

const entries = Object.entries(catalogue)
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].toSorted()

describe.each(entries)('%s', (code, { what, todo }) => {
  test('uses the same details in both languages', () => {
    expect(placeholders(what.zh)).toEqual(placeholders(what.en))
    expect(placeholders(todo.zh)).toEqual(placeholders(todo.en))
  })

  test('says what happened and what to do in both languages', () => {
    for (const text of [what.en, todo.en]) expect(text).not.toMatch(/\p{Script=Han}/u)
    for (const text of [what.zh, todo.zh])
      expect(text === '{problems}' || /\p{Script=Han}/u.test(text)).toBe(true)
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
  })
})

test('a code that was ever published stays in the catalogue: add new ones to config/error-codes.txt', () => {
  const published = readFileSync(new URL('error-codes.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  expect(new Set(published).size).toBe(published.length)
  expect(published.filter((code) => !isErrorCode(code))).toEqual([])
})

describe('an error', () => {
  test('fills its details into the text, and its message is English', () => {
    const error = new YiwangError('SOURCE_BUSY', { source: 'hotline' })
    expect(error.message).toBe(
      'SOURCE_BUSY: Source "hotline" is being pulled by another process. Nothing to do: the other process brings the items in. If that process was killed, pull again after processing.leaseMs (30 s by default).',
    )
    expect(describeError(error.code, error.details, 'zh')).toMatch(
      /^SOURCE_BUSY: 来源 "hotline" 正由另一个进程采集。/,
    )
    expect(error.kind).toBe('transient')
  })

  test('is refused by the compiler without a detail that its text names', () => {
    // @ts-expect-error "source" is missing
    expect(new YiwangError('SOURCE_BUSY', {}).message).toContain('{source}')
    // @ts-expect-error all are missing
    expect(new YiwangError('SOURCE_AUTH').message).toContain('{host}')
    expect(new YiwangError('STOPPED').details).toEqual({})
  })

  test('keeps a place it has no detail for, and takes a detail of one language before the common one', () => {
    expect(describeError('CONFIG_NOT_FOUND', {}, 'en')).toContain('{path}')
    expect(describeError('CONFIG_INVALID', { problems: 'a', 'problems.zh': 'b' }, 'en')).toContain(
      'CONFIG_INVALID: a ',
    )
    expect(describeError('CONFIG_INVALID', { problems: 'a', 'problems.zh': 'b' }, 'zh')).toContain(
      'CONFIG_INVALID: b ',
    )
    expect(describeError('LEASE_LOST', { lease: 'x' }, 'zh')).toMatch(/，本进程已中止这项工作。"pull"/)
  })

  test('that is not ours becomes INTERNAL with its cause, and ours stays itself', () => {
    const ours = new YiwangError('LEASE_LOST', { lease: 'drain' })
    const cause = new TypeError('x is not a function')
    expect(toYiwangError(ours)).toBe(ours)
    expect(toYiwangError(cause)).toMatchObject({
      code: 'INTERNAL',
      details: { reason: 'x is not a function' },
      cause,
    })
    expect(toYiwangError('odd').details).toEqual({ reason: 'odd' })
  })

  test('is known by its code alone, and by nothing that objects inherit', () => {
    const code: ErrorCode = 'INTERNAL'
    expect([isErrorCode(code), isErrorCode('toString'), isErrorCode('')]).toEqual([true, false, false])
  })
})
