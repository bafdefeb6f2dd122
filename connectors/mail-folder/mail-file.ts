import { open } from 'node:fs/promises'
import { errnoOf } from '../errno.ts'
import { largeMail, type MailItem, maxHeaderBytes, unreadableMail, wholeMail } from '../mail-item.ts'
import { locatorOf, type MailFile } from './listing.ts'

/** Frames one file. Null when it is gone or changes meanwhile: then it has a new ctime, and its turn comes. */
export async function frameFile(file: MailFile, limit: number): Promise<MailItem | null> {
  const meta = metaOf(file)
  if (file.problem !== null) return unreadableMail(meta.locator, file.problem, meta)
  const tooLarge = file.bytes > limit
  try {
    const body = await readSteadily(file, tooLarge ? Math.min(maxHeaderBytes, file.bytes) : file.bytes)
    if (body === null) return null
    return tooLarge ? largeMail(body, file.bytes, limit, meta) : wholeMail(body, meta)
  } catch (error) {
    const reason = errnoOf(error)
    return reason === 'ENOENT' ? null : unreadableMail(meta.locator, reason, meta)
  }
}

async function readSteadily({ path, stats }: MailFile, bytes: number): Promise<Uint8Array | null> {
  const handle = await open(path, 'r')
  try {
    const body = Buffer.allocUnsafeSlow(bytes)
    let filled = 0
    while (filled < bytes) {
      const { bytesRead } = await handle.read(body, filled, bytes - filled, filled)
      if (bytesRead === 0) return null
      filled += bytesRead
    }
    const now = await handle.stat({ bigint: true })
    return now.size === stats.size && now.ctimeNs === stats.ctimeNs ? body : null
  } finally {
    await handle.close()
  }
}

function metaOf(file: MailFile) {
  return { file: file.name.split('/').at(-1) ?? file.name, locator: locatorOf(file) }
}
