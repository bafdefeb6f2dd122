import type { Channel } from '../../../normalizers/ticket.ts'
import type { Database } from './database.ts'

/** What is counted: links by the master that owns them, tickets by their incident. */
export type Counted = 'link' | 'incident'

/** What one report adds to the counts of its owner. */
export interface CountedReport {
  readonly reporterKey: string | null
  readonly channel: string
}

/** Counts a report with its owner. */
export function countIn(db: Database, counted: Counted, owner: number, report: CountedReport): void {
  const { reporterKey, channel } = report
  const isNew = reporterKey !== null && raise(db, `${counted}_reporters`, owner, reporterKey)
  raise(db, `${counted}_channels`, owner, channel)
  db.run(
    `INSERT INTO ${counted}_totals (owner, reports, reporters) VALUES (?1, 1, ?2)
     ON CONFLICT (owner) DO UPDATE SET reports = reports + 1, reporters = reporters + ?2`,
    owner,
    isNew ? 1 : 0,
  )
}

/** Takes a report that was counted with its owner out again. */
export function countOut(db: Database, counted: Counted, owner: number, report: CountedReport): void {
  const { reporterKey, channel } = report
  const isGone = reporterKey !== null && lower(db, `${counted}_reporters`, owner, reporterKey)
  lower(db, `${counted}_channels`, owner, channel)
  db.run(
    `UPDATE ${counted}_totals SET reports = reports - 1, reporters = reporters - ?2 WHERE owner = ?1`,
    owner,
    isGone ? 1 : 0,
  )
  db.run(`DELETE FROM ${counted}_totals WHERE owner = ? AND reports = 0`, owner)
}

/** Zero for an owner of nothing. */
export function totalsOf(db: Database, counted: Counted, owner: number) {
  const row = db.row<{ reports: number; reporters: number }>(
    `SELECT reports, reporters FROM ${counted}_totals WHERE owner = ?`,
    owner,
  )
  return { reports: row?.reports ?? 0, reporters: row?.reporters ?? 0 }
}

/** How many reports came through each channel. */
export function channelsOf(db: Database, counted: Counted, owner: number): Map<Channel, number> {
  const rows = db.rows<{ value: Channel; count: number }>(
    `SELECT value, count FROM ${counted}_channels WHERE owner = ? ORDER BY value`,
    owner,
  )
  return new Map(rows.map(({ value, count }) => [value, count]))
}

/** How many of an owner's reports are by this reporter. */
function reportsBy(db: Database, counted: Counted, owner: number, reporterKey: string): number {
  const sql = `SELECT count FROM ${counted}_reporters WHERE owner = ? AND value = ?`
  return db.row<{ count: number }>(sql, owner, reporterKey)?.count ?? 0
}

/** How many more reports, or fewer, an owner is about to have: in all, and by reporter and channel. */
export interface CountChange {
  reports: number
  readonly reporters: Map<string, number>
  readonly channels: Map<string, number>
}

/** A change to begin with: nothing added, nothing taken away. */
export function noChange(): CountChange {
  return { reports: 0, reporters: new Map(), channels: new Map() }
}

/** Adds a report to a change, or takes one away; undefined: of an owner that nobody asked about. */
export function changeBy(
  change: CountChange | undefined,
  by: 1 | -1,
  { reporterKey, channel }: CountedReport,
): void {
  if (change === undefined) return
  change.reports += by
  if (reporterKey !== null) raiseIn(change.reporters, reporterKey, by)
  raiseIn(change.channels, channel, by)
}

/**
 * The counts of an owner as they will be after a change; reads counters, never what they count.
 * @param uncounted a reporter who is not to be counted among the others
 */
export function changedCounts(
  db: Database,
  counted: Counted,
  owner: number,
  change: CountChange,
  uncounted: string | null = null,
) {
  const stored = totalsOf(db, counted, owner)
  let reporters = stored.reporters
  if (uncounted !== null) {
    const left = reportsBy(db, counted, owner, uncounted) + (change.reporters.get(uncounted) ?? 0)
    reporters -= Number(left > 0)
  }
  for (const [reporterKey, by] of change.reporters) {
    const before = reportsBy(db, counted, owner, reporterKey)
    reporters += Number(before + by > 0) - Number(before > 0)
  }
  const byChannel = new Map<string, number>(channelsOf(db, counted, owner))
  for (const [channel, by] of change.channels) raiseIn(byChannel, channel, by)
  const channels = [...byChannel].filter(([, count]) => count > 0).map(([channel]) => channel as Channel)
  return { reports: stored.reports + change.reports, reporters, channels: channels.sort() }
}

function raiseIn(counts: Map<string, number>, value: string, by: number): void {
  counts.set(value, (counts.get(value) ?? 0) + by)
}

/** True when the value is counted for the first time. */
function raise(db: Database, table: string, owner: number, value: string): boolean {
  if (db.run(`UPDATE ${table} SET count = count + 1 WHERE owner = ? AND value = ?`, owner, value) > 0)
    return false
  db.run(`INSERT INTO ${table} (owner, value, count) VALUES (?, ?, 1)`, owner, value)
  return true
}

/** True when nothing of the value is left. */
function lower(db: Database, table: string, owner: number, value: string): boolean {
  db.run(`UPDATE ${table} SET count = count - 1 WHERE owner = ? AND value = ?`, owner, value)
  return db.run(`DELETE FROM ${table} WHERE owner = ? AND value = ? AND count = 0`, owner, value) > 0
}
