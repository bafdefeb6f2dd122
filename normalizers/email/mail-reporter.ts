import type { NormalizeContext } from '../normalizer.ts'
import type { Note } from '../notes.ts'
import { readPhone } from '../phone.ts'
import { identityOf, mobileBesideName, readName } from '../reporter.ts'
import type { Reporter } from '../ticket.ts'
import type { ParsedMail } from './mime.ts'
import { fitsSender } from './phone-owner.ts'
import { addressesOf, isProgram, type MailPerson, type OwnPhone } from './senders.ts'

export interface MailReporter {
  readonly reporter: Reporter
  readonly fields: Readonly<Record<string, string>>
  readonly notes: readonly Note[]
}

/**
 * Who wrote: the first of From, with the phone that the letter itself is signed with, else the one in the sender's name.
 * A program that sends for others, as that of a web form, is nobody: then it is who is to be answered, with the name that
 * stands beside the phone.
 */
export function mailReporter(
  mail: ParsedMail,
  phone: OwnPhone | null,
  context: NormalizeContext,
): MailReporter {
  const from = addressesOf(mail.headers, 'from')
  const isByProgram = from[0] !== undefined && (isProgram(from[0]) || isSentForOthers(mail, from[0]))
  const writer = (isByProgram ? answered(mail, from[0]) : from[0]) ?? nobody
  const fits = phone === null ? 'no' : fitsSender(phone.name, writer.name)
  const isOwn = fits === 'yes' || (fits === 'unknown' && phone?.isByName === false)
  const header = isByProgram ? 'Reply-To' : 'From'
  const own = isOwn ? phone : phoneInName(writer.name, header)
  const { name, kind, isAnonymous } = readName(
    writer.name ?? (isByProgram && isOwn ? (phone?.name ?? null) : null),
  )
  const given = { phone: own?.phone ?? null, email: writer.address, wechatId: null }
  const identity = identityOf(given)
  const reporter: Reporter = {
    kind,
    anonymous: isAnonymous,
    name,
    ...given,
    phoneRaw: own?.raw ?? null,
    key: identity === null ? null : context.reporterKey(identity),
  }
  const fields = {
    ...(name !== null && { 'reporter.name': writer.name === null ? 'body' : header }),
    ...(writer.address !== null && { 'reporter.email': header }),
    ...(own !== null && { 'reporter.phone': own.from }),
  }
  const notes = senderNotes(mail, from.length, from[0]?.address ?? null)
  return { reporter, fields, notes: isByProgram ? [...notes, 'from-program'] : notes }
}

/** Of `张先生 13800138000 <zhang@example.com>`: the name is read without it. */
function phoneInName(name: string | null, from: string) {
  const raw = mobileBesideName(name ?? '')
  const phone = raw === null ? null : readPhone(raw).phone
  return raw === null || phone === null ? null : { phone, raw, from }
}

const nobody: MailPerson = { name: null, address: null }

/** Whom a program gives to be answered, where that is not itself. */
function answered(mail: ParsedMail, from: MailPerson | undefined): MailPerson | undefined {
  return addressesOf(mail.headers, 'reply-to').find((person) => {
    return !isProgram(person) && person.address !== from?.address
  })
}

/**
 * Whether a mail that says it was not written by hand (RFC 3834 §5) comes from the office's own form, or gives
 * somebody else to be answered. Some forms send under the address of who filled them in: that is the writer.
 */
function isSentForOthers(mail: ParsedMail, from: MailPerson): boolean {
  if (!/^auto-generated\b/i.test(mail.fields.get('auto-submitted')?.[0] ?? '')) return false
  const domain = from.address?.replace(/^.*@/, '@')
  const isOwn = addressesOf(mail.headers, 'to').some(({ address }) => domain && address?.endsWith(domain))
  return isOwn || answered(mail, from) !== undefined
}

function senderNotes(mail: ParsedMail, count: number, address: string | null): readonly Note[] {
  const replies = addressesOf(mail.headers, 'reply-to')
  const differs = replies.length > 0 && !replies.some((reply) => reply.address === address)
  const notes: Note[] = count === 0 ? ['from-missing'] : []
  if (count > 1 || (mail.fields.get('from')?.length ?? 0) > 1) notes.push('from-several')
  if (differs) notes.push('reply-to-differs')
  return notes
}
