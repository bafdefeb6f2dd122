import type { DedupeSettings, WindowSettings as Windows } from '../config/settings.ts'
import type { Ticket } from '../normalizers/ticket.ts'

export type { DedupeSettings, Windows }

/** A key under which a report can be found again: an integer in [0, 2^48), which an index keeps in six bytes. */
export type MatchKey = number

/** Empty: the report cannot repeat anything. */
export type MatchKeys = readonly MatchKey[]

/** Which tickets to look up under one key. */
export interface KeyAsk {
  readonly key: MatchKey
  /** Milliseconds since the epoch, on `Hit.at`; both ends are inside. */
  readonly since: number
  readonly until: number
  /** At most this many hits, the newest. */
  readonly limit: number
}

/** A ticket that stands under a key. */
export interface Hit {
  /** The ticket's number in its store, ascending in the order of making: far more are found than are ever read. */
  readonly n: number
  /** Milliseconds since the epoch: submitted, else received, else ingested. */
  readonly at: number
}

/** What stands under one key. */
export interface KeyAnswer {
  /** Newest first; of one moment, the last made first. */
  readonly hits: readonly Hit[]
  /** Whether there were more than `limit`. */
  readonly cut: boolean
}

/** Looks up tickets by key in the store's own index. */
export interface CandidateLookup {
  /** One answer per ask, in the order of the asks. */
  candidates(asks: readonly KeyAsk[]): Promise<readonly KeyAnswer[]>
}

/** The windows of a report by its kind and category. */
export function windowsFor(settings: DedupeSettings, report: Pick<Ticket, 'kind' | 'category'>): Windows {
  const fits = (wanted: readonly string[], value: string | undefined) =>
    wanted.length === 0 || (value !== undefined && wanted.includes(value))
  return (
    settings.windows.find(
      ({ kinds, categories }) => fits(kinds, report.kind) && fits(categories, report.category?.value),
    ) ?? settings
  )
}

/** The pairs that a verdict rests on. */
export interface Finding {
  readonly ticketId: string
  /** In [0, 1]. */
  readonly score: number
  /** In words, for an officer. */
  readonly reasons: readonly string[]
  /** Words that both reports use and few others do, most telling first. */
  readonly terms: readonly string[]
  /** What spoke for it: text, title, reporter, place, matter, numbers. */
  readonly fields: readonly EvidenceField[]
}

export type EvidenceField = Ticket['dedupe']['fields'][number]

/** What is decided about one report. */
export type Decision = {
  /** Written into every ticket, so that a verdict can be traced to the rules that gave it. */
  readonly algorithm: string
  /** How many tickets it was compared with, and whether there were more that shared its words. */
  readonly compared: number
  readonly cut: boolean
} & (
  | { readonly verdict: 'duplicate'; readonly masterId: string; readonly finding: Finding }
  /** `with`: a ticket of the incident; when it belongs to none yet, the two make one. */
  | {
      readonly verdict: 'related'
      readonly with: string
      /** Tickets of no incident yet that join it with the report. */
      readonly bringing: readonly string[]
      readonly finding: Finding
    }
  | {
      readonly verdict: 'new'
      /** What a person may want to link. */
      readonly suggestion: (Finding & { readonly verdict: 'duplicate' | 'related' }) | null
      /** A ticket about the same matter, too long ago to be the same incident. */
      readonly recurrence: Finding | null
    }
)
