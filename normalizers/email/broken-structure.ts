import type { Note } from '../notes.ts'
import type { SplitNode, TreeNode } from './repairing-parser.ts'

/** Multiparts of which no part was found: their boundary is missing or another one than was declared. */
export function withoutParts(tree: TreeNode): readonly SplitNode[] {
  const found: SplitNode[] = []
  const open = [tree]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.node.multipart !== false && next.children.length === 0) found.push(next.node)
    open.push(...next.children)
  }
  return found
}

const maxLooked = 64 * 1024

/** The boundary that a multipart's content itself shows: the first line of dashes above a part's header, or null. */
export function boundaryIn(raw: Buffer): string | null {
  const head = raw.toString('latin1', 0, maxLooked)
  return /^--([\w'()+,./:=?-]{1,70})\r?\n(?:content-|mime-)[\w-]+[ \t]*:/im.exec(head)?.[1] ?? null
}

/** Longer than what mail programs say of MIME, in whatever language, to readers that do not know it. */
const maxMimeHint = 300

/** RFC 2046 §5.1.1: at most 70 characters, among which may be spaces. */
const boundaryLine = /^--(?:\S+|[\x21-\x7e][\x20-\x7e]{0,69}--)[ \t]*\r?$/gm

/** What stands around the parts without the boundary lines; null where it only tells that this is MIME. */
export function unboundText(raw: Buffer): Buffer | null {
  const text = raw.toString('latin1').replace(boundaryLine, '').trim()
  if (!/[a-z\x80-\xff]/i.test(text)) return null
  const isHint = text.length <= maxMimeHint && /multi-?part|mime/i.test(text)
  return isHint ? null : Buffer.from(text, 'latin1')
}

/**
 * Text that was declared base64. What is not of its alphabet is left out (RFC 2045 §6.8), with a note where that
 * was text; but text that was never encoded would become noise, so without an encoded line above it stays as it is.
 */
export function fromBase64(raw: Buffer): { readonly body: Buffer; readonly note: Note | null } {
  const text = raw.toString('latin1')
  const hasOther = /[\x80-\xff]/.test(text)
  const beginsEncoded = /^\s*[a-z0-9+/]{16,}={0,2}\s/i.test(`${text.slice(0, 2000)}\n`)
  if (hasOther && !beginsEncoded) return { body: raw, note: 'transfer-encoding-ignored' }
  const isWhole = /^[a-z0-9+/\s]*(?:=\s*){0,2}$/i.test(text)
  const encoded = isWhole && !/\S[ \t]+\S/.test(text) ? text : withoutWords(text)
  const body = isWhole && encoded === text ? Buffer.from(text, 'base64') : fromPieces(encoded)
  return { body, note: hasOther || encoded !== text ? 'transfer-encoding-broken' : null }
}

const encodedLine = /^\s*[a-z0-9+/]{16,}={0,2}\s*$/i
/** No word is so long. */
const longestWord = 40
const fewestWords = 3

/**
 * Without what gateways and lists append in plain ASCII, whose letters would be taken for base64: from a line of words
 * on, up to the next encoded line.
 */
function withoutWords(text: string): string {
  let [isBelow, inWords] = [false, false]
  const kept = text.split('\n').filter((line) => {
    if (encodedLine.test(line)) [isBelow, inWords] = [true, false]
    else if (isBelow && saysWords(line)) inWords = true
    return !inWords
  })
  return kept.join('\n')
}

/** Whether a line has a mark that base64 has not, or several words. */
function saysWords(line: string): boolean {
  const words = line.trim().split(/[ \t]+/)
  const isMarked = /[^a-z0-9+/=\s]/i.test(line)
  return (
    /[a-z]/i.test(line) &&
    (isMarked || words.length >= fewestWords) &&
    words.every((word) => word.length < longestWord)
  )
}

/** Gateways append a text of their own that they encoded by itself: the next begins where one is padded. */
function fromPieces(text: string): Buffer {
  // Each piece is decoded where it belongs: a mail can have millions.
  const body = Buffer.allocUnsafeSlow(text.length)
  let length = 0
  let open = ''
  for (const [, run = '', padding = ''] of text.replace(/[^a-z0-9+/=]+/gi, '').matchAll(/([^=]*)(=*)/g)) {
    open += run
    // Anywhere else a = pads nothing, and is left out like all that is not of the alphabet.
    if (padding === '' || open.length % 4 < 2) continue
    length += body.write(open, length, 'base64')
    open = ''
  }
  length += body.write(open, length, 'base64')
  return body.subarray(0, length)
}
