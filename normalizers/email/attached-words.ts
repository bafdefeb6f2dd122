import type { Note } from '../notes.ts'
import { cleanText } from '../text.ts'
import { maxAttachments } from './attachments.ts'
import { authorOfAll, type HandedOn } from './handed-on.ts'
import { looksLikeMail } from './mail-shape.ts'
import { fileText, type Leaf, messageText } from './message-text.ts'
import { parseMail } from './mime.ts'
import { ownWords } from './own-words.ts'
import { addressesOf, type MailPerson, ownPhone } from './senders.ts'

/** What came with a mail and says what the mail itself does not. */
export interface AttachedWords {
  readonly text: string
  /** The form that it was read from. */
  readonly source: 'message/rfc822' | 'text/plain' | 'text/html'
  /** Who wrote the attached mails, where that is one. */
  readonly handedOn: HandedOn | null
  readonly notes: readonly Note[]
}

/** A mail forwarded as an attachment of one forwarded as an attachment; deeper ones stay attachments. */
const maxNesting = 3
/** A letter of 10,000 characters; longer text files are something else. */
const maxFileBytes = 30_000

/** What attached mails say, each by its text, else by its subject, and text files; null where none says anything. */
export async function attachedWords(attachments: readonly Leaf[]): Promise<AttachedWords | null> {
  const leaves = attachments.slice(0, maxAttachments)
  const mails = await nestedMails(leaves, maxNesting)
  const words = mails.map(({ text }) => ownWords(text, { isReply: false, isForward: false, isAnswer: false }))
  const read = leaves.filter(isTextFile).map(fileText)
  const files = read.filter(({ text }) => text !== '')
  const texts = [...words, ...files].map(({ text }) => text)
  if (texts.length === 0) return null
  const notes = [...words, ...files].flatMap((each) => each.notes)
  const kinds: Note[] = []
  if (words.length > 0) kinds.push('text-of-nested-mail')
  if (files.length > 0) kinds.push('text-of-attached-file')
  const source = words.length > 0 ? 'message/rfc822' : (files[0]?.source ?? 'text/plain')
  const handedOn = authorOfAll(mails.map(({ text, author }) => ({ author, phone: ownPhone(text, null) })))
  return { text: texts.join('\n\n'), source, handedOn, notes: [...new Set([...kinds, ...notes])] }
}

interface NestedMail {
  readonly text: string
  readonly author: MailPerson
}

async function nestedMails(leaves: readonly Leaf[], levels: number): Promise<readonly NestedMail[]> {
  const found: NestedMail[] = []
  for (const leaf of levels === 0 ? [] : leaves.filter(isMail)) {
    const mail = await parseMail(leaf.part.body)
    const { text, attachments } = messageText(mail.root)
    const said = cleanText(text)
    // A bounce says nothing beside the letter that it brings back.
    const isReport = mail.root?.mediaType === 'multipart/report'
    const below = said === '' || isReport ? await nestedMails(attachments, levels - 1) : []
    const author = addressesOf(mail.headers, 'from')[0] ?? { name: null, address: null }
    const subject = cleanText(String(mail.headers.get('subject') ?? ''))
    found.push(...(below.length > 0 ? below : [{ text: said === '' ? subject : said, author }]))
  }
  return found.filter(({ text }) => text !== '')
}

/** Some programs attach mails as files like any other. */
function isMail({ mediaType, part }: Leaf): boolean {
  return mediaType === 'message/rfc822' || (/\.eml$/i.test(part.filename ?? '') && looksLikeMail(part.body))
}

/** Many programs, webmail among them, call every file a stream of octets. */
function isTextFile({ mediaType, part }: Leaf): boolean {
  const isNamed = /\.(?:txt|html?)$/i.test(part.filename ?? '')
  const isText = /^text\/(?:plain|html)$/.test(mediaType)
  const mayBeText = mediaType === 'application/octet-stream' && !isBinary(part.body)
  return isNamed && (isText || mayBeText) && part.body.length <= maxFileBytes
}

/** Text holds no zero bytes, unless it is UTF-16, as Windows' editor marks it. */
function isBinary(body: Buffer): boolean {
  const isUtf16 = body.length > 1 && [0xfffe, 0xfeff].includes(body.readUInt16BE(0))
  return !isUtf16 && body.includes(0)
}
