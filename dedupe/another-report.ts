import type { Ticket } from '../normalizers/ticket.ts'

/**
 * Whether a ticket's new version is another report under the same number, as when an export counts from 1 each week.
 * One that was corrected keeps its time or half of its words; when neither is left, replacing the earlier report
 * would lose it, so what is uncertain counts as another report only when both times are known.
 * @param matchText folds away what does not tell texts apart.
 */
export function isAnotherReport(
  before: Pick<Ticket, 'submittedAt' | 'body'>,
  after: Pick<Ticket, 'submittedAt' | 'body'>,
  matchText: (text: string) => string,
): boolean {
  if (before.submittedAt === null || after.submittedAt === null) return false
  if (Date.parse(before.submittedAt) === Date.parse(after.submittedAt)) return false
  return !sharesHalf(matchText(before.body), matchText(after.body))
}

/** Whether half of the shorter text's pairs of neighbouring characters stand in the longer one too. */
function sharesHalf(one: string, other: string): boolean {
  // Of two of one length it must not matter which came first.
  const isShort = one.length === other.length ? one < other : one.length < other.length
  const [short, long] = isShort ? [one, other] : [other, one]
  const pairs = new Set<string>()
  for (let at = 0; at + 1 < long.length; at++) pairs.add(long.slice(at, at + 2))
  let shared = 0
  for (let at = 0; at + 1 < short.length; at++) if (pairs.has(short.slice(at, at + 2))) shared += 1
  return short === '' || long.includes(short) || (shared > 0 && shared * 2 >= short.length - 1)
}
