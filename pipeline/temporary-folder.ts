import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A folder for what citizens wrote: it is gone afterwards, also when a second Ctrl-C ends the process at once. What a
 * process that was killed has left goes with the next folder of the same purpose.
 * @param purpose becomes part of its name
 */
export async function withTemporaryFolder<T>(
  purpose: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  removeLeftovers(purpose)
  const folder = mkdtempSync(join(tmpdir(), `yiwang-${purpose}-${process.pid}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(folder)
  } finally {
    process.off('exit', remove)
    remove()
  }
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
