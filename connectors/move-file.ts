import { copyFile, lstat, rename, unlink } from 'node:fs/promises'
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
    if (errnoOf(error) !== 'ENOENT' || (await isThere(from))) throw error
    return false
  }
}

/**
 * Moves a file that was taken out of the way. If that fails it goes back to its former name, where it is found again;
 * to the spare one if another file has come under that name meanwhile.
 * @throws file system errors
 */
export async function moveHeldFile(
  held: string,
  to: string,
  former: { readonly name: string; readonly spare: string },
): Promise<void> {
  try {
    await moveFile(held, to)
  } catch (error) {
    await rename(held, (await isThere(former.name)) ? former.spare : former.name)
    throw error
  }
}

/** Moves a file, to another file system by copying; under its new name it is whole or not there. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
    await copyFile(from, `${to}.part`)
    await rename(`${to}.part`, to)
    await unlink(from)
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
