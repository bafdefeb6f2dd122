import { simplify } from '../dedupe/fold.ts'
import { matchText } from '../normalizers/text.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { joined } from './incidents.ts'
import { freed } from './lineage.ts'
import { momentOf } from './ticket-of.ts'

type Dedupe = Ticket['dedupe']

/** Whether a corrected ticket must be decided again, because its verdict rests on words that it no longer has. A person's decision stays. */
export function isOpenAgain(before: Ticket, after: Ticket): boolean {
  return before.dedupe.decidedBy === 'algorithm' && saysOtherwise(before, after)
}

/** Whether a ticket is found by other words, by another reporter or at another time. */
export function isFoundOtherwise(before: Ticket, after: Ticket): boolean {
  return (
    saysOtherwise(before, after) ||
    momentOf(before) !== momentOf(after) ||
    JSON.stringify(before.reporter) !== JSON.stringify(after.reporter)
  )
}

/** Whether the words that repeats are recognised by have changed. */
function saysOtherwise(before: Ticket, after: Ticket): boolean {
  return wordsOf(before) !== wordsOf(after)
}

function wordsOf({ title, body }: Ticket): string {
  return [title ?? '', body].map((text) => simplify(matchText(text))).join('\n')
}

/** Said last where a correction changed what the reasons before it are about. */
const beforeCorrection = '以上依据更正前的内容'

/** The dedupe fields of a corrected ticket whose verdict stays: what that rests on may be about what it said before. */
export function keptOver(before: Ticket, after: Ticket): Dedupe {
  const { dedupe } = before
  const isSamePlace = JSON.stringify(before.place) === JSON.stringify(after.place)
  if (isSamePlace && !isFoundOtherwise(before, after)) return dedupe
  const { score, suggestion, recurrence } = dedupe
  return {
    ...dedupe,
    // What a person decided rests on no words.
    reasons: score === null ? dedupe.reasons : marked(dedupe).reasons,
    suggestion: suggestion && marked(suggestion),
    recurrence: recurrence && marked(recurrence),
  }
}

function marked<Found extends { readonly reasons: string[] }>(found: Found): Found {
  const reasons = found.reasons.filter((reason) => reason !== beforeCorrection)
  return { ...found, reasons: [...reasons, beforeCorrection] }
}

/**
 * The dedupe fields of a ticket that was decided again; it leaves a master or incident that it is no longer linked to.
 * @param decided as of a new ticket
 * @param at RFC 3339, for the history
 */
export function decidedAgain(before: Dedupe, decided: Dedupe, incidentId: string | null, at: string): Dedupe {
  const { masterId } = decided
  const { apartFrom } = before
  if (before.masterId === masterId && before.incidentId === incidentId) {
    const { incident, history } = before
    return { ...decided, apartFrom, incidentId, incident, history }
  }
  const stays = (before.masterId ?? masterId) === masterId && (before.incidentId ?? incidentId) === incidentId
  const { history } = stays ? before : freed(before, at, 'algorithm')
  return joined({ ...decided, apartFrom, history }, incidentId, at)
}

/** What downstream is told of a ticket that was decided again. */
export function eventOf(before: Dedupe, after: Dedupe): TicketEvent {
  if (before.masterId === after.masterId && before.incidentId === after.incidentId) return 'ticket.updated'
  return after.masterId === null && after.incidentId === null ? 'ticket.unlinked' : 'ticket.linked'
}
