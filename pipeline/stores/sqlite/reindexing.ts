import type { IndexedTicket, ReindexEntry, Reindexing } from '../store.ts'
import { storedTicket } from '../stored-ticket.ts'
import type { Database } from './database.ts'
import { assertHeld } from './leases.ts'
import { matchKeysOf, replaceMatchKeys, settleMatchKeys } from './match-keys.ts'
import { writeTerms } from './terms.ts'
import { ticketNumbers } from './ticket-rows.ts'

/** Recreating the index, a page of tickets at a time. */
export function sqliteReindexing(db: Database): Reindexing {
  return {
    ticketsInOrder: (options) => db.read(() => ticketsInOrder(db, options)),
    reindex: (entries, terms, lease) =>
      db.writeRepeatable(() => {
        assertHeld(db, lease)
        const replaced = reindex(db, entries)
        writeTerms(db, terms)
        settleMatchKeys(db)
        return replaced
      }),
    progress: (name) =>
      db.read(
        () => db.row<{ value: string }>('SELECT value FROM progress WHERE name = ?', name)?.value ?? null,
      ),
    saveProgress: async (name, value, lease) => {
      await db.write(() => {
        if (lease !== undefined) assertHeld(db, lease)
        return value === null
          ? db.run('DELETE FROM progress WHERE name = ?', name)
          : db.run('INSERT OR REPLACE INTO progress (name, value) VALUES (?, ?)', name, value)
      })
    },
  }
}

function ticketsInOrder(
  db: Database,
  { after, since, limit, maxCharacters = Infinity }: Parameters<Reindexing['ticketsInOrder']>[0],
) {
  const rows = db.iterate<{ n: number; at: number; text: string }>(
    `SELECT t.n, t.at, x.text FROM tickets t CROSS JOIN ticket_texts x ON x.n = t.n
     WHERE t.n > ?1 AND (?2 IS NULL OR t.at >= ?2) ORDER BY t.n LIMIT ?3`,
    ...[after === null ? 0 : Number(after), since, limit],
  )
  const tickets: IndexedTicket[] = []
  let [characters, last] = [0, '']
  for (const { n, at, text } of rows) {
    characters += text.length
    if (tickets.length > 0 && characters > maxCharacters) return { tickets, next: last }
    tickets.push({ ticket: storedTicket(text), at, matchKeys: matchKeysOf(db, n) })
    last = String(n)
  }
  return { tickets, next: tickets.length === limit ? last : null }
}

function reindex(db: Database, entries: readonly ReindexEntry[]): number {
  const numbers = ticketNumbers(
    db,
    entries.map(({ ticketId }) => ticketId),
  )
  let replaced = 0
  for (const { ticketId, revision, matchKeys } of entries) {
    const n = numbers.get(ticketId)
    if (n === undefined) continue
    const row = db.row<{ at: number }>('SELECT at FROM tickets WHERE n = ? AND revision = ?', n, revision)
    if (row === undefined) continue
    replaceMatchKeys(db, n, row.at, row.at, matchKeys)
    replaced++
  }
  return replaced
}
