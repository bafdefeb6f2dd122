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
  readonly keys: readonly string[]
}

/** Keys under which a report can be found again; at most 16 characters each. Empty: it cannot repeat anything. */
export type MatchKeys = readonly string[]

export interface Decision {
  readonly verdict: Ticket['dedupe']['verdict']
  readonly masterId: string | null
  readonly score: number | null
  readonly reasons: readonly string[]
  readonly algorithm: string
}

/** Looks up tickets by key, oldest first, in the store's own index. */
export interface CandidateLookup {
  /** For each asked key at most `limit` candidates with `at` in [since, until]. */
  candidates(
    keys: readonly string[],
    since: number,
    until: number,
    limit: number,
  ): Promise<readonly Candidate[]>
}

export interface DedupeSettings {
  /** Reports further apart than this are never the same report. */
  readonly windowDays: number
}
