import type { TicketDraft } from '../normalizers/normalizer.ts'
import type { AttachmentRef, FollowUp, Ticket } from '../normalizers/ticket.ts'
import type { Decision } from '../dedupe/decision.ts'
import { ticketIdOf } from './ids.ts'
import type { ArchivedItem } from '../normalizers/normalizer.ts'

/** What a ticket is made of, besides the item that it came from. */
export interface TicketParts {
  readonly item: ArchivedItem
  readonly draft: TicketDraft
  readonly attachments: readonly AttachmentRef[]
  readonly revision: number
  readonly dedupe: Ticket['dedupe']
  readonly followUps: readonly FollowUp[]
  /** Kind and version, for example `imap/1`. */
  readonly connector: string
  readonly normalizer: string
}

/** The canonical ticket, its fields in the order of the schema so that equal tickets serialize equally. */
export function ticketOf(parts: TicketParts): Ticket {
  const { item, draft } = parts
  return {
    schemaVersion: '1',
    id: ticketIdOf(item.sourceId, item.externalId),
    revision: parts.revision,
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
    followUps: [...parts.followUps],
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
export function dedupeOf(decision: Decision, ticket: Pick<TicketDraft, 'channel' | 'reporter'>): Ticket['dedupe'] {
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

