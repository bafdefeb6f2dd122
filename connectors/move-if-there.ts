import { rename } from 'node:fs/promises'
import { errnoOf } from './errno.ts'

/**
 * Renames a file; false where there is none any more: whoever put it away, that is done.
 * @throws other file system errors
 */
export async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    return false
  }
}
