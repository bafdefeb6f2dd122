import type { ArchivedItem, NormalizeContext, Normalized, Normalizer } from '../normalizer.ts'
import { problemOf, unreadable } from '../problem.ts'
import { attachmentsOf } from './attachments.ts'
import { draftOf } from './draft.ts'
import { asSent, holdsSeveral, looksLikeMail } from './mail-shape.ts'
import { type ParsedMail, parseMail } from './mime.ts'
import { policiesOf, policyHit } from './policies.ts'
import { readWords } from './words.ts'

/** Interprets mails (`message/rfc822`, the bytes as received) as reports. */
export const email: Normalizer = { name: 'email', version: '2', normalize }

async function normalize(item: ArchivedItem, context: NormalizeContext): Promise<Normalized> {
  const problem = problemOf(item)
  if (problem !== null) return problem
  const bytes = asSent(item.body)
  if (!looksLikeMail(bytes)) return unreadable(item, 'no mail header')
  if (holdsSeveral(bytes)) return unreadable(item, 'several mails in one file (mbox)')
  const mail = await parseMail(bytes)
  if (mail.failure !== null) return unreadable(item, mail.failure)
  const hit = policyHit(mail, policiesOf(context.settings))
  if (hit !== null) return { outcome: 'skipped', ...hit }
  return ticketOf(mail, context)
}

async function ticketOf(mail: ParsedMail, context: NormalizeContext): Promise<Normalized> {
  const words = await readWords(mail)
  const attachments = await attachmentsOf(words.attachments)
  if (words.title === null && words.body === '' && attachments.length === 0) {
    return { outcome: 'quarantined', code: 'MAIL_EMPTY', details: {} }
  }
  return { outcome: 'ticket', attachments, ...draftOf(mail, words, context) }
}
