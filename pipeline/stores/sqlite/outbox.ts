import type { TicketEvent } from '../../../normalizers/ticket.ts'
import { waitingAgain } from '../outbox-entry.ts'
import type { Outbox, OutboxEntry, OutboxKey, Publication } from '../store.ts'
import { storedText } from '../stored-ticket.ts'
import type { Database } from './database.ts'
import { ticketNumbers } from './ticket-rows.ts'

const recentTickets = 2_000

/** Ticket revisions on their way to the queue, in narrow rows beside the tickets. */
export function sqliteOutbox(db: Database): Outbox {
  // What has just been read is what is marked next; the rest is looked up.
  const recent = new Map<string, number>()
  return {
    outbox: (limit, { skip = 0, maxBytes = Infinity } = {}) =>
      db.read(() => {
        if (recent.size > recentTickets) recent.clear()
        const entries: OutboxEntry[] = []
        let bytes = 0
        for (const { n, text, ...entry } of waiting(db, limit, skip)) {
          bytes += text.byteLength
          if (entries.length > 0 && bytes > maxBytes) break
          recent.set(entry.ticketId, n)
          entries.push({ ...entry, text: storedText(text) })
        }
        return entries
      }),
    outboxCount: () =>
      db.read(() => db.row<{ count: number }>('SELECT count(*) AS count FROM outbox')?.count ?? 0),
    markPublished: (keys, publishedAt) =>
      eachRevision(db, keys, recent, (ns, revision) => publish(db, ns, revision, publishedAt)),
    markDelivered: (keys) => eachKey(db, keys, recent, (n, key) => deliver(db, n, key.revision)),
    publications: (ticketIds) => db.read(() => publications(db, ticketIds)),
    undelivered: (after, limit) => db.read(() => undelivered(db, after, limit)),
    requeue: (keys) => eachKey(db, keys, recent, (n, key) => requeue(db, n, key.revision)),
  }
}

function waiting(db: Database, limit: number, skip: number) {
  return db.iterate<OutboxEntry & { readonly n: number }>(
    `SELECT o.n, t.id AS ticketId, o.revision, o.event, CAST(x.text AS BLOB) AS text
     FROM outbox o CROSS JOIN tickets t ON t.n = o.n CROSS JOIN ticket_texts x ON x.n = o.n
     ORDER BY o.n LIMIT ? OFFSET ?`,
    limit,
    skip,
  )
}

/** What is lost of it with the power is published or noted once more. */
async function eachKey(
  db: Database,
  keys: readonly OutboxKey[],
  recent: ReadonlyMap<string, number>,
  work: (n: number, key: OutboxKey) => void,
): Promise<void> {
  await db.writeRepeatable(() => {
    for (const [n, key] of numbered(db, keys, recent)) work(n, key)
  })
}

/** As {@link eachKey}, all numbers of one revision at once, as a JSON list: nearly all of a batch have the same. */
async function eachRevision(
  db: Database,
  keys: readonly OutboxKey[],
  recent: ReadonlyMap<string, number>,
  work: (numbers: string, revision: number) => void,
): Promise<void> {
  await db.writeRepeatable(() => {
    const alike = Map.groupBy(numbered(db, keys, recent), ([, { revision }]) => revision)
    for (const [revision, group] of alike) work(JSON.stringify(group.map(([n]) => n)), revision)
  })
}

/** Keys of known tickets with the tickets' row numbers. */
function numbered(db: Database, keys: readonly OutboxKey[], recent: ReadonlyMap<string, number>) {
  const others = keys.filter(({ ticketId }) => !recent.has(ticketId)).map(({ ticketId }) => ticketId)
  const numbers = ticketNumbers(db, others)
  return keys.flatMap((key): [number, OutboxKey][] => {
    const n = recent.get(key.ticketId) ?? numbers.get(key.ticketId)
    return n === undefined ? [] : [[n, key]]
  })
}

/**
 * A newer revision may have taken the place of the one that went out: downstream has the ticket, so it is an update,
 * or the link event that came after it.
 */
function publish(db: Database, numbers: string, revision: number, publishedAt: string): void {
  db.run(
    `INSERT INTO published (n, revision, event, published_at, delivered)
     SELECT o.n, ?2, o.event, ?3, 0 FROM json_each(?1) j CROSS JOIN outbox o ON o.n = j.value WHERE true
     ON CONFLICT (n) DO UPDATE SET revision = max(revision, excluded.revision), event = excluded.event,
       published_at = excluded.published_at`,
    numbers,
    revision,
    publishedAt,
  )
  db.run(
    'DELETE FROM outbox WHERE n IN (SELECT value FROM json_each(?)) AND revision <= ?',
    numbers,
    revision,
  )
  db.run(
    `UPDATE outbox SET event = CASE WHEN link_revision > ?2 THEN link_event ELSE 'ticket.updated' END
     WHERE n IN (SELECT value FROM json_each(?1))`,
    numbers,
    revision,
  )
}

/** A quick consumer is done before the revision is marked as published. */
function deliver(db: Database, n: number, revision: number): void {
  if (db.run('UPDATE published SET delivered = max(delivered, ?) WHERE n = ?', revision, n) > 0) return
  db.run(
    `INSERT INTO published (n, revision, event, published_at, delivered)
     SELECT n, 0, event, '', ? FROM outbox WHERE n = ?`,
    revision,
    n,
  )
}

function publications(db: Database, ticketIds: readonly string[]): ReadonlyMap<string, Publication> {
  const found = new Map<string, Publication>()
  for (const [ticketId, n] of ticketNumbers(db, ticketIds)) {
    const waiting = db.row('SELECT 1 FROM outbox WHERE n = ?', n) !== undefined
    const { published, event, delivered } = db.row<Omit<Publication, 'waiting'>>(
      'SELECT revision AS published, event, delivered FROM published WHERE n = ?',
      n,
    ) ?? { published: 0, event: null, delivered: 0 }
    found.set(ticketId, { waiting, published, event: waiting ? null : event, delivered })
  }
  return found
}

function undelivered(db: Database, after: string | null, limit: number) {
  const rows = db.rows<OutboxKey & { n: number }>(
    `SELECT p.n, t.id AS ticketId, p.revision FROM published p CROSS JOIN tickets t ON t.n = p.n
     WHERE p.n > ? AND p.delivered < p.revision ORDER BY p.n LIMIT ?`,
    after === null ? 0 : Number(after),
    limit,
  )
  const last = rows.at(-1)
  return {
    keys: rows.map(({ ticketId, revision }) => ({ ticketId, revision })),
    next: last && rows.length === limit ? String(last.n) : null,
  }
}

interface PublishedRow {
  readonly event: TicketEvent
  readonly delivered: number
  readonly masterId: string | null
  /** The stored one, as the text that goes out is. */
  readonly revision: number
}

function requeue(db: Database, n: number, revision: number): void {
  const row = db.row<PublishedRow>(
    `SELECT p.event, p.delivered, t.master_id AS masterId, t.revision
     FROM published p CROSS JOIN tickets t ON t.n = p.n
     WHERE p.n = ? AND p.revision = ? AND p.delivered < p.revision`,
    n,
    revision,
  )
  if (row === undefined) return
  const { event, linkEvent, linkRevision } = waitingAgain(row, row.revision)
  const isNew = row.delivered === 0
  // Of a ticket that begins anew so does the revision that waits, if one does.
  db.run(
    `INSERT OR ${isNew ? 'REPLACE' : 'IGNORE'} INTO outbox (n, revision, event, link_event, link_revision)
     VALUES (?, ?, ?, ?, ?)`,
    ...[n, row.revision, event, linkEvent, linkRevision],
  )
  if (isNew) db.run('DELETE FROM published WHERE n = ?', n)
}
