import { countedReporter } from '../link-counts.ts'
import type { Commit, LinkWrite, OutcomeWrite, TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import { settle } from './key-levels.ts'
import { keyLevels } from './key-tables.ts'
import { addTickets, ticketColumns } from './new-tickets.ts'
import type { Sources } from './sources.ts'
import { ticketNumbers } from './ticket-rows.ts'

/**
 * Writes what one batch of the drain decided, inside the caller's transaction. Written to be repeatable:
 * an older revision never replaces a newer one, a published one is not published again, and an item
 * keeps its first outcome.
 */
export function commitTo(db: Database, sources: Sources, commit: Commit, decidedAt: string): void {
  const numbers = ticketNumbers(db, mentioned(commit))
  const { added, others } = addNew(db, sources, commit.tickets, numbers)
  const stale = new Set(others.filter((write) => !replaceTicket(db, sources, numbers, write)))
  // In the order of the commit: the first ticket of a name keeps it.
  for (const write of commit.tickets) if (!stale.has(write)) addThreadKeys(db, sources, numbers, write)
  for (const link of commit.links) addLink(db, numbers, link)
  addOutcomes(db, numbers, commit.outcomes, decidedAt)
  const settled = JSON.stringify(commit.outcomes.map(({ seq }) => seq))
  db.run('DELETE FROM pending WHERE seq IN (SELECT value FROM json_each(?))', settled)
  const newest = added.at(-1)
  if (newest !== undefined) {
    settle(db, 'ticket_keys', newest)
    settle(db, 'match_keys', newest)
  }
}

/** Adds the tickets that are not stored yet, and their numbers to `numbers`. Returns the writes that are left. */
function addNew(
  db: Database,
  sources: Sources,
  writes: readonly TicketWrite[],
  numbers: Map<string, number>,
) {
  const unknown = new Map<string, TicketWrite>()
  const others: TicketWrite[] = []
  for (const write of writes) {
    const { id } = write.ticket
    if (numbers.has(id) || unknown.has(id)) others.push(write)
    else unknown.set(id, write)
  }
  const fresh = [...unknown.values()]
  const first = fresh.length === 0 ? 0 : addTickets(db, sources, fresh)
  const added = fresh.map((write, index) => {
    const n = first + index
    numbers.set(write.ticket.id, n)
    addMatchKeys(db, n, write.at, write.matchKeys ?? [])
    return n
  })
  return { added, others }
}

function mentioned({ tickets, links, outcomes }: Commit): string[] {
  const ids = new Set(tickets.map(({ ticket }) => ticket.id))
  for (const { ticketId, masterId } of links) ids.add(ticketId).add(masterId)
  for (const { ticketId } of outcomes) if (ticketId !== null) ids.add(ticketId)
  return [...ids]
}

/** False when a newer revision is stored. */
function replaceTicket(
  db: Database,
  sources: Sources,
  numbers: ReadonlyMap<string, number>,
  write: TicketWrite,
): boolean {
  const n = numberOf(numbers, write.ticket.id)
  const stored = db.row<{ revision: number; at: number }>('SELECT revision, at FROM tickets WHERE n = ?', n)
  if (!stored || stored.revision > write.ticket.revision) return false
  replaceMatchKeys(db, n, stored.at, write)
  db.run(
    `UPDATE tickets SET revision = ?, source = ?, channel = ?, kind = ?, verdict = ?, at = ?,
       reporter_key = ?, master_id = ? WHERE n = ?`,
    ...ticketColumns(sources, write),
    n,
  )
  db.run('UPDATE ticket_texts SET text = CAST(? AS TEXT) WHERE n = ?', write.text, n)
  if (write.ticket.dedupe.masterId === null) db.run('DELETE FROM links WHERE ticket = ?', n)
  enqueue(db, n, write.ticket.revision, write.event)
  return true
}

/** While an earlier revision waits in the outbox the entry keeps its event and takes the new number. */
function enqueue(db: Database, n: number, revision: number, event: string | null): void {
  const waits = db.run('UPDATE outbox SET revision = ? WHERE n = ?', revision, n) > 0
  if (waits || event === null) return
  db.run(
    `INSERT INTO outbox (n, revision, event)
     SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM published WHERE n = ?1 AND revision >= ?2)`,
    n,
    revision,
    event,
  )
}

function replaceMatchKeys(db: Database, n: number, oldAt: number, write: TicketWrite): void {
  const row = db.row<{ match_keys: string }>('SELECT match_keys FROM ticket_texts WHERE n = ?', n)
  const before = JSON.parse(row?.match_keys ?? '[]') as string[]
  const after = write.matchKeys ?? before
  for (const key of before)
    for (const table of keyLevels('match_keys'))
      db.run(`DELETE FROM ${table} WHERE key = ? AND at = ? AND n = ?`, key, oldAt, n)
  addMatchKeys(db, n, write.at, after)
  db.run('UPDATE ticket_texts SET match_keys = ? WHERE n = ?', JSON.stringify(after), n)
}

function addMatchKeys(db: Database, n: number, at: number, keys: readonly string[]): void {
  for (const key of keys)
    db.run('INSERT OR IGNORE INTO match_keys_1 (key, at, n) VALUES (?, ?, ?)', key, at, n)
}

function addThreadKeys(
  db: Database,
  sources: Sources,
  numbers: ReadonlyMap<string, number>,
  { ticket, threadKeys }: TicketWrite,
): void {
  for (const key of threadKeys)
    db.run(
      'INSERT OR IGNORE INTO threads (source, key, ticket) VALUES (?, ?, ?)',
      sources.number(ticket.sourceId),
      key,
      numberOf(numbers, ticket.id),
    )
}

function addLink(db: Database, numbers: ReadonlyMap<string, number>, link: LinkWrite): void {
  db.run(
    'INSERT OR REPLACE INTO links (ticket, master, reporter_key, channel) VALUES (?, ?, ?, ?)',
    numberOf(numbers, link.ticketId),
    numberOf(numbers, link.masterId),
    countedReporter(link),
    link.channel,
  )
}

/** Nearly all outcomes of a batch say the same and have no details: those go in together. */
function addOutcomes(
  db: Database,
  numbers: ReadonlyMap<string, number>,
  outcomes: readonly OutcomeWrite[],
  decidedAt: string,
): void {
  const alike = Map.groupBy(outcomes, ({ kind, reason, details }) =>
    JSON.stringify([kind, reason, Object.keys(details).length === 0 ? null : details]),
  )
  for (const [said, group] of alike) {
    const [kind, reason, details] = JSON.parse(said)
    const tickets = group.map(({ seq, ticketId }) => [
      seq,
      ticketId === null ? null : numberOf(numbers, ticketId),
    ])
    db.run(
      `INSERT INTO outcomes (seq, source, day, attempts, kind, reason, ticket, details, decided_at)
       SELECT p.seq, p.source, p.day, p.attempts, ?2, ?3, j.value, ?4, ?5
       FROM json_each(?1) j CROSS JOIN pending p ON p.seq = CAST(j.key AS INTEGER)`,
      JSON.stringify(Object.fromEntries(tickets)),
      kind,
      reason,
      details === null ? null : JSON.stringify(details),
      decidedAt,
    )
  }
}

function numberOf(numbers: ReadonlyMap<string, number>, ticketId: string): number {
  const n = numbers.get(ticketId)
  if (n === undefined) throw new Error(`ticket ${ticketId} is neither stored nor in this commit`)
  return n
}
