import type { Cursor } from '../connector.ts'
import { shortHash } from '../short-hash.ts'
import type { ImapSettings } from './settings.ts'

/** The newest message of a folder that was read: UIDs count only under the UIDVALIDITY that they were given with. */
export interface Position {
  readonly uidValidity: string
  readonly uid: number
}

/** Positions by folder. */
export type Positions = ReadonlyMap<string, Position>

/** Key under which a cursor keeps the mailbox that it was made for; no folder has this name. */
const mailboxKey = ''

/** A cursor's positions in these folders. Other folders, another mailbox and anything not understood are left out. */
export function positionsOf(
  cursor: Cursor | null,
  settings: Mailbox & { folders: readonly string[] },
): Positions {
  const positions = new Map<string, Position>()
  // Two servers may give the same UIDVALIDITY. Earlier versions wrote no mailbox.
  const mailbox = mailboxOf(settings)
  if ((cursor?.[mailboxKey] ?? mailbox) !== mailbox) return positions
  const { folders } = settings
  for (const folder of folders) {
    const [, uidValidity, uid] = /^(\d{1,20}):(\d{1,10})$/.exec(String(cursor?.[folder])) ?? []
    if (uidValidity !== undefined) positions.set(folder, { uidValidity, uid: Number(uid) })
  }
  return positions
}

/** One entry per folder, `<UIDVALIDITY>:<UID>`, and one that names the mailbox. */
export function cursorOf(positions: Positions, settings: Mailbox): Cursor {
  const entries = [...positions].map(([folder, { uidValidity, uid }]) => [folder, `${uidValidity}:${uid}`])
  return { ...Object.fromEntries(entries), [mailboxKey]: mailboxOf(settings) }
}

type Mailbox = Pick<ImapSettings, 'host' | 'user'>

/** Host names are the same in any case (RFC 4343); of users only their server knows. */
function mailboxOf({ host, user }: Mailbox): string {
  return shortHash(JSON.stringify([host.toLowerCase(), user]))
}

/** Where a message stands, in the form of RFC 5092. */
export function locatorOf(folder: string, { uidValidity, uid }: Position): string {
  return `${folder};UIDVALIDITY=${uidValidity};UID=${uid}`
}
