import { largeMail, type MailItem, unreadableMail, wholeMail } from '../mail-item.ts'
import { locatorOf, type Position } from './position.ts'

/** A message as it came over the wire. */
export type Fetched =
  | { readonly kind: 'whole'; readonly uid: number; readonly source: Uint8Array }
  /** Too large, so that only the header was taken. */
  | { readonly kind: 'header'; readonly uid: number; readonly header: Uint8Array; readonly bytes: number }
  /** The server lists it and does not give it. */
  | { readonly kind: 'unreadable'; readonly uid: number; readonly reason: string }

/** Frames a message: its bytes, its identity, and where it stands. */
export function frame(fetched: Fetched, folder: string, position: Position, limit: number): MailItem {
  const locator = locatorOf(folder, position)
  const meta = { mailbox: folder, uidValidity: position.uidValidity, uid: String(position.uid), locator }
  switch (fetched.kind) {
    case 'whole':
      // The size that a server announces can be wrong.
      return fetched.source.byteLength > limit
        ? largeMail(fetched.source, fetched.source.byteLength, limit, meta)
        : wholeMail(fetched.source, meta)
    case 'header':
      return largeMail(fetched.header, fetched.bytes, limit, meta)
    case 'unreadable':
      // There is no original to show: a person must look for it in the mailbox.
      return unreadableMail(locator, `${fetched.reason}; it is UID ${fetched.uid} in ${folder}`, meta)
  }
}
