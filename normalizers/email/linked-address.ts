import { readEmail } from '../reporter.ts'
import { cleanLine } from '../text.ts'
import { decodedHtml, maxTextBytes } from './message-text.ts'
import type { MailNode, ParsedMail } from './mime.ts'
import { addressesOf, type MailPerson } from './senders.ts'

/** `<a href="mailto:li@mail.example">李四</a>`, as Foxmail writes the people in the header of what it forwards. */
const link =
  /<a\s[^<>]{0,300}?href\s{0,5}=\s{0,5}["']?mailto:([^"'?\s<>]{3,254})(?=["'?\s>])[^<>]{0,300}>([^<>]{1,60})<\/a>/gi

/**
 * Looks up the address of somebody of whom a mail's text gives only the name: its header or a link in its HTML says it.
 * Null where neither does, or several are given. The HTML is read at the first question: few mails have one.
 */
export function addressBook(mail: ParsedMail): (name: string) => string | null {
  let known: ReadonlyMap<string | null, ReadonlySet<string>> | null = null
  return (name) => {
    known ??= addressesByName([...peopleInHeader(mail), ...linkedPeople(mail.root)])
    const found = known.get(name) ?? new Set()
    const [first = null] = found
    return found.size === 1 ? first : null
  }
}

function addressesByName(people: readonly MailPerson[]): ReadonlyMap<string | null, ReadonlySet<string>> {
  const byName = new Map<string | null, Set<string>>()
  for (const { name, address } of people) {
    if (address === null) continue
    const found = byName.get(name)
    if (found === undefined) byName.set(name, new Set([address]))
    else found.add(address)
  }
  return byName
}

function peopleInHeader({ headers }: ParsedMail): readonly MailPerson[] {
  return (['from', 'to', 'cc'] as const).flatMap((field) => addressesOf(headers, field))
}

function linkedPeople(root: MailNode | null): readonly MailPerson[] {
  let left = maxTextBytes
  return htmlLeaves(root).flatMap(({ part }) => {
    if (part === null || left <= 0) return []
    const html = decodedHtml({ ...part, body: part.body.subarray(0, left) })
    left -= part.body.length
    return [...html.matchAll(link)].map(([, address = '', shown = '']) => {
      return { name: cleanLine(shown.replace(/&nbsp;|&quot;|["']/g, ' ')), address: readEmail(address) }
    })
  })
}

/** Without recursion: a mail can nest deep. */
function htmlLeaves(root: MailNode | null): readonly MailNode[] {
  const leaves: MailNode[] = []
  const open = root === null ? [] : [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.mediaType === 'text/html') leaves.push(node)
    open.push(...node.children)
  }
  return leaves
}
