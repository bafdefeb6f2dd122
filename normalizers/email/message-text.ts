import { htmlText } from '../html.ts'
import { withoutData } from '../html-data.ts'
import type { Note } from '../notes.ts'
import { cleanText } from '../text.ts'
import { addsWords, isGarbled, lettersOf } from './alternatives.ts'
import { charsetOfMeta, decodeText } from './charset.ts'
import type { MailNode, MailPart } from './mime.ts'

/** A leaf that is not part of the text. */
export interface Leaf {
  readonly mediaType: string
  readonly part: MailPart
}

/** The text of a mail, and the parts that are files. */
export interface MessageText {
  readonly text: string
  readonly isHtml: boolean
  readonly attachments: readonly Leaf[]
  readonly notes: readonly Note[]
}

/** A plain alternative that says no more than where its reader finds the letter. */
const placeholder = /HTML|浏览器|邮件客户端|纯文本|browser|mail (?:client|reader|program)|text version/i
const maxPlaceholder = 300
/** What Exchange calls the text below a picture. */
const madeByExchange = /^ATT\d{5}\.(?:txt|html?)$/i
/** Of all parts together: a mail may have thousands. */
export const maxTextBytes = 8 * 1024 * 1024

/** What a mail says, and what came with it. Of alternatives the plain one, unless the HTML says more. */
export function messageText(root: MailNode | null): MessageText {
  const found = nothingYet({ bytes: maxTextBytes })
  if (root !== null) visit(root, found)
  const text = found.texts.filter((part) => part.trim() !== '').join('\n\n')
  return { text, isHtml: found.isHtml, attachments: found.attachments, notes: [...found.notes] }
}

interface Found {
  readonly texts: string[]
  /** The letters of these, as far as a later one was compared with them. */
  readonly said: string[]
  readonly attachments: Leaf[]
  readonly notes: Set<Note>
  /** How much text of the mail may still be read. */
  readonly left: { bytes: number }
  isHtml: boolean
}

function nothingYet(left: Found['left']): Found {
  return { texts: [], said: [], attachments: [], notes: new Set(), left, isHtml: false }
}

function visit(node: MailNode, found: Found): void {
  if (node.mediaType === 'multipart/alternative') {
    visitAlternatives(node, found)
    return
  }
  if (node.part !== null && !isText(node.mediaType, node.part, found)) {
    found.attachments.push({ mediaType: node.mediaType, part: node.part })
  } else if (node.part !== null) {
    const { part, leaves } = separated(node.mediaType, node.part)
    const text = textOf(node.mediaType, part, found)
    if (!isSaid(text, found)) {
      if (node.mediaType === 'text/html') found.isHtml = true
      found.texts.push(text)
    }
    for (const leaf of leaves) found.attachments.push(leaf)
  }
  for (const child of node.children) visit(child, found)
}

/** Some programs send both forms of a text one after the other, without calling them alternatives. */
function isSaid(text: string, { texts, said }: Found): boolean {
  if (texts.length === 0) return false
  for (const earlier of texts.slice(said.length)) said.push(lettersOf(earlier))
  const letters = lettersOf(text)
  return letters !== '' && said.includes(letters)
}

/** Text to read, not a text file: those carry a name. One that is set aside is read where nothing else was said. */
function isText(mediaType: string, part: MailPart, found: Found): boolean {
  if (!/^text\/(?:plain|html|enriched|richtext)$/.test(mediaType)) return false
  if (madeByExchange.test(part.filename ?? '')) return true
  if (part.filename === null && part.disposition !== 'attachment') return true
  const isFirst = found.texts.every((text) => text.trim() === '')
  return isFirst && (part.filename === null || part.disposition !== 'attachment')
}

/** RFC 2046 §5.1.4: the same content in several forms; everything that is not text in them is kept. */
function visitAlternatives(node: MailNode, found: Found): void {
  const forms = node.children.map((child) => {
    const form = nothingYet(found.left)
    visit(child, form)
    return form
  })
  for (const leaf of forms.flatMap(({ attachments }) => attachments)) found.attachments.push(leaf)
  const chosen = chooseForm(forms)
  if (chosen === null) return
  found.texts.push(...chosen.texts)
  for (const note of chosen.notes) found.notes.add(note)
  if (chosen.isHtml) found.isHtml = true
}

function chooseForm(forms: readonly Found[]): Found | null {
  const said = forms.filter((form) => form.texts.some((text) => text.trim() !== ''))
  const plain = said.find((form) => !form.isHtml)
  const rich = said.find((form) => form.isHtml)
  if (plain === undefined || rich === undefined) return said[0] ?? null
  const differing = new Set<Note>([...plain.notes, ...rich.notes, 'alternatives-differ'])
  if (isGarbled(plain.texts) && !isGarbled(rich.texts)) return { ...rich, notes: differing }
  const [short, long] = [lengthOf(plain), lengthOf(rich)]
  if (short < maxPlaceholder && long > short && placeholder.test(plain.texts.join('\n'))) return rich
  if (!addsWords(plain.texts, rich.texts)) return plain
  const texts = addsWords(rich.texts, plain.texts) ? [...rich.texts, ...plain.texts] : rich.texts
  return { ...rich, texts, notes: differing }
}

function lengthOf(form: Found): number {
  return form.texts.join('').replace(/\s+/g, '').length
}

/** Pictures pasted into a letter are attachments as others are, and no part of what it says. */
function separated(
  mediaType: string,
  part: MailPart,
): { readonly part: MailPart; readonly leaves: readonly Leaf[] } {
  if (mediaType !== 'text/html') return { part, leaves: [] }
  const { html, files } = withoutData(part.body)
  const bare = { charset: null, flowed: false, delSp: false, disposition: 'inline', filename: null } as const
  const leaves = files.map((file) => ({ mediaType: file.mediaType, part: { ...bare, body: file.body } }))
  return { part: { ...part, body: html }, leaves }
}

/** What an attached text file says. */
export function fileText({ mediaType, part }: Leaf) {
  const found = nothingYet({ bytes: maxTextBytes })
  const isHtml = mediaType === 'text/html' || /\.html?$/i.test(part.filename ?? '')
  const source = isHtml ? 'text/html' : 'text/plain'
  const text = cleanText(textOf(source, separated(source, part).part, found))
  return { text, source, notes: [...found.notes] } as const
}

function textOf(mediaType: string, part: MailPart, { notes, left }: Found): string {
  if (part.body.length > left.bytes) notes.add('text-cut')
  const bytes = part.body.subarray(0, left.bytes)
  left.bytes -= bytes.length
  const { text, note } = decodeText(bytes, part.charset ?? metaCharset(mediaType, bytes))
  if (note !== null) notes.add(note)
  if (mediaType === 'text/plain' && !isMarkup(text))
    return withoutTraces(part.flowed ? unflow(text, part.delSp) : text)
  const html = htmlText(text)
  if (html.note !== null) notes.add(html.note)
  return html.text
}

/** Scripts that send HTML without saying so: PHP's `mail` declares nothing by itself. Nobody begins a letter with a tag. */
function isMarkup(text: string): boolean {
  const start = /^\s*<(?:!doctype\s+html|html|head|body|table|div|p)\b[^<>]*>/i
  return start.test(text.slice(0, 1000)) && /<\/(?:html|body|table|div|p)>\s*$/i.test(text.slice(-1000))
}

/** What the HTML leaves in the plain form that programs make of it: QQ Mail an entity, Apple Mail and Outlook their marks for pictures. */
function withoutTraces(plain: string): string {
  return plain.replaceAll('&nbsp;', ' ').replace(/\ufffc|\[cid:[^\]\s]{1,200}\]/g, '')
}

/** HTML as it was written. */
export function decodedHtml({ body, charset }: MailPart): string {
  return decodeText(body, charset ?? metaCharset('text/html', body)).text
}

/** `<meta charset>` of HTML that was sent without one in its header. */
function metaCharset(mediaType: string, bytes: Buffer): string | null {
  if (mediaType !== 'text/html') return null
  const declared = /<meta[^<>]{0,100}charset\s*=\s*["']?([\w-]{2,40})/i.exec(
    bytes.toString('latin1', 0, 2048),
  )
  return charsetOfMeta(declared?.[1] ?? null)
}

/** RFC 3676 §4: a line that ends in a space goes on in the next, within one depth of quoting. */
function unflow(text: string, delSp: boolean): string {
  const pieces: string[] = []
  let open: string | null = null
  for (const raw of text.split(/\r?\n/)) {
    const quote = /^>*/.exec(raw)?.[0] ?? ''
    const content = raw.slice(quote.length).replace(/^ /, '')
    const isSignature = content === '-- '
    if (open === quote && !isSignature) pieces.push(beforeNext(pieces.pop() ?? '', content, delSp), content)
    else pieces.push(pieces.length === 0 ? '' : '\n', quote === '' ? content : `${quote} ${content}`)
    open = content.endsWith(' ') && !isSignature ? quote : null
  }
  return pieces.join('')
}

/** Programs that wrap Chinese, which has no spaces, often forget to say `delsp`. */
function beforeNext(line: string, next: string, delSp: boolean): string {
  const isCjk = /[\u3000-\u9fff\uff00-\uffef] $/.test(line) && /^[\u3000-\u9fff\uff00-\uffef]/.test(next)
  return delSp || isCjk ? line.slice(0, -1) : line
}
