import type { Cursor } from '../connector.ts'

/** The newest message of a folder that was read: UIDs count only under the UIDVALIDITY that they were given with. */
export interface Position {
  readonly uidValidity: string
  readonly uid: number
}

/** Positions by folder. */
export type Positions = ReadonlyMap<string, Position>

/** What a cursor says of these folders; what it says of others, or in other words, is left out. */
export function positionsOf(cursor: Cursor | null, folders: readonly string[]): Positions {
  const positions = new Map<string, Position>()
  for (const folder of folders) {
    const text = cursor !== null && Object.hasOwn(cursor, folder) ? cursor[folder] : null
    const [, uidValidity, uid] = /^(\d{1,20}):(\d{1,10})$/.exec(String(text)) ?? []
    if (uidValidity !== undefined) positions.set(folder, { uidValidity, uid: Number(uid) })
  }
  return positions
}

/** One entry per folder, `<UIDVALIDITY>:<UID>`. */
export function cursorOf(positions: Positions): Cursor {
  return Object.fromEntries(
    [...positions].map(([folder, { uidValidity, uid }]) => [folder, `${uidValidity}:${uid}`]),
  )
}

/** Where a message stands, in the form of RFC 5092. */
export function locatorOf(folder: string, { uidValidity, uid }: Position): string {
  return `${folder};UIDVALIDITY=${uidValidity};UID=${uid}`
}
