import type { YiwangError } from '../config/errors.ts'
import type { Settings, SourceSettings } from '../config/settings.ts'
import type { Item } from '../connectors/connector.ts'
import type { QueueServer } from './queue-server.ts'
import type { Ruling } from './rulings.ts'
import type { Silence } from './silence.ts'
import type { BlobStore, Store, Tally } from './stores/store.ts'

/** Counts while a pull goes on, or at its end. */
export interface PullReport {
  readonly sourceId: string
  /** Items the source gave. */
  readonly read: number
  /** Of these, new to the archive. */
  readonly added: number
  /** Of these, recognised as archived before. */
  readonly known: number
}

/** What became of the items that a drain took up. */
export interface DrainReport {
  readonly items: number
  readonly ticketed: number
  readonly linked: number
  readonly quarantined: number
  readonly skipped: number
  /** Wait to be tried again. */
  readonly postponed: number
  /** Why the first of these were postponed; null when none was. */
  readonly problem: Pick<YiwangError, 'code' | 'details'> | null
}

/** Revisions of tickets on their way to the output queues. */
export interface RelayReport {
  readonly published: number
  /** Still in the outbox: Redis could not be reached (then `problem` says why), or another process is publishing. */
  readonly waiting: number
  readonly problem: YiwangError | null
}

/** How far a collection has come. */
export interface CollectProgress {
  readonly read: number
  readonly added: number
  readonly drained: number
  readonly published: number
}

/** What a collection has done, stage by stage. */
export interface CollectReport {
  readonly pulls: readonly PullReport[]
  /** Sources that could not be pulled to their end; the others were. */
  readonly failures: readonly { readonly sourceId: string; readonly error: YiwangError }[]
  /** Null when another process is draining; that one processes what was archived here. */
  readonly drain: DrainReport | null
  readonly relay: RelayReport
}

/** Which source, and optionally one file or folder to read instead of the source's own path. */
export interface CollectTarget {
  readonly sourceId: string
  readonly path?: string
}

/** How a collection is stopped, and who hears of it. */
export interface CollectOptions {
  /** Ends after the batch under way; nothing is left half done. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CollectProgress) => void
  /** Called when all pulls have ended. What they brought is archived then, even if draining or publishing fails later. */
  readonly onPulled?: (pulled: Pick<CollectReport, 'pulls' | 'failures'>) => void
}

/** What `check` found: the connector opened, and its first item read without consuming it. */
export interface CheckReport {
  readonly sourceId: string
  /** Null when the source is empty. */
  readonly first: Pick<Item, 'externalId' | 'mediaType' | 'meta'> | null
  readonly elapsedMs: number
}

/** What `checkStore` found: it answers, and takes writes. */
export interface StoreReport {
  /** Safe to show: no credentials. */
  readonly url: string
  readonly elapsedMs: number
}

/** What `checkQueue` found: Redis answers, takes writes, and says this of itself. */
export interface QueueReport extends StoreReport, QueueServer {}

/** A recount of one source against the archive, and its books. */
export interface ReconcileReport {
  readonly sourceId: string
  /** What the source holds now. */
  readonly atSource: number
  /** Of these, in the archive. */
  readonly archived: number
  /** Locators or external ids at the source that the archive has never seen; at most 20 shown. */
  readonly missing: readonly string[]
  readonly missingCount: number
  readonly tally: Tally
  /** missingCount is 0 and the tally adds up. */
  readonly ok: boolean
}

/** How far Redis has been compared with what was published. */
export interface RepublishProgress {
  /** Published tickets that are not known to be delivered; those looked at. */
  readonly looked: number
  /** Of these, put back into the outbox. */
  readonly requeued: number
}

/** How far a person's word has been carried out. */
export interface RuleProgress {
  /** Tickets written, of all that may change. */
  readonly done: number
  readonly all: number
  readonly published: number
}

/** What a person's word has changed. */
export interface RulingReport {
  /** The named ticket first; empty where all was so already. */
  readonly ticketIds: readonly string[]
  readonly relay: RelayReport
}

/** The composed system for one configuration. Commands and tests use only this. */
export interface App {
  readonly settings: Settings
  readonly store: Store
  readonly blobs: BlobStore
  /** @throws YiwangError SOURCE_UNKNOWN */
  source(id: string): SourceSettings
  /** INDEX_OUTDATED where earlier tickets have no keys for the present version and settings; else null. */
  outdatedIndex(): Promise<YiwangError | null>
  /** How long nothing has come from it. @throws YiwangError SOURCE_UNKNOWN */
  silence(sourceId: string): Promise<Silence>
  /** Reads the first item and consumes nothing. @throws YiwangError SOURCE_UNKNOWN, and what the connector throws */
  check(sourceId: string, signal: AbortSignal): Promise<CheckReport>
  /** Whether the store takes writes. @throws YiwangError as the store does */
  checkStore(): Promise<StoreReport>
  /** Whether Redis takes jobs. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  checkQueue(): Promise<QueueReport>
  /**
   * Pulls these sources, drains and publishes at the same time, and ends when all is done. A source that fails
   * stops no other. With `path` the file is neither acknowledged nor remembered by a cursor; what it brings
   * counts for the source. An empty list of targets only drains and publishes.
   */
  collect(targets: readonly CollectTarget[], options: CollectOptions): Promise<CollectReport>
  /**
   * Carries out what a person says about links, and publishes it. Waits for the drain, in whatever process, to finish a batch.
   * @throws YiwangError TICKET_UNKNOWN, LINK_SELF, LINK_LOOP, NOT_LINKED, PROCESSING_BUSY, RULING_GIVEN_UP
   */
  rule(
    ruling: Ruling,
    signal: AbortSignal,
    onProgress?: (progress: RuleProgress) => void,
  ): Promise<RulingReport>
  /** Puts back into the outbox what was published, is not known to be delivered, and is no longer in Redis. Returns how many. */
  republish(signal: AbortSignal, onProgress?: (progress: RepublishProgress) => void): Promise<number>
  /** Jobs on each output queue, in any state. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  queues(): Promise<readonly { readonly queue: string; readonly jobs: number }[]>
  /** Changes nothing. @throws YiwangError SOURCE_UNKNOWN, and what the connector throws */
  reconcile(
    sourceId: string,
    signal: AbortSignal,
    onProgress?: (counts: Pick<ReconcileReport, 'atSource' | 'archived'>) => void,
  ): Promise<ReconcileReport>
  /** Runs schedules, drain and relay until the signal aborts; then finishes what is under way within ten seconds. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
