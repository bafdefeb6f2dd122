import type { ErrorCode, ErrorDetails } from '../config/errors.ts'
import type { Item } from '../connectors/connector.ts'
import type { Note } from './notes.ts'
import type { Channel, Ticket } from './ticket.ts'

/** An item as the archive gives it back. */
export interface ArchivedItem extends Omit<Item, 'cursor'> {
  /** `R-` and 26 base32 characters derived from (sourceId, externalId, body). */
  readonly rawId: string
  readonly sourceId: string
  /** When it was first archived, RFC 3339 with offset. */
  readonly archivedAt: string
}

/** What a normalizer may know besides the item. Equal contexts and items give equal answers. */
export interface NormalizeContext {
  readonly channel: Channel
  readonly platform: string | null
  /** IANA name; for times that carry no zone of their own. */
  readonly timeZone: string
  /** GB/T 2260 code of the division that the source belongs to; narrows place names. Null: nationwide. */
  readonly homeDivision: string | null
  /** The connector's validated settings, for column maps and policies. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Keyed hash of an identity such as `phone:+8613812345678`. */
  reporterKey(identity: string): string
}

/** A file that came with a report; its bytes go to the blob store before the ticket is committed. */
export interface AttachmentContent {
  readonly name: string | null
  readonly mediaType: string
  readonly body: Uint8Array
}

/** The fields of a ticket that the item itself decides. */
export type TicketDraft = Omit<
  Ticket,
  | 'schemaVersion'
  | 'id'
  | 'revision'
  | 'sourceId'
  | 'externalId'
  | 'ingestedAt'
  | 'attachments'
  | 'dedupe'
  | 'followUps'
  | 'provenance'
> & {
  readonly fields: Readonly<Record<string, string>>
  readonly notes: readonly Note[]
}

/** What a normalizer answers for an item. */
export type Normalized =
  | {
      readonly outcome: 'ticket'
      readonly draft: TicketDraft
      readonly attachments: readonly AttachmentContent[]
      /** Names by which later messages find it: its Message-ID, and what it waits for. */
      readonly threadKeys: readonly string[]
      /** Names of others of its thread, In-Reply-To and References nearest first. A hit makes this item a follow-up. */
      readonly refersTo: readonly string[]
    }
  /** Left out on purpose by a named policy, for example `auto-reply`. */
  | { readonly outcome: 'skipped'; readonly policy: string; readonly detail: string }
  | { readonly outcome: 'quarantined'; readonly code: ErrorCode; readonly details: ErrorDetails }

/** Pure: an item in, a ticket or a reason out. Bad input is an answer; a throw is a bug. */
export interface Normalizer {
  readonly name: string
  readonly version: string
  normalize(item: ArchivedItem, context: NormalizeContext): Normalized | Promise<Normalized>
}
