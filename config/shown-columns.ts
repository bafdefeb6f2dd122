import { isKnownColumn } from './hotline-columns.ts'

/** Column names as logs and messages may tell them. */
export interface ShownColumns {
  readonly names: readonly string[]
  /** How many are left out, as they may be cells of a row that was taken for a header: names, phones, texts. */
  readonly hidden: number
}

const maxShown = 40

/**
 * Known names, and others that look like names of columns where at least half of all are known: a row of data
 * has few known words. `isConfigured` tells the names that the settings have.
 */
export function shownColumns(
  names: readonly string[],
  all: readonly string[] = names,
  isConfigured: (name: string) => boolean = () => false,
): ShownColumns {
  const isKnown = (name: string) => isConfigured(name) || isKnownColumn(name)
  const isHeader = all.filter(isKnown).length * 2 >= all.length
  const shown = names.filter((name) => isKnown(name) || (isHeader && isNamelike(name))).slice(0, maxShown)
  return { names: shown, hidden: names.length - shown.length }
}

/** Short, no number, no sentence. */
function isNamelike(name: string): boolean {
  return (
    name.length <= (/\p{Script=Han}/u.test(name) ? 12 : 30) &&
    !/\d(?:[\s-]?\d){4}/.test(name.normalize('NFKC')) &&
    !/[，。！？；,!?;@]/u.test(name)
  )
}
