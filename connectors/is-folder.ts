import { stat } from 'node:fs/promises'

/** Whether a path is a folder, or one file. @throws for what is neither, and file system errors */
export async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path)
  if (stats.isDirectory()) return true
  // Reading a pipe would take its bytes away, or wait for them without end.
  if (!stats.isFile()) throw new Error('neither a file nor a folder')
  return false
}
