/** The order of day and month where a source writes them in figures and the year does not come first. */
export type DateOrder = 'ymd' | 'mdy' | 'dmy'

/** A date that the Gregorian calendar has, and the text around it. */
export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
  /** What stands before it; a time of day, perhaps. */
  readonly before: string
  /** What the text goes on with; a time of day, perhaps. */
  readonly rest: string
}

/** Why a text gives no date. */
export type DateProblem = 'day-month-unknown' | 'no-year' | 'no-such-date' | 'unreadable'

const months: readonly string[] = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
]
const monthName = `(${months.join('|')})[a-z]*\\.?`

const han = /(?<!\d)(\d{4}|\d{2}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]?/
const yearFirst = /(?<!\d)(\d{4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?!\d)(?: ?[日号號])?/
const compact = /^(\d{4})(\d{2})(\d{2})(?!\d)/
const yearOpen = /(?<![\d:])(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{1,2})(?![\d:])/
const dayMonthName = new RegExp(
  `(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?[- ]?${monthName}[- ]?(\\d{4}|\\d{2})(?!\\d)`,
  'i',
)
const monthNameDay = new RegExp(`${monthName} ?(\\d{1,2})(?:st|nd|rd|th)? (\\d{4})(?!\\d)`, 'i')
/** Oracle's `25-9月 -20`. */
const dayHanMonth = /(?<!\d)(\d{1,2})-(\d{1,2}) ?月 ?-(\d{4}|\d{2})(?!\d)/
const yearless = /\d{1,2} ?月 ?\d{1,2} ?[日号號]?|^\d{1,2}[-/]\d{1,2}(?![-/\d])/

/** Finds the one date of a cell, width folded, weekdays removed. */
export function readDate(text: string, order: DateOrder | null): CalendarDate | DateProblem {
  const named = han.exec(text)
  if (named) return checked(text, named, named[1], named[2], named[3])
  const first = yearFirst.exec(text)
  if (first) return checked(text, first, first[1], first[3], first[4])
  const packed = compact.exec(text)
  if (packed) return checked(text, packed, packed[1], packed[2], packed[3])
  const english = dayMonthName.exec(text)
  if (english) return checked(text, english, english[3], monthNumber(english[2]), english[1])
  const american = monthNameDay.exec(text)
  if (american) return checked(text, american, american[3], monthNumber(american[1]), american[2])
  const oracle = dayHanMonth.exec(text)
  if (oracle) return checked(text, oracle, oracle[3], oracle[2], oracle[1])
  // Last of all: a time of day such as Oracle's 04.28.28 looks like it.
  const open = yearOpen.exec(text)
  if (open) return ordered(text, open, order)
  return yearless.test(text) ? 'no-year' : 'unreadable'
}

/** Whether the Gregorian calendar has this date. */
export function dateExists(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Takes the only reading that is a date, else the configured one, else none. */
function ordered(text: string, match: RegExpExecArray, order: DateOrder | null): CalendarDate | DateProblem {
  const [, first, , second, third] = match
  const canEnd = third?.length !== 1
  const canBegin = first?.length === 2
  const readings: Record<DateOrder, CalendarDate | DateProblem> = {
    mdy: canEnd ? checked(text, match, third, first, second) : 'no-such-date',
    dmy: canEnd ? checked(text, match, third, second, first) : 'no-such-date',
    ymd: canBegin ? checked(text, match, first, second, third) : 'no-such-date',
  }
  const possible = Object.values(readings).filter((reading) => typeof reading !== 'string')
  const [only] = possible
  if (!only) return 'no-such-date'
  if (possible.every((reading) => isSameDay(reading, only))) return only
  const wanted = order === null ? 'day-month-unknown' : readings[order]
  return wanted === 'no-such-date' ? 'day-month-unknown' : wanted
}

function isSameDay(one: CalendarDate, other: CalendarDate): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day
}

function checked(
  text: string,
  match: RegExpExecArray,
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
): CalendarDate | DateProblem {
  const year = fullYear(yearText ?? '')
  const month = Number(monthText)
  const day = Number(dayText)
  if (!dateExists(year, month, day)) return 'no-such-date'
  const rest = text.slice(match.index + match[0].length)
  return { year, month, day, before: text.slice(0, match.index), rest }
}

/** Two figures are read as Excel reads them: 30 to 99 in the last century, 00 to 29 in this. */
function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  return year + (year >= 30 ? 1900 : 2000)
}

function monthNumber(name: string | undefined): string {
  return String(months.indexOf(name?.toLowerCase() ?? '') + 1)
}
