import { isAscii, isUtf8 } from 'node:buffer'

/** Enough text to judge by; more only costs time. */
const sampleLength = 2000
/** Fewer characters show nothing. */
const minJudged = 8

/**
 * Whether most of a text is what nobody writes: characters for private use or control, or Chinese characters
 * that are everyday ones in neither GB2312 nor Big5. That is what a wrong charset makes of the bytes.
 */
export function isImprobable(text: string): boolean {
  let judged = 0
  let odd = 0
  for (const character of text.slice(0, sampleLength)) {
    if (character < '\x80') continue
    judged += 1
    if (isOdd(character)) odd += 1
  }
  return judged >= minJudged && odd / judged > 0.4
}

function isOdd(character: string): boolean {
  if (/[\u4e00-\u9fff]/.test(character)) return !everydayHan().has(character)
  return /[\x80-\x9f\p{Co}\p{Cn}\p{Cs}\u3400-\u4dbf\ua000-\uabff\ufffd]/u.test(character)
}

let everyday: ReadonlySet<string> | null = null

/** The 3,755 characters of GB2312's first level and the 5,401 of Big5's. */
function everydayHan(): ReadonlySet<string> {
  everyday ??= new Set([...block('gb18030', 0xb0, 0xd7), ...block('big5', 0xa4, 0xc6)])
  return everyday
}

function block(charset: string, firstLead: number, lastLead: number): string {
  const bytes: number[] = []
  for (let lead = firstLead; lead <= lastLead; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const isPair = trail >= 0xa1 || (charset === 'big5' && trail <= 0x7e)
      if (isPair) bytes.push(lead, trail)
    }
  }
  return new TextDecoder(charset).decode(Uint8Array.from(bytes))
}

/**
 * Whether a text that was read as Korean or Japanese shows that it is neither: Chinese characters in a Korean
 * one are rare, and no Japanese one does without kana or has many in half width.
 *
 * @param charset as the Encoding Standard names it
 */
export function isWrongEastAsian(text: string, charset: string): boolean {
  const sample = text.slice(0, sampleLength)
  const count = (form: RegExp) => sample.match(form)?.length ?? 0
  const han = count(/[\u4e00-\u9fff\uf900-\ufaff]/g)
  if (charset === 'euc-kr') return han > count(/[\uac00-\ud7a3]/g) * 0.25
  if (charset !== 'shift_jis' && charset !== 'euc-jp') return false
  const halfWidth = count(/[\uff61-\uff9f]/g)
  const kana = count(/[\u3041-\u30fe]/g)
  return kana === 0 || halfWidth > kana + han
}

/** Bytes under a label of two or four bytes a character that hold no NUL, and are plain or UTF-8 text. */
export function isNarrow(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false
  // Two bytes can be both: 中 in UTF-16 is `-N`.
  return isAscii(bytes) ? bytes.length >= minJudged : isUtf8(bytes)
}
