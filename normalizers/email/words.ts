import type { Note } from '../notes.ts'
import { cleanLine, cleanText } from '../text.ts'
import { maxAttachments } from './attachments.ts'
import { looksLikeMail } from './mail-shape.ts'
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
  readonly source: 'text/plain' | 'text/html' | 'message/rfc822' | 'Subject' | null
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

/** What programs write where the writer gave no subject. */
const untitled = /^[（(<【[\s]*(?:无主题|無主題|無主旨|no subject)[）)>】\]\s]*$/i

/** A writer who says no more than this beside an attached mail hands on what that mail says. */
const shortComment = 100

/** Title and body as the citizen meant them: reply prefixes, quoted history and signature left out. */
export async function readWords(mail: ParsedMail): Promise<MailWords> {
  const subject = cleanLine(subjectOf(mail))
  const own = messageText(mail.root)
  const words = ownWords(cleanText(own.text), relationOf(mail, subject ?? ''))
  const nested = isShort(words.text) ? await nestedWords(own.attachments) : null
  const comment = saysMore(words.text) || nested === null ? words.text : ''
  const said = cleanText([comment, nested?.text ?? ''].filter((part) => part !== '').join('\n\n'))
  const title = titleOf(subject)
  const isTitleCut = title !== null && title.length > maxTitle
  // Some write the whole letter into the subject.
  const body = isTitleCut ? `${title}\n\n${said}`.trim() : said
  const notes: Note[] = [...own.notes, ...words.notes]
  if (own.attachments.length > maxAttachments) notes.push('attachments-cut')
  if (nested !== null) notes.push('text-of-nested-mail', ...nested.notes)
  if (body === '') notes.push('body-empty')
  if (isTitleCut) notes.push('title-cut')
  return {
    title: title?.slice(0, maxTitle).toWellFormed() ?? null,
    body,
    source: said === '' && isTitleCut ? 'Subject' : sourceOf(own.isHtml, comment, said),
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
  return untitled.test(title) ? null : cleanLine(title)
}

/** In-Reply-To alone is no proof of a reply: some programs write it into forwards. */
function relationOf({ fields }: ParsedMail, subject: string): Relation {
  const isForward = forwardPrefix.test(subject)
  const isAnswer = fields.has('in-reply-to') || fields.has('references')
  return { isReply: !isForward && prefix.test(subject), isForward, isAnswer }
}

type NestedWords = Pick<OwnWords, 'text' | 'notes'>

/** What the attached mails say, each by its text, else by its subject; null where none says anything. */
async function nestedWords(attachments: readonly Leaf[]): Promise<NestedWords | null> {
  const texts = await nestedTexts(attachments.slice(0, maxAttachments), maxNesting)
  const words = texts.map((text) => ownWords(text, { isReply: false, isForward: false, isAnswer: false }))
  if (words.length === 0) return null
  const notes = [...new Set(words.flatMap((each) => each.notes))]
  return { text: words.map(({ text }) => text).join('\n\n'), notes }
}

async function nestedTexts(leaves: readonly Leaf[], levels: number): Promise<readonly string[]> {
  const texts: string[] = []
  for (const leaf of levels === 0 ? [] : leaves.filter(isMail)) {
    const mail = await parseMail(leaf.part.body)
    const { text, attachments } = messageText(mail.root)
    const said = cleanText(text)
    const below = said === '' ? await nestedTexts(attachments, levels - 1) : []
    texts.push(...(said === '' && below.length === 0 ? [cleanText(subjectOf(mail))] : [said, ...below]))
  }
  return texts.filter((text) => text !== '')
}

/** Some programs attach mails as files like any other. */
function isMail({ mediaType, part }: Leaf): boolean {
  return mediaType === 'message/rfc822' || (/\.eml$/i.test(part.filename ?? '') && looksLikeMail(part.body))
}
