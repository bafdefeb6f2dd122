import type { Note } from '../notes.ts'
import { cleanLine, cleanText } from '../text.ts'
import { maxAttachments } from './attachments.ts'
import { type Leaf, messageText } from './message-text.ts'
import { type ParsedMail, parseMail } from './mime.ts'
import { type OwnWords, ownWords, type Relation } from './own-words.ts'
import { type OwnPhone, ownPhone } from './senders.ts'
import { saysMore } from './stamps.ts'

/** What a mail says, in the ticket's terms. */
export interface MailWords {
  readonly title: string | null
  readonly body: string
  /** Where the body was found, for provenance; null where there is none. */
  readonly source: 'text/plain' | 'text/html' | 'message/rfc822' | null
  readonly phone: OwnPhone | null
  readonly attachments: readonly Leaf[]
  readonly notes: readonly Note[]
}

const maxTitle = 500
/** A mail forwarded as an attachment of one forwarded as an attachment; deeper ones stay attachments. */
const maxNesting = 3

const prefix =
  /^\s*(?:(?:re|aw|sv|fw|fwd|回复|回覆|答复|答覆|回信|转发|轉寄|轉發|转寄)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*)/i
/** The outermost prefix tells what this mail is; 回复：转发： answers a forward. */
const forwardPrefix = /^\s*(?:fwd?|转发|轉寄|轉發|转寄)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]/i

/** A writer who says no more than this beside an attached mail hands on what that mail says. */
const shortComment = 100

/** Title and body as the citizen meant them: reply prefixes, quoted history and signature left out. */
export async function readWords(mail: ParsedMail): Promise<MailWords> {
  const subject = cleanLine(subjectOf(mail))
  const own = messageText(mail.root)
  const words = ownWords(cleanText(own.text), relationOf(mail, subject ?? ''))
  const nested = isShort(words.text) ? await nestedWords(own.attachments) : null
  const comment = saysMore(words.text) || nested === null ? words.text : ''
  const body = cleanText([comment, nested?.text ?? ''].filter((part) => part !== '').join('\n\n'))
  const title = titleOf(subject)
  const notes: Note[] = [...own.notes, ...words.notes]
  if (own.attachments.length > maxAttachments) notes.push('attachments-cut')
  if (nested !== null) notes.push('text-of-nested-mail', ...nested.notes)
  if (body === '') notes.push('body-empty')
  if (title !== null && title.length > maxTitle) notes.push('title-cut')
  return {
    title: title?.slice(0, maxTitle).toWellFormed() ?? null,
    body,
    source: sourceOf(own.isHtml, comment, body),
    phone: comment === '' ? null : ownPhone(words.written, words.signature),
    attachments: own.attachments,
    notes,
  }
}

function isShort(text: string): boolean {
  return text.replace(/\s+/g, '').length <= shortComment
}

function sourceOf(isHtml: boolean, comment: string, body: string): MailWords['source'] {
  if (body === '') return null
  if (comment.trim() === '') return 'message/rfc822'
  return isHtml ? 'text/html' : 'text/plain'
}

function subjectOf(mail: ParsedMail): string {
  const subject = mail.headers.get('subject')
  return typeof subject === 'string' ? subject : ''
}

function titleOf(subject: string | null): string | null {
  let title = subject ?? ''
  for (let match = prefix.exec(title); match !== null; match = prefix.exec(title))
    title = title.slice(match[0].length)
  return cleanLine(title)
}

/** In-Reply-To alone is no proof of a reply: some programs write it into forwards. */
function relationOf({ fields }: ParsedMail, subject: string): Relation {
  const isForward = forwardPrefix.test(subject)
  const isAnswer = fields.has('in-reply-to') || fields.has('references')
  return { isReply: !isForward && prefix.test(subject), isForward, isAnswer }
}

/** What the first attached mail that has any text says; null where none does. Its own header is not looked at. */
async function nestedWords(attachments: readonly Leaf[]): Promise<OwnWords | null> {
  const text = cleanText(await nestedText(attachments, maxNesting))
  return text === '' ? null : ownWords(text, { isReply: false, isForward: false, isAnswer: false })
}

async function nestedText(leaves: readonly Leaf[], levels: number): Promise<string> {
  for (const { mediaType, part } of leaves) {
    if (mediaType !== 'message/rfc822' || levels === 0) continue
    const { text, attachments } = messageText((await parseMail(part.body)).root)
    const found = text.trim() === '' ? await nestedText(attachments, levels - 1) : text
    if (found.trim() !== '') return found
  }
  return ''
}
