import { z } from 'zod'

/** The IANA name of a zone, as a setting. */
export const TimeZone = z
  .string()
  .refine(
    isTimeZone,
    'Not a time zone; write one as Asia/Shanghai / 不是有效的时区；请写成 Asia/Shanghai 这样的形式',
  )

const namedByThreeLetters = /^(?:UTC|GMT|PRC|ROC|ROK|CET|EET|MET|WET)$/i

function isTimeZone(name: string): boolean {
  // Fixed offsets are accepted by Intl, but have no name that a schedule could follow through the year.
  if (!/^[A-Za-z]/.test(name)) return false
  // So are abbreviations that IANA has not, as somebody's in America: CST is Chicago there, and China here.
  if (/^[a-z]{3}$/i.test(name) && !namedByThreeLetters.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}
