import { firstWaiting } from '../outbox-entry.ts'
import type { TicketWrite } from '../store.ts'
import type { Database } from './database.ts'
import { idHash } from './hash.ts'
import type { Sources } from './sources.ts'

/** The columns of `tickets` after the id, in order. */
export function ticketColumns(sources: Sources, { ticket, at }: TicketWrite) {
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

/**
 * Adds tickets that are not there yet, with their texts and their places in the outbox. Wide rows go in one by one,
 * narrow ones in one statement. Returns the number of the first; the others follow it.
 */
export function addTickets(db: Database, sources: Sources, writes: readonly TicketWrite[]): number {
  const last = db.row<{ n: number | null }>('SELECT max(n) AS n FROM tickets')?.n ?? 0
  const first = last + 1
  for (const [index, write] of writes.entries()) addTicket(db, sources, first + index, write)
  db.run(
    'INSERT INTO ticket_keys_1 (hash, n) SELECT value, ?2 + key FROM json_each(?1)',
    JSON.stringify(writes.map(({ ticket }) => idHash(ticket.id))),
    first,
  )
  enqueueAll(db, first, writes)
  return first
}

function addTicket(db: Database, sources: Sources, n: number, write: TicketWrite): void {
  db.run(
    `INSERT INTO tickets (n, id, revision, source, channel, kind, verdict, at, reporter_key, master_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    n,
    write.ticket.id,
    ...ticketColumns(sources, write),
  )
  db.run("INSERT INTO ticket_texts (n, match_keys, text) VALUES (?, '', ?)", n, JSON.stringify(write.ticket))
}

function enqueueAll(db: Database, first: number, writes: readonly TicketWrite[]): void {
  const numbered = writes.map(({ ticket, event }, index) => ({
    n: first + index,
    revision: ticket.revision,
    event,
  }))
  for (const alike of Map.groupBy(numbered, ({ revision, event }) => `${revision} ${event}`).values()) {
    const [{ revision, event } = { revision: 0, event: null }] = alike
    if (event === null) continue
    const { linkEvent, linkRevision } = firstWaiting(event, revision)
    db.run(
      `INSERT INTO outbox (n, revision, event, link_event, link_revision)
       SELECT value, ?2, ?3, ?4, ?5 FROM json_each(?1)`,
      JSON.stringify(alike.map(({ n }) => n)),
      ...[revision, event, linkEvent, linkRevision],
    )
  }
}
