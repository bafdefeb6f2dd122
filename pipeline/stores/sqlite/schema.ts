import { keyLevels } from './key-tables.ts'

/** One numbered step of the schema; never changed once released. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/*
 * Writing a random key into a big B-tree rewrites a whole page per row, which is what slows a growing
 * file down. So wide rows are written once and in order, what changes is narrow, and keys without order
 * stand in levels (see key-levels.ts).
 */
function keyTables(name: string, columns: string, key: string): string {
  return keyLevels(name)
    .map(
      (table) =>
        `CREATE TABLE ${table} (${columns}, n INTEGER NOT NULL, PRIMARY KEY (${key}, n)) STRICT, WITHOUT ROWID;`,
    )
    .join('\n')
}

const first = `
CREATE TABLE sources (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, cursor TEXT) STRICT;

CREATE TABLE items (
  seq INTEGER PRIMARY KEY, raw_id TEXT NOT NULL, source INTEGER NOT NULL, external_id TEXT NOT NULL,
  media_type TEXT NOT NULL, archived_at TEXT NOT NULL, day TEXT NOT NULL, meta TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX items_by_day ON items (source, day);
${keyTables('item_keys', 'hash INTEGER NOT NULL', 'hash')}
CREATE TABLE sightings (
  source INTEGER NOT NULL, locator TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (source, locator, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_by_item ON sightings (seq);

CREATE TABLE pending (
  seq INTEGER PRIMARY KEY, source INTEGER NOT NULL, day TEXT NOT NULL,
  attempts INTEGER NOT NULL, retry_at INTEGER NOT NULL
) STRICT;
CREATE TABLE outcomes (
  seq INTEGER PRIMARY KEY, source INTEGER NOT NULL, day TEXT NOT NULL, attempts INTEGER NOT NULL,
  kind TEXT NOT NULL, reason TEXT NOT NULL, ticket INTEGER, details TEXT, decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX outcomes_by_ticket ON outcomes (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX outcomes_quarantined ON outcomes (seq) WHERE kind = 'quarantined';

CREATE TABLE tickets (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL, source INTEGER NOT NULL,
  channel TEXT NOT NULL, kind TEXT NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL,
  reporter_key TEXT, master_id TEXT
) STRICT;
CREATE TABLE ticket_texts (n INTEGER PRIMARY KEY, match_keys TEXT NOT NULL, text TEXT NOT NULL) STRICT;
${keyTables('ticket_keys', 'hash INTEGER NOT NULL', 'hash')}
${keyTables('match_keys', 'key TEXT NOT NULL, at INTEGER NOT NULL', 'key, at')}
CREATE TABLE settled (name TEXT PRIMARY KEY, upto INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE links (
  ticket INTEGER PRIMARY KEY, master INTEGER NOT NULL, reporter_key TEXT, channel TEXT NOT NULL
) STRICT;
CREATE INDEX links_by_master ON links (master);
CREATE TABLE threads (
  source INTEGER NOT NULL, key TEXT NOT NULL, ticket INTEGER NOT NULL, PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (n INTEGER PRIMARY KEY, revision INTEGER NOT NULL, event TEXT NOT NULL) STRICT;
CREATE TABLE published (
  n INTEGER PRIMARY KEY, revision INTEGER NOT NULL, event TEXT NOT NULL,
  published_at TEXT NOT NULL, delivered INTEGER NOT NULL
) STRICT;

CREATE TABLE leases (name TEXT PRIMARY KEY, token TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

/** All steps, in order. */
export const migrations: readonly Migration[] = [{ version: 1, name: 'first schema', sql: first }]

/** The schema version that this program reads and writes. */
export const schemaVersion = migrations.at(-1)?.version ?? 0
