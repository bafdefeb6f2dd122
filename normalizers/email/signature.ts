import { isStamp } from './stamps.ts'

/** Text before a signature, the signature, null where there is none. */
export interface SignedText {
  readonly text: string
  readonly signature: string | null
}

/** Longer than this is not a signature but something the writer wanted to say. */
const maxLines = 12
const maxLength = 600

const delimiter = /^--\s?$/
/** What QQ Mail puts above its signature. */
const rule = /^-{18,20}$/

/**
 * Splits the signature off the writer's own text: below `-- ` (RFC 3676 §4.3), below QQ Mail's rule where
 * short lines follow, and lines such as 发自我的iPhone. What is long stays text.
 */
export function splitSignature(text: string): SignedText {
  const lines = text.split('\n')
  let cut = cutAtDelimiter(lines)
  while (cut > 0 && goesWithSignature(lines[cut - 1] ?? '', cut < lines.length)) cut -= 1
  const body = lines.slice(0, cut).join('\n').trimEnd()
  if (cut === lines.length || body === '') return { text, signature: null }
  return { text: body, signature: lines.slice(cut).join('\n').trim() }
}

function goesWithSignature(line: string, isCut: boolean): boolean {
  return isStamp(line) || (isCut && line.trim() === '')
}

/** What names, offices, addresses and numbers do not have, and what a writer says does. */
const saying = [
  /[\u4e00-\u9fff]{4}[^\n]*[。！？!?]/,
  /[\u4e00-\u9fff]{4}[，；][^\n]*[\u4e00-\u9fff]{4}/,
  /(?=[\u4e00-\u9fff]{6})[\u4e00-\u9fff]*(?:了|没|不|请|要求|希望|被|把|吗|吧)/,
  /^\s*(?:\d{1,2}\s*[.、)）．]|[一二三四五六七八九十]{1,3}、|[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）])\s*[^\s\d]/m,
  /(?:[a-z']+[ ,]+){4}[a-z']+[.!?]/i,
]

/** Some draw the line below the greeting, or between the letter and its demands: what says something is no signature. */
function isLetter(below: readonly string[]): boolean {
  const text = below.filter((line) => !isStamp(line)).join('\n')
  return saying.some((form) => form.test(text))
}

function cutAtDelimiter(lines: readonly string[]): number {
  for (let at = lines.length - 1; at >= Math.max(1, lines.length - maxLines - 1); at--) {
    const line = lines[at] ?? ''
    const below = lines.slice(at + 1)
    const isSigned = delimiter.test(line) && below.join('').length <= maxLength
    const isRuled = rule.test(line.trim()) && below.length <= 7 && below.every((text) => text.length <= 30)
    if (isSigned || isRuled) return isLetter(below) ? lines.length : at
  }
  return lines.length
}
