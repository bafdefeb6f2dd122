import { YiwangError } from '../config/errors.ts'
import type { DedupeSettings } from '../config/settings.ts'
import { algorithm } from '../dedupe/algorithm.ts'
import type { Reindexing } from './stores/store.ts'

/** Under this name the store keeps the form that the keys of all its tickets have. */
const formName = 'dedupe form'
/** Under this name it keeps how far a rebuild has come: the form of the keys that it makes, a space, and the place. */
export const rebuildName = 'dedupe rebuild'

/** The form of the keys that tickets get under these settings. */
export function formOf({ similar }: DedupeSettings): string {
  return similar ? algorithm : equalOnly(algorithm)
}

/** Keys of equal texts are among the others, so that a store which has those has these. */
function equalOnly(form: string): string {
  return `equal-${form}`
}

/** Notes that all tickets have keys of this form, or that those to come will. */
export async function noteForm(store: Reindexing, dedupe: DedupeSettings): Promise<void> {
  await store.saveProgress(formName, formOf(dedupe))
}

/**
 * To be called before tickets get keys: notes their form where no earlier one is without it, and has a rebuild that was
 * making keys of another form begin again, as tickets behind it may get these now.
 */
export async function keepForm(store: Reindexing, dedupe: DedupeSettings): Promise<void> {
  const wanted = formOf(dedupe)
  const found = await store.progress(formName)
  const isKept = found === null ? !(await hasTickets(store)) : equalOnly(found) === wanted
  if (isKept) await noteForm(store, dedupe)
  const reached = await store.progress(rebuildName)
  if (reached !== null && !reached.startsWith(`${wanted} `)) await store.saveProgress(rebuildName, null)
}

/** INDEX_OUTDATED where tickets have keys of another form than those to come will look for; else null. */
export async function outdatedIndex(store: Reindexing, dedupe: DedupeSettings): Promise<YiwangError | null> {
  const wanted = formOf(dedupe)
  const found = await store.progress(formName)
  if (found === wanted || (found !== null && equalOnly(found) === wanted)) return null
  return (await hasTickets(store)) ? new YiwangError('INDEX_OUTDATED') : null
}

async function hasTickets(store: Reindexing): Promise<boolean> {
  const { tickets } = await store.ticketsInOrder({ after: null, since: null, limit: 1 })
  return tickets.length > 0
}
