import { type Connection, type Model, Schema } from 'mongoose'
import type { MatchKeys } from '../../../dedupe/decision.ts'
import type { Channel, Ticket, TicketEvent } from '../../../normalizers/ticket.ts'
import type { OutcomeKind } from '../store.ts'

/** An archived item with its place on the work list. */
export interface ItemDoc {
  /** The raw id. */
  readonly _id: string
  readonly seq: number
  /** Equal to `seq` while the item waits for its outcome, absent afterwards: the work list is one sparse index. */
  readonly pendingSeq?: number
  readonly retryAt: number
  readonly attempts: number
  readonly sourceId: string
  readonly externalId: string
  readonly mediaType: string
  readonly archivedAt: string
  readonly day: string
  /** JSON: its values may hold what BSON keys cannot. */
  readonly meta: string
  /** Null when the body is too large for a document: it is the GridFS file in `bodies` named by the raw id. */
  readonly body: Buffer | null
  readonly bytes: number
  readonly locators: readonly string[]
  readonly outcome?: OutcomeDoc
}

export interface OutcomeDoc {
  readonly kind: OutcomeKind
  readonly ticketId: string | null
  readonly reason: string
  /** JSON. */
  readonly details: string
  readonly decidedAt: string
}

/** A ticket with its links, keys and outbox flag, so that one write changes all of them or none. */
export interface TicketDoc {
  /** The ticket id. */
  readonly _id: string
  /** Order of the first commit. */
  readonly n: number
  readonly revision: number
  readonly sourceId: string
  readonly channel: Channel
  readonly kind: Ticket['kind']
  readonly verdict: Ticket['dedupe']['verdict']
  readonly at: number
  readonly reporterKey: string | null
  readonly masterId: string | null
  readonly incidentId: string | null
  readonly matchKeys: MatchKeys
  readonly threadKeys: readonly string[]
  /** The ticket as JSON. */
  readonly text: string
  readonly link: LinkDoc | null
  /** Equal to `n` while a revision waits to be published, absent otherwise: the outbox is one sparse index. */
  readonly outboxN?: number
  /** The revision that waits; 0: none. */
  readonly outbox: number
  /** Of the revision that waits, or of the last that was published. */
  readonly event: TicketEvent | null
  /** The newest link event among the revisions that wait, see outbox-entry.ts. */
  readonly linkEvent: TicketEvent | null
  readonly linkRevision: number | null
  /** The last revision published, and delivered; 0: none. */
  readonly published: number
  readonly publishedAt: string | null
  readonly delivered: number
}

export interface LinkDoc {
  readonly masterId: string
  /** Of the reporter who repeats the master. */
  readonly reporterKey: string | null
  readonly channel: Channel
}

/** A lease, the cursors saved under it, and how the pull ended: one document, so that a stale holder cannot save. */
export interface LeaseDoc {
  readonly _id: string
  /** Null: released. */
  readonly token: string | null
  readonly expiresAt: number
  /** Whether its holder got it from one that had let it expire; absent in leases of earlier releases. */
  readonly takenOver?: boolean
  /** Cursor JSON by the source id in base64url, since a BSON key cannot hold every character. */
  readonly cursors?: Readonly<Record<string, string>>
  /** `text` is JSON. */
  readonly lastPull?: { readonly sourceId: string; readonly text: string }
}

/** One write of term statistics; what a later base has replaced is null. */
export interface TermsDoc {
  /** The id of the write. */
  readonly _id: string
  /** Order of writing. */
  readonly n: number
  readonly base: Buffer | null
  readonly addition: Buffer | null
}

/** Counters, secrets, progress and the schema version. */
export interface ValueDoc {
  readonly _id: string
  readonly number?: number
  readonly text?: string
}

export interface Models {
  readonly items: Model<ItemDoc>
  readonly tickets: Model<TicketDoc>
  readonly leases: Model<LeaseDoc>
  readonly terms: Model<TermsDoc>
  readonly values: Model<ValueDoc>
}

/** The version that `migrate` writes; raise it when a model or an index changes. */
export const schemaVersion = 3

const text = { type: String, required: true } as const
const count = { type: Number, required: true } as const
const options = { autoIndex: false, autoCreate: false, versionKey: false, minimize: false } as const

const Outcome = new Schema<OutcomeDoc>(
  { kind: text, ticketId: String, reason: text, details: text, decidedAt: text },
  { _id: false },
)

const Item = new Schema<ItemDoc>(
  {
    ...{ _id: text, seq: count, pendingSeq: Number, retryAt: count, attempts: count, sourceId: text },
    ...{ externalId: String, mediaType: String, archivedAt: text, day: text, meta: text, body: Buffer },
    ...{ bytes: count, locators: [String], outcome: Outcome },
  },
  { ...options, collection: 'items' },
)
  .index({ seq: 1 })
  .index({ pendingSeq: 1 }, { sparse: true })
  .index({ externalId: 1 })
  .index({ sourceId: 1, day: 1, seq: 1, 'outcome.kind': 1, pendingSeq: 1 })
  .index({ sourceId: 1, locators: 1 })
  .index({ 'outcome.ticketId': 1 }, { sparse: true })
  .index({ 'outcome.kind': 1, seq: 1 })

const Link = new Schema<LinkDoc>({ masterId: text, reporterKey: String, channel: text }, { _id: false })

const TicketModel = new Schema<TicketDoc>(
  {
    ...{ _id: text, n: count, revision: count, sourceId: text, channel: text, kind: text, verdict: text },
    ...{ at: count, reporterKey: String, masterId: String, incidentId: String, matchKeys: [Number] },
    ...{ threadKeys: [String], text, link: Link, outboxN: Number, outbox: count, event: String },
    ...{ linkEvent: String, linkRevision: Number, published: count },
    ...{ publishedAt: String, delivered: count },
  },
  { ...options, collection: 'tickets' },
)
  .index({ n: 1 })
  .index({ outboxN: 1 }, { sparse: true })
  .index({ matchKeys: 1, at: 1, n: 1 })
  .index({ incidentId: 1, at: 1, n: 1 })
  .index({ masterId: 1 })
  .index({ sourceId: 1, threadKeys: 1 })
  .index({ sourceId: 1, at: -1, _id: -1 })
  .index({ 'link.masterId': 1 }, { sparse: true })
  .index({ at: -1, _id: -1 })

const LastPull = new Schema({ sourceId: text, text }, { _id: false })

const Lease = new Schema<LeaseDoc>(
  {
    ...{ _id: text, token: String, expiresAt: count, takenOver: Boolean, lastPull: LastPull },
    cursors: { type: Map, of: String },
  },
  { ...options, collection: 'leases' },
)

const Terms = new Schema<TermsDoc>(
  { _id: text, n: count, base: Buffer, addition: Buffer },
  { ...options, collection: 'terms' },
).index({ n: 1 })

const Value = new Schema<ValueDoc>(
  { _id: text, number: Number, text: String },
  { ...options, collection: 'values' },
)

/** The models of one connection. */
export function modelsOn(connection: Connection): Models {
  return {
    items: connection.model<ItemDoc>('Item', Item),
    tickets: connection.model<TicketDoc>('Ticket', TicketModel),
    leases: connection.model<LeaseDoc>('Lease', Lease),
    terms: connection.model<TermsDoc>('Terms', Terms),
    values: connection.model<ValueDoc>('Value', Value),
  }
}
