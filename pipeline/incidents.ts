import type { Finding } from '../dedupe/decision.ts'
import { simplify } from '../dedupe/fold.ts'
import { beginning, matchText } from '../normalizers/text.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { ticketIdOf } from './ids.ts'
import { hasLeft } from './lineage.ts'
import type { IncidentCounts } from './stores/store.ts'
import { momentOf, whenOf } from './ticket-of.ts'

type Dedupe = Ticket['dedupe']
type Incident = NonNullable<Dedupe['incident']>

const labelParts = 3
/** A label that is so long gets no further part. */
const labelCharacters = 36
const headlineCharacters = 20
const longestClause = 30
const clauseEnd = /[，。；！？：…,;!?\n\r]+/u
/** Such a number may be somebody's telephone. */
const longNumber = /\d{7}/

/** An incident is named after the ticket that it began with, so that naming it again gives the same name. */
export function incidentIdOf(ticketId: string): string {
  return `I-${ticketId.slice(2)}`
}

/** The incident that two tickets make: the earlier one's, unless that one has left an incident of its name, or is about to. */
export function foundedBy(earlier: Ticket, later: Ticket): string {
  const own = [earlier, later].find(({ id, dedupe }) => {
    const incidentId = incidentIdOf(id)
    return dedupe.incidentId !== incidentId && !hasLeft(dedupe, incidentId)
  })
  return incidentIdOf(own?.id ?? ticketIdOf(earlier.id, later.id))
}

/** What is first known of an incident that another report shows this ticket to be part of. */
export function foundingOf(ticket: Ticket, { terms }: Pick<Finding, 'terms'>): Incident {
  const at = whenOf(ticket)
  return {
    label: labelOf(ticket, terms),
    ...{ firstAt: at, lastAt: at, reports: 1 },
    reporters: ticket.reporter.key === null ? 0 : 1,
    channels: [ticket.channel],
  }
}

/** 三、 before a demand, and who reports: 市民来电反映, 张女士反映. */
const lead =
  /^(?:[一二三四五六七八九十\d]{1,2}[、.．](?!\d)|(?:市民|来电人|诉求人|\p{Script=Han}{1,2}(?:先生|女士))(?:来电|致电)?(?:反映|咨询|投诉|举报|称))\s*/u

/** The ticket's own clauses that hold the telling words, which alone may say little. The most telling first. */
function labelOf(ticket: Ticket, terms: readonly string[]): string {
  const clauses = `${ticket.title ?? ''}\n${ticket.body}`
    .split(clauseEnd)
    .map((clause) => clause.trim().replace(lead, ''))
  const isFit = (clause: string) => clause.length <= longestClause && !longNumber.test(clause)
  const parts: string[] = []
  const folded = (text: string) => simplify(matchText(text))
  const isIn = (text: string, term: string) => folded(text).includes(folded(term))
  for (const term of terms) {
    const said = parts.join(' · ')
    if (parts.length === labelParts || said.length >= labelCharacters) break
    if (!isIn(said, term)) parts.push(clauses.find((clause) => isFit(clause) && isIn(clause, term)) ?? term)
  }
  return parts.length > 0 ? parts.join(' · ') : headline(ticket)
}

/** What a report is about, on one line. */
function headline({ title, body }: Ticket): string {
  return title ?? beginning(body, headlineCharacters).replace(/\s+/g, ' ')
}

/** The fields of a ticket that becomes part of an incident, or was linked; unchanged where there is neither. */
export function joined(dedupe: Dedupe, incidentId: string | null, at: string): Dedupe {
  if (incidentId === null && dedupe.masterId === null) return dedupe
  const event = {
    at,
    by: 'algorithm' as const,
    event: 'linked' as const,
    masterId: dedupe.masterId,
    incidentId,
  }
  return { ...dedupe, incidentId, history: [...dedupe.history, event] }
}

/** What is known of an incident when a batch is written. */
export interface IncidentFacts {
  /** With the tickets that the batch writes. */
  readonly counts: IncidentCounts
  /** Some of its tickets, among them the one that it began with where it was looked up. */
  readonly known: readonly Ticket[]
  /** Its label where it began in this batch; null where its tickets tell it. */
  readonly label: string | null
}

/** The incident as each of its tickets carries it; give it tickets that are among the known ones. */
export function incidentIn({ counts, known, label }: IncidentFacts): (ticket: Ticket) => Incident {
  const { firstAt, lastAt, reports, reporters, channels } = counts
  const written = new Map(known.map((each) => [momentOf(each), whenOf(each)]))
  const labelled = known.find(({ dedupe }) => dedupe.incident !== null)?.dedupe.incident
  return (ticket) => {
    const timeOf = (at: number) => written.get(at) ?? atOf(at, whenOf(ticket))
    return {
      // The ticket that it began with may have left it: then all are given the same.
      label: (ticket.dedupe.incident ?? labelled)?.label ?? label ?? headline(known[0] ?? ticket),
      ...{ firstAt: timeOf(firstAt), lastAt: timeOf(lastAt), reports, reporters, channels: [...channels] },
    }
  }
}

/** A moment in the offset that another is written with. */
function atOf(at: number, like: string): string {
  const [, sign = '+', hours = '00', minutes = '00'] = /([+-])(\d\d):(\d\d)$/.exec(like) ?? []
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  const local = new Date(at + offset * 60_000).toISOString().replace(/\.\d+Z$/, '')
  return `${local}${sign}${hours}:${minutes}`
}
