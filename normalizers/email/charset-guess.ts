import { isUtf8 } from 'node:buffer'

/** Enough text to tell charsets apart; more only costs time. */
const sampleBytes = 16_384

/**
 * The likeliest charset of 8-bit text without a usable label: strict UTF-8, else UTF-8 with a few damaged
 * characters, else the best plausible of GB18030, Big5 and windows-1252.
 */
export function guessCharset(bytes: Uint8Array): 'utf-8' | 'gb18030' | 'big5' | 'windows-1252' {
  const sample = bytes.subarray(0, sampleBytes)
  if (isUtf8(bytes)) return isShortGb(sample) ? 'gb18030' : 'utf-8'
  // Of a Chinese character in UTF-8 the first two bytes are none of the everyday ones; a name is too short for shares.
  if (commonGbShare(sample) === 1 && isStrict(sample, 'gb18030')) return 'gb18030'
  // In other charsets hardly a pair of characters looks like one of three bytes.
  if (utf8Share(sample) >= 0.5) return 'utf-8'
  const gb = commonGbShare(sample) * (isStrict(bytes, 'gb18030') ? 1 : 0.5)
  const big5 = commonBig5Share(sample) * (isStrict(bytes, 'big5') ? 1 : 0.5)
  // Rare Chinese characters alone look like accents in pairs; a Latin text has ASCII letters around them.
  if (Math.max(gb, big5) < 0.3 && (isolatedShare(sample) > 0.5 || asciiLetterShare(sample) > 0.6))
    return 'windows-1252'
  return big5 > gb + 0.1 ? 'big5' : 'gb18030'
}

/**
 * 停水, 学校 or 谢谢 in GB18030 are UTF-8 too, of letters that nobody writes here (ͣˮ): a word or two of everyday
 * characters, not beside Latin letters as those with accents are.
 */
function isShortGb(sample: Uint8Array): boolean {
  const text = new TextDecoder().decode(sample)
  const isLatin = /[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]/i.test(text)
  const isOdd = /[\u0100-\u07ff]/.test(text) && !/[\u0800-\uffff]/.test(text)
  const isWords = /[^\x00-\x7f]{2}/.test(text) && !/[^\x00-\x7f]{9}/.test(text)
  return isOdd && isWords && !isLatin && commonShare(sample, isEverydayHan) === 1
}

/** GB2312's first level. */
function isEverydayHan(lead: number, trail: number): boolean {
  return trail >= 0xa1 && lead >= 0xb0 && lead <= 0xd7
}

/** Whether most two-byte characters are among the 3,755 everyday ones of GB2312 (its first level) or symbols. */
export function isPlausibleGb(bytes: Uint8Array): boolean {
  return commonGbShare(bytes.subarray(0, sampleBytes)) >= 0.6
}

/** Whether bytes are so surely GB18030 that they outweigh a label under which they can be read as well. */
export function isRatherGb(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, sampleBytes)
  const gb = commonGbShare(sample)
  const isSure = gb >= 0.8 && gb > commonBig5Share(sample) + 0.2
  return bytes.length >= 8 && isSure && isStrict(bytes, 'gb18030')
}

function isStrict(bytes: Uint8Array, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Share of complete multibyte sequences among everything above 0x7f, but for what is for private use or not assigned. */
function utf8Share(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes)
  let good = 0
  let bad = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff) || code > 0x3ffff) bad += 1
    else if (code > 0x7ff) good += 1
  }
  return good === 0 ? 0 : good / (good + bad)
}

function commonGbShare(bytes: Uint8Array): number {
  return commonShare(
    bytes,
    (lead, trail) => isEverydayHan(lead, trail) || (trail >= 0xa1 && lead >= 0xa1 && lead <= 0xa3),
  )
}

/** Big5 keeps its 5,401 everyday characters under the lead bytes A4 to C6, symbols below. */
function commonBig5Share(bytes: Uint8Array): number {
  return commonShare(
    bytes,
    (lead, trail) => lead >= 0xa1 && lead <= 0xc6 && ((trail >= 0x40 && trail <= 0x7e) || trail >= 0xa1),
  )
}

/** Share of two-byte characters that are common, reading pairs from each lead byte on. */
function commonShare(bytes: Uint8Array, isCommon: (lead: number, trail: number) => boolean): number {
  let pairs = 0
  let common = 0
  for (let at = 0; at < bytes.length - 1; at++) {
    const lead = bytes[at] ?? 0
    if (lead < 0x80) continue
    pairs += 1
    at += 1
    if (isCommon(lead, bytes[at] ?? 0)) common += 1
  }
  return pairs === 0 ? 0 : common / pairs
}

/** Share of high bytes that stand alone between ASCII, as accented letters do. */
function isolatedShare(bytes: Uint8Array): number {
  let high = 0
  let isolated = 0
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue
    high += 1
    if ((bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80) isolated += 1
  }
  return high === 0 ? 0 : isolated / high
}

/** Share of ASCII letters among them and everything above 0x7f. */
function asciiLetterShare(bytes: Uint8Array): number {
  let letters = 0
  let high = 0
  for (const byte of bytes) {
    if (byte >= 0x80) high += 1
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters += 1
  }
  return letters / Math.max(1, letters + high)
}
