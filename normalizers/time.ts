import { type DateOrder, dateExists, readDate } from './calendar-date.ts'
import { clockMs, endsSpan, readClock, readClockFigures, readOffset, readWholeClock } from './clock-time.ts'
import { cleanText, foldWidth } from './text.ts'
import { offsetAt, zonedInstant } from './zone.ts'

/** What is known of how a source writes times. */
export interface TimeOptions {
  /** IANA name; for times without an offset of their own. */
  readonly timeZone: string
  /** Null: not known, so `03/04/2020` is flagged instead of guessed. */
  readonly dateOrder: DateOrder | null
  /** Whether the workbook that a number stands in counts days from 1904. */
  readonly is1904?: boolean
}

/**
 * What was doubtful in a time.
 * - `time-unknown`: only a date was given, or its time contradicts itself; the value is its midnight.
 * - `out-of-range`: earlier than 1990 or later than 2060; beyond 1900 to 2199 the value is null.
 * - `dst-gap`, `dst-overlap`: clocks skipped this time, or struck it twice.
 * - with a null value: `day-month-unknown`, `no-year`, `no-date`, `no-such-date`, `unreadable`.
 */
export type TimeNote =
  | 'time-unknown'
  | 'out-of-range'
  | 'dst-gap'
  | 'dst-overlap'
  | 'day-month-unknown'
  | 'no-year'
  | 'no-date'
  | 'no-such-date'
  | 'unreadable'

export interface TimeReading {
  /** RFC 3339 with offset; null where none was given or it cannot be known. */
  readonly value: string | null
  readonly note: TimeNote | null
}

interface LocalTime {
  /** Milliseconds, as if the clock's own zone were UTC. */
  readonly localMs: number
  /** Minutes east of UTC where the text says so. */
  readonly offset: number | null
  readonly isTimeKnown: boolean
}

const dayMs = 86_400_000
/** Day 0 of Excel's 1904 system in its 1900 system. */
const daysTo1904 = 1462
const minuteMs = 60_000
const plausible = { from: Date.UTC(1990, 0), until: Date.UTC(2061, 0) }
const possible = { from: Date.UTC(1900, 0), until: Date.UTC(2200, 0) }
const maxLength = 100

/**
 * Reads a time in the forms that spreadsheets and clerks produce: ISO 8601, `2020/9/3 8:05`, `2020.9.3`,
 * `20200903080500`, `10/26/2016 3:04 PM`, `8:05 2020/9/3`, `3-Sep-2020`, Oracle's `03-9月 -20 08.05.00.000000 上午`, `Thu Sep 03 08:05:00 CST 2020`,
 * `2020年9月3日下午约3点`, serial numbers of Excel (to the second), and seconds or milliseconds since the
 * epoch. Times without an offset get the zone's; an offset that is given stays.
 */
export function readTime(raw: string | number | boolean | null, options: TimeOptions): TimeReading {
  if (raw === null || typeof raw === 'boolean') return { value: null, note: null }
  if (typeof raw === 'number' && raw < 1e6)
    return finish(readSerial(options.is1904 === true && raw >= 1 ? raw + daysTo1904 : raw), options)
  const text = String(raw)
  const iso = text.length <= maxLength ? readIso(text) : null
  if (iso) return finish(iso, options)
  return readLoosely(foldWidth(cleanText(text)), options)
}

/**
 * A date and a time of day from two cells as one time. Null where the date has a time of its own, or the two make none.
 *
 * @param clock a cell that is read as `no-date`
 */
export function joinTimes(
  date: TimeReading,
  clock: string | number | boolean,
  options: TimeOptions,
): TimeReading | null {
  if (date.value?.slice(10, 19) !== 'T00:00:00') return null
  const text =
    typeof clock === 'number'
      ? new Date(Math.round(clock * 86_400) * 1000).toISOString().slice(11, 19)
      : clock
  const joined = readTime(`${date.value.slice(0, 10)} ${text}`, options)
  return joined.value === null || joined.note === 'time-unknown' ? null : joined
}

/** RFC 3339 in the zone's own time, for an instant in milliseconds since the epoch. */
export function formatInstant(instantMs: number, timeZone: string): string {
  return format(instantMs, offsetAt(instantMs, timeZone))
}

function readLoosely(text: string, options: TimeOptions): TimeReading {
  if (/^[-—–/\\.0:\s]*$|^(?:无|空|未知|不详|null|none|n\/a|nan)$/i.test(text))
    return { value: null, note: null }
  if (text.length > maxLength) return { value: null, note: 'unreadable' }
  if (!/^\d+(?:\.\d+)?$/.test(text)) return finish(readIso(text) ?? readWritten(text, options), options)
  const epochMs = readEpoch(text)
  if (epochMs !== null) return { value: formatInstant(epochMs, options.timeZone), note: null }
  return finish(readFigures(text), options)
}

const isoLike =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/** The commonest forms by one expression; null where the text has another. */
function readIso(text: string): LocalTime | TimeNote | null {
  const match = isoLike.exec(text)
  if (!match || match[1] === '0000') return null
  const [, year, , month, day, hour, minute, second, fraction, zone] = match
  if (zone !== undefined && endsSpan(text, zone)) return null
  const ms = hour === undefined ? 0 : clockMs(Number(hour), Number(minute), Number(second ?? 0), fraction)
  if (ms === null) return 'unreadable'
  const offset = zone === undefined ? null : zone.length === 1 ? 0 : readOffset(zone)
  return local(Number(year), Number(month), Number(day), { ms, offset }, hour !== undefined)
}

/**
 * `Mar 01 15:05:06 CST 2026`, as Java writes a date that nobody formatted. CST names China's time as well as others:
 * it is the clock of the system, and so of the source.
 */
const yearLast =
  /^([a-z]{3,9} \d{1,2}) (\d{1,2}:\d\d:\d\d) (?:CST |((?:GMT|UTC)(?:[+-]\d\d:?\d\d)?) )?(\d{4})$/i

/** `09  3 2020  8:05AM`, as SQL Server in Chinese writes a date that nobody formatted; once the spaces are single. */
const monthFirst = /^(\d\d) (\d{1,2}) (\d{4}) (\d{1,2}:\d\d(?::\d\d)?)(?::\d{3})?([AP]M)$/

/** How Oracle writes a time of day, and DB2 behind a hyphen. */
const dotted = /^(?: |-(?=[\d.]{8}\.\d{6}$))(\d{1,2})\.(\d\d)\.(\d\d)(?!\d)/

function readWritten(raw: string, options: TimeOptions): LocalTime | TimeNote {
  // A lunar date is weeks apart from the other of the same figures, a year of the Republic decades.
  if (/[农農阴陰旧舊][历曆]|民[国國]/.test(raw)) return 'unreadable'
  const text = numeralsToFigures(raw)
    .replace(
      /(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]|大?[约概]在?|\bat\b|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?/gi,
      ' ',
    )
    .replace(/\([^()]*\)|,/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(yearLast, '$1 $4 $2 $3')
    .replace(monthFirst, '$3-$1-$2 $4 $5')
  const date = readDate(text, options.dateOrder)
  if (date === 'unreadable') return readClock(text) ? 'no-date' : 'unreadable'
  if (typeof date === 'string') return date
  const rest = date.rest.replace(dotted, ' $1:$2:$3')
  const behind = readClock(rest)
  if (behind === 'impossible') return 'unreadable'
  const clock = behind ?? readClockFigures(rest) ?? readWholeClock(date.before)
  return local(date.year, date.month, date.day, clock ?? { ms: 0, offset: null }, clock !== null)
}

/** Figures without any separator: 44077.33, 20200903, 20200903080500. */
function readFigures(text: string): LocalTime | TimeNote {
  if (/^\d{5}(?:\.\d+)?$/.test(text)) {
    const serial = readSerial(Number(text))
    return typeof serial !== 'string' && isWithin(serial.localMs, plausible) ? serial : 'unreadable'
  }
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d{3})?)?)?)?$/.exec(text)
  if (!match) return 'unreadable'
  const [, year, month, day, hour, minute, second, fraction] = match
  const ms = clockMs(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), fraction)
  if (ms === null) return 'unreadable'
  return local(Number(year), Number(month), Number(day), { ms, offset: null }, hour !== undefined)
}

/** Seconds from 10 figures, milliseconds from 13; null where the figures spell a date or nothing of ours. */
function readEpoch(text: string): number | null {
  const [whole = '', fraction] = text.split('.')
  const ms = whole.length === 10 ? Number(text) * 1000 : whole.length === 13 ? Number(whole) : Number.NaN
  if (!isWithin(ms, plausible)) return null
  // From 2033 on, seconds look like 2033051803: a date with its hour is then the likelier reading.
  const spelled = fraction === undefined && typeof readFigures(whole) !== 'string'
  return spelled ? null : Math.round(ms)
}

/** Day 60 of the 1900 system is the 29 February 1900 that never was; Excel keeps it for Lotus 1-2-3. */
function readSerial(serial: number): LocalTime | TimeNote {
  if (serial <= 0) return 'unreadable'
  if (serial < 1) return 'no-date'
  if (Math.floor(serial) === 60) return 'no-such-date'
  const first = Date.UTC(1899, 11, serial < 60 ? 31 : 30)
  const localMs = first + Math.round(serial * 86_400) * 1000
  return { localMs, offset: null, isTimeKnown: localMs % dayMs !== 0 }
}

function local(
  year: number,
  month: number,
  day: number,
  clock: { readonly ms: number; readonly offset: number | null },
  isTimeKnown: boolean,
): LocalTime | TimeNote {
  // Below 100 is a year of the last century to Date.
  if (year < 1900) return 'out-of-range'
  if (!dateExists(year, month, day)) return 'no-such-date'
  return { localMs: Date.UTC(year, month - 1, day) + clock.ms, offset: clock.offset, isTimeKnown }
}

function finish(reading: LocalTime | TimeNote, options: TimeOptions): TimeReading {
  if (typeof reading === 'string') return { value: null, note: reading }
  const { localMs, offset, isTimeKnown } = reading
  if (!isWithin(localMs, possible)) return { value: null, note: 'out-of-range' }
  const zoned = offset === null ? zonedInstant(localMs, options.timeZone) : null
  const instantMs = zoned?.instantMs ?? localMs - (offset ?? 0) * minuteMs
  const offsetMs = zoned?.irregular === 'gap' ? offsetAt(instantMs, options.timeZone) : localMs - instantMs
  const doubt = !isWithin(localMs, plausible) ? 'out-of-range' : isTimeKnown ? null : 'time-unknown'
  const irregular = zoned?.irregular ? (`dst-${zoned.irregular}` as const) : null
  return { value: format(instantMs, offsetMs), note: doubt ?? irregular }
}

/** RFC 3339 has no seconds in offsets: local mean times before railways are rounded, the instant kept. */
function format(instantMs: number, offsetMs: number): string {
  const minutes = Math.round(offsetMs / minuteMs)
  const local = new Date(instantMs + minutes * minuteMs).toISOString()
  const size = Math.abs(minutes)
  const hours = String(Math.floor(size / 60)).padStart(2, '0')
  const offset = `${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`
  return (local.endsWith('.000Z') ? local.slice(0, 19) : local.slice(0, 23)) + offset
}

function isWithin(ms: number, range: { readonly from: number; readonly until: number }): boolean {
  return ms >= range.from && ms < range.until
}

/** What a unit follows, or an hour precedes: 十点二十. */
const numerals =
  /(?<=[点點时時])[零一二三四五六七八九十]+(?=\d|[\s,.。;；]|左右|许|$)|[〇○零一二三四五六七八九十廿]+(?=[年月日号號时時点點分秒刻])/g

/** 二〇二〇年九月三日 as 2020年9月3日; other numerals stay. */
function numeralsToFigures(text: string): string {
  return text
    .replace('元月', '1月')
    .replace(/两(?=[点點时時])/g, '2')
    .replace(numerals, (numeral) => {
      const spelled = numeral.replace('廿', '二十')
      if (!spelled.includes('十')) return [...spelled].map(figure).join('')
      const [tens = '', ones = ''] = spelled.split('十')
      return String((tens === '' ? 1 : figure(tens)) * 10 + (ones === '' ? 0 : figure(ones)))
    })
}

function figure(numeral: string): number {
  return '〇一二三四五六七八九'.indexOf(numeral.replace(/[○零]/, '〇'))
}
