import { copyFile, rename, unlink } from 'node:fs/promises'
import { errnoOf } from './errno.ts'

/**
 * Moves a file, to another file system by copying; under its new name it is whole or not there.
 * @throws file system errors
 */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
    await copyFile(from, `${to}.part`)
    await rename(`${to}.part`, to)
    await unlink(from)
  }
}
