import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The repository's own cases, in order of arrival. */
export async function caseFiles(): Promise<readonly string[]> {
  const folder = join(import.meta.dirname, 'cases')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
  return names.sort().map((name) => join(folder, name))
}
