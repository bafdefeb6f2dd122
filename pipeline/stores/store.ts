import type { ErrorCode, ErrorDetails, YiwangError } from '../../config/errors.ts'
import type { Cursor } from '../../connectors/connector.ts'
import type { CandidateLookup, MatchKeys } from '../../dedupe/decision.ts'
import type { ArchivedItem } from '../../normalizers/normalizer.ts'
import type { Channel, Ticket, TicketEvent } from '../../normalizers/ticket.ts'

/** What became of an item. */
export type OutcomeKind = 'ticketed' | 'linked' | 'quarantined' | 'skipped'

/** An item on its way into the archive. */
export interface IncomingItem extends ArchivedItem {
  /** Calendar day of `archivedAt` in the configured zone, `YYYY-MM-DD`. */
  readonly day: string
  /** Where it stands at the source; the archive remembers every locator that an item was seen under. */
  readonly locator: string | null
}

/** An item that still waits for its outcome. */
export interface PendingItem extends ArchivedItem {
  /** Order of archiving, ascending. */
  readonly seq: number
  /** Attempts so far that failed for what may be its own fault. */
  readonly attempts: number
  /** Why its body, which is empty then, cannot be read. */
  readonly damage?: YiwangError
}

/** What became of an item, and why. */
export interface Outcome {
  readonly kind: OutcomeKind
  /** The ticket made, updated or linked; null for quarantined and skipped. */
  readonly ticketId: string | null
  /**
   * ticketed: `created` or `updated`. linked: `duplicate`, `follow-up`, `unchanged`, or `superseded` when the ticket
   * was made from a later version already.
   * quarantined: an error code. skipped: the policy's name.
   */
  readonly reason: string
  /** quarantined: the error's details. skipped: `{detail}`. */
  readonly details: ErrorDetails
}

export interface OutcomeWrite extends Outcome {
  readonly seq: number
  readonly rawId: string
}

/** A ticket as a commit writes it. */
export interface TicketWrite {
  readonly ticket: Ticket
  /**
   * Goes to the outbox with this revision; null: committed without publishing. While an earlier revision still waits
   * there, its entry keeps its event and takes this revision's number and text, so that downstream hears
   * `ticket.created` first. There are two exceptions. If downstream knows the ticket already, `ticket.linked` and
   * `ticket.unlinked` replace the waiting event. If it does not, they make it `ticket.linked` where the ticket is a
   * duplicate by now, else `ticket.created`.
   */
  readonly event: TicketEvent | null
  /** Added to the keys that later messages find this ticket by; one may name the full ticket whose thread it goes on with. */
  readonly threadKeys: readonly string[]
  /** The whole new set of dedupe keys; null: leave them as they are. */
  readonly matchKeys: MatchKeys | null
  /** Milliseconds: submitted, else received, else ingested. */
  readonly at: number
}

/** What counting needs of a ticket that is to be written. */
export interface DatedTicket extends Pick<TicketWrite, 'at'> {
  readonly ticket: Pick<Ticket, 'id' | 'channel'> & {
    readonly reporter: Pick<Ticket['reporter'], 'key'>
    readonly dedupe: Pick<Ticket['dedupe'], 'incidentId'>
  }
}

/**
 * A duplicate and the master that it is linked to. A later link of the same ticket replaces this one. A revision of the
 * ticket without a master, or with another one, ends the link; another master needs a new link here.
 */
export interface LinkWrite {
  readonly ticketId: string
  readonly masterId: string
  readonly reporterKey: string | null
  readonly channel: Channel
}

/** A master whose duplicates are counted. */
export interface CountedMaster {
  readonly id: string
  /** Its own reporter adds none to the count. */
  readonly reporterKey: string | null
}

/** Term statistics on their way into the store, in a form that only their writer reads. */
export interface TermWrite {
  /** Names this write: one that the store has seen before is not taken again. */
  readonly id: string
  /** Replaces everything kept before; null: leave it. */
  readonly base: Uint8Array | null
  /** Kept after the base and the earlier additions. */
  readonly addition: Uint8Array | null
}

/** Term statistics as they were written, to be put together by their reader. */
export interface TermStatistics {
  /** Null before the first. */
  readonly base: Uint8Array | null
  /** Since the base, in the order of writing. */
  readonly additions: readonly Uint8Array[]
}

/** Everything that one batch of the drain decides. Repeating a commit changes nothing. */
export interface Commit {
  /** Each ticket once. */
  readonly tickets: readonly TicketWrite[]
  readonly links: readonly LinkWrite[]
  readonly outcomes: readonly OutcomeWrite[]
  readonly terms: TermWrite | null
}

/** The right to pull one source, or to process, until it expires. */
export interface Lease {
  readonly name: string
  /** Who holds it: a random string made by the holder. */
  readonly token: string
  /** True when the last holder let it expire instead of releasing it: that process probably died at work. */
  readonly takenOver: boolean
}

/** How the last pull of a source ended. */
export interface LastPull {
  readonly sourceId: string
  /** When it ended, RFC 3339. */
  readonly at: string
  /** Items that the source gave, also before it failed; `added` of these were new. */
  readonly read: number
  readonly added: number
  /** When one last ended without a failure, RFC 3339; null: not known. */
  readonly succeededAt: string | null
  /** Null: it did not fail. */
  readonly failure: PullFailure | null
}

/** Why a source cannot be pulled. */
export interface PullFailure {
  /** When the first of the pulls ended that have failed in a row, RFC 3339. */
  readonly since: string
  /** Of the catalogue, if not of that of another version. */
  readonly code: ErrorCode | string
  readonly details: ErrorDetails
}

/** A ticket revision waiting to be published. */
export interface OutboxEntry {
  readonly ticketId: string
  readonly revision: number
  readonly event: TicketEvent
  /** The ticket as JSON text in UTF-8. */
  readonly text: Uint8Array
}

/** Names one revision of a ticket. */
export type OutboxKey = Pick<OutboxEntry, 'ticketId' | 'revision'>

/** Which part of the outbox is read. */
export interface OutboxRange {
  /** So many entries at the beginning are left out: they are being published already. */
  readonly skip?: number
  /** Of texts, unless it is one entry: long ones of which many wait would not fit into memory. */
  readonly maxBytes?: number
}

/** How far a ticket has come on its way downstream; revision 0: none yet. */
export interface Publication {
  /** Whether a revision waits in the outbox. */
  readonly waiting: boolean
  readonly published: number
  /** Of the published revision; null when there is none, or a newer one waits. */
  readonly event: TicketEvent | null
  readonly delivered: number
}

/** Counts over the duplicates that are linked to one master. */
export interface LinkCounts {
  readonly reports: number
  /** Distinct reporter keys that are not null and not the master's own. */
  readonly reporters: number
  /** Distinct, in no particular order. */
  readonly channels: readonly Channel[]
}

/** Counts over the tickets that carry one `dedupe.incidentId`. */
export interface IncidentCounts {
  /** Milliseconds, on `TicketWrite.at`. */
  readonly firstAt: number
  readonly lastAt: number
  readonly reports: number
  /** Distinct reporter keys that are not null. */
  readonly reporters: number
  /** Distinct, sorted. */
  readonly channels: readonly Channel[]
}

/** What several people report. */
export interface Incident extends IncidentCounts {
  readonly id: string
}

/** A ticket as a rebuild of the index needs it. */
export interface IndexedTicket {
  readonly ticket: Ticket
  /** `TicketWrite.at`. */
  readonly at: number
  readonly matchKeys: MatchKeys
}

/** New keys for a ticket that is in the index. */
export interface ReindexEntry {
  readonly ticketId: string
  /** The revision that the keys were made from. */
  readonly revision: number
  readonly matchKeys: MatchKeys
}

/** An item in quarantine. */
export interface QuarantineEntry {
  readonly rawId: string
  readonly sourceId: string
  readonly externalId: string
  readonly archivedAt: string
  readonly code: ErrorCode | string
  readonly details: ErrorDetails
}

/** How many items of a source are in quarantine for one reason. */
export interface QuarantineCount {
  readonly sourceId: string
  readonly code: ErrorCode | string
  readonly count: number
}

/** One row of the books: seen = ticketed + linked + quarantined + skipped + pending. */
export interface Tally {
  readonly sourceId: string
  /** `YYYY-MM-DD`, or null when days were not asked for. */
  readonly day: string | null
  readonly seen: number
  readonly ticketed: number
  readonly linked: number
  readonly quarantined: number
  readonly skipped: number
  readonly pending: number
}

/** A day on which a source brought something. */
export interface ArrivalDay {
  /** `YYYY-MM-DD`, as `IncomingItem.day`. */
  readonly day: string
  /** `archivedAt` of its first and of its last item. */
  readonly firstAt: string
  readonly lastAt: string
}

/** All that is given must fit. */
export interface TicketQuery {
  readonly sourceId?: string
  readonly channel?: Ticket['channel']
  readonly kind?: Ticket['kind']
  readonly verdict?: Ticket['dedupe']['verdict']
  readonly incidentId?: string
  readonly masterId?: string
  /** An id or a moment that the ticket has somewhere, letter for letter. */
  readonly holding?: string
  /** Milliseconds since the epoch, on `TicketWrite.at`; both ends are inside. */
  readonly since?: number
  readonly until?: number
  readonly limit: number
}

/** An item and how far it has come. */
export interface ItemStory {
  readonly item: ArchivedItem
  readonly seq: number
  readonly attempts: number
  /** Null while it waits. */
  readonly outcome: Outcome | null
  readonly decidedAt: string | null
  readonly locators: readonly string[]
}

/** Keeps items as they came. */
export interface Archive {
  /** Durable when it resolves. An item already there (same rawId) is recognised and only its locator added. */
  archive(items: readonly IncomingItem[]): Promise<{ readonly added: number; readonly known: number }>
  item(rawId: string): Promise<ItemStory | null>
  /** All versions of the items of this external id, of whatever source, oldest first. */
  itemsByExternalId(externalId: string): Promise<readonly ItemStory[]>
  /** Items that led to this ticket, oldest first. */
  itemsOfTicket(ticketId: string): Promise<readonly ItemStory[]>
  /** Which of these locators the archive has never seen for this source. */
  unknownLocators(sourceId: string, locators: readonly string[]): Promise<readonly string[]>
  /** Which of these raw ids the archive does not hold. */
  unknownItems(rawIds: readonly string[]): Promise<readonly string[]>
}

/**
 * Leases, what came of the last pull, and cursors: who may work on what, and where a source's next read resumes. Leases
 * run by the clock of the store, which is one for all who ask.
 */
export interface Leases {
  /**
   * Null when another token holds it and has not expired. The holder itself gets it again. A lease that ends later
   * than is possible was taken before the clock was set back, and counts as expired.
   */
  acquire(name: string, token: string, ttlMs: number): Promise<Lease | null>
  /** False when the lease is no longer this token's. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>
  /**
   * Frees the lease and keeps how the pull under it ended, in one write; does neither when the lease is another's by now.
   */
  release(lease: Lease, pull?: LastPull): Promise<void>
  /** How the last pull of each of these sources ended; those of which nothing is known are left out. */
  lastPulls(sourceIds: readonly string[]): Promise<ReadonlyMap<string, LastPull>>
  cursor(sourceId: string): Promise<Cursor | null>
  /** @throws YiwangError LEASE_LOST when the lease is no longer this token's; nothing is saved then. */
  saveCursor(sourceId: string, cursor: Cursor, lease: Lease): Promise<void>
}

/** The work list, and what the drain writes. */
export interface Ledger extends CandidateLookup {
  /**
   * Items without an outcome whose retry time has come (or is impossibly late, as the clock was set back), oldest first:
   * at most `limit`, and none after their bodies add up to `maxBytes`. The first one always comes, however large.
   */
  pending(limit: number, maxBytes: number, now: number): Promise<readonly PendingItem[]>
  pendingCount(): Promise<number>
  /** Notes how many attempts have failed; the item is not pending again before `retryAt` (milliseconds). */
  postpone(seq: number, attempts: number, retryAt: number): Promise<void>
  /** Order of archiving (`PendingItem.seq`) by raw id; unknown ones are left out. */
  seqs(rawIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  tickets(ids: readonly string[]): Promise<ReadonlyMap<string, Ticket>>
  /** The numbers that `candidates` tells, by ticket id; unknown ones are left out. */
  ticketNumbers(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Tickets by these numbers. */
  ticketsByNumber(numbers: readonly number[]): Promise<ReadonlyMap<number, Ticket>>
  /** Ticket ids by thread key, within one source. */
  ticketsByThread(sourceId: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /**
   * Counts over the duplicates linked to each master, as if `adding` were linked already: links are a
   * set, so one that is there counts once. The master itself is not counted.
   */
  linkCounts(
    masters: readonly CountedMaster[],
    adding: readonly LinkWrite[],
  ): Promise<ReadonlyMap<string, LinkCounts>>
  /**
   * Counts over the tickets of each incident, as if `adding` were committed already: a ticket counts as it is given
   * there, in the incident that it names there. Incidents without tickets are left out.
   */
  incidentCounts(
    ids: readonly string[],
    adding: readonly DatedTicket[],
  ): Promise<ReadonlyMap<string, IncidentCounts>>
  /** Ids of an incident's tickets, newest first; of one moment, the last made first. */
  incidentMembers(id: string, limit: number): Promise<readonly string[]>
  termStatistics(): Promise<TermStatistics>
  /** @throws YiwangError LEASE_LOST when `lease` is no longer this token's; nothing is written then. */
  commit(commit: Commit, lease: Lease, decidedAt: string): Promise<void>
}

/** Recreating the index from the tickets while the system runs. */
export interface Reindexing {
  /**
   * Tickets in the order they were made, from `since` on (milliseconds, on `TicketWrite.at`; null: all). `after`
   * is the `next` of the page before; `next` is null behind the last page. A page ends before `limit` where the stored
   * texts would add up to more than `maxCharacters`; the first ticket always comes, however long.
   */
  ticketsInOrder(options: {
    readonly after: string | null
    readonly since: number | null
    readonly limit: number
    readonly maxCharacters?: number
  }): Promise<{ readonly tickets: readonly IndexedTicket[]; readonly next: string | null }>
  /**
   * Replaces the keys of those tickets that are still at this revision, and keeps the terms. Returns how many.
   * @throws YiwangError LEASE_LOST when `lease` is no longer this token's; nothing is written then.
   */
  reindex(entries: readonly ReindexEntry[], terms: TermWrite | null, lease: Lease): Promise<number>
  /** How far the work of this name has come, as it was saved; null: not begun. */
  progress(name: string): Promise<string | null>
  /**
   * Durable when it resolves, so that nothing can have come of what is kept no more.
   * @throws YiwangError LEASE_LOST when a `lease` is given that is no longer this token's; nothing is saved then.
   */
  saveProgress(name: string, value: string | null, lease?: Lease): Promise<void>
}

/** Ticket revisions on their way to the queue. */
export interface Outbox {
  /** Oldest first. Only the store decides which revisions wait. */
  outbox(limit: number, range?: OutboxRange): Promise<readonly OutboxEntry[]>
  outboxCount(): Promise<number>
  /** Clears these revisions; a newer revision of the same ticket stays. */
  markPublished(keys: readonly OutboxKey[], publishedAt: string): Promise<void>
  /** Downstream has completed these jobs on every output that takes them. */
  markDelivered(keys: readonly OutboxKey[]): Promise<void>
  /** Published revisions that downstream has not completed, in pages by ticket order. */
  undelivered(
    after: string | null,
    limit: number,
  ): Promise<{ readonly keys: readonly OutboxKey[]; readonly next: string | null }>
  /** How far each of these tickets has come; unknown ones are left out. */
  publications(ticketIds: readonly string[]): Promise<ReadonlyMap<string, Publication>>
  /**
   * Puts published revisions that are not delivered back into the outbox. If no revision of a ticket is known to be
   * delivered, none counts as published any more: the ticket starts again with `ticket.created`, or `ticket.linked` if
   * it is a duplicate, even if a newer revision of it is waiting already.
   */
  requeue(keys: readonly OutboxKey[]): Promise<void>
}

/** What people look at, and what they do with quarantined items. */
export interface Views {
  ticket(id: string): Promise<Ticket | null>
  /** Newest first. */
  findTickets(query: TicketQuery): Promise<readonly Ticket[]>
  /** The same by their ids alone: for more of them than are to stand in memory. */
  findTicketIds(query: TicketQuery): Promise<readonly string[]>
  /** Incidents with a ticket since then (milliseconds, on `TicketWrite.at`), most reports first, then by id. */
  findIncidents(options: { readonly since: number; readonly limit: number }): Promise<readonly Incident[]>
  tally(options: { readonly byDay: boolean; readonly sourceId?: string }): Promise<readonly Tally[]>
  /** The last days on which anything came from this source, newest first; at most `limit` of them. */
  arrivalDays(sourceId: string, limit: number): Promise<readonly ArrivalDay[]>
  /** Oldest first. @param options `after`: only items archived after the one of this raw id */
  quarantined(options: {
    readonly sourceId?: string
    readonly code?: string
    readonly after?: string
    readonly limit: number
  }): Promise<readonly QuarantineEntry[]>
  /** Most first, then by source and code. */
  quarantineCounts(options: {
    readonly sourceId?: string
    readonly code?: string
  }): Promise<readonly QuarantineCount[]>
  /** Makes quarantined items pending again. Returns how many. */
  redrive(rawIds: readonly string[]): Promise<number>
  /** Turns quarantined items into skipped ones, policy `discarded`. Returns how many. */
  discard(rawIds: readonly string[], detail: string): Promise<number>
}

/** What the drain reads and writes. */
export type DrainStore = Ledger & Pick<Views, 'findTickets'>

/** Where everything is kept. The rules are held by pipeline/stores/store.suite.ts. */
export interface Store extends Archive, Leases, Ledger, Reindexing, Outbox, Views {
  readonly name: 'sqlite' | 'mongodb'
  /** Safe to show: no credentials. */
  readonly url: string
  /** Creates or upgrades tables and indexes. Returns the steps taken, empty when there was nothing to do. */
  migrate(): Promise<readonly string[]>
  /** A random secret that all processes on this store share, made at the first call. */
  secret(name: string): Promise<string>
  close(): Promise<void>
}

/** Content-addressed files. */
export interface BlobStore {
  /** Durable when it resolves; the same bytes are kept once. Returns lower-case hex SHA-256. */
  put(body: Uint8Array): Promise<string>
  /** Null when there is no such blob. */
  get(sha256: string): Promise<Uint8Array | null>
  close(): Promise<void>
}
