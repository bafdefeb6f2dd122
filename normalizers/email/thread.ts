import type { ParsedMail } from './mime.ts'

export interface ThreadNames {
  /** The mail's own Message-ID without brackets; null where it has none that can be used. */
  readonly own: string | null
  /** Earlier messages, nearest first. */
  readonly refersTo: readonly string[]
  /** The first message of the thread, as far as known. */
  readonly root: string | null
}

const maxReferences = 50
const maxLength = 250

/** Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), whatever else stands in these fields left out. */
export function threadNames(mail: ParsedMail): ThreadNames {
  const own = idsIn(mail, 'message-id')[0] ?? bareId(mail) ?? null
  const parents = idsIn(mail, 'in-reply-to')
  const references = idsIn(mail, 'references')
  const nearest = [...new Set([...parents, ...references.toReversed()])].filter((id) => id !== own)
  return {
    own,
    refersTo: nearest.slice(0, maxReferences),
    root: references[0] ?? parents[0] ?? own,
  }
}

function idsIn(mail: ParsedMail, name: string): readonly string[] {
  const text = (mail.fields.get(name) ?? []).join(' ').slice(0, 100_000)
  return [...text.matchAll(/<\s*([^<>\s]+)\s*>/g)].map((match) => match[1] ?? '').filter(isId)
}

/** Some programs leave the brackets out. */
function bareId(mail: ParsedMail): string | undefined {
  return (mail.fields.get('message-id') ?? [])
    .map((value) => value.replace(/^<|>$/g, '').trim())
    .find((value) => /^\S+@\S+$/.test(value) && isId(value))
}

function isId(id: string): boolean {
  return id.length >= 3 && id.length <= maxLength && !/[\x00-\x1f\x7f]/.test(id)
}
