import type { Database } from './database.ts'
import { keyLevels } from './key-tables.ts'

type KeyTable = 'item_keys' | 'ticket_keys'

/** Merges the levels that have grown; call it in the transaction that added row number `newest`. */
export function settle(db: Database, table: KeyTable, newest: number): void {
  const levels = keyLevels(table)
  for (const [index, rows] of db.levelRows.entries()) {
    const from = levels[index] ?? ''
    const upto = db.row<{ upto: number }>('SELECT upto FROM settled WHERE name = ?', from)?.upto ?? 0
    if (newest - upto < rows) return
    db.run(`INSERT OR IGNORE INTO ${levels[index + 1]} SELECT * FROM ${from}`)
    db.run(`DELETE FROM ${from}`)
    db.run('INSERT OR REPLACE INTO settled (name, upto) VALUES (?, ?)', from, newest)
  }
}

/** Keys as a JSON array, smallest first: in their order neighbours stand on one page. */
export function inOrder(keys: readonly number[]): string {
  return JSON.stringify(Array.from(Float64Array.from(keys).sort()))
}

/** Row numbers that stand under any of these hashes. Hashes collide: compare the row itself. */
export function numbersByHash(db: Database, table: KeyTable, hashes: readonly number[]): number[] {
  if (hashes.length === 0) return []
  const sql = keyLevels(table)
    .map((level) => `SELECT k.n FROM json_each(?1) j CROSS JOIN ${level} k ON k.hash = j.value`)
    .join(' UNION ALL ')
  return db.rows<{ n: number }>(sql, inOrder(hashes)).map(({ n }) => n)
}
