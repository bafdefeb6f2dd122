import type { Note } from '../notes.ts'
import { readTime } from '../time.ts'

/** What a Date field says. */
export interface MailMoment {
  /** RFC 3339 with the sender's offset; null where it cannot be known. */
  readonly value: string | null
  readonly note: Note | null
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
/** RFC 5322 §4.3. CST is left out: it is also China's own. */
const zones: Readonly<Record<string, string>> = {
  UT: '+0000',
  UTC: '+0000',
  GMT: '+0000',
  Z: '+0000',
  EST: '-0500',
  EDT: '-0400',
  CDT: '-0500',
  MST: '-0700',
  MDT: '-0600',
  PST: '-0800',
  PDT: '-0700',
  HKT: '+0800',
  JST: '+0900',
  KST: '+0900',
}

const dayMs = 86_400_000
/** Servers give a mail up after five days; what took longer was sent again, or dated by a clock that was wrong. */
const longUnderWayMs = 7 * dayMs
/** Clocks that were never set begin in 1970 or 1980. */
const earliestMs = Date.UTC(1990)
const maxDates = 5

/** As programs write it whose language is Chinese: 星期二, 5 三月 2024. */
const chineseWeekday = /^(?:星期|周|週)[一二三四五六日天][,，]?\s*/
const chineseMonth = /^((?:[a-z]{3},?\s+)?\d{1,2}\s+)(\d{1,2}|[一二三四五六七八九]|十[一二]?)月(?=\s)/i
const chineseMonths = '一 二 三 四 五 六 七 八 九 十 十一 十二'.split(' ')

const form =
  /^(?:[a-z]{3,9}\.?,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2}|\d{4})[\s,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?m\b\.?)?\s*((?:GMT|UTC)?\s?[+-]\d\d(?::?\d\d)?\b|(?:GMT|UTC)[+-]\d{1,2}\b|[a-z]{1,5}\b)?/i

/** What C's `asctime` and the command `date` write: the year last. */
const yearLast =
  /^[a-z]{3},?\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s+([a-z]{1,5}|[+-]\d{4}))?\s+(\d{4})\b/i

/**
 * A date as mails carry it (RFC 5322 §3.3, with the obsolete forms), keeping the sender's offset. A time
 * without a known zone is read in `timeZone` and noted; what is no date gives null and a note.
 */
export function readMailDate(raw: string, timeZone: string): MailMoment {
  const text = raw
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .trim()
    .replace(chineseWeekday, '')
    .replace(chineseMonth, (_, day: string, month: string) => day + englishMonth(month))
    .replace(yearLast, '$2 $1 $5 $3 $4')
  if (text === '') return { value: null, note: null }
  const parts = form.exec(text)
  if (parts === null) return readOther(text, timeZone)
  const local = localTime(parts)
  if (local === null) return { value: null, note: 'date-unreadable' }
  const offset = offsetOf(parts[8])
  if (offset !== null) return { value: `${local}${offset}`, note: null }
  const { value } = readTime(local.replace('T', ' '), { timeZone, dateOrder: 'ymd' })
  return { value, note: value === null ? 'date-unreadable' : 'date-zone-unknown' }
}

function englishMonth(chinese: string): string {
  const number = Number(chinese) || chineseMonths.indexOf(chinese) + 1
  return months[number - 1] ?? chinese
}

/** `2020-09-03T08:05:00`, or null where there is no such moment. */
function localTime(parts: RegExpExecArray): string | null {
  const [, day = '', name = '', figures = '', hour = '', minute = '', second = '0'] = parts
  const month = months.indexOf(name.toLowerCase())
  const year = fullYear(figures)
  const half = parts[7]?.toLowerCase()
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'p' ? 12 : 0)
  const clock = [hours, Number(minute), Math.min(59, Number(second))] as const
  if (month < 0 || year < 1970 || year > 2199 || clock[0] > 23 || clock[1] > 59 || Number(second) > 60)
    return null
  const date = new Date(Date.UTC(year, month, Number(day), ...clock))
  return date.getUTCDate() === Number(day) ? date.toISOString().slice(0, 19) : null
}

/** RFC 5322 §4.3: two figures below 50 belong to this century. */
function fullYear(figures: string): number {
  const year = Number(figures)
  return figures.length === 4 ? year : year < 50 ? 2000 + year : 1900 + year
}

function offsetOf(zone: string | undefined): string | null {
  const figures = zones[zone?.toUpperCase() ?? ''] ?? zone ?? ''
  const parts = /^(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d\d)?$/i.exec(figures)
  if (parts === null || Number(parts[2]) > 14 || Number(parts[3] ?? 0) > 59) return null
  const [, sign = '+', figure = '00', minutes = '00'] = parts
  const hours = figure.padStart(2, '0')
  return `${hours === '00' && minutes === '00' ? '+' : sign}${hours}:${minutes}`
}

/** Programs that write their own idea of a date: ISO 8601 or local forms. */
function readOther(text: string, timeZone: string): MailMoment {
  const { value } = readTime(text, { timeZone, dateOrder: null })
  return { value, note: value === null ? 'date-unreadable' : 'date-nonstandard' }
}

/** The first of several Date fields that can be read; RFC 5322 allows one, and some gateways add a second. */
function firstReadable(
  dates: readonly string[],
  timeZone: string,
): MailMoment & { readonly several: boolean } {
  const read = dates.slice(0, maxDates).map((raw) => readMailDate(raw, timeZone))
  const at = Math.max(
    0,
    read.findIndex(({ value }) => value !== null),
  )
  return { ...(read[at] ?? { value: null, note: null }), several: at > 0 }
}

/** When a mail was sent, as far as can be believed beside when it was received. */
export interface SentMoment {
  readonly value: string | null
  readonly from: 'Date' | 'Received'
  readonly notes: readonly Note[]
}

/**
 * When a mail was sent: by its Date fields, or where that cannot be, more than a day after a server took it in
 * or before there was such mail, by when it was received.
 */
export function sentAt(dates: readonly string[], received: string | null, timeZone: string): SentMoment {
  const { value, note, several } = firstReadable(dates, timeZone)
  const notes: Note[] = note === null ? [] : [note]
  if (several) notes.push('date-several')
  if (value === null) return { value, from: 'Date', notes }
  const sentMs = Date.parse(value)
  const receivedMs = received === null ? Number.NaN : Date.parse(received)
  if (sentMs < earliestMs || sentMs > receivedMs + dayMs)
    return {
      value: receivedMs >= earliestMs ? received : null,
      from: 'Received',
      notes: [...notes, 'date-impossible'],
    }
  const isOld = receivedMs - sentMs > longUnderWayMs
  return { value, from: 'Date', notes: isOld ? [...notes, 'date-long-before-received'] : notes }
}

/** When the newest server took the mail in: the first Received field, behind its last semicolon. */
export function receivedAt(received: readonly string[] | undefined, timeZone: string): string | null {
  const newest = received?.[0]
  if (newest === undefined) return null
  return readMailDate(newest.slice(newest.lastIndexOf(';') + 1), timeZone).value
}
