import type { LocalText } from './locale.ts'

/** A position in a configuration file, as an editor shows it: line and column count from 1. */
export interface Place {
  /** Absolute. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One thing wrong in a configuration. The text never holds a value that came from the environment. */
export interface Problem {
  readonly place: Place
  readonly text: LocalText
}

/** `file:line:column: what is wrong`, the form that editors and terminals turn into a link. */
export function formatProblem(problem: Problem, locale: keyof LocalText): string {
  const { file, line, column } = problem.place
  return `${file}:${line}:${column}: ${problem.text[locale]}`
}

/** Orders problems as a reader meets them: by file, line, column. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1
  return a.place.line - b.place.line || a.place.column - b.place.column
}

/** Splits `English / 中文` at the first ` / ` that Chinese follows before the next one. Null when there is none. */
export function splitBilingual(text: string): LocalText | null {
  const parts = text.split(' / ')
  const zhFrom = parts.findIndex((part, index) => index > 0 && /\p{Script=Han}/u.test(part))
  if (zhFrom < 1) return null
  return { en: parts.slice(0, zhFrom).join(' / ').trim(), zh: parts.slice(zhFrom).join(' / ').trim() }
}
