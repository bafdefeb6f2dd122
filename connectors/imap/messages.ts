import type { Item } from '../connector.ts'
import { headerOf, mailIdentity } from '../mail-identity.ts'
import { locatorOf, type Position } from './position.ts'

/** A message as it came over the wire. */
export type Fetched =
  | { readonly kind: 'whole'; readonly uid: number; readonly source: Uint8Array }
  /** Too large, so that only the header was taken. */
  | { readonly kind: 'header'; readonly uid: number; readonly header: Uint8Array; readonly bytes: number }
  /** The server lists it and does not give it. */
  | { readonly kind: 'unreadable'; readonly uid: number; readonly reason: string }

/** Everything of an item but its cursor. */
export type Framed = Omit<Item, 'cursor'>

const mediaType = 'message/rfc822'
const maxHeaderBytes = 256 * 1024

/** Frames a message: its bytes, its identity, and where it stands. */
export function frame(fetched: Fetched, folder: string, position: Position, limit: number): Framed {
  const locator = locatorOf(folder, position)
  const meta = { mailbox: folder, uidValidity: position.uidValidity, uid: String(position.uid), locator }
  switch (fetched.kind) {
    case 'whole':
      // The size that a server announces can be wrong.
      return fetched.source.byteLength > limit
        ? tooLarge(fetched.source, fetched.source.byteLength, meta, limit)
        : { externalId: mailIdentity(fetched.source), mediaType, body: fetched.source, meta }
    case 'header':
      return tooLarge(fetched.header, fetched.bytes, meta, limit)
    case 'unreadable': {
      // There is no original to show: a person must look for it in the mailbox.
      const reason = `${fetched.reason}; it is UID ${fetched.uid} in ${folder}`
      const problemDetail = JSON.stringify({ mediaType, reason })
      return {
        externalId: mailIdentity('unreadable ', locator),
        mediaType,
        body: new Uint8Array(),
        meta: { ...meta, problem: 'ITEM_UNREADABLE', problemDetail },
      }
    }
  }
}

function tooLarge(message: Uint8Array, bytes: number, meta: Item['meta'], limit: number): Framed {
  const header = headerOf(message, maxHeaderBytes)
  return {
    externalId: mailIdentity(header, ` ${bytes}`),
    mediaType,
    body: header,
    meta: {
      ...meta,
      bytes: String(bytes),
      problem: 'ITEM_TOO_LARGE',
      problemDetail: JSON.stringify({ bytes, limit }),
    },
  }
}
