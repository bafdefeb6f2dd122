import type { Ticket } from '../../../normalizers/ticket.ts'
import type { ArrivalDay, QuarantineCount, QuarantineEntry, Tally, TicketQuery, Views } from '../store.ts'
import { storedTicket } from '../stored-ticket.ts'
import { readDetails, seqsByRawId } from './archive.ts'
import type { Database } from './database.ts'
import { findIncidents } from './incidents.ts'
import type { Sources } from './sources.ts'
import { ticketNumbers } from './ticket-rows.ts'

/** What people look at, and what they do with quarantined items. */
export function sqliteViews(db: Database, sources: Sources): Views {
  return {
    ticket: (id) =>
      db.read(() => {
        const n = ticketNumbers(db, [id]).get(id)
        return n === undefined ? null : ticketAt(db, n)
      }),
    findTickets: (query) =>
      db.read(() => found(db, sources, query).flatMap(({ n }) => ticketAt(db, n) ?? [])),
    findTicketIds: (query) => db.read(() => found(db, sources, query).map(({ id }) => id)),
    findIncidents: ({ since, limit }) => db.read(() => findIncidents(db, since, limit)),
    tally: (options) => db.read(() => tally(db, sources, options)),
    arrivalDays: (sourceId, limit) => db.read(() => arrivalDays(db, sources, sourceId, limit)),
    quarantined: (options) => db.read(() => quarantined(db, sources, options)),
    quarantineCounts: (options) => db.read(() => quarantineCounts(db, options)),
    redrive: (rawIds) =>
      eachQuarantined(db, rawIds, (seq) => {
        db.run(
          `INSERT INTO pending (seq, source, day, attempts, retry_at)
           SELECT seq, source, day, 0, 0 FROM outcomes WHERE seq = ?`,
          seq,
        )
        db.run('DELETE FROM outcomes WHERE seq = ?', seq)
      }),
    discard: (rawIds, detail) =>
      eachQuarantined(db, rawIds, (seq) => {
        db.run(
          `UPDATE outcomes SET kind = 'skipped', reason = 'discarded', details = ? WHERE seq = ?`,
          JSON.stringify({ detail }),
          seq,
        )
      }),
  }
}

function ticketAt(db: Database, n: number): Ticket | null {
  const row = db.row<{ text: string }>('SELECT text FROM ticket_texts WHERE n = ?', n)
  return row ? storedTicket(row.text) : null
}

/** Newest first. */
function found(
  db: Database,
  sources: Sources,
  query: TicketQuery,
): { readonly n: number; readonly id: string }[] {
  const { sourceId, channel, kind, verdict, incidentId, masterId, holding, since, until } = query
  const source = sourceId === undefined ? undefined : (sources.find(sourceId) ?? 0)
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['source = ?', source],
    ['channel = ?', channel],
    ['kind = ?', kind],
    ['verdict = ?', verdict],
    [
      'n IN (SELECT ticket FROM members WHERE incident = (SELECT no FROM incidents WHERE id = ?))',
      incidentId,
    ],
    ['master_id = ?', masterId],
    ['instr((SELECT text FROM ticket_texts x WHERE x.n = tickets.n), ?)', holding],
    ['at >= ?', since],
    ['at <= ?', until],
  ]
  const wanted = conditions.filter(([, value]) => value !== undefined)
  const where = wanted.map(([condition]) => condition).join(' AND ') || '1'
  const values = wanted.flatMap(([, value]) => (value === undefined ? [] : [value]))
  return db.rows(
    `SELECT n, id FROM tickets WHERE ${where} ORDER BY at DESC, id DESC LIMIT ?`,
    ...values,
    query.limit,
  )
}

interface Counted {
  readonly source: number
  readonly day: string | null
  readonly what: Exclude<keyof Tally, 'sourceId' | 'day'>
  readonly count: number
}

function tally(db: Database, sources: Sources, options: Parameters<Views['tally']>[0]): Tally[] {
  const { byDay, sourceId } = options
  const day = byDay ? 'day' : 'NULL'
  const where = sourceId === undefined ? '' : 'WHERE source = ?1'
  // Only items are found by their source.
  const outcomes =
    sourceId === undefined
      ? 'outcomes'
      : '(SELECT i.source, i.day, o.kind FROM items i CROSS JOIN outcomes o ON o.seq = i.seq)'
  const counts = db.rows<Counted>(
    `SELECT source, ${day} AS day, 'seen' AS what, count(*) AS count FROM items ${where} GROUP BY 1, 2
     UNION ALL SELECT source, ${day}, kind, count(*) FROM ${outcomes} ${where} GROUP BY 1, 2, 3
     UNION ALL SELECT source, ${day}, 'pending', count(*) FROM pending ${where} GROUP BY 1, 2`,
    ...(sourceId === undefined ? [] : [sources.find(sourceId) ?? 0]),
  )
  const rows = new Map<string, Tally>()
  for (const { source, day, what, count } of counts) {
    const sourceId = sources.id(source)
    const key = JSON.stringify([sourceId, day])
    rows.set(key, { ...(rows.get(key) ?? emptyTally(sourceId, day)), [what]: count })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function emptyTally(sourceId: string, day: string | null): Tally {
  return { sourceId, day, seen: 0, ticketed: 0, linked: 0, quarantined: 0, skipped: 0, pending: 0 }
}

/** Newest first, going from day to day by the index: a source may have brought millions of items. */
function arrivalDays(db: Database, sources: Sources, sourceId: string, limit: number): ArrivalDay[] {
  const edge = (order: 'ASC' | 'DESC') =>
    `(SELECT archived_at FROM items WHERE source = ?1 AND day = d.day ORDER BY seq ${order} LIMIT 1)`
  const rows = db.rows<ArrivalDay>(
    `WITH RECURSIVE d (day) AS (
       SELECT max(day) FROM items WHERE source = ?1
       UNION ALL
       SELECT (SELECT max(day) FROM items WHERE source = ?1 AND day < d.day) FROM d WHERE d.day IS NOT NULL
       LIMIT ?2
     )
     SELECT d.day, ${edge('ASC')} AS firstAt, ${edge('DESC')} AS lastAt FROM d WHERE d.day IS NOT NULL`,
    sources.find(sourceId) ?? 0,
    limit,
  )
  return rows.map((row) => ({ ...row }))
}

/** Oldest first. */
function quarantined(
  db: Database,
  sources: Sources,
  options: Parameters<Views['quarantined']>[0],
): QuarantineEntry[] {
  const { after } = options
  const rows = db.rows<{
    raw_id: string
    source: number
    external_id: string
    archived_at: string
    reason: string
    details: string | null
  }>(
    `SELECT i.raw_id, i.source, i.external_id, i.archived_at, o.reason, o.details
     FROM outcomes o CROSS JOIN items i ON i.seq = o.seq
     WHERE o.kind = 'quarantined' AND (?1 IS NULL OR o.source = ?1) AND (?2 IS NULL OR o.reason = ?2)
       AND o.seq > ?4
     ORDER BY o.seq LIMIT ?3`,
    options.sourceId === undefined ? null : (sources.find(options.sourceId) ?? 0),
    options.code ?? null,
    options.limit,
    after === undefined ? 0 : (seqsByRawId(db, [after]).get(after) ?? 0),
  )
  return rows.map((row) => ({
    rawId: row.raw_id,
    sourceId: sources.id(row.source),
    externalId: row.external_id,
    archivedAt: row.archived_at,
    code: row.reason,
    details: readDetails(row.details),
  }))
}

function quarantineCounts(
  db: Database,
  options: Parameters<Views['quarantineCounts']>[0],
): QuarantineCount[] {
  return db
    .rows<QuarantineCount>(
      `SELECT s.id AS sourceId, o.reason AS code, count(*) AS count
       FROM outcomes o JOIN sources s ON s.no = o.source
       WHERE o.kind = 'quarantined' AND (?1 IS NULL OR s.id = ?1) AND (?2 IS NULL OR o.reason = ?2)
       GROUP BY 1, 2 ORDER BY count DESC, 1, 2`,
      options.sourceId ?? null,
      options.code ?? null,
    )
    .map((row) => ({ ...row }))
}

function eachQuarantined(
  db: Database,
  rawIds: readonly string[],
  work: (seq: number) => void,
): Promise<number> {
  return db.write(() => {
    let count = 0
    for (const seq of seqsByRawId(db, rawIds).values()) {
      if (!db.row(`SELECT 1 FROM outcomes WHERE seq = ? AND kind = 'quarantined'`, seq)) continue
      work(seq)
      count++
    }
    return count
  })
}
