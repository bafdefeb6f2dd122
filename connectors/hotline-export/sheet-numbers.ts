import type { Cell } from './raw-row.ts'

/** The last day that Excel knows, 31 December 9999. */
const lastSerial = 2_958_466
/** Day 60 of the 1900 system is the 29 February 1900 that never was. */
const noDay = 60
/** The most that Excel takes; what lies beyond would be looked through for each style. */
const maxFormatLength = 255

/**
 * Number formats without a code of their own that show dates (ECMA-376 Part 1, 18.8.30); 27 to 36 and 50 to 58 are
 * those of Chinese, Japanese and Korean.
 */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
}

/** Whether a cell of this number format shows a date or a time; `code` where the file has one for it. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id)
  const figures = code
    .slice(0, maxFormatLength)
    .replace(/"[^"]*"?|\\.|[_*]./gs, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]|general/gi, '')
    .split(';')[0]
  return /[ymdhs]|e(?![+-])|上午/i.test(figures ?? '')
}

/**
 * The day and time that a sheet's serial number means, to the second, as its wall clock shows it; below 1 a time of
 * day. A number that means none stays a number: Excel shows a phone in a column of dates as ####.
 */
export function serialCell(serial: number, is1904: boolean): Cell {
  if (!(serial >= 0 && serial < lastSerial) || (!is1904 && Math.floor(serial) === noDay)) return serial
  const first = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < noDay ? 31 : 30)
  const text = new Date(first + Math.round(serial * 86_400) * 1000).toISOString().slice(0, 19)
  return serial < 1 ? text.slice(11) : text
}

/** A number as a program wrote it; a text where it is none, or where it has more figures than a number can hold. */
export function numberCell(text: string): Cell {
  const number = Number(text)
  return text.trim() === '' || !Number.isFinite(number) || hasMoreFigures(text, number) ? text : number
}

/** Long numbers of programs that wrote all their figures: rounded ones end in 0, or are what a double holds. */
function hasMoreFigures(text: string, number: number): boolean {
  return /^\d{15,39}[1-9]$/.test(text) && BigInt(text) !== BigInt(number)
}
