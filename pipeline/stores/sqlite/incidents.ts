import type { Incident, IncidentCounts, TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import { type CountedReport, channelsOf, countIn, countOut, totalsOf } from './owned-counts.ts'

interface Member {
  readonly incident: number
  readonly at: number
  readonly reporter_key: string | null
  readonly channel: string
}

/** Lets a ticket join, change or leave its incident, as its revision says. Adds to `touched` what needs {@link dateIncidents}. */
export function writeMember(db: Database, n: number, write: TicketWrite, touched: Set<number>): void {
  const { ticket, at } = write
  const before = db.row<Member>('SELECT incident, at, reporter_key, channel FROM members WHERE ticket = ?', n)
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

/** Counts of these incidents; unknown ones are left out. */
export function incidentCounts(db: Database, ids: readonly string[]): Map<string, IncidentCounts> {
  const rows = db.rows<IncidentRow>(
    `SELECT ${incidentColumns} FROM json_each(?) j CROSS JOIN incidents i ON i.id = j.value`,
    JSON.stringify([...new Set(ids)]),
  )
  return new Map(rows.map((row) => [row.id, countsOf(db, row)]))
}

export function incidentMembers(db: Database, id: string, limit: number): string[] {
  const rows = db.rows<{ id: string }>(
    `SELECT t.id FROM members m CROSS JOIN tickets t ON t.n = m.ticket
     WHERE m.incident = ? ORDER BY m.at DESC, m.ticket DESC LIMIT ?`,
    numberOf(db, id) ?? 0,
    limit,
  )
  return rows.map((row) => row.id)
}

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
