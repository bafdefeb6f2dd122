import { MailPolicies, type MailPolicyName } from '../../config/mail-policies.ts'
import { cleanText } from '../text.ts'
import { messageText } from './message-text.ts'
import type { MailNode, ParsedMail } from './mime.ts'
import { findHistory } from './quoted-history.ts'
import { addressesOf, isOffice, isProgram, type MailPerson } from './senders.ts'

/** Under which policy a mail is no report, and the header that says so. */
export interface PolicyHit {
  readonly policy: MailPolicyName
  readonly detail: string
}

const defaults = MailPolicies.parse({})

/** The mail policies among a connector's settings; the defaults where it declares none. */
export function policiesOf(settings: Readonly<Record<string, unknown>>): MailPolicies {
  const read = MailPolicies.safeParse(settings)
  return read.success ? read.data : defaults
}

/** The first policy in force that a mail falls under, or null. */
export function policyHit(mail: ParsedMail, policies: MailPolicies): PolicyHit | null {
  const checks = [report, loop, bounce, autoReply, bulk]
  for (const check of checks) {
    const hit = check(mail, policies)
    if (hit !== null && policies.skip.includes(hit.policy)) return hit
  }
  return null
}

/** Name of the header that Yiwang's own mails carry. */
const ownMark = 'x-yiwang-loop'

function loop(mail: ParsedMail, policies: MailPolicies): PolicyHit | null {
  if (mail.fields.has(ownMark)) return { policy: 'loop', detail: 'X-Yiwang-Loop' }
  const own = ownAddressesOf(policies)
  if (isFromOwn(mail, own) && filledInBy(mail, policies) === null)
    return { policy: 'loop', detail: 'From: an own address' }
  if (values(mail, 'x-loop').some((value) => own.has(value.toLowerCase())))
    return { policy: 'loop', detail: 'X-Loop: an own address' }
  const hops = values(mail, 'received').length
  return hops > policies.maxReceived ? { policy: 'loop', detail: `Received: ${hops} times` } : null
}

function ownAddressesOf({ ownAddresses }: MailPolicies): ReadonlySet<string> {
  return new Set(ownAddresses.map((address) => address.trim().toLowerCase()))
}

function isFromOwn(mail: ParsedMail, own: ReadonlySet<string>): boolean {
  return addressesOf(mail.headers, 'from').some(({ address }) => address !== null && own.has(address))
}

/**
 * Whom a web form that sends under an own address gives to be answered; null where none does. What an office sends out
 * is answered to the office, goes to whom it names, or answers a mail.
 */
export function filledInBy(mail: ParsedMail, policies: MailPolicies): MailPerson | null {
  const own = ownAddressesOf(policies)
  const isAnswer = mail.fields.has('in-reply-to') || mail.fields.has('references')
  if (isAnswer || !isFromOwn(mail, own)) return null
  const receivers = (['to', 'cc'] as const).flatMap((field) => addressesOf(mail.headers, field))
  const ours = new Set([...own, ...receivers.map(({ address }) => address)])
  const isCitizen = (person: MailPerson) =>
    person.address !== null && !ours.has(person.address) && !isProgram(person) && !isOffice(person)
  return addressesOf(mail.headers, 'reply-to').find(isCitizen) ?? null
}

const disposition = /^message\/(?:global-)?disposition-notification$/
const deliveryStatus = /^message\/(?:global-)?delivery-status$/

/** RFC 6522 multipart/report: RFC 3464 delivery status, RFC 8098 disposition notification, and both as of RFC 6533. */
function report(mail: ParsedMail): PolicyHit | null {
  // Anywhere else such a part is something that a citizen attached.
  if (mail.root?.mediaType !== 'multipart/report') return null
  const types = mediaTypes(mail.root)
  if (types.some((type) => disposition.test(type))) {
    return { policy: 'read-receipt', detail: 'Content-Type: message/disposition-notification' }
  }
  if (!types.some((type) => deliveryStatus.test(type))) return null
  const actions = deliveryActions(mail.root)
  const isDelivered =
    actions.length > 0 && actions.every((action) => /^(?:delivered|relayed|expanded)$/.test(action))
  return {
    policy: isDelivered ? 'delivery-report' : 'bounce',
    detail: `Content-Type: multipart/report; Action: ${[...new Set(actions)].join(', ') || 'none'}`,
  }
}

/** How servers name what they return, with the subject that was returned behind some of them. */
const returnedSubject =
  /^(?:(?:系统)?退信(?:通知)?\s*(?:$|[/:：(（])|(?:未送达|无法送达|未传递|邮件(?:投递|发送)失败|無法傳遞)\s*(?:$|[:：])|undeliver(?:able|ed)\b|returned mail\b|mail delivery (?:failed|failure)\b|delivery (?:status notification|failure)\b)/i

/** Older mail servers bounce in plain text: from a mailer daemon, which is nobody's address, or a postmaster, which may be a person's. */
function bounce(mail: ParsedMail): PolicyHit | null {
  if (mail.fields.has('x-failed-recipients')) return { policy: 'bounce', detail: 'X-Failed-Recipients' }
  const senders = addressesOf(mail.headers, 'from').map(({ address, name }) => address ?? name ?? '')
  if (senders.some((sender) => /^mail(?:er)?-daemon\b/i.test(sender)))
    return { policy: 'bounce', detail: 'From: a mailer daemon' }
  if (!senders.some((sender) => /^postmaster\b/i.test(sender))) return null
  if (hasNullReturnPath(mail))
    return { policy: 'bounce', detail: 'From: a postmaster, without a return path' }
  if (isAutomatic(mail)) return { policy: 'bounce', detail: 'From: a postmaster, with Auto-Submitted' }
  return returnedSubject.test(String(mail.headers.get('subject') ?? ''))
    ? { policy: 'bounce', detail: 'From: a postmaster, with the subject' }
    : null
}

const autoReplyHeaders = [
  'x-autoreply',
  'x-auto-reply',
  'x-autorespond',
  'x-autoresponder',
  'x-autoreply-from',
  'x-mail-autoreply',
  'auto-reply',
]
/** A program goes on with a colon and the subject that it answers, or says no more. */
const autoReplySubject =
  /^\s*[[【(（]?(?:(?:休假|外出)?(?:自动|自動)(?:回复|回覆|回復|答复|答覆)|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office(?: (?:auto[- ]?)?reply)?)[\]】)）]?\s*(?:[:：]|$)/i

/**
 * RFC 3834, and what vacation programs set besides: a header of their own or a subject proves nothing alone. Citizens
 * write about auto-replies too, and some programs set such a header in every mail.
 */
function autoReply(mail: ParsedMail): PolicyHit | null {
  const submitted = firstWord(mail, 'auto-submitted')
  if (submitted === 'auto-replied' || submitted === 'auto-notified')
    return { policy: 'auto-reply', detail: `Auto-Submitted: ${submitted}` }
  const precedence = firstWord(mail, 'precedence')
  if (/^auto[_-]?reply$/.test(precedence))
    return { policy: 'auto-reply', detail: `Precedence: ${precedence}` }
  const isNamed = autoReplySubject.test(String(mail.headers.get('subject') ?? ''))
  const header = autoReplyHeaders.find((name) => !/^(?:no|false|0)?$/i.test(values(mail, name)[0] ?? ''))
  const first = header ?? (isNamed ? 'Subject' : null)
  if (first === null) return null
  const second = header !== undefined && isNamed ? 'the subject' : autoReplySign(mail)
  return second === null ? null : { policy: 'auto-reply', detail: `${first} with ${second}` }
}

/** What makes either believable. `auto-generated` alone is also what web forms send. */
function autoReplySign(mail: ParsedMail): string | null {
  if (isAutomatic(mail)) return 'Auto-Submitted'
  if (hasNullReturnPath(mail)) return 'an empty Return-Path'
  if (mail.fields.has('x-auto-response-suppress')) return 'X-Auto-Response-Suppress'
  if (/^(?:bulk|junk)$/.test(firstWord(mail, 'precedence'))) return 'Precedence'
  return mail.fields.has('in-reply-to') && !isQuoting(mail) ? 'In-Reply-To' : null
}

/** Who answers an auto-reply quotes it; programs that are on holiday quote nothing. */
function isQuoting(mail: ParsedMail): boolean {
  return findHistory(cleanText(messageText(mail.root).text).split('\n')) !== null
}

function bulk(mail: ParsedMail): PolicyHit | null {
  const precedence = firstWord(mail, 'precedence')
  if (/^(?:bulk|list|junk)$/.test(precedence)) return { policy: 'bulk', detail: `Precedence: ${precedence}` }
  const list = ['list-id', 'list-unsubscribe', 'feedback-id'].find((name) => mail.fields.has(name))
  return list === undefined ? null : { policy: 'bulk', detail: list }
}

function isAutomatic(mail: ParsedMail): boolean {
  const submitted = firstWord(mail, 'auto-submitted')
  return submitted !== '' && submitted !== 'no'
}

function hasNullReturnPath(mail: ParsedMail): boolean {
  return values(mail, 'return-path').some((value) => /^<\s*>$/.test(value))
}

function values(mail: ParsedMail, name: string): readonly string[] {
  return mail.fields.get(name) ?? []
}

function firstWord(mail: ParsedMail, name: string): string {
  return /^[\w-]+/.exec(values(mail, name)[0] ?? '')?.[0].toLowerCase() ?? ''
}

function mediaTypes(node: MailNode | null): readonly string[] {
  return node === null ? [] : [node.mediaType, ...node.children.flatMap(mediaTypes)]
}

function deliveryActions(node: MailNode): readonly string[] {
  const own =
    deliveryStatus.test(node.mediaType) && node.part !== null
      ? [
          ...node.part.body
            .toString('latin1', 0, Math.min(node.part.body.length, 65_536))
            .matchAll(/^action:\s*([\w-]+)/gim),
        ].map((match) => match[1]?.toLowerCase() ?? '')
      : []
  return [...own, ...node.children.flatMap(deliveryActions)]
}
