import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The repository's own cases, in order of arrival. */
export function caseFiles(): Promise<readonly string[]> {
  return filesIn('cases')
}

/** Labelled files of other authors, which the weights are fitted to as well; each is a city of its own. */
export function furtherFiles(): Promise<readonly string[]> {
  return filesIn('further')
}

async function filesIn(name: string): Promise<readonly string[]> {
  const folder = join(import.meta.dirname, name)
  const names = (await readdir(folder)).filter((file) => file.endsWith('.jsonl'))
  return names.sort().map((file) => join(folder, file))
}
