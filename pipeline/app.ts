import type { Settings, SourceSettings } from '../config/settings.ts'
import type { Item } from '../connectors/connector.ts'
import type { Normalized } from '../normalizers/normalizer.ts'
import type { Ticket } from '../normalizers/ticket.ts'
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

export interface DrainReport {
  readonly items: number
  readonly ticketed: number
  readonly linked: number
  readonly quarantined: number
  readonly skipped: number
  readonly postponed: number
}

export interface RelayReport {
  readonly published: number
  /** Still in the outbox, because Redis could not be reached. */
  readonly waiting: number
}

/** What `check` found: the connector opened, and its first item read without consuming it. */
export interface CheckReport {
  readonly sourceId: string
  /** Null when the source is empty. */
  readonly first: Pick<Item, 'externalId' | 'mediaType' | 'meta'> | null
  readonly elapsedMs: number
}

/** What a dry run would make of one item. */
export interface Preview {
  readonly item: Item
  readonly result: Normalized
  /** The whole ticket, when it would make one. */
  readonly ticket: Ticket | null
}

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

/** The composed system for one configuration. Commands and tests use only this. */
export interface App {
  readonly settings: Settings
  readonly store: Store
  readonly blobs: BlobStore
  source(id: string): SourceSettings
  check(sourceId: string, signal: AbortSignal): Promise<CheckReport>
  /** Reads, archives, acknowledges, saves the cursor. @throws SOURCE_BUSY when another process holds the source. */
  pull(
    sourceId: string,
    options: { readonly signal: AbortSignal; readonly onProgress?: (report: PullReport) => void },
  ): Promise<PullReport>
  /** Turns pending items into outcomes until none is left. @throws LEASE_LOST; resolves null when another process is draining. */
  drain(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (report: DrainReport) => void
  }): Promise<DrainReport | null>
  /** Publishes the outbox until it is empty or Redis is gone (then `waiting` > 0, no throw). */
  relay(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (report: RelayReport) => void
  }): Promise<RelayReport>
  /** Puts back into the outbox what was published, is not known to be delivered, and is no longer in Redis. Returns how many. */
  republish(signal: AbortSignal): Promise<number>
  reconcile(sourceId: string, signal: AbortSignal): Promise<ReconcileReport>
  /** What the items of a source (or of `files`, for a connector with a `path` setting) would become. Stores nothing. */
  preview(
    sourceId: string,
    options: { readonly path?: string; readonly limit: number; readonly signal: AbortSignal },
  ): AsyncIterable<Preview>
  /** A source like `sourceId` but reading `path`; what it brings counts for `sourceId`. */
  pullPath(
    sourceId: string,
    path: string,
    options: { readonly signal: AbortSignal; readonly onProgress?: (report: PullReport) => void },
  ): Promise<PullReport>
  /** Runs schedules, drain and relay until the signal aborts; then finishes what is under way within ten seconds. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
