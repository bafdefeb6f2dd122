import { lstat, rename } from 'node:fs/promises'
import { errnoOf } from './errno.ts'

/**
 * Renames a file. False if it is no longer there: somebody else has put it away already.
 * @throws other file system errors
 */
export async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    // The same comes where the folder to move into is missing.
    const isThere = await lstat(from).then(
      () => true,
      () => false,
    )
    if (errnoOf(error) !== 'ENOENT' || isThere) throw error
    return false
  }
}
