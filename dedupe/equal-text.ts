import { equalTexts, isSaidBeside } from './copies.ts'
import { type Decision, type DedupeSettings, windowsFor } from './decision.ts'
import { daysBetween } from './features.ts'
import { type Fold, plainText } from './fold.ts'
import { personRelation, sharedIdentity } from './persons.ts'
import type { Report } from './profile.ts'
import { comparedWith, daysApart, personReason, sameText } from './reasons.ts'

const dayMs = 86_400_000

/** A ticket that shares the key of the text. */
export interface EqualCandidate {
  readonly report: Report
  /** The ticket that it repeats. That one must be among the candidates too. */
  readonly masterId: string | null
}

/**
 * The same report again by equal text alone: the same or an unknown reporter, inside the window of a master or of one
 * of its repeats. Only a master is answered, and it is compared with the report itself: links never chain.
 */
export function decideByEqualText(
  report: Report,
  candidates: readonly EqualCandidate[],
  settings: DedupeSettings,
  fold: Fold,
): Decision {
  const facts = { algorithm: 'equal-text/4', compared: candidates.length, cut: false }
  const isNew = { ...facts, verdict: 'new', suggestion: null, recurrence: null } as const
  if (candidates.length === 0) return isNew
  const { windowDays } = windowsFor(settings, report)
  const plain = plainText(report, fold)
  const equal = candidates.filter(({ report: other }) => {
    if (equalTexts(plain, personRelation(report, other)).duplicate < 1) return false
    return plainText(other, fold) === plain && !isSaidBeside(plain, report, other, fold)
  })
  const isNear = ({ report: other }: EqualCandidate) => Math.abs(report.at - other.at) <= windowDays * dayMs
  for (const master of equal) {
    if (master.masterId !== null) continue
    const repeats = equal.filter(({ masterId }) => masterId === master.report.id)
    const by = [master, ...repeats].find(isNear)?.report
    if (by === undefined) continue
    const person = personRelation(report, by)
    const identity = person === 'same' ? sharedIdentity(report.reporter, by.reporter) : null
    const reasons = [
      ...comparedWith(by.id, master.report.id),
      personReason(person, identity),
      sameText,
      daysApart(daysBetween(report, by)),
    ]
    const isKnown = person === 'same' || person === 'may-be'
    const fields = isKnown ? (['text', 'reporter'] as const) : (['text'] as const)
    const finding = { ticketId: by.id, score: 1, reasons, terms: [], fields }
    return { ...facts, verdict: 'duplicate', masterId: master.report.id, finding }
  }
  return isNew
}
