import { equalTexts, isSaidBeside } from './copies.ts'
import { type Decision, type DedupeSettings, windowsFor } from './decision.ts'
import { daysBetween } from './features.ts'
import { type Fold, plainText } from './fold.ts'
import { personRelation, sharedIdentity } from './persons.ts'
import type { Report } from './profile.ts'
import { daysApart, personReason } from './reasons.ts'

const dayMs = 86_400_000

/** A ticket that shares the key of the text. */
export interface EqualCandidate {
  readonly report: Report
  readonly masterId: string | null
}

/**
 * The same report again by equal text alone: the same or an unknown reporter, inside the window. Only a master is
 * answered, and it is compared with the report itself: links never chain.
 */
export function decideByEqualText(
  report: Report,
  candidates: readonly EqualCandidate[],
  settings: DedupeSettings,
  fold: Fold,
): Decision {
  const { windowDays } = windowsFor(settings, report)
  const plain = plainText(report, fold)
  const facts = { algorithm: 'equal-text/3', compared: candidates.length, cut: false }
  for (const { report: other, masterId } of candidates) {
    const days = Math.abs(report.at - other.at) / dayMs
    const person = personRelation(report, other)
    if (masterId !== null || days > windowDays || equalTexts(plain, person).duplicate < 1) continue
    if (plainText(other, fold) !== plain || isSaidBeside(plain, report, other, fold)) continue
    const identity = person === 'same' ? sharedIdentity(report.reporter, other.reporter) : null
    const who = personReason(person, identity)
    const reasons = ['正文相同', who, daysApart(daysBetween(report, other))]
    const finding = { ticketId: other.id, score: 1, reasons, terms: [], fields: ['text' as const] }
    return { ...facts, verdict: 'duplicate', masterId: other.id, finding }
  }
  return { ...facts, verdict: 'new', suggestion: null, recurrence: null }
}
