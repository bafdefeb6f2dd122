import type { Decision, Finding } from '../dedupe/decision.ts'
import type { Report } from '../dedupe/profile.ts'
import type { ArchivedItem, TicketDraft } from '../normalizers/normalizer.ts'
import type { AttachmentRef, Ticket } from '../normalizers/ticket.ts'
import { ticketIdOf } from './ids.ts'

/** What a ticket is made of, besides the item that it came from. */
export interface TicketParts {
  readonly item: ArchivedItem
  readonly draft: TicketDraft
  readonly attachments: readonly AttachmentRef[]
  readonly dedupe: Ticket['dedupe']
  /** Kind and version, for example `imap/1`. */
  readonly connector: string
  readonly normalizer: string
}

/** The canonical ticket in its first revision, its fields in the order of the schema so that equal tickets serialize equally. */
export function ticketOf(parts: TicketParts): Ticket {
  const { item, draft } = parts
  return {
    schemaVersion: '1',
    id: ticketIdOf(item.sourceId, item.externalId),
    revision: 1,
    sourceId: item.sourceId,
    channel: draft.channel,
    platform: draft.platform,
    externalId: item.externalId,
    externalUrl: draft.externalUrl,
    threadId: draft.threadId,
    title: draft.title,
    body: draft.body,
    language: draft.language,
    reporter: draft.reporter,
    occurredAt: draft.occurredAt,
    submittedAt: draft.submittedAt,
    receivedAt: draft.receivedAt,
    ingestedAt: item.archivedAt,
    place: draft.place,
    attachments: [...parts.attachments],
    kind: draft.kind,
    category: draft.category,
    urgency: draft.urgency,
    departments: draft.departments,
    handling: draft.handling,
    dedupe: parts.dedupe,
    followUps: [],
    official: draft.official,
    provenance: {
      rawId: item.rawId,
      connector: parts.connector,
      normalizer: parts.normalizer,
      fields: draft.fields,
      notes: [...draft.notes],
    },
  }
}

/** The dedupe fields of a ticket about which nothing has been decided yet. */
export function undecided(ticket: Pick<TicketDraft, 'channel' | 'reporter'>): Ticket['dedupe'] {
  return {
    ...{ verdict: 'new', masterId: null, incidentId: null, incident: null, score: null },
    ...{ reasons: [], terms: [], fields: [], suggestion: null, recurrence: null },
    ...{ algorithm: 'none', decidedBy: 'algorithm', apartFrom: [], history: [], cut: false },
    reports: 1,
    reporters: ticket.reporter.key === null ? 0 : 1,
    channels: [ticket.channel],
  }
}

/** A new ticket's dedupe fields by what was decided; its incident is the caller's to name. */
export function dedupeOf(decision: Decision, ticket: Ticket): Ticket['dedupe'] {
  const facts = { ...undecided(ticket), algorithm: decision.algorithm, cut: decision.cut }
  if (decision.verdict === 'new') {
    const { suggestion, recurrence } = decision
    return {
      ...facts,
      suggestion: suggestion && { verdict: suggestion.verdict, ...foundOf(suggestion) },
      recurrence: recurrence && foundOf(recurrence),
    }
  }
  const { ticketId: _, ...evidence } = foundOf(decision.finding)
  const masterId = decision.verdict === 'duplicate' ? decision.masterId : null
  return { ...facts, ...evidence, verdict: decision.verdict, masterId }
}

/** The fields of a finding in the order of the schema. */
function foundOf({ ticketId, score, reasons, terms, fields }: Finding) {
  return { ticketId, score, reasons: [...reasons], terms: [...terms], fields: [...fields] }
}

/** What the decisions need of a ticket. */
export function reportOf(ticket: Ticket): Report {
  const { id, sourceId, channel, title, body, reporter, place, attachments, kind, category } = ticket
  const dated = (ticket.submittedAt ?? ticket.receivedAt) !== null
  const times = { at: momentOf(ticket), dated }
  return { id, sourceId, channel, title, body, reporter, place, attachments, kind, category, ...times }
}

type Dated = Pick<Ticket, 'submittedAt' | 'receivedAt' | 'ingestedAt'>

/** When the report was made, RFC 3339: submitted, else received, else ingested. */
export function whenOf({ submittedAt, receivedAt, ingestedAt }: Dated): string {
  return submittedAt ?? receivedAt ?? ingestedAt
}

/** The same in milliseconds since 1970. */
export function momentOf(ticket: Dated): number {
  return Date.parse(whenOf(ticket))
}

/** Whether two revisions say the same: everything but where and when this program took it up. */
export function saysTheSame(one: Ticket, other: Ticket): boolean {
  return essence(one) === essence(other)
}

function essence(ticket: Ticket): string {
  return JSON.stringify({
    ...ticket,
    revision: 0,
    ingestedAt: '',
    dedupe: null,
    followUps: null,
    provenance: null,
  })
}
