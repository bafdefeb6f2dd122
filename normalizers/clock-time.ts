const hourMs = 3_600_000
const minuteMs = 60_000

/** A time of day. */
export interface ClockTime {
  /** Milliseconds since midnight, at most a whole day (24:00). */
  readonly ms: number
  /** Minutes east of UTC where the text says so. */
  readonly offset: number | null
}

const marker =
  '上午|下午|中午|凌晨|清晨|早晨|早上|清早|午后|傍晚|黄昏|晚上|晚间|夜里|夜间|夜晚|深夜|半夜|晚|夜|早|[ap]\\.?m\\.?(?![a-z])'
const clock = new RegExp(
  `^[\\sT,]*[-_]?(${marker})?\\s*(\\d{1,2})\\s*([:时時点點])\\s*` +
    '(?:([13])\\s*刻|(\\d{1,2})\\s*(?:[:分]\\s*(?:(\\d{1,2})(?:[.,](\\d{1,9}))?\\s*秒?)?)?|(半)|整)?' +
    `\\s*(${marker})?\\s*(?:((?:GMT|UTC)\\s*[+-]\\d{1,2}(?::?\\d{2})?|[+-]\\d{2}(?::?\\d{2})?)(?![:\\d])|(Z|GMT|UTC))?`,
  'i',
)

const figures = /^[\sT]+(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i

/**
 * Reads a time of day in figures alone, hours to seconds, behind a date: ` 080500`, or `T000500Z` as the basic form of
 * ISO 8601 has it. Null: there is none that a clock shows.
 */
export function readClockFigures(text: string): ClockTime | null {
  const [, hour, minute, second = '0', fraction, zone] = figures.exec(text) ?? []
  const ms = hour === undefined ? null : clockMs(Number(hour), Number(minute), Number(second), fraction)
  if (ms === null) return null
  if (zone === undefined || endsSpan(text, zone)) return { ms, offset: null }
  return { ms, offset: zone.length === 1 ? 0 : readOffset(zone) }
}

/** Reads a time of day that is all of a text. Null: it is not, or something else stands there as well. */
export function readWholeClock(text: string): ClockTime | null {
  const [found] = clock.exec(text) ?? []
  const reading = found?.trim() === text.trim() ? readClock(text) : null
  return reading === 'impossible' ? null : reading
}

/**
 * Reads the time of day that a text begins with. Null: there is none, or words and figures disagree
 * (`上午15点`, `晚上12点`). `impossible`: there is one, and no clock shows it.
 */
export function readClock(text: string): ClockTime | 'impossible' | null {
  const match = clock.exec(text)
  if (!match) return null
  const [
    ,
    before,
    hourText,
    separator,
    quarters,
    minuteText,
    secondText,
    fraction,
    half,
    after,
    offset,
    utc,
  ] = match
  const word = (before ?? after ?? '').toLowerCase().replaceAll('.', '')
  // Programs write 上午12:05 for 00:05; a clerk's 上午12点 may be noon.
  const hour = hourOfDay(Number(hourText), word === '上午' && separator === ':' ? 'am' : word)
  if (hour === null) return null
  const minute = half ? 30 : quarters ? Number(quarters) * 15 : Number(minuteText ?? 0)
  const second = Number(secondText ?? 0)
  const ms = clockMs(hour, minute, second, fraction)
  if (ms === null) return 'impossible'
  return { ms, offset: offset && !endsSpan(match[0], offset) ? readOffset(offset) : utc ? 0 : null }
}

/**
 * Whether what looks like an offset ends a span of time, as in `9:00-11:00`: programs write one to the west of Greenwich
 * only behind seconds, a T, GMT or UTC.
 *
 * @param text the time of day, the offset included
 */
export function endsSpan(text: string, offset: string): boolean {
  return offset.startsWith('-') && !/T|\d:\d+:\d/i.test(text)
}

/** Milliseconds since midnight; null where no clock shows it. A leap second counts as the next minute. */
export function clockMs(hour: number, minute: number, second: number, fraction = ''): number | null {
  if (minute > 59 || second > 60) return null
  const thousandths = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const ms = hour * hourMs + minute * minuteMs + second * 1000 + thousandths
  return ms > 24 * hourMs ? null : ms
}

/** Minutes east of UTC of `+08:00`, `+0800`, `+08` or `GMT+8`; null beyond the fourteen hours that exist. */
export function readOffset(text: string): number | null {
  const [, sign, hours, minutes = '0'] = /([+-])(\d{1,2}):?(\d\d)?$/.exec(text) ?? []
  const size = Number(hours) * 60 + Number(minutes)
  if (size > 14 * 60) return null
  return sign === '-' ? -size : size
}

function hourOfDay(hour: number, word: string): number | null {
  if (word === '') return hour
  if (/上午|早|清晨/.test(word)) return hour < 12 ? hour : null
  if (word === '凌晨' || word === 'am') return hour < 12 ? hour : hour === 12 ? 0 : null
  if (word === '中午') return hour === 11 || hour === 12 ? hour : hour === 1 || hour === 2 ? hour + 12 : null
  if (hour > 12) return hour < 24 ? hour : null
  const isEvening = /晚|夜/.test(word)
  if (hour === 12) return isEvening ? null : 12
  return hour > (isEvening ? 4 : 0) ? hour + 12 : null
}
