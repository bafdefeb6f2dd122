import type { NormalizeContext } from '../normalizer.ts'
import type { Note } from '../notes.ts'
import { readPhone } from '../phone.ts'
import { identityOf, phoneBesideName, readName } from '../reporter.ts'
import { asksForSecrecy } from '../secrecy.ts'
import type { Reporter } from '../ticket.ts'
import { type FormFields, readForm } from './form-fields.ts'
import type { ParsedMail } from './mime.ts'
import { fitsSender } from './phone-owner.ts'
import { filledInBy, policiesOf } from './policies.ts'
import { addressesOf, isOffice, isProgram, type MailPerson, type OwnPhone } from './senders.ts'
import type { MailWords } from './words.ts'

export interface MailReporter {
  readonly reporter: Reporter
  readonly fields: Readonly<Record<string, string>>
  readonly notes: readonly Note[]
}

/** A sender, or who stands in for one, and where that is said. */
interface Writer {
  readonly person: MailPerson
  readonly phone: OwnPhone | null
  /** Where the name stands, and the address too unless `addressFrom` says otherwise. */
  readonly header: 'From' | 'Reply-To' | 'Sender' | 'forwarded'
  readonly addressFrom?: 'Reply-To' | 'Sender'
  readonly note: Note | null
}

/**
 * Who wrote: the first of From, with the phone that the letter itself is signed with, else the one in the sender's name.
 * A program that sends for others, as that of a web form or a mailing list, is nobody: then it is who is to be
 * answered, with what the form says of who filled it in. An office that hands on a letter did not write it.
 */
export function mailReporter(
  mail: ParsedMail,
  words: Pick<MailWords, 'title' | 'body' | 'phone' | 'handedOn'>,
  context: NormalizeContext,
): MailReporter {
  const from = addressesOf(mail.headers, 'from')
  const { person: writer, phone, header, addressFrom, note } = writerOf(mail, from[0], words, context)
  const signed = phone !== null && isSigned(phone, writer) ? phone : null
  const form = note === 'from-program' ? formOf(words.body, writer) : null
  const own = inForm(form) ?? signed ?? phoneInName(writer.name, header)
  const besidePhone = note === 'from-program' ? (signed?.name ?? null) : null
  const { name, kind, isAnonymous } = readName(writer.name ?? besidePhone ?? form?.name ?? null)
  const isSecret = asksForSecrecy(`${words.title ?? ''}\n${words.body}`)
  const given = { phone: own?.phone ?? null, email: writer.address ?? form?.email ?? null, wechatId: null }
  const identity = identityOf(given)
  const reporter: Reporter = {
    kind,
    anonymous: isAnonymous || isSecret,
    name,
    ...given,
    phoneRaw: own?.raw ?? null,
    key: identity === null ? null : context.reporterKey(identity),
  }
  const fields = {
    ...(name !== null && { 'reporter.name': writer.name === null ? 'body' : header }),
    ...(given.email !== null && {
      'reporter.email': writer.address === null ? 'body' : (addressFrom ?? header),
    }),
    ...(own !== null && { 'reporter.phone': own.from }),
    ...(isSecret && { 'reporter.anonymous': 'body' }),
  }
  const notes = senderNotes(mail, from.length, from[0]?.address ?? null)
  return { reporter, fields, notes: note === null ? notes : [...notes, note] }
}

function writerOf(
  mail: ParsedMail,
  from: MailPerson = nobody,
  { phone, handedOn }: Pick<MailWords, 'phone' | 'handedOn'>,
  { settings }: Pick<NormalizeContext, 'settings'>,
): Writer {
  const citizen = filledInBy(mail, policiesOf(settings))
  if (citizen !== null) return { person: citizen, phone, header: 'Reply-To', note: 'from-program' }
  const isByProgram = isProgram(from) || isList(mail, from) || isSentForOthers(mail, from)
  if (handedOn !== null && isOffice(from) && !isByProgram)
    return { person: handedOn.author, phone: handedOn.phone, header: 'forwarded', note: 'from-office' }
  if (isByProgram || isToItself(mail, from))
    return { person: answered(mail, from) ?? nobody, phone, header: 'Reply-To', note: 'from-program' }
  return { ...withAddress(mail, from), phone, note: null }
}

/** A sender of whom From gives no address: it, or who he is at all, may stand in Reply-To or Sender. */
function withAddress(mail: ParsedMail, from: MailPerson): Pick<Writer, 'person' | 'header' | 'addressFrom'> {
  if (from.address !== null) return { person: from, header: 'From' }
  for (const [key, header] of [
    ['reply-to', 'Reply-To'],
    ['sender', 'Sender'],
  ] as const) {
    const found = addressesOf(mail.headers, key).find((person) => mayBeSender(mail, person, from))
    if (found === undefined) continue
    if (from.name === null) return { person: found, header }
    return { person: { name: from.name, address: found.address }, header: 'From', addressFrom: header }
  }
  return { person: from, header: 'From' }
}

/** Not a program or an office, which send for many, not whom the mail goes to, and nobody of another name. */
function mayBeSender(mail: ParsedMail, person: MailPerson, from: MailPerson): boolean {
  const { name, address } = person
  if (address === null || isProgram(person) || isOffice(person)) return false
  const isReceiver = addressesOf(mail.headers, 'to').some((receiver) => receiver.address === address)
  return !isReceiver && fitsSender(name, from.name) !== 'no'
}

function isSigned({ name, isByName }: OwnPhone, writer: MailPerson): boolean {
  const fits = fitsSender(name, writer.name)
  return fits === 'yes' || (fits === 'unknown' && !isByName)
}

/** What the form says, unless it names somebody else than who is to be answered. */
function formOf(body: string, writer: MailPerson): FormFields | null {
  const form = readForm(body)
  return fitsSender(form.name, writer.name) === 'no' ? null : form
}

function inForm(form: FormFields | null) {
  return form?.phone ? { ...form.phone, from: 'body' } : null
}

/** Of `张先生 13800138000 <zhang@example.com>`: the name is read without it. */
function phoneInName(name: string | null, from: string) {
  const raw = phoneBesideName(name ?? '')
  return raw === null ? null : { phone: readPhone(raw).phone, raw, from }
}

const nobody: MailPerson = { name: null, address: null }

/** Whom a program gives to be answered, where that is not itself. */
function answered(mail: ParsedMail, from: MailPerson): MailPerson | undefined {
  return addressesOf(mail.headers, 'reply-to').find((person) => {
    return !isProgram(person) && person.address !== from.address
  })
}

/** Whether an office writes to nobody but itself, as its web forms do; citizens do so too, with a blind copy to the office. */
function isToItself(mail: ParsedMail, from: MailPerson): boolean {
  const to = addressesOf(mail.headers, 'to')
  return isOffice(from) && to.length > 0 && to.every(({ address }) => address === from.address)
}

/** Whether a mailing list put itself in the place of the writer (RFC 2369 §3.4), whom it gives to be answered at best. */
function isList({ fields }: ParsedMail, { address }: MailPerson): boolean {
  const posts = fields.get('list-post') ?? []
  return posts.some((post) => /<mailto:([^<>?]+)/i.exec(post)?.[1]?.toLowerCase() === address)
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
