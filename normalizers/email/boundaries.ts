/** As many as the parser takes; and a part's own header, its Content-Type at least, is shorter. */
const maxDelimiters = 5000
/** Lines that begin like a boundary line; more are no letter, and are left as they stand. */
const maxDashes = 100_000
const maxHeader = 16 * 1024
/** Deeper ones are left as they stand. */
const maxDepth = 100

const lineEnd = 0x0a

/** A mail in which each boundary line stands as the splitter knows it. */
export interface BoundMail {
  readonly bytes: Buffer
  /** Whether a multipart was not closed before the next part of the one around it. */
  readonly isBroken: boolean
}

/**
 * Makes two things explicit that RFC 2046 §5.1.1 and §5.1.2 ask readers to see, and the splitter does not: a boundary line
 * may have blanks behind it, and one of an outer multipart ends the inner ones that were left open. Without this, the parts
 * behind it would be text of the last one.
 */
export function withPlainBoundaries(mail: Buffer): BoundMail {
  const pieces: Buffer[] = []
  const open: Open[] = []
  let taken = 0
  let isBroken = false
  const declare = (from: number) => {
    const boundary = boundaryOf(mail.toString('latin1', from, from + maxHeader))
    if (boundary !== null && open.length < maxDepth) open.push({ boundary, hasParts: false })
  }
  declare(0)
  if (open.length === 0) return { bytes: mail, isBroken }
  let [dashes, delimiters] = [0, 0]
  for (let at = nextDashes(mail, 0); at !== -1; at = nextDashes(mail, at)) {
    dashes += 1
    if (dashes > maxDashes || delimiters >= maxDelimiters) break
    const end = endOfLine(mail, at)
    const found = delimiterOf(mail.toString('latin1', at, Math.min(end, at + 200)), open)
    if (found === null) continue
    delimiters += 1
    // One without parts is ended by the outer line as it is.
    const left = open.splice(found.level + 1).filter(({ hasParts }) => hasParts)
    if (left.length > 0) {
      isBroken = true
      pieces.push(mail.subarray(taken, at), closing(left))
      taken = at
    }
    if (found.blanks > 0) {
      pieces.push(mail.subarray(taken, at + found.length))
      taken = at + found.length + found.blanks
    }
    open.splice(found.level, 1, ...(found.isLast ? [] : [{ boundary: found.boundary, hasParts: true }]))
    if (!found.isLast) declare(end)
  }
  return { bytes: taken === 0 ? mail : Buffer.concat([...pieces, mail.subarray(taken)]), isBroken }
}

/** Index of the next line that begins with two dashes, behind `from`; -1 where there is none. */
function nextDashes(mail: Buffer, from: number): number {
  const found = mail.indexOf('\n--', from)
  return found === -1 ? -1 : found + 1
}

/** Index behind the line that `at` stands in. */
function endOfLine(mail: Buffer, at: number): number {
  const end = mail.indexOf(lineEnd, at)
  return end === -1 ? mail.length : end + 1
}

interface Delimiter {
  /** Index of its multipart among those that are open, outermost first. */
  readonly level: number
  readonly boundary: string
  readonly isLast: boolean
  /** Characters of it, and of the blanks behind it. */
  readonly length: number
  readonly blanks: number
}

/** A multipart that is not closed yet. */
interface Open {
  readonly boundary: string
  readonly hasParts: boolean
}

/** The lines that close these, innermost first. */
function closing(left: readonly Open[]): Buffer {
  const lines = left.toReversed().map(({ boundary }) => `--${boundary}--\r\n`)
  return Buffer.from(lines.join(''), 'latin1')
}

function delimiterOf(line: string, open: readonly Open[]): Delimiter | null {
  const padded = line.replace(/\r?\n$/, '')
  const text = padded.trimEnd()
  const sizes = { length: text.length, blanks: padded.length - text.length }
  for (const isLast of text.endsWith('--') ? [false, true] : [false]) {
    const boundary = isLast ? text.slice(2, -2) : text.slice(2)
    const level = open.findLastIndex((each) => each.boundary === boundary)
    if (level !== -1) return { level, boundary, isLast, ...sizes }
  }
  return null
}

const multipart = /^content-type[ \t]*:[ \t]*multipart\/[^\r\n]*/im
const parameter = /;\s*boundary\s*=\s*(?:"([^"\\]{1,200})"|([^\s";]{1,200}))/i

/** The boundary that a header declares; null where it declares none. */
function boundaryOf(text: string): string | null {
  const end = /(?:^|\r?\n)\r?\n/.exec(text)?.index ?? text.length
  const unfolded = text.slice(0, end).replace(/\r?\n[ \t]+/g, ' ')
  const [, quoted, plain] = parameter.exec(multipart.exec(unfolded)?.[0] ?? '') ?? []
  return quoted?.trimEnd() ?? plain ?? null
}
