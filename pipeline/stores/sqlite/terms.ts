import type { TermStatistics, TermWrite } from '../store.ts'
import type { Database } from './database.ts'

/** Keeps term statistics. The ids of what a base has replaced stay, so that no repetition comes in again. */
export function writeTerms(db: Database, terms: TermWrite | null): void {
  if (terms === null) return
  const { id, base, addition } = terms
  const added = db.run(
    'INSERT OR IGNORE INTO terms (id, base, addition) VALUES (?, ?, ?)',
    id,
    base,
    addition,
  )
  if (added === 0 || base === null) return
  db.run(
    `UPDATE terms SET base = NULL, addition = NULL
     WHERE no < (SELECT no FROM terms WHERE id = ?) AND (base IS NOT NULL OR addition IS NOT NULL)`,
    id,
  )
}

/** See Store.termStatistics. */
export function termStatistics(db: Database): TermStatistics {
  const rows = db.rows<{ base: Uint8Array | null; addition: Uint8Array | null }>(
    'SELECT base, addition FROM terms WHERE base IS NOT NULL OR addition IS NOT NULL ORDER BY no',
  )
  return {
    base: rows[0]?.base ?? null,
    additions: rows.flatMap(({ addition }) => (addition === null ? [] : [addition])),
  }
}
