import type { NormalizeContext } from '../normalizer.ts'
import { identityOf, readName } from '../reporter.ts'
import type { Reporter } from '../ticket.ts'
import type { ParsedMail } from './mime.ts'
import { addressesOf, type OwnPhone } from './senders.ts'

export interface MailReporter {
  readonly reporter: Reporter
  readonly fields: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/** Who wrote: the first of From, with the phone that the letter itself is signed with. */
export function mailReporter(
  mail: ParsedMail,
  phone: OwnPhone | null,
  context: NormalizeContext,
): MailReporter {
  const from = addressesOf(mail.headers, 'from')
  const [writer = { name: null, address: null }] = from
  const { name, kind, isAnonymous } = readName(writer.name)
  const given = { phone: phone?.phone ?? null, email: writer.address, wechatId: null }
  const identity = identityOf(given)
  const reporter: Reporter = {
    kind,
    anonymous: isAnonymous,
    name,
    ...given,
    phoneRaw: phone?.raw ?? null,
    key: identity === null ? null : context.reporterKey(identity),
  }
  const fields = {
    ...(name !== null && { 'reporter.name': 'From' }),
    ...(writer.address !== null && { 'reporter.email': 'From' }),
    ...(phone !== null && { 'reporter.phone': phone.from }),
  }
  return { reporter, fields, notes: senderNotes(mail, from.length, writer.address) }
}

function senderNotes(mail: ParsedMail, count: number, address: string | null): readonly string[] {
  const replies = addressesOf(mail.headers, 'reply-to')
  const differs = replies.length > 0 && !replies.some((reply) => reply.address === address)
  return [
    ...(count === 0 ? ['from-missing'] : []),
    ...(count > 1 || (mail.fields.get('from')?.length ?? 0) > 1 ? ['from-several'] : []),
    ...(differs ? ['reply-to-differs'] : []),
  ]
}
