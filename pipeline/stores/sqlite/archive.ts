import type { ArchivedItem } from '../../../normalizers/normalizer.ts'
import type { Archive, IncomingItem, ItemStory, Outcome, OutcomeKind } from '../store.ts'
import type { Database } from './database.ts'
import { idHash, textHash } from './hash.ts'
import { numbersByHash, settle } from './key-levels.ts'
import type { Sources } from './sources.ts'
import { ticketNumbers } from './ticket-rows.ts'

/** The columns of `items` that {@link readItem} needs. */
export const itemColumns =
  'i.seq, i.raw_id, i.source, i.external_id, i.media_type, i.archived_at, i.meta, i.body'

/** A row of the table `items`. */
export interface ItemRow {
  readonly seq: number
  readonly raw_id: string
  readonly source: number
  readonly external_id: string
  readonly media_type: string
  readonly archived_at: string
  readonly meta: string
  readonly body: Uint8Array
}

interface StoryRow extends ItemRow {
  readonly attempts: number
  readonly kind: OutcomeKind | null
  readonly reason: string
  readonly details: string | null
  readonly decided_at: string
  readonly ticket_id: string | null
}

/** Items as they came, in the order they came, each with its place on the work list. */
export function sqliteArchive(db: Database, sources: Sources): Archive {
  return {
    archive: (items) => db.write(() => addItems(db, sources, items)),
    item: (rawId) =>
      db.read(() => {
        const seq = seqsByRawId(db, [rawId]).get(rawId)
        return seq === undefined ? null : (stories(db, sources, [seq])[0] ?? null)
      }),
    itemsByExternalId: (externalId) =>
      db.read(() => {
        const hits = numbersByHash(db, 'item_keys', [textHash(externalId)])
        return stories(db, sources, hits).filter(({ item }) => item.externalId === externalId)
      }),
    itemsOfTicket: (ticketId) =>
      db.read(() => {
        const n = ticketNumbers(db, [ticketId]).get(ticketId)
        if (n === undefined) return []
        const rows = db.rows<{ seq: number }>('SELECT seq FROM outcomes WHERE ticket = ?', n)
        return stories(
          db,
          sources,
          rows.map(({ seq }) => seq),
        )
      }),
    unknownLocators: (sourceId, locators) => db.read(() => unknownLocators(db, sources, sourceId, locators)),
    unknownItems: (rawIds) =>
      db.read(() => {
        const known = seqsByRawId(db, rawIds)
        return rawIds.filter((rawId) => !known.has(rawId))
      }),
  }
}

/** An item as it was archived. */
export function readItem(row: ItemRow, sources: Sources): ArchivedItem {
  return {
    rawId: row.raw_id,
    sourceId: sources.id(row.source),
    externalId: row.external_id,
    mediaType: row.media_type,
    body: row.body,
    meta: JSON.parse(row.meta) as ArchivedItem['meta'],
    archivedAt: row.archived_at,
  }
}

/** Where these items stand in the archive; unknown ones are left out. */
export function seqsByRawId(db: Database, rawIds: readonly string[]): Map<string, number> {
  const hits = numbersByHash(db, 'item_keys', rawIds.map(idHash))
  if (hits.length === 0) return new Map()
  const rows = db.rows<{ raw_id: string; seq: number }>(
    'SELECT i.raw_id, i.seq FROM json_each(?) j CROSS JOIN items i ON i.seq = j.value',
    JSON.stringify(hits),
  )
  const asked = new Set(rawIds)
  return new Map(rows.filter((row) => asked.has(row.raw_id)).map((row) => [row.raw_id, row.seq]))
}

function addItems(db: Database, sources: Sources, items: readonly IncomingItem[]) {
  const known = seqsByRawId(
    db,
    items.map(({ rawId }) => rawId),
  )
  const last = db.row<{ seq: number | null }>('SELECT max(seq) AS seq FROM items')?.seq ?? 0
  const fresh: IncomingItem[] = []
  for (const item of items) {
    let seq = known.get(item.rawId)
    if (seq === undefined) {
      seq = last + fresh.push(item)
      known.set(item.rawId, seq)
      addItem(db, seq, sources.number(item.sourceId), item)
    }
    if (item.locator !== null) addSighting(db, sources.number(item.sourceId), item.locator, seq)
  }
  if (fresh.length > 0) listItems(db, last + 1, fresh)
  return { added: fresh.length, known: items.length - fresh.length }
}

function addItem(db: Database, seq: number, source: number, item: IncomingItem): void {
  db.run(
    `INSERT INTO items (seq, raw_id, source, external_id, media_type, archived_at, day, meta, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    item.rawId,
    source,
    item.externalId,
    item.mediaType,
    item.archivedAt,
    item.day,
    JSON.stringify(item.meta),
    item.body,
  )
}

/** Puts the items just added, from number `first` on, on the work list and under their keys: two for each. */
function listItems(db: Database, first: number, items: readonly IncomingItem[]): void {
  db.run(
    `INSERT INTO pending (seq, source, day, attempts, retry_at)
     SELECT seq, source, day, 0, 0 FROM items WHERE seq >= ?`,
    first,
  )
  db.run(
    'INSERT OR IGNORE INTO item_keys_1 (hash, n) SELECT value, ?2 + key / 2 FROM json_each(?1)',
    JSON.stringify(items.flatMap(({ rawId, externalId }) => [idHash(rawId), textHash(externalId)])),
    first,
  )
  settle(db, 'item_keys', first + items.length - 1)
}

function addSighting(db: Database, source: number, locator: string, seq: number): void {
  db.run('INSERT OR IGNORE INTO sightings (source, locator, seq) VALUES (?, ?, ?)', source, locator, seq)
}

function unknownLocators(db: Database, sources: Sources, sourceId: string, locators: readonly string[]) {
  const rows = db.rows<{ value: string }>(
    `SELECT j.value FROM json_each(?) j
     WHERE EXISTS (SELECT 1 FROM sightings s WHERE s.source = ? AND s.locator = j.value)`,
    JSON.stringify(locators),
    sources.find(sourceId) ?? 0,
  )
  const known = new Set(rows.map(({ value }) => value))
  return locators.filter((locator) => !known.has(locator))
}

/** The stories of these items, oldest first. */
function stories(db: Database, sources: Sources, seqs: readonly number[]): ItemStory[] {
  const rows = db.rows<StoryRow>(
    `SELECT ${itemColumns}, coalesce(p.attempts, o.attempts) AS attempts, o.kind, o.reason, o.details,
       o.decided_at, t.id AS ticket_id
     FROM json_each(?) j CROSS JOIN items i ON i.seq = j.value
     LEFT JOIN pending p ON p.seq = i.seq
     LEFT JOIN outcomes o ON o.seq = i.seq
     LEFT JOIN tickets t ON t.n = o.ticket
     ORDER BY i.seq`,
    JSON.stringify([...new Set(seqs)]),
  )
  return rows.map((row) => ({
    item: readItem(row, sources),
    seq: row.seq,
    attempts: row.attempts,
    outcome: outcomeOf(row),
    decidedAt: row.kind === null ? null : row.decided_at,
    locators: db
      .rows<{ locator: string }>('SELECT locator FROM sightings WHERE seq = ? ORDER BY locator', row.seq)
      .map(({ locator }) => locator),
  }))
}

function outcomeOf(row: StoryRow): Outcome | null {
  if (row.kind === null) return null
  return {
    kind: row.kind,
    ticketId: row.ticket_id,
    reason: row.reason,
    details: readDetails(row.details),
  }
}

/** Details of an outcome; kept as null where there are none, which is nearly always. */
export function readDetails(text: string | null): Outcome['details'] {
  return text === null ? {} : (JSON.parse(text) as Outcome['details'])
}
