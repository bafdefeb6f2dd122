import type { Database } from './database.ts'

/** Rows after which the young level of a key table is merged into the settled one. */
const youngRows = 32_768

type KeyTable = 'item_keys' | 'ticket_keys' | 'match_keys'

/**
 * Merges the young level into the settled one when it has grown; call it in the transaction that added
 * row number `newest`. Keys arrive in random order: in a small table they share pages, and merged in
 * order each page of the big table is written once for many of them.
 */
export function settle(db: Database, table: KeyTable, newest: number): void {
  const upto = db.row<{ upto: number }>('SELECT upto FROM settled WHERE name = ?', table)?.upto ?? 0
  if (newest - upto < youngRows) return
  db.run(`INSERT OR IGNORE INTO ${table} SELECT * FROM ${table}_young ORDER BY 1`)
  db.run(`DELETE FROM ${table}_young`)
  db.run('INSERT OR REPLACE INTO settled (name, upto) VALUES (?, ?)', table, newest)
}

/** Row numbers that stand under any of these hashes, in both levels. Hashes collide: compare the row itself. */
export function numbersByHash(
  db: Database,
  table: 'item_keys' | 'ticket_keys',
  hashes: readonly number[],
): number[] {
  if (hashes.length === 0) return []
  const asked = JSON.stringify(hashes)
  return db
    .rows<{ n: number }>(
      `SELECT k.n FROM json_each(?) j CROSS JOIN ${table}_young k ON k.hash = j.value
       UNION ALL SELECT k.n FROM json_each(?) j CROSS JOIN ${table} k ON k.hash = j.value`,
      asked,
      asked,
    )
    .map(({ n }) => n)
}
