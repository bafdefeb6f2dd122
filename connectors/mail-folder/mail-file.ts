import { open } from 'node:fs/promises'
import type { Item } from '../connector.ts'
import { errnoOf } from '../errno.ts'
import { headerOf, mailIdentity } from '../mail-identity.ts'
import { locatorOf, type MailFile } from './listing.ts'

const mediaType = 'message/rfc822'
const maxHeaderBytes = 256 * 1024

/** Everything of an item but its cursor. */
export type Framed = Omit<Item, 'cursor'>

/** Frames one file. Null when it is gone or changes meanwhile: then it has a new ctime, and its turn comes. */
export async function frameFile(file: MailFile, limit: number): Promise<Framed | null> {
  if (file.problem !== null) return unreadable(file, file.problem)
  const tooLarge = file.bytes > limit
  try {
    const body = await readSteadily(file, tooLarge ? Math.min(maxHeaderBytes, file.bytes) : file.bytes)
    if (body === null) return null
    if (!tooLarge) return { externalId: mailIdentity(body), mediaType, body, meta: metaOf(file) }
    return largeFile(file, headerOf(body, maxHeaderBytes), limit)
  } catch (error) {
    const reason = errnoOf(error)
    return reason === 'ENOENT' ? null : unreadable(file, reason)
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

function largeFile(file: MailFile, header: Uint8Array, limit: number): Framed {
  const { bytes } = file
  return {
    externalId: mailIdentity(header, ` ${bytes}`),
    mediaType,
    body: header,
    meta: {
      ...metaOf(file),
      bytes: String(bytes),
      problem: 'ITEM_TOO_LARGE',
      problemDetail: JSON.stringify({ bytes, limit }),
    },
  }
}

function unreadable(file: MailFile, reason: string): Framed {
  return {
    externalId: mailIdentity('unreadable ', locatorOf(file)),
    mediaType,
    body: new Uint8Array(),
    meta: {
      ...metaOf(file),
      problem: 'ITEM_UNREADABLE',
      problemDetail: JSON.stringify({ mediaType, reason }),
    },
  }
}

function metaOf(file: MailFile): Item['meta'] {
  return { file: file.name.split('/').at(-1) ?? file.name, locator: locatorOf(file) }
}
