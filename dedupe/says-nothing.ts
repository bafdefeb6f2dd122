import { foldClauses } from './fold.ts'
import type { Profile } from './profile.ts'

/** What a text says beyond framing, in pairs of characters: at least so much, and so much of all that it has. */
export const leastSaid = 3
const leastShare = 0.2

/** Latin words are compared whole, by no pairs: two of three letters or more count as one pair. */
const latinWord = /[a-z]{3,}/g

/** How much a report says, in pairs of characters that are no part of framing (请尽快处理，谢谢). */
export function amountSaid({ factors, text }: Profile): number {
  return factors.reduce((sum, factor) => sum + factor, saidInLatin(text))
}

/** The same of its body alone, without what its title says. */
export function saidBelowTitle({ terms, factors, titleTerms, report, fold }: Profile): number {
  const said = (sum: number, term: number, at: number) =>
    titleTerms.has(term) ? sum : sum + (factors[at] ?? 0)
  return terms.reduce(said, saidInLatin(foldClauses(report.body, fold)))
}

/** In pairs of characters that are no part of framing: so much below its title, and a body tells more than the title. */
export const aLetter = 8

/** Whether the body says enough for equal ones to be copies, whatever stands above them. */
export function isLetter(profile: Profile): boolean {
  return saidBelowTitle(profile) >= aLetter
}

function saidInLatin(text: string): number {
  return (text.match(latinWord)?.length ?? 0) / 2
}

/** Whether a report only says that it is one: it names no matter, no place and no number, and little else. */
export function saysNothing(profile: Profile): boolean {
  const { names, matters, numbers, terms } = profile
  if (names.length + matters.length + numbers.size > 0) return false
  const said = amountSaid(profile)
  return said < leastSaid || said < leastShare * terms.length
}
