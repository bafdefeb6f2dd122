import { InvalidArgumentError } from 'commander'
import { YiwangError } from '../../config/errors.ts'
import { zonedInstant } from '../../normalizers/zone.ts'

/** A list stands in memory as a whole, and cannot be stopped while it is read. */
const mostListed = 100_000

/** How much a list shows, as an option gives it. */
export function listLength(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > mostListed)
    throw new InvalidArgumentError(`1, 2, 3 … ${mostListed}`)
  return number
}

/** The id of an incident; under another text there would only ever be no tickets. */
export function incidentId(text: string): string {
  if (!/^I-[0-9A-Z]{26}$/.test(text)) throw new InvalidArgumentError('I-…')
  return text
}

/**
 * From when on: a day in the configured zone, a time with its offset, or how long before now: `7d`, `12h`.
 * @throws YiwangError TIME_UNREADABLE
 */
export function sinceOf(text: string, timeZone: string, now: number): number {
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(text) ?? []
  if (count === undefined) return instant(text, timeZone)
  return now - Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000)
}

/** Up to when: a day in the configured zone with its last moment, or a time with its offset. @throws YiwangError TIME_UNREADABLE */
export function untilOf(text: string, timeZone: string): number {
  // Of a day whose last hour comes twice, up to the end of the second.
  return text.length > 10 ? instant(text, timeZone) : instant(text, timeZone, 86_400_000) - 1
}

/** A day in the configured zone (its first moment, or so many milliseconds later on its clocks), or a time with its offset. */
function instant(text: string, timeZone: string, later = 0): number {
  const at = Date.parse(text)
  if (
    Number.isNaN(at) ||
    !isDay(text.slice(0, 10)) ||
    !/^\d{4}-\d\d-\d\d($|T.*(Z|[+-]\d\d:\d\d)$)/.test(text)
  )
    throw new YiwangError('TIME_UNREADABLE', { text })
  return text.length > 10 ? at : zonedInstant(at + later, timeZone).instantMs
}

/** Whether the calendar has this day: 30 February is not the 2nd of March. */
function isDay(text: string): boolean {
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
