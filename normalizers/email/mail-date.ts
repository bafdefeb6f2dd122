import { readTime } from '../time.ts'

export interface MailMoment {
  /** RFC 3339 with the sender's offset; null where it cannot be known. */
  readonly value: string | null
  readonly note: string | null
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

const form =
  /^(?:[a-z]{3,9}\.?,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2}|\d{4})[\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([+-]\d{4}|[a-z]{1,5}\b)?/i

/**
 * A date as mails carry it (RFC 5322 §3.3, with the obsolete forms), keeping the sender's offset. A time
 * without a known zone is read in `timeZone` and noted; what is no date gives null and a note.
 */
export function readMailDate(raw: string, timeZone: string): MailMoment {
  const text = raw
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .trim()
  if (text === '') return { value: null, note: null }
  const parts = form.exec(text)
  if (parts === null) return readOther(text, timeZone)
  const local = localTime(parts)
  if (local === null) return { value: null, note: 'date-unreadable' }
  const offset = offsetOf(parts[7])
  if (offset !== null) return { value: `${local}${offset}`, note: null }
  const { value } = readTime(local.replace('T', ' '), { timeZone, dateOrder: 'ymd' })
  return { value, note: value === null ? 'date-unreadable' : 'date-zone-unknown' }
}

/** `2020-09-03T08:05:00`, or null where there is no such moment. */
function localTime(parts: RegExpExecArray): string | null {
  const [, day = '', name = '', figures = '', hour = '', minute = '', second = '0'] = parts
  const month = months.indexOf(name.toLowerCase())
  const year = fullYear(figures)
  const clock = [Number(hour), Number(minute), Math.min(59, Number(second))] as const
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
  const parts = /^([+-])(\d\d)(\d\d)$/.exec(figures)
  if (parts === null || Number(parts[2]) > 14 || Number(parts[3]) > 59) return null
  const [, sign = '+', hours = '00', minutes = '00'] = parts
  return `${hours === '00' && minutes === '00' ? '+' : sign}${hours}:${minutes}`
}

/** Programs that write their own idea of a date: ISO 8601 or local forms. */
function readOther(text: string, timeZone: string): MailMoment {
  const { value } = readTime(text, { timeZone, dateOrder: null })
  return { value, note: value === null ? 'date-unreadable' : 'date-nonstandard' }
}

/** When the newest server took the mail in: the first Received field, behind its last semicolon. */
export function receivedAt(received: readonly string[] | undefined, timeZone: string): string | null {
  const newest = received?.[0]
  if (newest === undefined) return null
  return readMailDate(newest.slice(newest.lastIndexOf(';') + 1), timeZone).value
}
