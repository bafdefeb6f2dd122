import type { Note } from '../notes.ts'
import { cleanLine, cleanText } from '../text.ts'
import { attachedWords } from './attached-words.ts'
import { maxAttachments } from './attachments.ts'
import { authorOfForwarded, type HandedOn } from './handed-on.ts'
import { addressBook } from './linked-address.ts'
import { type Leaf, messageText } from './message-text.ts'
import type { ParsedMail } from './mime.ts'
import { type OwnWords, ownWords, type Relation } from './own-words.ts'
import { type OwnPhone, ownPhone } from './senders.ts'
import { saysMore } from './stamps.ts'

/** What a mail says, in the ticket's terms. */
export interface MailWords {
  readonly title: string | null
  readonly body: string
  /** Where the body was found, for provenance; null where there is none. */
  readonly source: 'text/plain' | 'text/html' | 'message/rfc822' | 'Subject' | null
  readonly phone: OwnPhone | null
  /** Who wrote what the mail hands on; null where it hands on nothing, or nobody is named. */
  readonly handedOn: HandedOn | null
  readonly attachments: readonly Leaf[]
  readonly notes: readonly Note[]
}

const maxTitle = 500

const prefix =
  /^\s*(?:(?:re|aw|sv|fw|fwd|wg|回复|回覆|答复|答覆|回信|转发|轉寄|轉發|转寄)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*)/i
/** The outermost prefix tells what this mail is; 回复：转发： answers a forward. */
const forwardPrefix = /^\s*(?:fwd?|wg|转发|轉寄|轉發|转寄)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]/i

/** What programs write where the writer gave no subject. */
const untitled = /^[（(<【[\s]*(?:无主题|無主題|無主旨|no subject)[）)>】\]\s]*$/i

/** A writer who says no more than this beside an attached mail or text file hands on what that says. */
const shortComment = 100

/** Title and body as the citizen meant them: reply prefixes, quoted history and signature left out. */
export async function readWords(mail: ParsedMail): Promise<MailWords> {
  const subject = cleanLine(subjectOf(mail))
  const own = messageText(mail.root)
  const words = ownWords(cleanText(own.text), relationOf(mail, subject ?? ''))
  const attached = isShort(words.text) ? await attachedWords(own.attachments) : null
  const comment = saysMore(words.text) ? words.text : ''
  const said = cleanText([comment, attached?.text ?? ''].filter((part) => part !== '').join('\n\n'))
  const title = titleOf(subject)
  const isTitleCut = title !== null && title.length > maxTitle
  const form = own.isHtml ? 'text/html' : 'text/plain'
  // Some write the whole letter into the subject.
  const body = isTitleCut ? `${title}\n\n${said}`.trim() : said
  const notes: Note[] = [...own.notes, ...words.notes]
  if (own.attachments.length > maxAttachments) notes.push('attachments-cut')
  if (attached !== null) notes.push(...attached.notes)
  if (body === '') notes.push('body-empty')
  if (isTitleCut) notes.push('title-cut')
  return {
    title: title?.slice(0, maxTitle).toWellFormed() ?? null,
    body,
    source: comment === '' ? (attached?.source ?? (isTitleCut ? 'Subject' : null)) : form,
    phone: comment === '' ? null : ownPhone(words.written, words.signature),
    handedOn: authorOfForwarded(keptBelow(words), addressBook(mail)) ?? attached?.handedOn ?? null,
    attachments: own.attachments,
    notes,
  }
}

/** What is forwarded, or may be, below the writer's own part. */
function keptBelow({ text, written, notes }: OwnWords): string {
  const isKept = notes.includes('forwarded-text-kept') || notes.includes('history-uncertain')
  return isKept ? text.slice(written.length) : ''
}

function isShort(text: string): boolean {
  return text.replace(/\s+/g, '').length <= shortComment
}

function subjectOf(mail: ParsedMail): string {
  const subject = mail.headers.get('subject')
  return typeof subject === 'string' ? subject : ''
}

function titleOf(subject: string | null): string | null {
  let title = subject ?? ''
  for (let match = prefix.exec(title); match !== null; match = prefix.exec(title))
    title = title.slice(match[0].length)
  return untitled.test(title) ? null : cleanLine(title)
}

/** In-Reply-To alone is no proof of a reply: some programs write it into forwards. */
function relationOf({ fields }: ParsedMail, subject: string): Relation {
  const isForward = forwardPrefix.test(subject)
  const isAnswer = fields.has('in-reply-to') || fields.has('references')
  return { isReply: !isForward && prefix.test(subject), isForward, isAnswer }
}
