import type { Ticket } from '../../../normalizers/ticket.ts'
import { storedTicket } from '../stored-ticket.ts'
import type { Database } from './database.ts'
import { idHash } from './hash.ts'
import { numbersByHash } from './key-levels.ts'

/** Row numbers of these tickets; unknown ones are left out. */
export function ticketNumbers(db: Database, ids: readonly string[]): Map<string, number> {
  const hits = numbersByHash(db, 'ticket_keys', ids.map(idHash))
  if (hits.length === 0) return new Map()
  const rows = db.rows<{ id: string; n: number }>(
    'SELECT t.id, t.n FROM json_each(?) j CROSS JOIN tickets t ON t.n = j.value',
    JSON.stringify(hits),
  )
  const asked = new Set(ids)
  return new Map(rows.filter(({ id }) => asked.has(id)).map(({ id, n }) => [id, n]))
}

/** The tickets with these ids; unknown ones are left out. */
export function ticketsById(db: Database, ids: readonly string[]): Map<string, Ticket> {
  const hits = numbersByHash(db, 'ticket_keys', ids.map(idHash)).sort((a, b) => a - b)
  if (hits.length === 0) return new Map()
  const rows = db.arrays<[id: string, text: string]>(
    `SELECT t.id, x.text FROM json_each(?) j
     CROSS JOIN tickets t ON t.n = j.value CROSS JOIN ticket_texts x ON x.n = t.n`,
    JSON.stringify(hits),
  )
  const asked = new Set(ids)
  return new Map(rows.filter(([id]) => asked.has(id)).map(([id, text]) => [id, storedTicket(text)]))
}

/** The tickets with these row numbers; unknown ones are left out. */
export function ticketsByNumber(db: Database, numbers: readonly number[]): Map<number, Ticket> {
  const rows = db.arrays<[n: number, text: string]>(
    'SELECT x.n, x.text FROM json_each(?) j CROSS JOIN ticket_texts x ON x.n = j.value',
    // In their order neighbours stand on one page.
    JSON.stringify(numbers.toSorted((a, b) => a - b)),
  )
  return new Map(rows.map(([n, text]) => [n, storedTicket(text)]))
}
