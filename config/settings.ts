import type { LocalText } from './locale.ts'
import type { LogOptions } from './logging.ts'
import type { Channel } from './ticket-names.ts'

/** Cron with a time zone, or a fixed interval. */
export type Schedule = { readonly cron: string; readonly timeZone: string } | { readonly everyMs: number }

/** One configured source, its connector's settings validated and filled with defaults. */
export interface SourceSettings {
  readonly id: string
  /** The connector's kind, a key of the specs that the loader was given. */
  readonly connector: string
  readonly name: string | null
  readonly enabled: boolean
  readonly channel: Channel
  readonly platform: string | null
  /** IANA name. */
  readonly timeZone: string
  /** GB/T 2260 code, six digits; null: nationwide. */
  readonly division: string | null
  /** Null: only pulled by command. */
  readonly schedule: Schedule | null
  /** How long nothing may come before that is told: milliseconds, or what is usual for the source. */
  readonly quietAfter: number | 'usual' | 'never'
  /** The connector's own settings. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** A queue that tickets are published on; empty filter lists let everything pass. */
export interface OutputSettings {
  readonly queue: string
  /** How often BullMQ tries a job whose handler throws. */
  readonly attempts: number
  /** Before the second attempt; doubled before each further one. */
  readonly retryAfterMs: number
  readonly sources: readonly string[]
  readonly channels: readonly string[]
  readonly kinds: readonly string[]
  readonly events: readonly string[]
}

/** How far apart in time reports are still compared. */
export interface WindowSettings {
  /** In days: a report that is further from another one and all its repeats does not repeat it. */
  readonly windowDays: number
  /** Nor of the same incident, when so far from each of its reports, in days. */
  readonly incidentDays: number
}

/** From `link` on linked by itself, from `review` on suggested to a person; in [0, 1]. */
export interface ThresholdSettings {
  readonly link: number
  readonly review: number
}

/** Recognising repeats and incidents. */
export interface DedupeSettings extends WindowSettings {
  /** False: only equal texts are recognised, at a fraction of the cost. */
  readonly similar: boolean
  /** Days after the window in which a matter that comes back is marked as a recurrence; 0: never. */
  readonly recurrenceDays: number
  readonly duplicate: ThresholdSettings
  readonly incident: ThresholdSettings
  /** Other windows for some kinds or categories; the first that fits counts, empty lists fit all. */
  readonly windows: readonly (WindowSettings & {
    readonly kinds: readonly string[]
    readonly categories: readonly string[]
  })[]
}

/** A whole configuration, validated. */
export interface Settings {
  /** The file or folder it came from, absolute. Relative paths inside are relative to its folder. */
  readonly path: string
  readonly timeZone: string
  readonly store: {
    /** `sqlite:<absolute file>` or `mongodb://…` */
    readonly url: string
  }
  readonly blobs: {
    /** `file:<absolute folder>` or `gridfs:` (the MongoDB of the store). */
    readonly url: string
  }
  readonly redis: {
    /** `redis://…` or `rediss://…` */
    readonly url: string
    /** BullMQ key prefix. */
    readonly prefix: string
  }
  readonly outputs: readonly OutputSettings[]
  readonly dedupe: DedupeSettings
  readonly processing: {
    /** Items per drain batch. */
    readonly batchSize: number
    /** Failed attempts after which an item is quarantined as ITEM_POISON. */
    readonly maxAttempts: number
    /** Sources pulled at the same time by one process. */
    readonly pullConcurrency: number
    /** How long a lease lasts when its holder has died, in milliseconds. */
    readonly leaseMs: number
  }
  readonly log: LogOptions
  readonly sources: readonly SourceSettings[]
}

/** What the loader must know of a connector; connectors/registry.ts gives it. */
export interface ConnectorDeclaration {
  readonly kind: string
  readonly name: LocalText
  readonly summary: LocalText
  readonly channel: SourceSettings['channel']
  /** A zod object; typed loosely here because config imports nothing of ours. */
  readonly settings: import('zod').ZodObject
  readonly example: string
}
