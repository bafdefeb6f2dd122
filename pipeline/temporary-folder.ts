import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { YiwangError } from '../config/errors.ts'
import { errnoOf } from '../connectors/errno.ts'

/**
 * A folder for what citizens wrote: it is gone afterwards, also when a second Ctrl-C ends the process at once. What a
 * process that was killed has left goes with the next folder of the same purpose.
 * @param purpose becomes part of its name
 * @throws YiwangError PATH_NOT_WRITTEN, also where a store in it has no room
 */
export async function withTemporaryFolder<T>(
  purpose: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = newFolder(purpose)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(folder)
  } catch (thrown) {
    throw isFull(thrown, folder) ? notWritten('ENOSPC', thrown) : thrown
  } finally {
    process.off('exit', remove)
    remove()
  }
}

function newFolder(purpose: string): string {
  try {
    removeLeftovers(purpose)
    return mkdtempSync(join(tmpdir(), `yiwang-${purpose}-${process.pid}-`))
  } catch (thrown) {
    throw notWritten(errnoOf(thrown), thrown)
  }
}

/** Whether it is a store in the folder that is full: nothing goes on by itself then, as with a store that stays. */
function isFull(thrown: unknown, folder: string): boolean {
  if (!(thrown instanceof YiwangError) || thrown.code !== 'STORE_FULL') return false
  return String(thrown.details.url).includes(folder)
}

function notWritten(reason: string, cause: unknown): YiwangError {
  return new YiwangError('PATH_NOT_WRITTEN', { path: tmpdir(), reason }, cause)
}

/** The folders of the same user whose process runs no longer. */
function removeLeftovers(purpose: string): void {
  const named = new RegExp(`^yiwang-${purpose}-(\\d+)-\\w+$`)
  for (const name of readdirSync(tmpdir())) {
    const pid = named.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const folder = join(tmpdir(), name)
    if (lstatSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(folder, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
