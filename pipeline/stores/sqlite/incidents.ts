import type { DatedTicket, Incident, IncidentCounts, TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import {
  type CountedReport,
  changeBy,
  changedCounts,
  channelsOf,
  countIn,
  countOut,
  noChange,
  totalsOf,
} from './owned-counts.ts'
import { ticketNumbers } from './ticket-rows.ts'

interface Member {
  readonly ticket: number
  readonly incident: number
  readonly at: number
  readonly reporter_key: string | null
  readonly channel: string
}

/** Lets a ticket join, change or leave its incident, as its revision says. Adds to `touched` what needs {@link dateIncidents}. */
export function writeMember(db: Database, n: number, write: TicketWrite, touched: Set<number>): void {
  const { ticket, at } = write
  const before = db.row<Member>(
    'SELECT ticket, incident, at, reporter_key, channel FROM members WHERE ticket = ?',
    n,
  )
  const id = ticket.dedupe.incidentId
  if (before === undefined && id === null) return
  const report = { reporterKey: ticket.reporter.key, channel: ticket.channel }
  const incident = id === null ? null : incidentNumber(db, id, at)
  if (before?.incident === incident && before?.at === at && isCountedAs(before, report)) return
  if (before !== undefined) {
    countOut(db, 'incident', before.incident, { reporterKey: before.reporter_key, channel: before.channel })
    db.run('DELETE FROM members WHERE ticket = ?', n)
    touched.add(before.incident)
  }
  if (incident === null) return
  countIn(db, 'incident', incident, report)
  db.run(
    'INSERT INTO members (ticket, incident, at, reporter_key, channel) VALUES (?, ?, ?, ?, ?)',
    ...[n, incident, at, report.reporterKey, report.channel],
  )
  touched.add(incident)
}

function isCountedAs(member: Member, { reporterKey, channel }: CountedReport): boolean {
  return member.reporter_key === reporterKey && member.channel === channel
}

/** Sets first and last time of incidents whose tickets have changed; one without tickets is gone. */
export function dateIncidents(db: Database, touched: ReadonlySet<number>): void {
  for (const no of touched) {
    const changed = db.run(
      `UPDATE incidents SET first_at = (SELECT min(at) FROM members WHERE incident = ?1),
         last_at = (SELECT max(at) FROM members WHERE incident = ?1)
       WHERE no = ?1 AND EXISTS (SELECT 1 FROM members WHERE incident = ?1)`,
      no,
    )
    if (changed === 0) db.run('DELETE FROM incidents WHERE no = ?', no)
  }
}

/** Counts of these incidents as if `adding` were written already; reads counters, never the tickets. */
export function incidentCounts(
  db: Database,
  ids: readonly string[],
  adding: readonly DatedTicket[],
): Map<string, IncidentCounts> {
  const rows = db.rows<IncidentRow>(
    `SELECT ${incidentColumns} FROM json_each(?) j CROSS JOIN incidents i ON i.id = j.value`,
    JSON.stringify([...new Set(ids)]),
  )
  if (adding.length === 0) return new Map(rows.map((row) => [row.id, countsOf(db, row)]))
  const written = [...new Map(adding.map((write) => [write.ticket.id, write])).values()]
  const moving = membersAmong(db, [
    ...ticketNumbers(
      db,
      written.map(({ ticket }) => ticket.id),
    ).values(),
  ])
  const leaving = Map.groupBy(moving, ({ incident }) => incident)
  const joining = Map.groupBy(written, ({ ticket }) => ticket.dedupe.incidentId)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const counts = new Map<string, IncidentCounts>()
  for (const id of new Set(ids)) {
    const row = byId.get(id)
    const found = countsAfter(db, row, leaving.get(row?.no ?? 0) ?? [], joining.get(id) ?? [])
    if (found !== null) counts.set(id, found)
  }
  return counts
}

function membersAmong(db: Database, numbers: readonly number[]): Member[] {
  if (numbers.length === 0) return []
  return db.rows<Member>(
    `SELECT m.ticket, m.incident, m.at, m.reporter_key, m.channel
     FROM json_each(?) j CROSS JOIN members m ON m.ticket = j.value`,
    JSON.stringify(numbers),
  )
}

/** Null where no ticket is left. @param row undefined for an incident that the store does not know yet */
function countsAfter(
  db: Database,
  row: IncidentRow | undefined,
  leaving: readonly Member[],
  joining: readonly DatedTicket[],
): IncidentCounts | null {
  const change = noChange()
  for (const { reporter_key, channel } of leaving)
    changeBy(change, -1, { reporterKey: reporter_key, channel })
  for (const { ticket } of joining)
    changeBy(change, 1, { reporterKey: ticket.reporter.key, channel: ticket.channel })
  const times = joining.map(({ at }) => at)
  if (row !== undefined) times.push(...timesWithout(db, row, leaving))
  if (times.length === 0) return null
  return {
    firstAt: times.reduce((first, at) => Math.min(first, at)),
    lastAt: times.reduce((last, at) => Math.max(last, at)),
    ...changedCounts(db, 'incident', row?.no ?? 0, change),
  }
}

/** First and last time of an incident once these have left it; none when nothing is left. */
function timesWithout(db: Database, row: IncidentRow, leaving: readonly Member[]): number[] {
  if (leaving.length === 0) return [row.first_at, row.last_at]
  const left = JSON.stringify(leaving.map(({ ticket }) => ticket))
  const time = (order: 'ASC' | 'DESC') =>
    db.row<{ at: number }>(
      `SELECT at FROM members WHERE incident = ? AND ticket NOT IN (SELECT value FROM json_each(?))
       ORDER BY at ${order} LIMIT 1`,
      row.no,
      left,
    )
  return [time('ASC'), time('DESC')].flatMap((found) => (found === undefined ? [] : [found.at]))
}

/** See Store.incidentMembers. */
export function incidentMembers(db: Database, id: string, limit: number): string[] {
  const rows = db.rows<{ id: string }>(
    `SELECT t.id FROM members m CROSS JOIN tickets t ON t.n = m.ticket
     WHERE m.incident = ? ORDER BY m.at DESC, m.ticket DESC LIMIT ?`,
    numberOf(db, id) ?? 0,
    limit,
  )
  return rows.map((row) => row.id)
}

/** See Store.findIncidents. */
export function findIncidents(db: Database, since: number, limit: number): Incident[] {
  const rows = db.rows<IncidentRow>(
    `SELECT ${incidentColumns} FROM incidents i JOIN incident_totals c ON c.owner = i.no
     WHERE i.last_at >= ? ORDER BY c.reports DESC, i.id LIMIT ?`,
    since,
    limit,
  )
  return rows.map((row) => ({ id: row.id, ...countsOf(db, row) }))
}

const incidentColumns = 'i.no, i.id, i.first_at, i.last_at'

interface IncidentRow {
  readonly no: number
  readonly id: string
  readonly first_at: number
  readonly last_at: number
}

function countsOf(db: Database, row: IncidentRow): IncidentCounts {
  return {
    firstAt: row.first_at,
    lastAt: row.last_at,
    ...totalsOf(db, 'incident', row.no),
    channels: [...channelsOf(db, 'incident', row.no).keys()],
  }
}

function numberOf(db: Database, id: string): number | undefined {
  return db.row<{ no: number }>('SELECT no FROM incidents WHERE id = ?', id)?.no
}

function incidentNumber(db: Database, id: string, at: number): number {
  return (
    numberOf(db, id) ??
    db.insert('INSERT INTO incidents (id, first_at, last_at) VALUES (?, ?, ?)', id, at, at)
  )
}
