/** The header of an original, as programs write it above what they quote. */
export interface HeaderBlock {
  /** Index of its first line. */
  readonly from: number
  /**
   * Whether a program must have written it: it has an address, a subject that begins with Re:, or a subject and
   * the time of sending. Who is asked for a parcel or a journey writes 寄件人, 收件人 and 日期 too.
   */
  readonly isCertain: boolean
}

const mark = '^[*|\\s]*'
const colon = '[*\\s|]*[:|]'
/** What programs write before the sender of a letter that they quote or hand on. */
export const senderNames = '发件人|寄件者|寄件人|发送人|from|von|sender'
const sender = new RegExp(`${mark}(?:${senderNames})${colon}`, 'i')
const subject = new RegExp(`${mark}(?:主\\s?题|主旨|subject|betreff)${colon}`, 'i')
const sent = new RegExp(`${mark}(?:发送时间|发送日期|发件时间|傳送時間|sent(?: time)?|gesendet)${colon}`, 'i')
const date = new RegExp(`${mark}(?:寄件日期|日\\s?期|时间|date|datum)${colon}`, 'i')
const other = new RegExp(
  `${mark}(?:收件人|收件者|至|抄\\s?送[人至]?|副本|to|cc(?: recipient)?|bcc|an)${colon}`,
  'i',
)
/** A subject that a program has prefixed. */
const answers =
  /^[*|\s]*(?:主\s?题|主旨|subject|betreff)[*\s]*[:|][*\s|:]*(?:re|aw|wg|回复|答复|回覆|答覆|转发|fwd?)\s?:/i
const fields = [sender, subject, sent, date, other]

const day = /\d{4}\s?[年/.-]|[年月]\s?\d{1,2}|[a-z]{3,9},?\s\d{1,2},?\s\d{4}|\d{1,2}\.?\s[a-z]{3,9},?\s\d{4}/i
const clock = /\d{1,2}:\d{2}/

/** Lines of an original's header that must stand together to be one. */
const blockLines = 3
/** How many of its lines may stand above the sender. */
const maxAbove = 4
/** How many lines are looked at from the sender on. */
const maxLines = 12

/** Whether a line has the form of a field in a header. */
export function isHeaderLine(line: string): boolean {
  return fields.some((field) => field.test(line))
}

/** The header whose sender stands at this line; null where there is none. Lines are without quote marks and wide forms. */
export function headerBlockAt(lines: readonly string[], at: number): HeaderBlock | null {
  if (!sender.test(lineAt(lines, at))) return null
  const below = fieldsFrom(lines, at)
  let from = at
  while (from > 0 && at - from < maxAbove && belongsAbove(lineAt(lines, from - 1), below)) from -= 1
  const header = [...lines.slice(from, at), ...below]
  if (header.length >= blockLines) return { from, isCertain: isByProgram(header) }
  return isShort(lines, at) ? { from: at, isCertain: true } : null
}

/** The fields that stand together from the sender on. A wrapped list of addresses may lie between them. */
function fieldsFrom(lines: readonly string[], at: number): readonly string[] {
  const found: string[] = []
  const isSpaced = lineAt(lines, at + 1) === ''
  for (const line of lines.slice(at, at + maxLines)) {
    if (line === '' && isSpaced) continue
    if (isHeaderLine(line) && !(found.length > 0 && sender.test(line))) found.push(line)
    else if (!/@|;$/.test(line) || sender.test(line)) break
  }
  return found
}

function lineAt(lines: readonly string[], at: number): string {
  return lines[at] ?? ''
}

/** Only what nobody writes as the last line of a letter, and what the header does not say further down. */
function belongsAbove(line: string, below: readonly string[]): boolean {
  if (subject.test(line)) return !below.some((field) => subject.test(field))
  const isTime = sent.test(line) || (date.test(line) && isMoment(line))
  return isTime && !below.some((field) => sent.test(field) || date.test(field))
}

function isByProgram(header: readonly string[]): boolean {
  if (header.some((line) => line.includes('@') || answers.test(line))) return true
  const isSent = header.some(
    (line) =>
      (sent.test(line) && (day.test(line) || clock.test(line))) || (date.test(line) && isMoment(line)),
  )
  return isSent && header.some((line) => subject.test(line))
}

function isMoment(line: string): boolean {
  return day.test(line) && clock.test(line)
}

/** Outlook's shortest: a sender with an address, and the time of sending on the next line. */
function isShort(lines: readonly string[], at: number): boolean {
  const next = lineAt(lines, at + 1)
  return lineAt(lines, at).includes('@') && sent.test(next) && isMoment(next)
}
