import type { TermStatistics, TermWrite } from '../store.ts'
import type { Mongo } from './mongo.ts'
import { duplicateKey } from './mongo-error.ts'

/** Keeps term statistics. The ids of what a base has replaced stay, so that no repetition comes in again. */
export async function writeTerms(mongo: Mongo, terms: TermWrite | null): Promise<void> {
  if (terms === null) return
  const { id, base, addition } = terms
  const n = await mongo.reserve('terms', 1)
  try {
    await mongo.models.terms.create({ _id: id, n, base: buffer(base), addition: buffer(addition) })
  } catch (error) {
    if (duplicateKey(error)) return
    throw error
  }
  if (base === null) return
  // Only to save space: reading begins at the latest base.
  await mongo.models.terms.updateMany({ n: { $lt: n } }, { $set: { base: null, addition: null } })
}

/** See Store.termStatistics. */
export async function termStatistics(mongo: Mongo): Promise<TermStatistics> {
  const { terms } = mongo.models
  const base = await terms
    .findOne({ base: { $ne: null } })
    .sort({ n: -1 })
    .lean()
  const since = base === null ? {} : { n: { $gte: base.n } }
  const docs = await terms
    .find({ addition: { $ne: null }, ...since }, { addition: 1 })
    .sort({ n: 1 })
    .lean()
  return {
    base: bytes(base?.base),
    additions: docs.flatMap(({ addition }) => bytes(addition) ?? []),
  }
}

function buffer(of: Uint8Array | null): Buffer | null {
  return of === null ? null : Buffer.from(of.buffer, of.byteOffset, of.byteLength)
}

function bytes(of: Buffer | null | undefined): Uint8Array | null {
  return of ? new Uint8Array(of.buffer, of.byteOffset, of.byteLength) : null
}
