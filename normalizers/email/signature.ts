import { isGreeting, pointing } from './greeting.ts'
import { isSignature, mayBeSignature } from './signature-lines.ts'
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
/** What QQ Mail puts above its signature, and how the line that Foxmail draws is read from HTML. */
const rule = /^-{18,20}$|^-{40}$/

/**
 * Splits the signature off the writer's own text: below `-- ` (RFC 3676 §4.3), below QQ Mail's rule where
 * short lines follow, and lines such as 发自我的iPhone. What is long, or may be anything else, stays text.
 */
export function splitSignature(text: string): SignedText {
  const lines = text.split('\n')
  let cut = cutAtDelimiter(lines)
  while (cut > 0 && goesWithSignature(lines[cut - 1] ?? '', cut < lines.length)) cut -= 1
  cut = cutAtCard(lines, cut)
  while (cut > 0 && cut < lines.length && lines[cut - 1]?.trim() === '') cut -= 1
  const body = lines.slice(0, cut).join('\n').trimEnd()
  if (cut === lines.length || body === '') return { text, signature: null }
  return { text: body, signature: lines.slice(cut).join('\n').trim() }
}

function goesWithSignature(line: string, isCut: boolean): boolean {
  return isStamp(line) || (isCut && (line.trim() === '' || delimiter.test(line)))
}

/**
 * Some draw the line below the greeting, or between the letter and its demands. Only what can be nothing else is a
 * signature, and only below words that do not leave to it what is to be said.
 */
function cutAtDelimiter(lines: readonly string[]): number {
  for (let at = lines.length - 1; at >= Math.max(1, lines.length - maxLines - 1); at--) {
    const line = lines[at] ?? ''
    const below = lines.slice(at + 1)
    const isSigned = delimiter.test(line) && below.join('').length <= maxLength
    const isRuled = rule.test(line.trim()) && below.length <= 7 && below.every((text) => text.length <= 30)
    if (!isSigned && !isRuled) continue
    const above = lines.slice(0, at).join('\n')
    const saysAll = pointing(above) === null && !isGreeting(above)
    return saysAll && isSignature(below, above) ? at : lines.length
  }
  return lines.length
}

/** The card of NetEase's programs, name and address in a table of which the borders are left. */
const card = /^\| ?\|\n[^\n|]{1,40}\n\|\n\|\n[^\n|]{1,40}@[^\n|]{1,60}\n\|$/
const cardLines = 6

/** Where that card begins: by its form, or as what may be a signature above their own line. */
function cutAtCard(lines: readonly string[], cut: number): number {
  let end = cut
  while (end > 0 && lines[end - 1]?.trim() === '') end -= 1
  if (end > cardLines && card.test(lines.slice(end - cardLines, end).join('\n'))) return end - cardLines
  if (!lines.slice(cut).some((line) => /网易邮箱大师/.test(line))) return cut
  let first = cut
  for (let at = cut - 1; at >= Math.max(1, cut - maxLines); at--) {
    if (!mayBeSignature(lines.slice(at, at + 1))) break
    if (/^\s*\|[\s|]*$/.test(lines[at] ?? '')) first = at
  }
  return first
}
