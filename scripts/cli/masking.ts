import type { Ticket } from '../../normalizers/ticket.ts'

/** The phone of a reporter; as it was given, where no number could be made of it. */
export function shownPhone({ phone, phoneRaw }: Ticket['reporter'], full: boolean): string {
  const given = phone ?? phoneRaw ?? ''
  return full ? given : maskDigits(given)
}

/** A phone number with its middle hidden: enough to recognise, not to call. */
function maskPhone(phone: string): string {
  const digits = phone.replace(/\P{Nd}/gu, '').length
  if (digits < 7) return phone
  let seen = 0
  return phone.replace(/\p{Nd}/gu, (digit) => {
    seen += 1
    return seen > digits - 8 && seen <= digits - 4 ? '*' : digit
  })
}

/** A name with everything but its first character hidden. */
export function maskName(name: string | null): string {
  const [first = '', ...rest] = [...(name ?? '')]
  return first + '*'.repeat(Math.min(rest.length, 2))
}

/** An address with its local part hidden. */
export function maskEmail(email: string | null): string {
  if (email === null) return ''
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}***${at < 0 ? '' : email.slice(at)}`
}

/**
 * A text in which every run of digits as long as a phone number is masked, also of wide ones, and over any dashes. Ids
 * of tickets stay: one that is masked finds nothing.
 */
export function maskDigits(text: string): string {
  return text.replace(/\bT-[0-9A-Z]{26}\b|\p{Nd}[\p{Nd}\p{Pd} ]{5,}\p{Nd}/gu, (run) =>
    run.startsWith('T-') ? run : maskPhone(run),
  )
}
