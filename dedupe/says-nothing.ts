import { foldClauses } from './fold.ts'
import type { Profile } from './profile.ts'

/** What a text says beyond framing, in pairs of characters: at least so much, and so much of all that it has. */
export const leastSaid = 3
const leastShare = 0.2

/** Latin words are compared whole, by no pairs: two of three letters or more count as one pair. */
const latinWord = /[a-z]{3,}/g

/** How much a report says, in pairs of characters that are no part of framing (请尽快处理，谢谢). */
export function amountSaid({ factors, text }: Profile): number {
  let said = saidInLatin(text)
  for (const factor of factors) said += factor
  return said
}

/** The same of its body alone, without what its title says. */
export function saidBelowTitle(profile: Profile): number {
  return termsBelowTitle(profile) + saidInLatin(foldClauses(profile.report.body, profile.fold))
}

function termsBelowTitle({ terms, factors, titleTerms }: Profile): number {
  let said = 0
  for (let at = 0; at < terms.length; at += 1) if (!titleTerms.has(terms[at] ?? 0)) said += factors[at] ?? 0
  return said
}

/** In pairs of characters that are no part of framing: so much below its title, and a body tells more than the title. */
export const aLetter = 8

/** Whether the body says enough for equal ones to be copies, whatever stands above them. */
export function isLetter(profile: Profile): boolean {
  // Most say it in Chinese, and folding a body to look for Latin words costs ten times as much.
  return termsBelowTitle(profile) >= aLetter || saidBelowTitle(profile) >= aLetter
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
