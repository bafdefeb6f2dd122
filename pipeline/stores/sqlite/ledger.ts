import type { Candidate } from '../../../dedupe/decision.ts'
import type { Channel, Ticket } from '../../../normalizers/ticket.ts'
import { type CountedLink, countLinks, linksAmong } from '../link-counts.ts'
import type { Ledger, LinkCounts, LinkWrite, PendingItem } from '../store.ts'
import { type ItemRow, itemColumns, readItem } from './archive.ts'
import { commitTo } from './commit.ts'
import type { Database } from './database.ts'
import { keyLevels } from './key-tables.ts'
import { assertHeld } from './leases.ts'
import type { Sources } from './sources.ts'
import { ticketNumbers } from './ticket-rows.ts'

/** The work list and what the drain looks up; what it writes is in commit.ts. */
export function sqliteLedger(db: Database, sources: Sources): Ledger {
  return {
    pending: (limit, maxBytes, now) => db.read(() => pending(db, sources, limit, maxBytes, now)),
    pendingCount: () =>
      db.read(() => db.row<{ count: number }>('SELECT count(*) AS count FROM pending')?.count ?? 0),
    postpone: async (seq, retryAt) => {
      await db.writeRepeatable(() =>
        db.run('UPDATE pending SET attempts = attempts + 1, retry_at = ? WHERE seq = ?', retryAt, seq),
      )
    },
    tickets: (ids) => db.read(() => tickets(db, ids)),
    ticketsByThread: (sourceId, keys) =>
      db.read(() => {
        const rows = db.rows<{ key: string; id: string }>(
          `SELECT h.key, t.id FROM json_each(?) j
           CROSS JOIN threads h ON h.source = ? AND h.key = j.value JOIN tickets t ON t.n = h.ticket`,
          JSON.stringify(keys),
          sources.find(sourceId) ?? 0,
        )
        return new Map(rows.map(({ key, id }) => [key, id]))
      }),
    linkCounts: (masterIds, adding) => db.read(() => linkCounts(db, masterIds, adding)),
    candidates: (keys, since, until, limit) =>
      db.read(() => candidates(db, sources, keys, since, until, limit)),
    commit: (commit, lease, decidedAt) =>
      db.writeRepeatable(() => {
        assertHeld(db, lease)
        commitTo(db, sources, commit, decidedAt)
      }),
  }
}

function pending(
  db: Database,
  sources: Sources,
  limit: number,
  maxBytes: number,
  now: number,
): PendingItem[] {
  const rows = db.iterate<ItemRow & { attempts: number }>(
    `SELECT ${itemColumns}, p.attempts FROM pending p CROSS JOIN items i ON i.seq = p.seq
     WHERE p.retry_at <= ? ORDER BY p.seq LIMIT ?`,
    now,
    limit,
  )
  const items: PendingItem[] = []
  let bytes = 0
  for (const row of rows) {
    if (items.length > 0 && bytes + row.body.byteLength > maxBytes) break
    bytes += row.body.byteLength
    items.push({ ...readItem(row, sources), seq: row.seq, attempts: row.attempts })
  }
  return items
}

function tickets(db: Database, ids: readonly string[]): Map<string, Ticket> {
  const found = new Map<string, Ticket>()
  for (const [id, n] of ticketNumbers(db, ids)) {
    const row = db.row<{ text: string }>('SELECT text FROM ticket_texts WHERE n = ?', n)
    if (row) found.set(id, JSON.parse(row.text) as Ticket)
  }
  return found
}

function linkCounts(
  db: Database,
  masterIds: readonly string[],
  adding: readonly LinkWrite[],
): Map<string, LinkCounts> {
  const moving = new Set(adding.map(({ ticketId }) => ticketId))
  const numbers = ticketNumbers(db, masterIds)
  const counts = new Map<string, LinkCounts>()
  for (const masterId of new Set(masterIds)) {
    const linked = linksTo(db, numbers.get(masterId)).filter(({ ticketId }) => !moving.has(ticketId))
    counts.set(masterId, countLinks([...linked, ...linksAmong(adding, masterId)]))
  }
  return counts
}

function linksTo(db: Database, master: number | undefined): CountedLink[] {
  if (master === undefined) return []
  return db.rows(
    `SELECT t.id AS ticketId, l.reporter_key AS reporterKey, l.channel
     FROM links l CROSS JOIN tickets t ON t.n = l.ticket WHERE l.master = ?`,
    master,
  )
}

/** Most keys have no hit, so one statement finds those that have before any is looked up by itself. */
function candidates(
  db: Database,
  sources: Sources,
  keys: readonly string[],
  since: number,
  until: number,
  limit: number,
): Candidate[] {
  const keysOf = new Map<number, string[]>()
  for (const { key } of keysWithHits(db, [...new Set(keys)])) {
    const hits = db.rows<{ n: number }>(
      `${keyLevels('match_keys')
        .map((table) => `SELECT n, at FROM ${table} WHERE key = ?1 AND at BETWEEN ?2 AND ?3`)
        .join(' UNION ALL ')} ORDER BY at, n LIMIT ?4`,
      ...[key, since, until, limit],
    )
    for (const { n } of hits) keysOf.set(n, [...(keysOf.get(n) ?? []), key])
  }
  const found = [...keysOf].flatMap(([n, shared]) => candidate(db, sources, n, shared) ?? [])
  return found.sort((a, b) => a.at - b.at || (a.ticketId < b.ticketId ? -1 : 1))
}

function keysWithHits(db: Database, keys: readonly string[]): { key: string }[] {
  if (keys.length === 0) return []
  return db.rows(
    `SELECT j.value AS key FROM json_each(?) j WHERE ${keyLevels('match_keys')
      .map((table) => `EXISTS (SELECT 1 FROM ${table} WHERE key = j.value)`)
      .join(' OR ')}`,
    JSON.stringify(keys),
  )
}

function candidate(db: Database, sources: Sources, n: number, keys: readonly string[]): Candidate | null {
  const row = db.row<{
    id: string
    source: number
    channel: Channel
    at: number
    reporter_key: string | null
    master_id: string | null
  }>('SELECT id, source, channel, at, reporter_key, master_id FROM tickets WHERE n = ?', n)
  if (!row) return null
  return {
    ticketId: row.id,
    sourceId: sources.id(row.source),
    channel: row.channel,
    reporterKey: row.reporter_key,
    at: row.at,
    masterId: row.master_id,
    keys,
  }
}
