import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { SourceBackoff } from './source-backoff.ts'

const redis = new Redis(inject('redisUrl'))
afterAll(() => redis.quit())

let now = 0
let prefix = ''
let serial = 0
const process1 = () => new SourceBackoff(redis, prefix, () => now)
const process2 = process1

beforeEach(() => {
  now = 1_800_000_000_000
  serial += 1
  prefix = `backoff-test-${process.pid}-${serial}`
})

describe('SourceBackoff', () => {
  it('holds a source for all processes until its time has come, and doubles it', async () => {
    expect(await process1().heldUntil('a')).toBeNull()
    const first = await process1().failed('a', 'auth', 1)
    expect(first).toEqual({ failures: 1, heldUntil: now + 60_000 })
    expect(await process2().heldUntil('a')).toBe(first.heldUntil)
    expect(await process2().heldUntil('b')).toBeNull()
    expect(await new SourceBackoff(redis, `${prefix}-other`, () => now).heldUntil('a')).toBeNull()
    now = first.heldUntil
    expect(await process2().heldUntil('a')).toBeNull()
    expect(await process2().isFailing('a')).toBe(true)
    expect(await process2().failed('a', 'auth', 1)).toEqual({ failures: 2, heldUntil: now + 120_000 })
  })

  it('forgets when the source was pulled, and when the last failure is long ago', async () => {
    for (let time = 0; time < 9; time += 1) await process1().failed('a', 'auth', 1)
    now += 2 * 15 * 60_000 + 1
    expect((await process1().failed('a', 'auth', 1)).failures).toBe(1)
    await process2().succeeded('a')
    expect([await process1().heldUntil('a'), await process1().isFailing('a')]).toEqual([null, false])
  })

  it('holds no source longer than a minute whose login was not refused', async () => {
    for (let time = 0; time < 20; time += 1) await process1().failed('a', 'transient', 1)
    expect(await process1().heldUntil('a')).toBe(now + 60_000)
  })

  it('holds back a pull at once for what failed after it was asked for, and for nothing before', async () => {
    const { heldUntil } = await process1().failed('a', 'auth', 1)
    expect(await process2().heldUntil('a', now + 1)).toBeNull()
    expect(await process2().heldUntil('a', now)).toBe(heldUntil)
  })

  it('holds nothing when the clock was set back', async () => {
    await process1().failed('a', 'auth', 1)
    now -= 86_400_000
    expect(await process1().heldUntil('a')).toBeNull()
  })
})
