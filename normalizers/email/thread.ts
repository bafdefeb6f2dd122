import type { ParsedMail } from './mime.ts'
import { addressesOf } from './senders.ts'

/** The Message-IDs by which a mail and its thread are known. */
export interface ThreadNames {
  /** The mail's own Message-ID without brackets; null where it has none that can be used. */
  readonly own: string | null
  /** Earlier messages, nearest first. */
  readonly refersTo: readonly string[]
  /** The first message of the thread, as far as known. */
  readonly root: string | null
}

/** How a mail is found that arrives after those that answer it. */
export interface AwaitedNames {
  /** Under which this mail waits for the ones that it refers to. */
  readonly waits: readonly string[]
  /** Under which earlier arrivals may wait for this one. */
  readonly awaited: readonly string[]
}

const maxReferences = 50
/** Of a long thread the nearest; each is kept with the ticket. */
const maxAwaited = 10
/** A mail to more people than this is no conversation. */
const maxPeople = 5
const maxLength = 250

/** Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), whatever else stands in these fields left out. */
export function threadNames(mail: ParsedMail): ThreadNames {
  const own = idsIn(mail, 'message-id')[0] ?? bareId(mail) ?? null
  const parents = referencesIn(mail, 'in-reply-to')
  const references = referencesIn(mail, 'references')
  const nearest = [...new Set([...parents, ...references.toReversed()])].filter((id) => id !== own)
  return {
    own,
    refersTo: nearest.slice(0, maxReferences),
    root: references[0] ?? parents[0] ?? own,
  }
}

/**
 * Names by which an answer that came first is found by what it answers, in a namespace of their own: no
 * Message-ID holds a space. Each names the answer's writer, who must be among the sender and the receivers of
 * the mail that comes later: many people answer one newsletter, and are not of one thread for that.
 *
 * @param personKey hash of an e-mail address
 */
export function awaitedNames(
  mail: ParsedMail,
  thread: ThreadNames,
  personKey: (address: string) => string,
): AwaitedNames {
  const name = (address: string, id: string) => `awaited ${personKey(address)} ${id}`
  const [writer, ...receivers] = (['from', 'to', 'cc'] as const).map((field) =>
    addressesOf(mail.headers, field).flatMap(({ address }) => address ?? []),
  )
  const people = [...new Set([...(writer ?? []), ...receivers.flat()])]
  const { own, refersTo } = thread
  return {
    waits: (writer ?? []).slice(0, 1).flatMap((address) => {
      return refersTo.slice(0, maxAwaited).map((id) => name(address, id))
    }),
    awaited: own === null || people.length > maxPeople ? [] : people.map((address) => name(address, own)),
  }
}

function idsIn(mail: ParsedMail, name: string): readonly string[] {
  const text = (mail.fields.get(name) ?? []).join(' ').slice(0, maxReferenceText)
  return [...text.matchAll(/<\s*([^<>\s]+)\s*>/g)].map((match) => match[1] ?? '').filter(isId)
}

/** Where no brackets stand, what has the form of an id. */
function referencesIn(mail: ParsedMail, name: string): readonly string[] {
  const ids = idsIn(mail, name)
  if (ids.length > 0) return ids
  const text = (mail.fields.get(name) ?? []).join(' ').slice(0, maxReferenceText)
  return text.includes('<') ? [] : text.split(/[\s,;]+/).filter((word) => isId(word) && bareForm.test(word))
}

const bareForm = /^[^\s@<>]+@[^\s@<>]+$/
const maxReferenceText = 100_000

/** Some programs leave the brackets out. */
function bareId(mail: ParsedMail): string | undefined {
  return (mail.fields.get('message-id') ?? [])
    .map((value) => value.replace(/^<|>$/g, '').trim())
    .find((value) => isId(value) && bareForm.test(value))
}

function isId(id: string): boolean {
  return id.length >= 3 && id.length <= maxLength && !/[\x00-\x1f\x7f]/.test(id)
}
