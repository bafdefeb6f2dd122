import type { TicketEvent } from '../../../normalizers/ticket.ts'
import { firstWaiting, nextWaiting, type WaitingEvent } from '../outbox-entry.ts'
import type { Commit, OutcomeWrite, TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import { idHash } from './hash.ts'
import { dateIncidents, writeMember } from './incidents.ts'
import { settle } from './key-levels.ts'
import { addLink, endLink } from './links.ts'
import { addMatchKeys, replaceMatchKeys, settleMatchKeys } from './match-keys.ts'
import type { Sources } from './sources.ts'
import { writeTerms } from './terms.ts'
import { ticketNumbers } from './ticket-rows.ts'

/**
 * Writes what one batch of the drain decided, inside the caller's transaction. Written to be repeatable:
 * an older revision never replaces a newer one, a published one is not published again, and an item
 * keeps its first outcome.
 */
export function commitTo(db: Database, sources: Sources, commit: Commit, decidedAt: string): void {
  const numbers = ticketNumbers(db, mentioned(commit))
  const incidents = new Set<number>()
  let newest = 0
  for (const write of commit.tickets) {
    const known = numbers.get(write.ticket.id)
    if (known === undefined) {
      newest = addTicket(db, sources, write)
      numbers.set(write.ticket.id, newest)
      writeMember(db, newest, write, incidents)
    } else if (replaceTicket(db, sources, known, write)) {
      writeMember(db, known, write, incidents)
    }
  }
  dateIncidents(db, incidents)
  for (const link of commit.links)
    addLink(db, numberOf(numbers, link.ticketId), numberOf(numbers, link.masterId), link)
  writeTerms(db, commit.terms)
  for (const outcome of commit.outcomes) addOutcome(db, numbers, outcome, decidedAt)
  const settled = JSON.stringify(commit.outcomes.map(({ seq }) => seq))
  db.run('DELETE FROM pending WHERE seq IN (SELECT value FROM json_each(?))', settled)
  if (newest > 0) settle(db, 'ticket_keys', newest)
  settleMatchKeys(db)
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
  db.run("INSERT INTO ticket_texts (n, match_keys, text) VALUES (?, '', ?)", n, write.text)
  addMatchKeys(db, n, write.at, write.matchKeys ?? [])
  addThreadKeys(db, sources, n, write)
  if (write.event !== null) putWaiting(db, n, ticket.revision, firstWaiting(write.event, ticket.revision))
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

/** False when a newer revision is there. */
function replaceTicket(db: Database, sources: Sources, n: number, write: TicketWrite): boolean {
  const { ticket } = write
  const stored = db.row<{ revision: number; at: number }>('SELECT revision, at FROM tickets WHERE n = ?', n)
  if (!stored || stored.revision > ticket.revision) return false
  replaceMatchKeys(db, n, stored.at, write.at, write.matchKeys)
  db.run(
    `UPDATE tickets SET revision = ?, source = ?, channel = ?, kind = ?, verdict = ?, at = ?,
       reporter_key = ?, master_id = ? WHERE n = ?`,
    ...columns(sources, write),
    n,
  )
  db.run('UPDATE ticket_texts SET text = ? WHERE n = ?', write.text, n)
  endLink(db, n, ticket.dedupe.masterId)
  addThreadKeys(db, sources, n, write)
  enqueue(db, n, ticket.revision, write.event)
  return true
}

interface WaitingRow extends WaitingEvent {
  readonly revision: number
}

function enqueue(db: Database, n: number, revision: number, event: TicketEvent | null): void {
  const waiting = db.row<WaitingRow>(
    `SELECT revision, event, link_event AS linkEvent, link_revision AS linkRevision FROM outbox WHERE n = ?`,
    n,
  )
  if (waiting === undefined && event === null) return
  const published =
    db.row<{ revision: number }>('SELECT revision FROM published WHERE n = ?', n)?.revision ?? 0
  if (revision <= (waiting?.revision ?? published)) return
  const next =
    waiting === undefined
      ? firstWaiting(event ?? 'ticket.updated', revision)
      : nextWaiting(waiting, event, revision, published > 0)
  putWaiting(db, n, revision, next)
}

function putWaiting(db: Database, n: number, revision: number, waiting: WaitingEvent): void {
  db.run(
    'INSERT OR REPLACE INTO outbox (n, revision, event, link_event, link_revision) VALUES (?, ?, ?, ?, ?)',
    ...[n, revision, waiting.event, waiting.linkEvent, waiting.linkRevision],
  )
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
