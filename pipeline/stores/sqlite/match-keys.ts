import type { Hit, KeyAnswer, KeyAsk, MatchKey, MatchKeys } from '../../../dedupe/decision.ts'
import type { Database } from './database.ts'
import { inOrder } from './key-levels.ts'
import { keyLevels } from './key-tables.ts'

const levels = keyLevels('match_keys')
const bytesPerKey = 6

/**
 * What stands under each key: [key, "n,at,n,at…"], the keys in the order given. Each level gives its rows
 * newest first, and only as many are read as are wanted of all levels together.
 */
function questionOf(levels: readonly string[]): string {
  const rows = levels.map(
    (table) => `SELECT n, at FROM ${table} WHERE key = j.value AND at BETWEEN ?2 AND ?3`,
  )
  return `SELECT j.value, (
      SELECT group_concat(n || ',' || at) FROM (${rows.join(' UNION ALL ')} ORDER BY at DESC, n DESC LIMIT ?4))
    FROM json_each(?1) j`
}

/** Puts new tickets, which are numbered from `first` on, under their keys. */
export function addMatchKeys(db: Database, first: number, keySets: readonly MatchKeys[]): void {
  for (const [index, keys] of keySets.entries())
    if (keys.length > 0)
      db.run('INSERT INTO match_key_sets (n, keys) VALUES (?, ?)', first + index, packed(keys))
  const added = db.run(
    `INSERT OR IGNORE INTO ${levels[0]} (key, at, n)
     SELECT k.value, t.at, t.n FROM json_each(?1) s
     CROSS JOIN tickets t ON t.n = ?2 + s.key CROSS JOIN json_each(s.value) k ORDER BY k.value`,
    JSON.stringify(keySets),
    first,
  )
  addRows(db, 1, added)
}

/** The keys that a ticket stands under. */
export function matchKeysOf(db: Database, n: number): MatchKeys {
  const row = db.row<{ keys: Uint8Array }>('SELECT keys FROM match_key_sets WHERE n = ?', n)
  return row === undefined ? [] : unpacked(row.keys)
}

/** Moves a ticket to other keys or to another time; null: under the keys that it has. */
export function replaceMatchKeys(
  db: Database,
  n: number,
  from: number,
  to: number,
  keys: MatchKeys | null,
): void {
  if (keys === null && from === to) return
  const before = matchKeysOf(db, n)
  const after = keys ?? before
  if (from === to && before.length === after.length && before.every((key, index) => key === after[index]))
    return
  for (const [index, table] of levels.entries()) {
    const removed = db.run(
      `DELETE FROM ${table} WHERE key IN (SELECT value FROM json_each(?)) AND at = ? AND n = ?`,
      JSON.stringify(before),
      from,
      n,
    )
    if (removed > 0) addRows(db, index + 1, -removed)
  }
  insertKeys(db, n, to, after)
  db.run('INSERT OR REPLACE INTO match_key_sets (n, keys) VALUES (?, ?)', n, packed(after))
}

function insertKeys(db: Database, n: number, at: number, keys: MatchKeys): void {
  const added = db.run(
    `INSERT OR IGNORE INTO ${levels[0]} (key, at, n) SELECT value, ?, ? FROM json_each(?)`,
    at,
    n,
    JSON.stringify(keys),
  )
  addRows(db, 1, added)
}

function addRows(db: Database, level: number, rows: number): void {
  db.run('UPDATE match_levels SET rows = rows + ? WHERE level = ?', rows, level)
}

/**
 * Moves what a level holds too much into the next one, a run of neighbouring keys at a time, where the last run
 * ended: a run is written many rows to a page, and no commit pays for the merging of a whole level.
 */
export function settleMatchKeys(db: Database): void {
  for (const [index, limit] of db.matchRows.entries()) {
    const level = index + 1
    const row = db.row<{ rows: number }>('SELECT rows FROM match_levels WHERE level = ?', level)
    const excess = (row?.rows ?? 0) - limit
    if (excess < limit / 16) return
    const moved = moveRun(db, level, Math.min(excess, limit))
    addRows(db, level, -moved)
    addRows(db, level + 1, moved)
  }
}

function moveRun(db: Database, level: number, rows: number): number {
  const [from, into] = [levels[level - 1], levels[level]]
  const next = 'SELECT next_key, next_at, next_n FROM match_levels WHERE level = ?1'
  const end = db.row<{ key: number; at: number; n: number }>(
    `SELECT key, at, n FROM ${from} WHERE (key, at, n) >= (${next}) ORDER BY key, at, n LIMIT 1 OFFSET ?2`,
    level,
    rows,
  )
  const run = `(key, at, n) >= (${next})${end ? ' AND (key, at, n) < (?2, ?3, ?4)' : ''}`
  const values = end ? [level, end.key, end.at, end.n] : [level]
  db.run(
    `INSERT OR IGNORE INTO ${into} (key, at, n) SELECT key, at, n FROM ${from} WHERE ${run} ORDER BY key, at, n`,
    ...values,
  )
  const moved = db.run(`DELETE FROM ${from} WHERE ${run}`, ...values)
  db.run(
    'UPDATE match_levels SET next_key = ?2, next_at = ?3, next_n = ?4 WHERE level = ?1',
    ...[level, end?.key ?? 0, end?.at ?? 0, end?.n ?? 0],
  )
  return moved
}

/** Asks that differ in the key alone, and what was found. */
interface Group {
  readonly ask: KeyAsk
  readonly keys: MatchKey[]
  readonly found: Map<MatchKey, KeyAnswer>
}

/** Tickets under the keys asked for: one statement for all asks that differ in the key alone. */
export function candidates(db: Database, asks: readonly KeyAsk[]): KeyAnswer[] {
  const groups: Group[] = []
  const groupOf = asks.map((ask) => {
    const known = groups.find((group) => isAlike(group.ask, ask))
    const group: Group = known ?? { ask, keys: [], found: new Map() }
    if (known === undefined) groups.push(group)
    group.keys.push(ask.key)
    return group
  })
  // Asking a level costs as much where it holds nothing, as the older ones of a small store do.
  const filled = levels.filter((table) => db.row(`SELECT 1 FROM ${table} LIMIT 1`) !== undefined)
  if (filled.length > 0) for (const group of groups) askTogether(db, group, filled)
  return asks.map(({ key }, at) => groupOf[at]?.found.get(key) ?? none)
}

function isAlike(one: KeyAsk, other: KeyAsk): boolean {
  return one.limit === other.limit && one.since === other.since && one.until === other.until
}

const none: KeyAnswer = { hits: [], cut: false }

function askTogether(db: Database, { ask, keys, found }: Group, levels: readonly string[]): void {
  const { since, until, limit } = ask
  // One more than asked for says whether there are more.
  const rows = db.arrays<[MatchKey, string | null]>(
    questionOf(levels),
    inOrder(keys),
    since,
    until,
    limit + 1,
  )
  for (const [key, listed] of rows) {
    if (listed === null) continue
    const hits = hitsOf(listed)
    found.set(key, { hits: hits.slice(0, limit), cut: hits.length > limit })
  }
}

/** @param listed n,at,n,at… */
function hitsOf(listed: string): readonly Hit[] {
  const numbers = JSON.parse(`[${listed}]`) as readonly number[]
  return Array.from({ length: numbers.length >> 1 }, (_, at) => ({
    n: numbers[at * 2] ?? 0,
    at: numbers[at * 2 + 1] ?? 0,
  }))
}

function packed(keys: MatchKeys): Uint8Array {
  const bytes = Buffer.alloc(keys.length * bytesPerKey)
  for (const [index, key] of keys.entries()) bytes.writeUIntBE(key, index * bytesPerKey, bytesPerKey)
  return bytes
}

function unpacked(bytes: Uint8Array): MatchKeys {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: view.length / bytesPerKey }, (_, index) =>
    view.readUIntBE(index * bytesPerKey, bytesPerKey),
  )
}
