import type { Channel, Ticket } from '../normalizers/ticket.ts'

/** What the decision needs to know of a report, whether arriving or already a ticket. */
export interface Report {
  readonly ticketId: string
  readonly sourceId: string
  readonly channel: Channel
  readonly reporterKey: string | null
  /** Milliseconds since the epoch: submitted, else received, else ingested. */
  readonly at: number
  readonly title: string | null
  readonly body: string
}

/** A ticket that shares a key with the arriving report. */
export interface Candidate {
  readonly ticketId: string
  readonly sourceId: string
  readonly channel: Channel
  readonly reporterKey: string | null
  readonly at: number
  /** Set when this ticket is itself a duplicate: the master that it is linked to. */
  readonly masterId: string | null
  /** The keys that it shares with what was asked for. */
  readonly keys: MatchKeys
}

/** A key under which a report can be found again: an integer in [0, 2^48), which an index keeps in six bytes. */
export type MatchKey = number

/** Empty: the report cannot repeat anything. */
export type MatchKeys = readonly MatchKey[]

export interface Decision {
  readonly verdict: Ticket['dedupe']['verdict']
  readonly masterId: string | null
  readonly score: number | null
  readonly reasons: readonly string[]
  readonly algorithm: string
}

/** Which tickets to look up under one key. */
export interface KeyAsk {
  readonly key: MatchKey
  /** Milliseconds since the epoch, on `Hit.at`; both ends are inside. */
  readonly since: number
  readonly until: number
  /** Which end of the window to begin at. */
  readonly first: 'oldest' | 'newest'
  /** At most this many hits. */
  readonly limit: number
}

/** A ticket that stands under a key. */
export interface Hit {
  readonly ticketId: string
  /** Milliseconds since the epoch: submitted, else received, else ingested. */
  readonly at: number
}

export interface KeyAnswer {
  /** In the order of time that was asked for; of one moment, in the order of making (newest: the reverse). */
  readonly hits: readonly Hit[]
  /** Whether there were more than `limit`. */
  readonly cut: boolean
}

/** Looks up tickets by key in the store's own index. */
export interface CandidateLookup {
  /** One answer per ask, in the order of the asks. */
  candidates(asks: readonly KeyAsk[]): Promise<readonly KeyAnswer[]>
}

export interface DedupeSettings {
  /** Reports further apart than this are never the same report. */
  readonly windowDays: number
}
