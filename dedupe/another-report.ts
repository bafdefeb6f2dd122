import type { Ticket } from '../normalizers/ticket.ts'
import { areKnownToDiffer, type Person } from './persons.ts'

/** What one version of a ticket says that tells whose report it is. */
export type Version = Pick<Ticket, 'submittedAt' | 'receivedAt' | 'body'> & { readonly reporter: Person }

/** Share of the words that a correction keeps. */
const half = 1 / 2
/** Share of the words that two reports have in common by chance, such as 反映 or 没有人来. */
const hardlyAny = 1 / 5

/**
 * Whether a ticket's new version is another report under the same number, as when an export counts from 1 each week.
 * A correction keeps the time of the report, or at least half of its words. If both have changed, it is another
 * report, because replacing the earlier one would lose it. Where the times are not known, it is another report only if
 * two different people are known to have reported and hardly a word is the same.
 * @param matchText folds away what does not tell texts apart.
 */
export function isAnotherReport(
  before: Version,
  after: Version,
  matchText: (text: string) => string,
): boolean {
  const times = timesOf(before, after)
  if (times !== null && times[0] === times[1]) return false
  if (times === null && !areKnownToDiffer(before.reporter, after.reporter)) return false
  const left = partShared(matchText(before.body), matchText(after.body))
  return left < (times === null ? hardlyAny : half)
}

/** Both times in milliseconds, submitted else received; null where no time of one kind is known of both. */
function timesOf(before: Version, after: Version): readonly [number, number] | null {
  for (const kind of ['submittedAt', 'receivedAt'] as const) {
    const [one, other] = [before[kind], after[kind]]
    if (one !== null && other !== null) return [Date.parse(one), Date.parse(other)]
  }
  return null
}

/** How much of the shorter text's pairs of neighbouring characters stands in the longer one too, in [0, 1]. */
function partShared(one: string, other: string): number {
  // Of two of one length it must not matter which came first.
  const isShort = one.length === other.length ? one < other : one.length < other.length
  const [short, long] = isShort ? [one, other] : [other, one]
  if (long.includes(short)) return 1
  const pairs = new Set<string>()
  for (let at = 0; at + 1 < long.length; at++) pairs.add(long.slice(at, at + 2))
  let shared = 0
  for (let at = 0; at + 1 < short.length; at++) if (pairs.has(short.slice(at, at + 2))) shared += 1
  return short.length < 2 ? 0 : shared / (short.length - 1)
}
