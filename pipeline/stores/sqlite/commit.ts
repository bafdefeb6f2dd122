import { firstWaiting, nextWaiting, type WaitingEvent } from '../outbox-entry.ts'
import type { Commit, OutcomeWrite, TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import { dateIncidents, writeMember } from './incidents.ts'
import { settle } from './key-levels.ts'
import { addLink, endLink } from './links.ts'
import { addMatchKeys, replaceMatchKeys, settleMatchKeys } from './match-keys.ts'
import { addTickets, ticketColumns } from './new-tickets.ts'
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
  const others = addNew(db, sources, commit.tickets, numbers)
  const stale = new Set(others.filter((write) => !replaceTicket(db, sources, numbers, write)))
  const incidents = new Set<number>()
  // In the order of the commit: the first ticket of a name keeps it.
  for (const write of commit.tickets) {
    if (stale.has(write)) continue
    addThreadKeys(db, sources, numbers, write)
    writeMember(db, numberOf(numbers, write.ticket.id), write, incidents)
  }
  dateIncidents(db, incidents)
  for (const link of commit.links)
    addLink(db, numberOf(numbers, link.ticketId), numberOf(numbers, link.masterId), link)
  writeTerms(db, commit.terms)
  addOutcomes(db, numbers, commit.outcomes, decidedAt)
  const settled = JSON.stringify(commit.outcomes.map(({ seq }) => seq))
  db.run('DELETE FROM pending WHERE seq IN (SELECT value FROM json_each(?))', settled)
  settleMatchKeys(db)
}

/** Adds the tickets that are not stored yet, and their numbers to `numbers`. Returns the writes that are left. */
function addNew(
  db: Database,
  sources: Sources,
  writes: readonly TicketWrite[],
  numbers: Map<string, number>,
): readonly TicketWrite[] {
  const fresh: TicketWrite[] = []
  const others: TicketWrite[] = []
  for (const write of writes) (numbers.has(write.ticket.id) ? others : fresh).push(write)
  if (fresh.length === 0) return others
  const first = addTickets(db, sources, fresh)
  for (const [index, { ticket }] of fresh.entries()) numbers.set(ticket.id, first + index)
  const keySets = fresh.map(({ matchKeys }) => matchKeys ?? [])
  addMatchKeys(db, first, keySets)
  settle(db, 'ticket_keys', first + fresh.length - 1)
  return others
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
  const { ticket } = write
  const n = numberOf(numbers, ticket.id)
  const stored = db.row<{ revision: number; at: number }>('SELECT revision, at FROM tickets WHERE n = ?', n)
  if (!stored || stored.revision > ticket.revision) return false
  replaceMatchKeys(db, n, stored.at, write.at, write.matchKeys)
  db.run(
    `UPDATE tickets SET revision = ?, source = ?, channel = ?, kind = ?, verdict = ?, at = ?,
       reporter_key = ?, master_id = ? WHERE n = ?`,
    ...ticketColumns(sources, write),
    n,
  )
  db.run('UPDATE ticket_texts SET text = ? WHERE n = ?', JSON.stringify(ticket), n)
  endLink(db, n, ticket.dedupe.masterId)
  enqueue(db, n, write)
  return true
}

interface WaitingRow extends WaitingEvent {
  readonly revision: number
}

function enqueue(db: Database, n: number, write: TicketWrite): void {
  const { event, ticket } = write
  const { revision } = ticket
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
      : nextWaiting(waiting, write, published > 0)
  putWaiting(db, n, revision, next)
}

function putWaiting(db: Database, n: number, revision: number, waiting: WaitingEvent): void {
  db.run(
    'INSERT OR REPLACE INTO outbox (n, revision, event, link_event, link_revision) VALUES (?, ?, ?, ?, ?)',
    ...[n, revision, waiting.event, waiting.linkEvent, waiting.linkRevision],
  )
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
