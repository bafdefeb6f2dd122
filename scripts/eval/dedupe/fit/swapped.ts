import { kindOfName, type Name } from '../../../../dedupe/names.ts'
import type { Profile } from '../../../../dedupe/profile.ts'
import type { EvalRow } from '../../../cli/tune/rows.ts'

/** A name as it stands in a text: 锦禾雅居, of the kind of 雅居. */
interface Named {
  readonly text: string
  readonly kind: string
}

/** Names of all rows, by what they name. */
export function namesByKind(profiles: readonly Profile[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(profiles.flatMap(namedIn), ({ kind }) => kind)
  return new Map([...groups].map(([kind, names]) => [kind, [...new Set(names.map(({ text }) => text))]]))
}

function namedIn({ names, text }: Profile): readonly Named[] {
  return names.map((name) => ({ text: written(name, text), kind: kindOfName(name.ending) }))
}

function written({ start, end }: Name, text: string): string {
  return text.slice(start, end)
}

/**
 * The same words about another place: every name gives way to another of its kind. Null where nothing is named.
 * @param random in [0, 1)
 */
export function elsewhere(
  row: EvalRow,
  profile: Profile,
  names: ReadonlyMap<string, readonly string[]>,
  random: () => number,
): EvalRow | null {
  const swaps = new Map<string, string>()
  for (const { text, kind } of namedIn(profile)) {
    const others = (names.get(kind) ?? []).filter((other) => !sharesCharacters(other, text))
    const other = others[Math.floor(random() * others.length)]
    if (other === undefined) return null
    swaps.set(text, other)
  }
  return swaps.size === 0 ? null : withNames(row, swaps)
}

/**
 * Another matter at the same place: the words of `row` with the names of `here`, where both name something of one
 * kind. Null where they do not.
 */
export function atPlaceOf(row: EvalRow, profile: Profile, here: Profile): EvalRow | null {
  const theirs = new Map(namedIn(here).map(({ kind, text }) => [kind, text]))
  const swaps = new Map<string, string>()
  for (const { text, kind } of namedIn(profile)) {
    const other = theirs.get(kind)
    if (other !== undefined) swaps.set(text, other)
  }
  return swaps.size === 0 ? null : withNames(row, swaps)
}

function withNames(row: EvalRow, swaps: ReadonlyMap<string, string>): EvalRow | null {
  const swapped = (text: string | null) =>
    text === null ? null : [...swaps].reduce((whole, [from, to]) => whole.replaceAll(from, to), text)
  const [title, body] = [swapped(row.title), swapped(row.body)]
  // A name that is folded from other characters is not found in the text as written.
  return body === row.body ? null : { ...row, title, body, report: null, incident: null }
}

function sharesCharacters(one: string, other: string): boolean {
  return [...one.slice(0, -1)].some((character) => other.includes(character))
}
