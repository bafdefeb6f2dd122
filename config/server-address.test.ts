import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMongoUrl, isRedisUrl, shownAddress } from './server-address.ts'

describe('an address of Redis', () => {
  test.each([
    ['redis://127.0.0.1:6379', 'redis://127.0.0.1:6379'],
    ['redis://[::1]:6379/', 'redis://[::1]:6379/'],
    ['rediss://redis.example.org/15?family=6', 'rediss://redis.example.org/15?family=6'],
    ['redis://:geheim@h?db=3', 'redis://h?db=3'],
    ['redis://localhost/2?path=/run/redis/redis.sock', 'redis://localhost/2?path=/run/redis/redis.sock'],
    ['redis://:geheim@h:1/2', 'redis://h:1/2'],
    ['redis://office:ge%2Fh%40e%23im@h', 'redis://h'],
    ['redis://:ge@heim@h', 'redis://h'],
  ])('%s is shown as %s', (url, shown) => {
    expect(isRedisUrl(url)).toBe(true)
    expect(shownAddress(url)).toBe(shown)
  })

  test.each([
    ['another word than a number as database', 'redis://h:1/abc'],
    ['the same as an option', 'redis://h:1?db=abc'],
    ['an option of the client that others depend on', 'redis://h:1?keyPrefix=a'],
    ['TLS as an option', 'redis://h:1/0?tls=true'],
    ['a port beyond the last', 'redis://h:99999'],
    ['port 0', 'redis://h:0'],
    ['spaces', 'redis://not a url'],
    ['a password with a slash', 'redis://:gehe/im@h'],
    ['a password with a slash after digits', 'redis://u:1/geheim@h'],
    ['a password with a question mark', 'redis://u:1?geheim@h'],
    ['a password with a number sign', 'redis://u:1#geheim@h'],
    ['a password with a percent sign', 'redis://:geheim%@h'],
  ])('with %s is none, and only its scheme is shown', (_, url) => {
    expect(isRedisUrl(url)).toBe(false)
    expect(shownAddress(url)).toBe('redis://…')
  })
})

describe('an address of MongoDB', () => {
  test.each([
    ['mongodb://a:1,b:2/yiwang', 'mongodb://a:1,b:2/yiwang'],
    ['mongodb://[::1]:27017/yiwang?w=1', 'mongodb://[::1]:27017/yiwang'],
    ['mongodb+srv://office:geheim@cluster.example.org/y?a=b&c=d', 'mongodb+srv://cluster.example.org/y'],
    ['mongodb://office:ge%40heim@h', 'mongodb://h'],
    ['mongodb://a:geheim==@a.example.org:10255/?ssl=true&appName=@a@', 'mongodb://a.example.org:10255/'],
    ['mongodb://%2Ftmp%2Fmongodb-27017.sock/y', 'mongodb://%2Ftmp%2Fmongodb-27017.sock/y'],
  ])('%s is shown as %s', (url, shown) => {
    expect(isMongoUrl(url)).toBe(true)
    expect(shownAddress(url)).toBe(shown)
  })

  test.each([
    ['an @ in the password', 'mongodb://u:gehe@im@h/db'],
    ['a slash in the password', 'mongodb://u:gehe/im@h/db'],
    ['a number sign in the password', 'mongodb://u:gehe#im@h/db'],
    ['a question mark in the password', 'mongodb://u:1?geheim@h/db'],
    ['a percent sign in the password', 'mongodb://u:gehe%im@h/db'],
    ['a port beyond the last', 'mongodb://h:99999/db'],
    ['spaces', 'mongodb://not a url'],
  ])('with %s is none, and only its scheme is shown', (_, url) => {
    expect(isMongoUrl(url)).toBe(false)
    expect(shownAddress(url)).toBe('mongodb://…')
  })

  test.each(['mongodb+srv://h:1/db', 'mongodb+srv://a,b/db'])('%s is none', (url) =>
    expect(isMongoUrl(url)).toBe(false),
  )
})

test('no address shows the password', () => {
  const secret = fc.stringMatching(/^[@/#?:%a-c0-9 ]{0,8}$/).map((text) => `Q${text}Z`)
  const scheme = fc.constantFrom('redis', 'rediss', 'mongodb', 'mongodb+srv', 'postgres')
  fc.assert(
    fc.property(scheme, fc.constantFrom('', 'user', '1'), secret, (of, user, password) => {
      const shown = shownAddress(`${of}://${user}:${password}@host:1/2`)
      expect(shown).not.toMatch(/[QZ]/)
    }),
  )
})
