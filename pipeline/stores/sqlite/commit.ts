import { countedReporter } from '../link-counts.ts'
import type { Commit, LinkWrite, OutcomeWrite, TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import { idHash } from './hash.ts'
import { settle } from './key-levels.ts'
import { keyLevels } from './key-tables.ts'
import type { Sources } from './sources.ts'
import { ticketNumbers } from './ticket-rows.ts'

/**
 * Writes what one batch of the drain decided, inside the caller's transaction. Written to be repeatable:
 * an older revision never replaces a newer one, a published one is not published again, and an item
 * keeps its first outcome.
 */
export function commitTo(db: Database, sources: Sources, commit: Commit, decidedAt: string): void {
  const numbers = ticketNumbers(db, mentioned(commit))
  let newest = 0
  for (const write of commit.tickets) {
    const known = numbers.get(write.ticket.id)
    if (known === undefined) {
      newest = addTicket(db, sources, write)
      numbers.set(write.ticket.id, newest)
    } else {
      replaceTicket(db, sources, known, write)
    }
  }
  for (const link of commit.links) addLink(db, numbers, link)
  for (const outcome of commit.outcomes) addOutcome(db, numbers, outcome, decidedAt)
  const settled = JSON.stringify(commit.outcomes.map(({ seq }) => seq))
  db.run('DELETE FROM pending WHERE seq IN (SELECT value FROM json_each(?))', settled)
  if (newest > 0) {
    settle(db, 'ticket_keys', newest)
    settle(db, 'match_keys', newest)
  }
}

function mentioned({ tickets, links, outcomes }: Commit): string[] {
  const ids = new Set(tickets.map(({ ticket }) => ticket.id))
  for (const { ticketId, masterId } of links) ids.add(ticketId).add(masterId)
  for (const { ticketId } of outcomes) if (ticketId !== null) ids.add(ticketId)
  return [...ids]
}

function addTicket(db: Database, sources: Sources, write: TicketWrite): number {
  const { ticket } = write
  const n = db.insert(
    `INSERT INTO tickets (id, revision, source, channel, kind, verdict, at, reporter_key, master_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ticket.id,
    ...columns(sources, write),
  )
  db.run('INSERT INTO ticket_keys_1 (hash, n) VALUES (?, ?)', idHash(ticket.id), n)
  db.run(
    'INSERT INTO ticket_texts (n, match_keys, text) VALUES (?, ?, CAST(? AS TEXT))',
    n,
    JSON.stringify(write.matchKeys ?? []),
    write.text,
  )
  addMatchKeys(db, n, write.at, write.matchKeys ?? [])
  addThreadKeys(db, sources, n, write)
  if (write.event !== null)
    db.run('INSERT INTO outbox (n, revision, event) VALUES (?, ?, ?)', n, ticket.revision, write.event)
  return n
}

function columns(sources: Sources, { ticket, at }: TicketWrite) {
  return [
    ticket.revision,
    sources.number(ticket.sourceId),
    ticket.channel,
    ticket.kind,
    ticket.dedupe.verdict,
    at,
    ticket.reporter.key,
    ticket.dedupe.masterId,
  ] as const
}

function replaceTicket(db: Database, sources: Sources, n: number, write: TicketWrite): void {
  const stored = db.row<{ revision: number; at: number }>('SELECT revision, at FROM tickets WHERE n = ?', n)
  if (!stored || stored.revision > write.ticket.revision) return
  replaceMatchKeys(db, n, stored.at, write)
  db.run(
    `UPDATE tickets SET revision = ?, source = ?, channel = ?, kind = ?, verdict = ?, at = ?,
       reporter_key = ?, master_id = ? WHERE n = ?`,
    ...columns(sources, write),
    n,
  )
  db.run('UPDATE ticket_texts SET text = CAST(? AS TEXT) WHERE n = ?', write.text, n)
  if (write.ticket.dedupe.masterId === null) db.run('DELETE FROM links WHERE ticket = ?', n)
  addThreadKeys(db, sources, n, write)
  enqueue(db, n, write.ticket.revision, write.event)
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

function addThreadKeys(db: Database, sources: Sources, n: number, { ticket, threadKeys }: TicketWrite): void {
  for (const key of threadKeys)
    db.run(
      'INSERT OR IGNORE INTO threads (source, key, ticket) VALUES (?, ?, ?)',
      sources.number(ticket.sourceId),
      key,
      n,
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

function addOutcome(
  db: Database,
  numbers: ReadonlyMap<string, number>,
  outcome: OutcomeWrite,
  decidedAt: string,
): void {
  db.run(
    `INSERT INTO outcomes (seq, source, day, attempts, kind, reason, ticket, details, decided_at)
     SELECT seq, source, day, attempts, ?, ?, ?, ?, ? FROM pending WHERE seq = ?`,
    outcome.kind,
    outcome.reason,
    outcome.ticketId === null ? null : numberOf(numbers, outcome.ticketId),
    Object.keys(outcome.details).length === 0 ? null : JSON.stringify(outcome.details),
    decidedAt,
    outcome.seq,
  )
}

function numberOf(numbers: ReadonlyMap<string, number>, ticketId: string): number {
  const n = numbers.get(ticketId)
  if (n === undefined) throw new Error(`ticket ${ticketId} is neither stored nor in this commit`)
  return n
}
