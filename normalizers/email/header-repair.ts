import { isUtf8 } from 'node:buffer'
import type { Note } from '../notes.ts'
import { charsetLabel, type DecodedText, decodeText, isChineseUtf8 } from './charset.ts'
import { guessCharset, isPlausibleGb } from './charset-guess.ts'

/** A header field as it stands in the mail, folded, one char per byte. */
export interface RawField {
  readonly key: string
  line: string
}

const encodedWord = /=\?([^?\s]{1,80})\?([bq])\?([^?]*)\?=/gi
/** RFC 2231 §4: `filename*=gb2312''%B1%A8` and its first continuation. */
const extendedParameter = /(\*(?:0\*)?\s*=\s*"?)([\w.:-]{1,40})(?=')/g

const addressKeys: ReadonlySet<string> = new Set(['from', 'sender', 'reply-to', 'to', 'cc'])
/** A line longer than this is left as it is. */
const maxAddresses = 10_000

/**
 * Rewrites the fields of one header, in place, so that a reader that knows only UTF-8 and trusts labels reads
 * them right: raw 8-bit text becomes UTF-8 (RFC 6532), each run of encoded-words (RFC 2047) one word in UTF-8
 * even where senders cut in the middle of a character, Chinese labels of extended parameters GB18030, and an
 * open quote in an address is closed.
 * Gives notes.
 */
export function repairHeader(fields: readonly RawField[]): readonly Note[] {
  const notes = new Set<Note>()
  const raw = fields.filter((field) => /[\x80-\xff]/.test(field.line))
  if (raw.length > 0) repairRaw(raw, notes)
  for (const field of fields) {
    if (field.line.includes('=?')) field.line = repairWords(field.line, notes)
    if (addressKeys.has(field.key)) field.line = closeQuote(field.line)
    if (field.line.includes('*') && field.line.includes("'")) field.line = relabelParameters(field.line)
  }
  return [...notes]
}

/** Fields of one header share a charset; a single one is often too short to tell. */
function repairRaw(fields: readonly RawField[], notes: Set<Note>): void {
  const bytes = Buffer.from(fields.map((field) => field.line).join('\n'), 'latin1')
  const charset = guessCharset(bytes)
  if (charset === 'utf-8' && isUtf8(bytes)) return
  notes.add(`header-charset-guessed:${charset}`)
  for (const field of fields) {
    const line = Buffer.from(field.line, 'latin1')
    const mayBeGb = charset === 'gb18030' && isPlausibleGb(line) && !isChineseUtf8(line)
    if (mayBeGb || !isUtf8(line)) field.line = utf8Bytes(new TextDecoder(charset).decode(line))
  }
}

interface EncodedPart {
  /** `b` or `q`. */
  readonly encoding: string
  readonly content: string
}

/** Encoded-words of one charset with nothing between them. */
interface Run {
  readonly label: string
  readonly parts: EncodedPart[]
  end: number
}

function repairWords(line: string, notes: Set<Note>): string {
  let repaired = ''
  let copied = 0
  let run: Run | null = null
  const flush = () => {
    if (run === null) return
    const { text, note } = decodedTwice(decodeRun(run))
    if (note !== null) notes.add(`header-${note}`)
    repaired += `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
    copied = run.end
    run = null
  }
  for (const match of line.matchAll(encodedWord)) {
    const [word, label = '', encoding = '', content = ''] = match
    const end = match.index + word.length
    const part = { encoding: encoding.toLowerCase(), content }
    if (run !== null && sameRun(run, label, line.slice(run.end, match.index))) {
      run.parts.push(part)
      run.end = end
      continue
    }
    flush()
    repaired += line.slice(copied, match.index)
    run = { label, parts: [part], end }
  }
  flush()
  return repaired + line.slice(copied)
}

const wholeWord = /^\s*=\?([^?\s]{1,80})\?([bq])\?([^?]*)\?=\s*$/i

/** Some programs encode what was encoded before. */
function decodedTwice(decoded: DecodedText): DecodedText {
  const [, label, encoding = '', content = ''] = wholeWord.exec(decoded.text) ?? []
  return label === undefined
    ? decoded
    : decodeRun({ label, parts: [{ encoding: encoding.toLowerCase(), content }] })
}

/** Some programs cut the base64 as it is long, not the text: then only all of it together can be read. */
function decodeRun({ label, parts }: Omit<Run, 'end'>): DecodedText {
  const bytes = Buffer.concat(parts.map(wordBytes))
  const isCut = parts.slice(0, -1).some(({ encoding, content }) => encoding === 'b' && content.length % 4 > 0)
  const whole =
    isCut && parts.every(({ encoding }) => encoding === 'b')
      ? parts.map(({ content }) => content).join('')
      : ''
  if (whole.length % 4 === 0 && /^[a-z0-9+/]+={0,2}$/i.test(whole)) {
    const read = decodeText(Buffer.from(whole, 'base64'), label)
    if (read.note === null) return read
  }
  return decodeText(bytes, label)
}

function sameRun(run: { readonly label: string }, label: string, between: string): boolean {
  return between.trim() === '' && charsetLabel(run.label) === charsetLabel(label)
}

function wordBytes({ encoding, content }: EncodedPart): Buffer {
  if (encoding === 'b') return Buffer.from(content, 'base64')
  const unescaped = content
    .replace(/\r?\n[ \t]*/g, '')
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(unescaped, 'latin1')
}

/** A quote that is never closed takes the address into the name: it is closed before the bracket, else left out. */
function closeQuote(line: string): string {
  if (line.length > maxAddresses || (line.match(/(?<!\\)"/g) ?? []).length % 2 === 0) return line
  const last = line.lastIndexOf('"')
  const [above, below] = [line.slice(0, last), line.slice(last + 1)]
  const bracket = below.indexOf('<')
  if (bracket < 0) return above + below
  return `${above}"${below.slice(0, bracket).trimEnd()}" ${below.slice(bracket)}`
}

function relabelParameters(line: string): string {
  return line.replace(extendedParameter, (all, before: string, label: string) =>
    charsetLabel(label) === 'gb18030' ? `${before}gb18030` : all,
  )
}

/** UTF-8 of a text, one char per byte, as header lines are held. */
function utf8Bytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
