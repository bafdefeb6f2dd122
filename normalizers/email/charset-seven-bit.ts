import { TextDecoder } from 'node:util'

/** A charset of seven bits that no `TextDecoder` reads. */
export interface SevenBitCharset {
  readonly name: string
  readonly labels: RegExp
  /** What opens another character set; null where text of eight bits is never of this charset. */
  readonly sign: string | null
  /** @param sent one char per byte */
  readonly read: (sent: string) => string
}

const hz: SevenBitCharset = { name: 'hz-gb-2312', labels: /^hz/, sign: '~{', read: readHz }
const isoCn: SevenBitCharset = {
  name: 'iso-2022-cn',
  labels: /^iso-?2022-cn/,
  sign: '\x1b$)A',
  read: readIsoCn,
}
const utf7: SevenBitCharset = { name: 'utf-7', labels: /utf-?7$/, sign: null, read: readUtf7 }

/** The charset of a label in lower case; null where it is none of these. */
export function sevenBitCharset(label: string): SevenBitCharset | null {
  return [hz, isoCn, utf7].find(({ labels }) => labels.test(label)) ?? null
}

/** RFC 1843: `~{` opens pairs of GB2312 bytes without their high bit, `~}` ends them. */
function readHz(sent: string): string {
  return sent
    .replace(/~\{((?:[!-w][!-~])*)(?:~\}|$)/gm, (_, pairs: string) => fromPairs(pairs))
    .replace(/~\r?\n/g, '')
    .replaceAll('~~', '~')
}

/** RFC 1922: between SO and SI the same pairs. Those of CNS 11643, which nobody sends, stay as they are. */
function readIsoCn(sent: string): string {
  return sent
    .replaceAll('\x1b$)A', '')
    .replace(/\x0e((?:[!-w][!-~])*)(?:\x0f|$)/gm, (_, pairs: string) => fromPairs(pairs))
}

/** RFC 2152: between `+` and `-` UTF-16 in base64, in which a `+` alone is `+-`. */
function readUtf7(sent: string): string {
  return sent.replace(/\+([a-z0-9+/]*)-?/gi, (_, encoded: string) => {
    const bytes = Buffer.from(encoded, 'base64')
    return encoded === '' ? '+' : new TextDecoder('utf-16be').decode(bytes.subarray(0, bytes.length & ~1))
  })
}

function fromPairs(pairs: string): string {
  return new TextDecoder('gb18030').decode(Uint8Array.from(pairs, (char) => char.charCodeAt(0) | 0x80))
}
