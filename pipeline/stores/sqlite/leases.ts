import { systemClock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import type { Cursor } from '../../../connectors/connector.ts'
import { latest } from '../latest.ts'
import type { LastPull, Lease, Leases } from '../store.ts'
import type { Database } from './database.ts'
import type { Sources } from './sources.ts'

/** Leases, last pulls and cursors; the last two are saved in the transaction that found the lease still held. */
export function sqliteLeases(db: Database, sources: Sources): Leases {
  return {
    acquire: (name, token, ttlMs) => db.write(() => acquire(db, name, token, ttlMs)),
    renew: (lease, ttlMs) =>
      db.write(
        () =>
          db.run(
            'UPDATE leases SET expires_at = ? WHERE name = ? AND token = ?',
            systemClock() + ttlMs,
            lease.name,
            lease.token,
          ) > 0,
      ),
    release: async (lease, pull) => {
      await db.write(() => {
        const held = db.run('DELETE FROM leases WHERE name = ? AND token = ?', lease.name, lease.token) > 0
        if (!held || pull === undefined) return
        const source = sources.number(pull.sourceId)
        db.run('UPDATE sources SET last_pull = ? WHERE no = ?', JSON.stringify(pull), source)
      })
    },
    lastPulls: (sourceIds) =>
      db.read(() => {
        const rows = db.rows<{ id: string; pull: string }>(
          `SELECT s.id, s.last_pull AS pull FROM json_each(?) j CROSS JOIN sources s ON s.id = j.value
           WHERE s.last_pull IS NOT NULL`,
          JSON.stringify(sourceIds),
        )
        return new Map(rows.map(({ id, pull }) => [id, JSON.parse(pull) as LastPull]))
      }),
    cursor: (sourceId) =>
      db.read(() => {
        const row = db.row<{ cursor: string | null }>('SELECT cursor FROM sources WHERE id = ?', sourceId)
        return typeof row?.cursor === 'string' ? (JSON.parse(row.cursor) as Cursor) : null
      }),
    saveCursor: (sourceId, cursor, lease) =>
      db.write(() => {
        assertHeld(db, lease)
        db.run('UPDATE sources SET cursor = ? WHERE no = ?', JSON.stringify(cursor), sources.number(sourceId))
      }),
  }
}

/** @throws YiwangError LEASE_LOST unless the lease is still this token's; call it in the transaction that writes. */
export function assertHeld(db: Database, lease: Lease): void {
  const held = db.row('SELECT 1 FROM leases WHERE name = ? AND token = ?', lease.name, lease.token)
  if (!held) throw new YiwangError('LEASE_LOST', { lease: lease.name })
}

function acquire(db: Database, name: string, token: string, ttlMs: number): Lease | null {
  const now = systemClock()
  const held = db.row<{ token: string; expires_at: number }>(
    'SELECT token, expires_at FROM leases WHERE name = ?',
    name,
  )
  const another = held !== undefined && held.token !== token
  if (another && held.expires_at > now && held.expires_at <= latest(now)) return null
  db.run('INSERT OR REPLACE INTO leases (name, token, expires_at) VALUES (?, ?, ?)', name, token, now + ttlMs)
  return { name, token, takenOver: another }
}
