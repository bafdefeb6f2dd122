import { z } from 'zod'
import type { Item } from './connector.ts'
import { itemProblem } from './item-problem.ts'
import { headerOf, mailIdentity } from './mail-identity.ts'

/** A mail as an item, without its cursor. */
export type MailItem = Omit<Item, 'cursor'>

const mediaType = 'message/rfc822'
/** Of a mail that is too large, no more than this is taken. */
export const maxHeaderBytes = 256 * 1024

/** The setting of that name of every connector that reads mails. */
export const maxMessageBytes = z
  .int()
  .min(1024)
  .max(512 * 1024 * 1024)
  .default(50 * 1024 * 1024)
  .describe('Of larger messages only the header is taken / 超过此大小的邮件只取邮件头')

/** A mail that was read whole. */
export function wholeMail(body: Uint8Array, meta: Item['meta']): MailItem {
  return { externalId: mailIdentity(body), mediaType, body, meta }
}

/** The header of a mail that is too large. @param message its beginning @param bytes the size of all of it */
export function largeMail(message: Uint8Array, bytes: number, limit: number, meta: Item['meta']): MailItem {
  const header = headerOf(message, maxHeaderBytes)
  return {
    externalId: mailIdentity(header, ` ${bytes}`),
    mediaType,
    body: header,
    meta: {
      ...meta,
      bytes: String(bytes),
      ...itemProblem('ITEM_TOO_LARGE', { bytes, limit }),
    },
  }
}

/** A mail that the source lists and does not give. */
export function unreadableMail(locator: string, reason: string, meta: Item['meta']): MailItem {
  return {
    externalId: mailIdentity('unreadable ', locator),
    mediaType,
    body: new Uint8Array(),
    meta: { ...meta, ...itemProblem('ITEM_UNREADABLE', { mediaType, reason }) },
  }
}
