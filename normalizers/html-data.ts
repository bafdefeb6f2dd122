/** A file that HTML carries inside, as a picture that was pasted into a letter. */
export interface EmbeddedFile {
  /** Lower case, for example `image/png`. */
  readonly mediaType: string
  readonly body: Buffer
}

export interface SeparatedHtml {
  /** With the addresses left empty: `src="data:image/png;base64,"`. */
  readonly html: Buffer
  readonly files: readonly EmbeddedFile[]
}

const scheme = 'data:'
const head = /^data:([\w.+-]{1,40}\/[\w.+-]{1,80})(?:;[^;,"'\s<>()]{1,80}){0,5};base64,/i
const maxHead = 600
/** Of use to the page alone. */
const furniture = /^(?:font\/|application\/(?:x-)?font|text\/(?:css|javascript)|application\/javascript)/

/**
 * Takes files out of `data:` addresses (RFC 2397) in base64, which can be many times the words around them.
 * In linear time, whatever stands there.
 *
 * @param html in a charset that holds ASCII as it is
 */
export function withoutData(html: Buffer): SeparatedHtml {
  const pieces: Buffer[] = []
  const files: EmbeddedFile[] = []
  let copied = 0
  for (let at = html.indexOf(scheme); at >= 0; at = html.indexOf(scheme, at + scheme.length)) {
    const match = head.exec(html.toString('latin1', at, at + maxHead))
    if (match === null || !isAddress(html, at)) continue
    const from = at + match[0].length
    const until = endOfData(html, from, html[at - 1] ?? 0)
    const mediaType = match[1]?.toLowerCase() ?? ''
    const body = decoded(html.subarray(from, until))
    if (body.length > 0 && !furniture.test(mediaType)) files.push({ mediaType, body })
    pieces.push(html.subarray(copied, from))
    copied = until
    at = until - scheme.length
  }
  return copied === 0 ? { html, files } : { html: Buffer.concat([...pieces, html.subarray(copied)]), files }
}

/** Elsewhere it is something that somebody wrote. */
function isAddress(html: Buffer, at: number): boolean {
  return at > 0 && '"\'(=;'.includes(String.fromCharCode(html[at - 1] ?? 0))
}

/** Between quotes the data may be wrapped. */
function endOfData(html: Buffer, from: number, quote: number): number {
  const isQuoted = quote === 0x22 || quote === 0x27
  let end = from
  let solid = from
  for (let isSolid = true; end < html.length; end++) {
    const byte = html[end] ?? 0
    const isSpace = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
    if (isSpace ? !isQuoted : !isBase64(byte)) break
    if (isSpace) isSolid = false
    if (isSolid) solid = end + 1
  }
  return isQuoted && html[end] !== quote ? solid : end
}

function isBase64(byte: number): boolean {
  const lower = byte | 0x20
  if ((lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39)) return true
  return byte === 0x2b || byte === 0x2f || byte === 0x3d || byte === 0x25 || byte === 0x2d || byte === 0x5f
}

function decoded(data: Buffer): Buffer {
  const text = data.toString('latin1')
  const plain = text.includes('%')
    ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
  return Buffer.from(plain, 'base64')
}
