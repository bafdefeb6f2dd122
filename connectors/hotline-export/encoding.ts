import { isKnownColumn } from '../../config/hotline-columns.ts'
import { encodingScore, maxDamage } from './encoding-score.ts'
import { Gb18030Check } from './gb18030-check.ts'
import type { SteadyFile } from './steady-file.ts'

const sampleBytes = 256 * 1024
/** A guess must look at least this much like Chinese, and this much more than any other. */
const enough = 0.6
const margin = 0.3
/** So many names of columns are no accident. */
const enoughNames = 2

/** A label for `TextDecoder`, and how it was told; null where none can be, with the best guess for a message. */
export type DetectedEncoding =
  | { readonly label: string; readonly how: 'bom' | 'strict' | 'guessed' | 'configured' }
  | { readonly label: null; readonly guess: string }

/**
 * The encoding of a text file: a byte order mark that is right, the configured one, strict UTF-8, strict GB18030, then
 * a scored guess.
 * Strict means every byte of the file. Memory does not grow with the file.
 */
export async function detectEncoding(
  file: SteadyFile,
  configured: string | undefined,
): Promise<DetectedEncoding> {
  const head = await file.head(4096)
  if (isUtf32(head)) return { label: null, guess: 'utf-32' }
  const mark = byteOrderMark(head)
  if (mark !== null && (await decodesStrictly(file, mark))) return { label: mark, how: 'bom' }
  if (configured !== undefined) return { label: new TextDecoder(configured).encoding, how: 'configured' }
  const bare = mark === null ? unmarkedUtf16(head) : null
  if (bare !== null && (await decodesStrictly(file, bare))) return { label: bare, how: 'bom' }
  const marked = mark ?? bare
  if (marked === null && (await decodesStrictly(file, 'utf-8'))) return { label: 'utf-8', how: 'strict' }
  const isUtf16 = marked !== null && marked !== 'utf-8'
  const sample = await nonAsciiSample(file)
  const gb = encodingScore('gb18030', sample) ?? 0
  const big5 = encodingScore('big5', sample) ?? 0
  // Nearly every Big5 text is also valid GB18030, so being valid is not enough when it reads as rare characters.
  const isLikely = (gb >= 0.5 && gb > big5) || namesColumns(head)
  if (!isUtf16 && isLikely && (await isGb18030(file))) {
    return { label: 'gb18030', how: 'strict' }
  }
  return guess(file, sample)
}

/**
 * Whether bytes are no text in any encoding: zeros that UTF-16 does not explain, and more than the stray control
 * characters that a system leaves in a text.
 */
export function isBinary(head: Uint8Array): boolean {
  if (!head.includes(0) || byteOrderMark(head) !== null || unmarkedUtf16(head) !== null) return false
  let controls = 0
  for (const byte of head) if (byte < 0x20 && !blanks.has(byte)) controls += 1
  return controls > 1 && controls * 100 > head.length
}

/** The bytes of a text file without a mark of UTF-8, which programs write before text of other encodings too. */
export async function* unmarkedChunks(file: SteadyFile, size?: number): AsyncGenerator<Uint8Array> {
  let isFirst = true
  for await (const chunk of file.chunks(size)) {
    yield isFirst && byteOrderMark(chunk) === 'utf-8' ? chunk.subarray(3) : chunk
    isFirst = false
  }
}

/** `gb18030 (strict)`, as it stands in an item's facts. */
export function encodingText(encoding: DetectedEncoding): string {
  return encoding.label === null ? 'unknown' : `${encoding.label} (${encoding.how})`
}

async function guess(file: SteadyFile, sample: Uint8Array): Promise<DetectedEncoding> {
  const [best, second] = ['utf-8', 'gb18030', 'big5']
    .map((label) => ({ label, score: encodingScore(label, sample) ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
  if (best === undefined || second === undefined) return { label: null, guess: 'none' }
  const clear = best.score >= enough && best.score - second.score >= margin
  if (clear && (await damage(file, best.label)) <= maxDamage) return { label: best.label, how: 'guessed' }
  return { label: null, guess: `${best.label}, ${best.score.toFixed(2)}` }
}

function byteOrderMark(head: Uint8Array): string | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return null
}

/**
 * UTF-16 without a mark shows in its separators and figures, whose zero bytes stand all on one side. Other zeros
 * say nothing: 一 (U+4E00) has one on the other side.
 */
function unmarkedUtf16(head: Uint8Array): string | null {
  let [little, big] = [0, 0]
  for (let at = 0; at + 1 < head.length; at += 2) {
    const [first = 0, second = 0] = [head[at], head[at + 1]]
    if (second === 0 && tells(first)) little += 1
    else if (first === 0 && tells(second)) big += 1
  }
  const enoughPairs = Math.max(4, head.length / 200)
  if (little >= enoughPairs && big * 20 < little) return 'utf-16le'
  if (big >= enoughPairs && little * 20 < big) return 'utf-16be'
  return null
}

/** Whether every four bytes are a character as UTF-32 writes it; in UTF-16 every other one would be U+0003 at most. */
function isUtf32(head: Uint8Array): boolean {
  const fits = (place: number, plane: number) => {
    for (let at = 0; at + 3 < head.length; at += 4)
      if (head[at + place] !== 0 || (head[at + plane] ?? 0) > 3) return false
    return head.length > 3 && head.some((byte) => byte !== 0)
  }
  return fits(3, 2) || fits(0, 1)
}

const blanks: ReadonlySet<number> = new Set([...'\t\n\f\r '].map((character) => character.charCodeAt(0)))
const separators: ReadonlySet<number> = new Set([...',;|'].map((character) => character.charCodeAt(0)))

/** Without 0, whose mirror image is the ideographic space (U+3000). */
function tells(byte: number): boolean {
  return blanks.has(byte) || separators.has(byte) || (byte >= 0x31 && byte <= 0x39)
}

/** Whether names of columns stand there in GB18030: then it is that, however rare the characters of the texts are. */
function namesColumns(head: Uint8Array): boolean {
  const cells = new TextDecoder('gb18030').decode(head).split(/[,;|\t<>\r\n]+/)
  return cells.filter((cell) => /\p{Script=Han}{2}/u.test(cell) && isKnownColumn(cell)).length >= enoughNames
}

async function isGb18030(file: SteadyFile): Promise<boolean> {
  const check = new Gb18030Check()
  for await (const chunk of unmarkedChunks(file)) if (!check.accepts(chunk)) return false
  return check.isComplete
}

async function decodesStrictly(file: SteadyFile, label: string): Promise<boolean> {
  const decoder = new TextDecoder(label, { fatal: true })
  for await (const chunk of unmarkedChunks(file)) {
    if (!accepts(decoder, chunk)) return false
  }
  return accepts(decoder, null)
}

function accepts(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | null): boolean {
  try {
    if (chunk === null) decoder.decode()
    else decoder.decode(chunk, { stream: true })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

async function nonAsciiSample(file: SteadyFile): Promise<Uint8Array> {
  for await (const chunk of unmarkedChunks(file)) {
    const start = chunk.findIndex((byte) => byte >= 0x80)
    if (start !== -1) return Uint8Array.from(chunk.subarray(start, start + sampleBytes))
  }
  return new Uint8Array()
}

/** Share of undecodable characters among the non-ASCII ones of the whole file. */
async function damage(file: SteadyFile, label: string): Promise<number> {
  const decoder = new TextDecoder(label)
  let seen = 0
  let bad = 0
  const count = (text: string) => {
    seen += text.length
    for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) bad += 1
  }
  for await (const chunk of unmarkedChunks(file)) count(decoder.decode(chunk, { stream: true }))
  count(decoder.decode())
  return seen === 0 ? 0 : bad / seen
}
