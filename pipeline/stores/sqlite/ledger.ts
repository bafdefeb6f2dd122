import { latest } from '../latest.ts'
import type { Ledger, PendingItem } from '../store.ts'
import { type ItemRow, itemColumns, readItem, seqsByRawId } from './archive.ts'
import { commitTo } from './commit.ts'
import type { Database } from './database.ts'
import { incidentCounts, incidentMembers } from './incidents.ts'
import { assertHeld } from './leases.ts'
import { linkCounts } from './links.ts'
import { candidates } from './match-keys.ts'
import type { Sources } from './sources.ts'
import { termStatistics } from './terms.ts'
import { ticketNumbers, ticketsById, ticketsByNumber } from './ticket-rows.ts'

/** The work list and what the drain looks up; what it writes is in commit.ts. */
export function sqliteLedger(db: Database, sources: Sources): Ledger {
  return {
    pending: (limit, maxBytes, now) => db.read(() => pending(db, sources, limit, maxBytes, now)),
    pendingCount: () =>
      db.read(() => db.row<{ count: number }>('SELECT count(*) AS count FROM pending')?.count ?? 0),
    postpone: async (seq, attempts, retryAt) => {
      await db.writeRepeatable(() =>
        db.run('UPDATE pending SET attempts = ?, retry_at = ? WHERE seq = ?', attempts, retryAt, seq),
      )
    },
    seqs: (rawIds) => db.read(() => seqsByRawId(db, rawIds)),
    tickets: (ids) => db.read(() => ticketsById(db, ids)),
    ticketNumbers: (ids) => db.read(() => ticketNumbers(db, ids)),
    ticketsByNumber: (numbers) => db.read(() => ticketsByNumber(db, numbers)),
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
    linkCounts: (masters, adding) => db.read(() => linkCounts(db, masters, adding)),
    incidentCounts: (ids, adding) => db.read(() => incidentCounts(db, ids, adding)),
    incidentMembers: (id, limit) => db.read(() => incidentMembers(db, id, limit)),
    termStatistics: () => db.read(() => termStatistics(db)),
    candidates: (asks) => db.read(() => candidates(db, asks)),
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
     WHERE p.retry_at <= ? OR p.retry_at > ? ORDER BY p.seq LIMIT ?`,
    now,
    latest(now),
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
