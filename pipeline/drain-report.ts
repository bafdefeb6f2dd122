import type { DrainReport } from './app.ts'
import type { OutcomeWrite } from './stores/store.ts'

/** Of a drain that found nothing. */
export const emptyDrainReport: DrainReport = {
  items: 0,
  ticketed: 0,
  linked: 0,
  quarantined: 0,
  skipped: 0,
  postponed: 0,
  problem: null,
}

/** Of a batch with these outcomes, and items that wait for another attempt. */
export function countOutcomes(outcomes: readonly OutcomeWrite[], postponed: number): DrainReport {
  const counts = { ticketed: 0, linked: 0, quarantined: 0, skipped: 0 }
  for (const { kind } of outcomes) counts[kind] += 1
  return { items: outcomes.length + postponed, ...counts, postponed, problem: null }
}

/** The sum of two reports. */
export function addReports(one: DrainReport, other: DrainReport): DrainReport {
  return {
    items: one.items + other.items,
    ticketed: one.ticketed + other.ticketed,
    linked: one.linked + other.linked,
    quarantined: one.quarantined + other.quarantined,
    skipped: one.skipped + other.skipped,
    postponed: one.postponed + other.postponed,
    problem: one.problem ?? other.problem,
  }
}
