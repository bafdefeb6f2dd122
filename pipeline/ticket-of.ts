import type { Decision } from '../dedupe/decision.ts'
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

/** A ticket's dedupe fields when nothing has been linked to it yet. */
export function dedupeOf(
  decision: Decision,
  ticket: Pick<TicketDraft, 'channel' | 'reporter'>,
): Ticket['dedupe'] {
  return {
    verdict: decision.verdict,
    masterId: decision.masterId,
    incidentId: null,
    score: decision.score,
    reasons: [...decision.reasons],
    algorithm: decision.algorithm,
    reports: 1,
    reporters: ticket.reporter.key === null ? 0 : 1,
    channels: [ticket.channel],
  }
}

/** The dedupe fields of a ticket about which nothing has been decided yet. */
export function undecided(ticket: Pick<TicketDraft, 'channel' | 'reporter'>): Ticket['dedupe'] {
  return dedupeOf({ verdict: 'new', masterId: null, score: null, reasons: [], algorithm: 'none' }, ticket)
}

/** When the report was made, in milliseconds: submitted, else received, else ingested. */
export function momentOf(ticket: Pick<Ticket, 'submittedAt' | 'receivedAt' | 'ingestedAt'>): number {
  return Date.parse(ticket.submittedAt ?? ticket.receivedAt ?? ticket.ingestedAt)
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
