import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { isImprobable, isNarrow, isWrongEastAsian } from './charset-doubt.ts'
import { guessCharset, isPlausibleGb, isRatherGb } from './charset-guess.ts'
import { sevenBitCharset } from './charset-seven-bit.ts'

export type CharsetNote = `charset-${'broken' | 'corrected' | 'doubtful' | 'guessed' | 'unknown'}:${string}`

/** Text, the charset that it was read with, and a note where that is not the declared one. */
export interface DecodedText {
  readonly text: string
  readonly charset: string
  readonly note: CharsetNote | null
}

/** What senders call GB2312 or GBK is read as GB18030, a superset of both. */
const gbLabels =
  /^(?:(?:cs)?gb[-_]?2312(?:[-_]80)?|(?:x-)?gbk|cp-?936|ms936|windows-936|(?:x-)?gb[-_]?18030|euc-cn|chinese|csiso58gb231280|iso-ir-58)$/
/** Labels that say nothing about bytes above 0x7f. */
const emptyLabels =
  /^(?:|us-?ascii|ascii|ansi_x3\.4-1968|unknown-8bit|x-unknown|unknown|default|none|null|undefined|binary|[78]bit|x-user-defined)$/
/** Charsets of seven bits, which switch between character sets. */
const statefulLabels = /^(?:iso-?2022-|hz|(?:unicode-1-1-)?utf-?7)/
/** Two or four bytes a character; the Encoding Standard reads `unicode` as UTF-16. */
const wideLabels = /^(?:utf-?16|utf-?32|(?:iso-10646-)?ucs-?[24]|(?:cs)?unicode(?:feff|fffe)?$)/
const singleByteLabels = /^(?:windows-?125\d|cp-?125\d|iso-?8859-|latin-?\d|l\d$)/
/** Of these all bytes are letters, so that Russian looks much like GB18030. */
const denseLabels = /^(?:koi8?|cs?koi8|(?:x-)?mac|cs?macintosh|(?:cp|ibm)-?8\d\d|tis-?620|windows-874)/

/** A charset label in its usual spelling and without an RFC 2231 language tag; null where it says nothing. */
export function charsetLabel(label: string | null | undefined): string | null {
  const name =
    (label ?? '')
      .replace(/["'\s]/g, '')
      .toLowerCase()
      .split('*', 1)[0] ?? ''
  if (emptyLabels.test(name)) return null
  if (gbLabels.test(name)) return 'gb18030'
  return name === 'utf8' || name === 'utf_8' ? 'utf-8' : name
}

/**
 * Decodes bytes of a mail; never throws. A missing or empty label is guessed, and one that the bytes
 * contradict is corrected, each with a note.
 */
export function decodeText(bytes: Uint8Array, declared: string | null | undefined): DecodedText {
  const read = decodeLabelled(bytes, charsetLabel(declared))
  const isDoubtful =
    read.note === null && !/^(?:utf-8|us-ascii)$/.test(read.charset) && isImprobable(read.text)
  return isDoubtful ? { ...read, note: `charset-doubtful:${safe(read.charset)}` } : read
}

/** `<meta charset>` could be read as it stands, so a charset of two or four bytes a character is none (HTML §13.2.3.2). */
export function charsetOfMeta(label: string | null): string | null {
  return label !== null && wideLabels.test(charsetLabel(label) ?? '') ? 'utf-8' : label
}

function decodeLabelled(bytes: Uint8Array, label: string | null): DecodedText {
  if (label !== null && statefulLabels.test(label)) return decodeStateful(bytes, label)
  if (label !== null && wideLabels.test(label)) return decodeWide(bytes, label)
  if (isAscii(bytes)) return { text: latin1(bytes), charset: 'us-ascii', note: null }
  const marked = byteOrderMark(bytes)
  if (marked !== null) return decodeAs(bytes, marked, null)
  if (label === null) return decodeGuessed(bytes, 'charset-guessed')
  if (label === 'utf-8') return decodeUtf8(bytes)
  if (label === 'gb18030') return decodeGb(bytes)
  if (denseLabels.test(label) && isRatherGb(bytes)) return decodeAs(bytes, 'gb18030', correctedToGb)
  return singleByteLabels.test(label) ? decodeSingleByte(bytes, label) : decodeDeclared(bytes, label)
}

const correctedToGb = 'charset-corrected:gb18030'

/** Decodes with one charset; a byte that does not fit becomes U+FFFD and a note. */
function decodeAs(bytes: Uint8Array, charset: string, note: CharsetNote | null): DecodedText {
  const decoder = decoderFor(charset)
  const text = decoder === null ? latin1(bytes) : readable(decoder, bytes)
  if (note !== null || !text.includes('\uFFFD')) return { text, charset, note }
  return { text, charset, note: `charset-broken:${charset}` }
}

/** Of Big5, Node reads Hong Kong's own characters as ones for private use, which show as nothing. */
function readable(decoder: TextDecoder, bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  return decoder.encoding === 'big5' ? text.replace(/[\ue000-\uf8ff]/g, '\ufffd') : text
}

function decodeGuessed(bytes: Uint8Array, code: 'charset-guessed' | 'charset-corrected'): DecodedText {
  const charset = guessCharset(bytes)
  return decodeAs(bytes, charset, `${code}:${charset}`)
}

/** Damaged UTF-8 stays UTF-8; text that never was any is read as what it is. */
function decodeUtf8(bytes: Uint8Array): DecodedText {
  const charset = isUtf8(bytes) ? 'utf-8' : guessCharset(bytes)
  return decodeAs(bytes, charset, charset === 'utf-8' ? null : `charset-corrected:${charset}`)
}

/** Chinese webmail often labels UTF-8 as GB2312, and some Big5; short texts can be both, then what is Chinese holds. */
function decodeGb(bytes: Uint8Array): DecodedText {
  if (isUtf8(bytes) && (!isPlausibleGb(bytes) || isChineseUtf8(bytes)))
    return decodeAs(bytes, 'utf-8', 'charset-corrected:utf-8')
  const read = decodeAs(bytes, 'gb18030', null)
  if (isPlausibleGb(bytes)) return read
  // Characters for private use: nobody writes them, and Big5 read as GB18030 is full of them.
  const isOther = /[\ue000-\uf8ff\ufffd]/.test(read.text) && guessCharset(bytes) === 'big5'
  return isOther ? decodeAs(bytes, 'big5', 'charset-corrected:big5') : read
}

/** Whether UTF-8 says nothing but Chinese, which what was written as GB18030 does not. */
export function isChineseUtf8(bytes: Uint8Array): boolean {
  return /^[\x00-\x7f\p{Script=Han}\u3000-\u303f\uff01-\uff5e]*$/u.test(new TextDecoder().decode(bytes))
}

/** Every byte fits a Latin charset, so only strong evidence for another corrects the label. */
function decodeSingleByte(bytes: Uint8Array, label: string): DecodedText {
  if (isUtf8(bytes)) return decodeAs(bytes, 'utf-8', 'charset-corrected:utf-8')
  const isLatinless = bytes.length >= 4 && !/[a-z]/i.test(latin1(bytes))
  if ((bytes.length >= 8 || isLatinless) && isPlausibleGb(bytes) && guessCharset(bytes) === 'gb18030') {
    return decodeAs(bytes, 'gb18030', correctedToGb)
  }
  return decodeDeclared(bytes, label)
}

function decodeDeclared(bytes: Uint8Array, label: string): DecodedText {
  const decoder = decoderFor(label)
  if (decoder === null) return decodeUnknown(bytes, label)
  const text = readable(decoder, bytes)
  const isWrong = decoder.encoding === 'big5' || isWrongEastAsian(text, decoder.encoding)
  if (isWrong && isRatherGb(bytes)) return decodeAs(bytes, 'gb18030', correctedToGb)
  if (text.includes('\uFFFD') && isUtf8(bytes)) return decodeAs(bytes, 'utf-8', 'charset-corrected:utf-8')
  return {
    text,
    charset: decoder.encoding,
    note: text.includes('\uFFFD') ? `charset-broken:${safe(label)}` : null,
  }
}

/** Bytes of eight bits contradict a charset of seven, unless it shows its signs for switching. */
function decodeStateful(bytes: Uint8Array, label: string): DecodedText {
  const known = sevenBitCharset(label)
  const decoder = known === null ? decoderFor(label) : null
  if (known === null && decoder === null) return decodeUnknown(bytes, label)
  const sent = latin1(bytes)
  const sign = known === null ? '\x1b' : known.sign
  if (!isAscii(bytes) && (sign === null || !sent.includes(sign)))
    return decodeGuessed(bytes, 'charset-corrected')
  if (known !== null) return { text: known.read(sent), charset: known.name, note: null }
  return decodeAs(bytes, decoder?.encoding ?? label, null)
}

/** Senders call UTF-16 what their own program holds in memory, and send UTF-8 or GB18030. */
function decodeWide(bytes: Uint8Array, label: string): DecodedText {
  const marked = byteOrderMark(bytes)
  if (marked !== null && marked !== 'utf-8') return decodeAs(bytes, marked, null)
  if (isNarrow(bytes)) return decodeAs(bytes, 'utf-8', 'charset-corrected:utf-8')
  if (!bytes.includes(0) && isRatherGb(bytes)) return decodeAs(bytes, 'gb18030', correctedToGb)
  const decoder = decoderFor(label.replace(/^utf-?16$/, bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le'))
  if (decoder !== null) return decodeAs(bytes, decoder.encoding, null)
  return decodeUnknown(bytes, label)
}

function decodeUnknown(bytes: Uint8Array, label: string): DecodedText {
  return { ...decodeGuessed(bytes, 'charset-guessed'), note: `charset-unknown:${safe(label)}` }
}

const decoders = new Map<string, TextDecoder>()

/** Labels outside the WHATWG Encoding Standard give null; its `replacement` decoder would lose the text. */
function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  try {
    const decoder = new TextDecoder(label.replace(/^(?:cp|win)-?125/, 'windows-125'))
    if (decoders.size < 100) decoders.set(label, decoder)
    return decoder
  } catch {
    return null
  }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** A label as part of a note: short and without surprises. */
function safe(label: string): string {
  return label.replace(/[^\w.-]/g, '').slice(0, 40)
}
