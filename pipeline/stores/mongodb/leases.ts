import { YiwangError } from '../../../config/errors.ts'
import type { Cursor } from '../../../connectors/connector.ts'
import { latest } from '../latest.ts'
import type { Lease, Leases } from '../store.ts'
import type { Mongo } from './mongo.ts'
import { duplicateKey } from './mongo-error.ts'

/**
 * Leases and cursors. A lease's document holds its cursors too, so checking the lease and saving a cursor is one write.
 * Saving throws YiwangError LEASE_LOST when another holder has taken the lease.
 */
export function mongoLeases(mongo: Mongo): Leases {
  return {
    acquire: (name, token, ttlMs, now) =>
      mongo.use(async () => {
        // All work begins here.
        await mongo.assertVersion()
        return acquire(mongo, name, token, now + ttlMs, now)
      }),
    renew: ({ name, token }, ttlMs, now) =>
      mongo.use(async ({ leases }) => {
        const result = await leases.updateOne({ _id: name, token }, { $set: { expiresAt: now + ttlMs } })
        return result.matchedCount > 0
      }),
    release: ({ name, token }) =>
      mongo.use(async ({ leases }) => {
        await leases.updateOne({ _id: name, token }, { $set: { token: null, expiresAt: 0 } })
      }),
    cursor: (sourceId) =>
      mongo.use(async ({ leases }) => {
        const key = cursorKey(sourceId)
        const doc = await leases.findOne({ [`cursors.${key}`]: { $exists: true } }).lean()
        const text = doc?.cursors?.[key]
        return text === undefined ? null : (JSON.parse(text) as Cursor)
      }),
    saveCursor: (sourceId, cursor, { name, token }) =>
      mongo.use(async ({ leases }) => {
        const path = `cursors.${cursorKey(sourceId)}`
        const update = { $set: { [path]: JSON.stringify(cursor) } }
        const result = await leases.updateOne({ _id: name, token }, update)
        if (result.matchedCount === 0) throw new YiwangError('LEASE_LOST', { lease: name })
        const elsewhere = { _id: { $ne: name }, [path]: { $exists: true } }
        await leases.updateMany(elsewhere, { $unset: { [path]: 1 } })
      }),
  }
}

/** @throws YiwangError LEASE_LOST unless the lease is still this token's. */
export async function assertHeld(mongo: Mongo, { name, token }: Lease): Promise<void> {
  const held = await mongo.models.leases.findOne({ _id: name, token }, { _id: 1 }).lean()
  if (!held) throw new YiwangError('LEASE_LOST', { lease: name })
}

async function acquire(
  mongo: Mongo,
  name: string,
  token: string,
  expiresAt: number,
  now: number,
): Promise<Lease | null> {
  const ended = [{ expiresAt: { $lte: now } }, { expiresAt: { $gt: latest(now) } }]
  try {
    const before = await mongo.models.leases
      .findOneAndUpdate(
        { _id: name, $or: [{ token }, { token: null }, ...ended] },
        { $set: { token, expiresAt } },
        { upsert: true, returnDocument: 'before' },
      )
      .lean()
    const takenOver = before !== null && before.token !== null && before.token !== token
    return { name, token, takenOver }
  } catch (error) {
    // Nothing matched, so it tried to insert a lease that is there: another token holds it.
    if (duplicateKey(error)) return null
    throw error
  }
}

function cursorKey(sourceId: string): string {
  return Buffer.from(sourceId).toString('base64url')
}
