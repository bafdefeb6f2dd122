import type { AttachmentContent } from '../normalizer.ts'
import { cleanLine } from '../text.ts'
import type { Leaf } from './message-text.ts'
import { parseMail } from './mime.ts'

/** More than this no citizen sends; the rest stays in the archived mail. */
export const maxAttachments = 1000
const maxName = 200
const maxHeader = 64 * 1024

/** What came with a mail, in order; a nested mail is kept whole under its subject. */
export async function attachmentsOf(leaves: readonly Leaf[]): Promise<readonly AttachmentContent[]> {
  const contents: AttachmentContent[] = []
  for (const { mediaType, part } of leaves.slice(0, maxAttachments)) {
    const name = cleanName(part.filename)
    const isMail = mediaType === 'message/rfc822'
    contents.push({ name: name ?? (isMail ? await mailName(part.body) : null), mediaType, body: part.body })
  }
  return contents
}

/** A file name without folders, control characters or anything that a file system would take amiss. */
function cleanName(raw: string | null): string | null {
  const last =
    cleanLine(raw ?? '')
      ?.split(/[/\\]/)
      .at(-1) ?? ''
  const name = last.replace(/^[\s.]+|(?<![\s.])[\s.]+$/g, '').replace(/[<>:"|?*]/g, '_')
  if (name === '') return null
  if (name.length <= maxName) return name
  const extension = /\.\w{1,10}$/.exec(name)?.[0] ?? ''
  return `${name.slice(0, maxName - extension.length)}${extension}`.toWellFormed()
}

async function mailName(body: Buffer): Promise<string> {
  const head = body.subarray(0, maxHeader)
  const end = /\r?\n\r?\n/.exec(head.toString('latin1'))?.index ?? head.length
  const { headers } = await parseMail(head.subarray(0, end))
  const subject = cleanName(String(headers.get('subject') ?? '').replaceAll('/', '_'))
  return `${subject ?? 'message'}.eml`
}
