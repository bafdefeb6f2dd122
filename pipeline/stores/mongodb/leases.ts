import { YiwangError } from '../../../config/errors.ts'
import type { Cursor } from '../../../connectors/connector.ts'
import { longestMs } from '../latest.ts'
import type { LastPull, Lease, Leases } from '../store.ts'
import type { Mongo } from './mongo.ts'
import { duplicateKey } from './mongo-error.ts'

/**
 * Leases, last pulls and cursors. A lease's document holds the others too, so checking the lease and saving is one write.
 * Saving a cursor throws YiwangError LEASE_LOST when another holder has taken the lease.
 */
export function mongoLeases(mongo: Mongo): Leases {
  return {
    acquire: (name, token, ttlMs) =>
      mongo.use(async () => {
        // All work begins here.
        await mongo.assertVersion()
        return acquire(mongo, name, token, ttlMs)
      }),
    renew: ({ name, token }, ttlMs) =>
      mongo.use(async ({ leases }) => {
        const update = [{ $set: { expiresAt: { $add: [now, ttlMs] } } }]
        const result = await leases.updateOne({ _id: name, token }, update, { updatePipeline: true })
        return result.matchedCount > 0
      }),
    release: ({ name, token }, pull) =>
      mongo.use(async ({ leases }) => {
        const ended =
          pull === undefined ? {} : { lastPull: { sourceId: pull.sourceId, text: JSON.stringify(pull) } }
        await leases.updateOne({ _id: name, token }, { $set: { token: null, expiresAt: 0, ...ended } })
      }),
    lastPulls: (sourceIds) =>
      mongo.use(async ({ leases }) => {
        const found = { 'lastPull.sourceId': { $in: [...sourceIds] } }
        const docs = await leases.find(found, { lastPull: 1 }).lean()
        const pulls = docs.flatMap(({ lastPull }) => lastPull ?? [])
        return new Map(pulls.map(({ sourceId, text }) => [sourceId, JSON.parse(text) as LastPull]))
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

/** By the clock of the server, since those of the machines may differ; a number, as leases of earlier releases have it. */
const now = { $toLong: '$$NOW' }

/** In one update of the document, so that of many who ask at once one gets it. */
async function acquire(mongo: Mongo, name: string, token: string, ttlMs: number): Promise<Lease | null> {
  const leftOver = { $not: [{ $in: [{ $ifNull: ['$token', null] }, { $literal: [null, token] }] }] }
  const ended = [{ $lte: ['$expiresAt', now] }, { $gt: ['$expiresAt', { $add: [now, longestMs] }] }]
  const free = { $or: [{ $not: [leftOver] }, ...ended] }
  const whereFree = (value: unknown, field: string) => ({ $cond: [free, value, field] })
  const set = {
    token: whereFree({ $literal: token }, '$token'),
    expiresAt: whereFree({ $add: [now, ttlMs] }, '$expiresAt'),
    takenOver: whereFree(leftOver, '$takenOver'),
  }
  const options = { upsert: true, updatePipeline: true, returnDocument: 'after' } as const
  try {
    const doc = await mongo.models.leases.findOneAndUpdate({ _id: name }, [{ $set: set }], options).lean()
    return doc?.token === token ? { name, token, takenOver: doc.takenOver === true } : null
  } catch (error) {
    // Of two who ask for the first time at once, the other has got it.
    if (duplicateKey(error)) return null
    throw error
  }
}

function cursorKey(sourceId: string): string {
  return Buffer.from(sourceId).toString('base64url')
}
