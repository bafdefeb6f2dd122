import { expect, it, vi } from 'vitest'
import { alarmOf, SilenceWatch, silenceOf } from './silence.ts'
import type { ArrivalDay } from './stores/store.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const monday = Date.parse('2026-03-02T00:00:00+08:00')
const source = { id: 'mail', quietAfter: 'usual' } as const

/** Days with items from 9 to 17 o'clock, given as days after that Monday, newest first. */
function daysAt(offsets: readonly number[]): ArrivalDay[] {
  const at = (offset: number, hour: number) => new Date(monday + offset * dayMs + hour * hourMs).toISOString()
  return offsets
    .map((offset) => ({ day: at(offset, 12).slice(0, 10), firstAt: at(offset, 9), lastAt: at(offset, 17) }))
    .reverse()
}

const every = (count: number, apart = 1) => Array.from({ length: count }, (_, index) => index * apart)
const workingDays = every(40).flatMap((day) => (day % 7 < 5 ? [day] : []))
/** Hours after which the silence that follows the last of these days is too long; null: never. */
function allowedAfter(offsets: readonly number[]): number | null {
  return silenceOf(source, daysAt(offsets), monday + 99 * dayMs).allowedHours
}

it('a source that brings something each day is too quiet after a day and no sooner', () => {
  const days = daysAt(every(10))
  const last = monday + 9 * dayMs + 17 * hourMs
  expect(silenceOf(source, days, last + dayMs)).toMatchObject({ hours: 24, allowedHours: 24, tooLong: false })
  expect(silenceOf(source, days, last + dayMs + 1)).toMatchObject({ hours: 25, tooLong: true })
})

it('weekends are usual for a source that rests on them', () => {
  expect(allowedAfter(workingDays)).toBe(96)
})

it('one outage in many pauses does not become what is usual; the longest of few does', () => {
  expect(allowedAfter([...every(30), ...every(9).map((day) => day + 40)])).toBe(24)
  expect(allowedAfter([0, 7, 14, 21, 42])).toBe(Math.floor((21 * 24 - 8) * 1.5))
})

it('a pause of up to a day is never too long, as pauses within a day are not known', () => {
  const days = every(10).map((day) => ({
    day: new Date(monday + day * dayMs + hourMs).toISOString().slice(0, 10),
    firstAt: new Date(monday + day * dayMs).toISOString(),
    lastAt: new Date(monday + (day + 1) * dayMs - 1).toISOString(),
  }))
  expect(silenceOf(source, days.reverse(), monday + 9 * dayMs).allowedHours).toBe(24)
})

it('of a source that has brought something on few days nothing is said', () => {
  expect(allowedAfter([0, 1, 2, 3])).toBeNull()
  expect(silenceOf(source, [], monday)).toEqual({
    ...{ sourceId: 'mail', lastAt: null, hours: null, allowedHours: null, tooLong: false },
  })
})

it('what is configured counts, and no more than that', () => {
  const days = daysAt([0])
  const later = monday + 3 * dayMs
  expect(silenceOf({ ...source, quietAfter: 12 * hourMs }, days, later)).toMatchObject({
    allowedHours: 12,
    tooLong: true,
  })
  const never = silenceOf({ ...source, quietAfter: 'never' }, daysAt(every(10)), later + 99 * dayMs)
  expect(never).toMatchObject({ allowedHours: null, tooLong: false })
})

it('a clock that was set back makes no silence', () => {
  expect(silenceOf(source, daysAt(every(10)), monday)).toMatchObject({ hours: 0, tooLong: false })
})

it('what came while the clock was far ahead hides no silence, and is no pause that is usual', () => {
  const days = [...daysAt([365]), ...daysAt(every(10))]
  const last = monday + 9 * dayMs + 17 * hourMs
  expect(silenceOf(source, days, last + 2 * dayMs)).toMatchObject({
    ...{ lastAt: new Date(last).toISOString(), hours: 48, allowedHours: 24, tooLong: true },
  })
})

it('only a silence that is too long is an alarm, which names the source, since when, and what it should be', () => {
  const days = daysAt(every(10))
  const last = monday + 9 * dayMs + 17 * hourMs
  expect(alarmOf(silenceOf(source, days, last))).toBeNull()
  expect(alarmOf(silenceOf(source, days, last + 30 * hourMs))).toMatchObject({
    code: 'SOURCE_QUIET',
    details: { source: 'mail', lastAt: days[0]?.lastAt, hours: 30, allowedHours: 24 },
  })
})

it('a silence is told once a day, and the next one as soon as it is too long', async () => {
  let hour = 0
  const quiet = silenceOf({ ...source, quietAfter: hourMs }, daysAt([0]), monday + 2 * dayMs)
  const watch = new SilenceWatch(
    async () => quiet,
    () => monday + hour * hourMs,
  )
  const told: number[] = []
  const pullAt = async (at: number, added = 0) => {
    hour = at
    if ((await watch.afterPull('mail', added)) !== null) told.push(at)
  }
  for (const at of [0, 1, 23, 24, 25]) await pullAt(at)
  expect(told).toEqual([0, 24])
  await pullAt(26, 1)
  await pullAt(27)
  expect(told).toEqual([0, 24, 27])
})

it('a silence that was not too long yet is told as soon as it is', async () => {
  let now = monday + 17 * hourMs
  const silence = async () => silenceOf({ ...source, quietAfter: 2 * hourMs }, daysAt([0]), now)
  const watch = new SilenceWatch(silence, () => now)
  const codes: (string | undefined)[] = []
  for (; now <= monday + 20 * hourMs; now += hourMs) codes.push((await watch.afterPull('mail', 0))?.code)
  expect(codes).toEqual([undefined, undefined, undefined, 'SOURCE_QUIET'])
})

it('the store is not asked at each of many pulls', async () => {
  const ask = vi.fn(async () => silenceOf(source, [], monday))
  let now = monday
  const watch = new SilenceWatch(ask, () => now)
  for (; now < monday + hourMs; now += 10_000) await watch.afterPull('mail', 0)
  expect(ask).toHaveBeenCalledTimes(6)
})
