import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Duration, parseDuration } from './duration.ts'
import { expandVariables } from './environment.ts'
import { nearest } from './nearest.ts'
import { splitBilingual } from './problem.ts'

describe('durations', () => {
  test.each([
    ['250ms', 250],
    ['60s', 60_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

  test.each(['', '60', 's', '-1s', '1 s', '1S', '1e3s', '1.s', '1s ', '９s', '99999999999s'])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeNull()
      expect(Duration.safeParse(text).success).toBe(false)
    },
  )
})

describe('variables', () => {
  test('leave a text without them as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('${'))
        expect(expandVariables(text, {}).text).toBe(text)
      }),
    )
  })

  test('put in exactly their value, whatever it looks like', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        expect(expandVariables(`<\${A}>`, { A: value }).text).toBe(`<${value}>`)
      }),
    )
  })
})

describe('the word that was meant', () => {
  test.each([
    ['shedule', ['name', 'schedule'], 'schedule'],
    ['TIMEZONE', ['timeZone'], 'timeZone'],
    ['id', ['ip', 'path'], 'ip'],
    ['passwort', ['password', 'path'], 'password'],
    ['hots', ['port', 'host'], 'host'],
    ['uesr', ['url', 'user'], 'user'],
    ['redsi', ['log', 'redis'], 'redis'],
    ['warning', ['debug', 'info', 'warn'], 'warn'],
    ['hostname', ['host', 'port'], 'host'],
    ['userName', ['url', 'user'], 'user'],
    ['userAgent', ['url', 'user'], null],
    ['foo', ['windowDays', 'bar'], null],
    ['x'.repeat(5000), ['x'], null],
  ])('by "%s"', (word, known, meant) => expect(nearest(word, known)).toBe(meant))
})

describe('bilingual descriptions', () => {
  test.each([
    ['File or folder / 文件或文件夹', { en: 'File or folder', zh: '文件或文件夹' }],
    ['One of a / b / 甲 / 乙', { en: 'One of a / b', zh: '甲 / 乙' }],
    ['Columns like 序号 / 序号等列', { en: 'Columns like 序号', zh: '序号等列' }],
    ['English only', null],
    ['只有中文', null],
    ['', null],
  ])('"%s" are split before the Chinese', (text, parts) => expect(splitBilingual(text)).toEqual(parts))
})
