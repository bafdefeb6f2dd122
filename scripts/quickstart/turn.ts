import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { YiwangError } from '../../config/errors.ts'

const triedEveryMs = 200
const busy = 5 // SQLITE_BUSY

/** What only one process at a time may do. */
export interface Turn {
  /** Repeatable. */
  end(): void
}

/**
 * Waits until no other process has the turn that `file` stands for; null when `signal` aborts first. It is a lock on an
 * empty SQLite file, so a process that ends in whatever way gives it back.
 */
export async function takeTurn(file: string, signal: AbortSignal, onWait: () => void): Promise<Turn | null> {
  const lock = opened(file)
  for (let tries = 0; !signal.aborted; tries += 1) {
    if (locked(lock)) return { end: () => lock.isOpen && lock.close() }
    if (tries === 0) onWait()
    await delay(triedEveryMs)
  }
  lock.close()
  return null
}

/** @throws YiwangError PATH_NOT_WRITTEN */
function opened(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true })
    return new DatabaseSync(file, { timeout: 0 })
  } catch (thrown) {
    throw notWritten(file, thrown)
  }
}

function notWritten(file: string, thrown: unknown): YiwangError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new YiwangError('PATH_NOT_WRITTEN', { path: file, reason }, thrown)
}

function locked(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (thrown) {
    if (thrown instanceof Error && 'errcode' in thrown && thrown.errcode === busy) return false
    throw notWritten(lock.location() ?? '', thrown)
  }
}
