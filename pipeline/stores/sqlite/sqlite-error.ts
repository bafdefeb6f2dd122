import { YiwangError } from '../../../config/errors.ts'

type Result = 'busy' | 'full' | 'corrupt' | 'closed' | 'other'

/** Primary result codes, https://sqlite.org/rescode.html */
const results: Readonly<Record<number, Result>> = {
  5: 'busy',
  6: 'busy',
  13: 'full',
  11: 'corrupt',
  26: 'corrupt',
}

const codes = {
  busy: 'STORE_LOCKED',
  full: 'STORE_FULL',
  corrupt: 'STORE_CORRUPT',
  closed: 'STORE_CLOSED',
  other: 'STORE_UNREACHABLE',
} as const

/** SQLITE_IOERR_SHMSIZE: no room to enlarge the index of the write-ahead log. */
const noRoomForIndex = 4874

/** What kind of failure of SQLite this is; null when it is none. */
export function sqliteResult(error: unknown): Result | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error.code === 'ERR_INVALID_STATE') return 'closed'
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return 'full'
  if ('syscall' in error) return 'other'
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return null
  if (error.errcode === noRoomForIndex) return 'full'
  const primary = Number(error.errcode) & 0xff
  // SQLITE_ERROR, MISUSE, RANGE, MISMATCH and CONSTRAINT are mistakes of ours, not the file's state.
  if ([1, 19, 20, 21, 25].includes(primary)) return null
  return results[primary] ?? 'other'
}

/** A failure of SQLite as an error of the catalogue; anything else unchanged. */
export function sqliteError(error: unknown, url: string): unknown {
  const result = sqliteResult(error)
  if (result === null) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new YiwangError(codes[result], { url, reason }, error)
}
