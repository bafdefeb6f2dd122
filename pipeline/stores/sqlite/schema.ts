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

/*
 * Keys as integers, and counters beside what is counted, so that neither a master's links nor an incident's tickets
 * are read to count them. The keys of version 1 are not carried over: `yiwang dedupe rebuild` makes them anew, and
 * ticket_texts.match_keys stays behind unused, since dropping a column rewrites every text.
 */
const incidents = `
${keyLevels('match_keys')
  .map((table) => `DROP TABLE ${table};`)
  .join('\n')}
DELETE FROM settled WHERE name IN ('match_keys_1', 'match_keys_2');
${keyTables('match_keys', 'key INTEGER NOT NULL, at INTEGER NOT NULL', 'key, at')}
CREATE TABLE match_levels (
  level INTEGER PRIMARY KEY, rows INTEGER NOT NULL,
  next_key INTEGER NOT NULL, next_at INTEGER NOT NULL, next_n INTEGER NOT NULL
) STRICT;
INSERT INTO match_levels VALUES (1, 0, 0, 0, 0), (2, 0, 0, 0, 0);
CREATE TABLE match_key_sets (n INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;

${['link', 'incident']
  .map(
    (kind) => `CREATE TABLE ${kind}_totals (
  owner INTEGER PRIMARY KEY, reports INTEGER NOT NULL, reporters INTEGER NOT NULL
) STRICT;
CREATE TABLE ${kind}_reporters (
  owner INTEGER NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (owner, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE ${kind}_channels (
  owner INTEGER NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (owner, value)
) STRICT, WITHOUT ROWID;`,
  )
  .join('\n')}
INSERT INTO link_totals SELECT master, count(*), count(DISTINCT reporter_key) FROM links GROUP BY master;
INSERT INTO link_reporters SELECT master, reporter_key, count(*) FROM links
  WHERE reporter_key IS NOT NULL GROUP BY master, reporter_key;
INSERT INTO link_channels SELECT master, channel, count(*) FROM links GROUP BY master, channel;
CREATE INDEX tickets_by_master ON tickets (master_id) WHERE master_id IS NOT NULL;

CREATE TABLE incidents (
  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_by_time ON incidents (last_at);
CREATE TABLE members (
  ticket INTEGER PRIMARY KEY, incident INTEGER NOT NULL, at INTEGER NOT NULL, reporter_key TEXT, channel TEXT NOT NULL
) STRICT;
CREATE INDEX members_by_incident ON members (incident, at);

CREATE TABLE terms (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, base BLOB, addition BLOB) STRICT;
CREATE TABLE progress (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN link_event TEXT;
ALTER TABLE outbox ADD COLUMN link_revision INTEGER;
`

/* Beside the cursor: how the last pull of a source ended, as JSON. */
const lastPulls = 'ALTER TABLE sources ADD COLUMN last_pull TEXT;'

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'first schema', sql: first },
  { version: 2, name: 'integer match keys, incidents, counters, term statistics', sql: incidents },
  { version: 3, name: 'how the last pull of each source ended', sql: lastPulls },
]
