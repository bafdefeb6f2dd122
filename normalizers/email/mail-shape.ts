const maxHeader = 64 * 1024

/** Fields of which every mail has at least one; anything else is some other file. */
const knownField =
  /^(?:from|to|cc|subject|date|received|message-id|mime-version|content-(?:type|transfer-encoding|disposition)|return-path|reply-to|sender|delivered-to|in-reply-to|references|x-[\w-]+)[ \t]*:/im

/** Whether bytes begin with a mail's header (RFC 5322 §2.2). */
export function looksLikeMail(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, maxHeader)).toString(
    'latin1',
  )
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length
  return knownField.test(head.slice(0, end))
}

const mark = Buffer.from('\nFrom ')
/** The line above each mail of an mbox file (RFC 4155), and the first field below. */
const postmark =
  /^\n?From \S{1,320} +[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d [\d:]{5,8} [^\n]{0,12}\d{4}[^\n]{0,12}\n[\w-]{1,76}:/

/** Whether bytes are an mbox file of more than one mail. */
export function holdsSeveral(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isMark = (at: number) => postmark.test(file.toString('latin1', at, at + 600).replaceAll('\r\n', '\n'))
  if (!isMark(0)) return false
  for (let at = file.indexOf(mark); at >= 0; at = file.indexOf(mark, at + 1)) if (isMark(at)) return true
  return false
}

/**
 * Bytes from the header on, with lines as mails have them: a byte order mark or blank lines above the header
 * would end it before it began, lines that end in CR alone would make it the whole mail, and `From :` as the
 * first line (RFC 5322 §4.5) would be taken for the one that mbox files put above each mail.
 */
export function asSent(bytes: Uint8Array): Uint8Array {
  const sent = withLines(bytes)
  const spaced = /^From[ \t]+(?=:)/i.exec(Buffer.from(sent.subarray(0, 100)).toString('latin1'))?.[0]
  return spaced === undefined ? sent : Buffer.concat([Buffer.from('From'), sent.subarray(spaced.length)])
}

function withLines(bytes: Uint8Array): Uint8Array {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1
  const sent = at === 0 ? bytes : bytes.subarray(at)
  if (sent.includes(0x0a) || !sent.includes(0x0d)) return sent
  const text = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength).toString('latin1')
  return Buffer.from(text.replaceAll('\r', '\r\n'), 'latin1')
}
