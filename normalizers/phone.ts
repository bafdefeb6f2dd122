import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { cleanText, foldWidth } from './text.ts'

/**
 * What was doubtful in a phone number.
 * - `phone-several`: the cell has more than one; the first valid one is taken.
 * - `phone-zero-restored`: a spreadsheet had dropped the zero of the area code.
 * - with a null phone: `phone-masked`, `phone-no-area-code`, `phone-invalid`.
 */
export type PhoneNote =
  | 'phone-several'
  | 'phone-zero-restored'
  | 'phone-masked'
  | 'phone-no-area-code'
  | 'phone-invalid'

export interface PhoneReading {
  /** E.164, or the digits of a service number that has no E.164 form, such as 12345 or 400 numbers. */
  readonly phone: string | null
  /** As the source gave it; null where it gave nothing. */
  readonly raw: string | null
  readonly note: PhoneNote | null
}

const mobile = /^1[3-9]\d{9}$/
const maxLength = 200

/** Reads the phone numbers of a cell as dialled in mainland China, foreign ones with + or 00. */
export function readPhone(cell: string | number | null): PhoneReading {
  const given = cell === null ? '' : String(cell).trim()
  if (mobile.test(given)) return { phone: `+86${given}`, raw: given, note: null }
  const raw = given === '' ? null : given
  const text = foldWidth(cleanText(written(given.slice(0, maxLength))))
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(areaCode, '$1-')
    .replace(/\.0$/, '')
  if (!/\d/.test(text)) return { phone: null, raw, note: null }
  const readings = splitNumbers(text).map(readOne)
  const valid = readings.filter((reading) => reading.phone !== null)
  const several = new Set(valid.map((reading) => reading.phone)).size > 1
  const best = valid[0] ?? readings[0] ?? { phone: null, note: 'phone-invalid' as const }
  return { phone: best.phone, raw, note: several ? 'phone-several' : best.note }
}

/** Java writes a number of a workbook as `1.3800138E10`, with all its figures; a spreadsheet that rounds it puts a plus. */
function written(text: string): string {
  return /^\d\.\d+E\d\d?$/.test(text) ? String(Number(text)) : text
}

type OneReading = Pick<PhoneReading, 'phone' | 'note'>

/** An area code in brackets, or with a sign behind it that elsewhere stands between numbers. */
const areaCode = /[[【]?(0\d{2,3})[\]】/_]\s*(?=[2-8]\d{6})/g
/** Between numbers stand commas, slashes, words; inside them spaces, dots, hyphens and brackets. */
const numberLike = /\+?[\d(][\d\s().*×xX•-]*(?:\d|[*×xX•]+\d*)(?: ?(?:转|分机|ext\.?|#) ?\d{1,6})?/g
const numbersInside =
  /(?<=^|\D)(?:(?:(?:00)?86[- ]?)?0?1[3-9]\d[- ]?\d{4}|0\d{2,3}[- ]?[2-8]\d{2,3})[- ]?\d{4}(?=\D|$)/g

function splitNumbers(text: string): readonly string[] {
  const runs = [...text.matchAll(numberLike)].filter((run) => !isPartOfId(run)).map(([run]) => run)
  return runs.flatMap((run) => {
    const numbers = run.match(numbersInside)
    return numbers && numbers.length > 1 ? numbers : [run]
  })
}

/** Whether figures that could be a service number belong to an id of letters: wxid_12315abc. */
function isPartOfId({ 0: run, index, input }: RegExpExecArray): boolean {
  const beside = input.charAt(index - 1) + input.charAt(index + run.length)
  return /[a-z_]/i.test(beside) && run.replace(/\D/g, '').length < 7
}

// Geographic areas by their first digits (工信部 numbering plan): 10, 2x with eight figures, others seven or eight.
const local = '[2-8]\\d{6,7}'
const landline = new RegExp(`^0((?:10|2\\d)[2-8]\\d{7}|[3-9]\\d\\d${local})$`)
// Without a zero 852 and 853 are Hong Kong and Macau: the areas of these codes have others since 2014. 400 and 800 are no areas.
const zeroless = /^(?!85[23]|[48]00)(?:(?:10|2[0-9])[2-8]\d{7}|[3-9]\d\d[2-8]\d{7})$/
const service = /^(?:1[12]\d|1[0-2]\d{3}|95\d{3,6}|96\d{3,4}|116114|[48]00\d{7})$/

function readOne(text: string): OneReading {
  if (/\d\s*[*×xX•]{2,}/.test(text)) return { phone: null, note: 'phone-masked' }
  const [dialled = ''] = text.split(/转|分机|ext|#/)
  const { digits: all, isForeign } = national(dialled)
  if (isForeign) return readForeign(all)
  const digits = withoutPrefix(all)
  if (mobile.test(digits)) return { phone: `+86${digits}`, note: null }
  if (service.test(digits)) return { phone: digits, note: null }
  const main = withoutPrefix(national(withoutExtension(dialled)).digits)
  if (/^[48]00/.test(main) && service.test(main)) return { phone: main, note: null }
  const fixed = landline.exec(digits) ?? landline.exec(main)
  if (fixed) return { phone: `+86${fixed[1]}`, note: null }
  if (zeroless.test(digits)) return { phone: `+86${digits}`, note: 'phone-zero-restored' }
  const [inside] = dialled.match(numbersInside) ?? []
  if (inside && inside.length < dialled.trim().length) return readOne(inside)
  return { phone: null, note: /^[2-8]\d{6,7}$/.test(digits) ? 'phone-no-area-code' : 'phone-invalid' }
}

/** The digits as dialled inside China, or with the country's code for another country. */
function national(dialled: string): { readonly digits: string; readonly isForeign: boolean } {
  const isInternational = /^\s*\(?\+/.test(dialled)
  const digits = dialled.replace(/\D/g, '')
  const full = isInternational ? digits : digits.startsWith('00') ? digits.slice(2) : null
  if (full !== null && !full.startsWith('86')) return { digits: full, isForeign: true }
  const inside = full?.slice(2) ?? (/^860?[1-9]\d{9,10}$/.test(digits) ? digits.slice(2) : digits)
  // After 86 the zero of an area code is not dialled: put it back for one form of landlines.
  const lacksZero = inside !== digits && !service.test(inside) && landline.test(`0${inside}`)
  return { digits: lacksZero ? `0${inside}` : inside, isForeign: false }
}

// Access codes of carriers for cheap calls through IP networks, which switchboards leave before the caller's number.
const prefix = /^(?:179\d\d|125(?:20|83|90|93))?0?(?=1[3-9]\d{9}$)/
const prefixedLandline = /^(?:179\d\d|12593)(?=0[1-9]\d{9,10}$)/

/** A mobile is dialled with 0 from another city; neither that nor an access code is part of it. */
function withoutPrefix(digits: string): string {
  return digits.replace(prefix, '').replace(prefixedLandline, '')
}

/** A short last group after a hyphen, a star or a bracket is an extension: 0591-83212345-801. */
function withoutExtension(dialled: string): string {
  return dialled.replace(/[-*×xX(]\s*\d{1,5}\s*\)?\s*$/, '')
}

function readForeign(digits: string): OneReading {
  const parsed = parsePhoneNumberFromString(`+${digits}`)
  return parsed?.isValid() ? { phone: parsed.number, note: null } : { phone: null, note: 'phone-invalid' }
}
