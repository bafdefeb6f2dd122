import { copyFile, lstat, rename, unlink } from 'node:fs/promises'
import { errnoOf } from './errno.ts'

/**
 * Moves a file, to another file system by copying; under its new name it is whole or not there.
 * @throws file system errors
 */
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
    const isTaken = await lstat(former.name).then(
      () => true,
      () => false,
    )
    await rename(held, isTaken ? former.spare : former.name)
    throw error
  }
}
