import type { Candidate } from '../../../dedupe/decision.ts'
import type { Ticket } from '../../../normalizers/ticket.ts'
import { countLinks, linksAmong } from '../link-counts.ts'
import type { Ledger, LinkCounts, LinkWrite, PendingItem } from '../store.ts'
import { readItem } from './archive.ts'
import type { LargeBodies } from './bodies.ts'
import { commitTo } from './commit.ts'
import type { Mongo } from './mongo.ts'

/** The work list and what the drain looks up; what it writes is in commit.ts. */
export function mongoLedger(mongo: Mongo, bodies: LargeBodies): Ledger {
  return {
    pending: (limit, maxBytes, now) => mongo.use(() => pending(mongo, bodies, limit, maxBytes, now)),
    pendingCount: () => mongo.use(({ items }) => items.countDocuments({ pendingSeq: { $gt: 0 } })),
    postpone: (seq, retryAt) =>
      mongo.use(async ({ items }) => {
        await items.updateOne({ pendingSeq: seq }, { $inc: { attempts: 1 }, $set: { retryAt } })
      }),
    tickets: (ids) =>
      mongo.use(async ({ tickets }) => {
        const docs = await tickets.find({ _id: { $in: [...ids] } }, { text: 1 }).lean()
        return new Map(docs.map(({ _id, text }) => [_id, JSON.parse(text) as Ticket]))
      }),
    ticketsByThread: (sourceId, keys) => mongo.use(() => ticketsByThread(mongo, sourceId, keys)),
    linkCounts: (masterIds, adding) => mongo.use(() => linkCounts(mongo, masterIds, adding)),
    candidates: (keys, since, until, limit) => mongo.use(() => candidates(mongo, keys, since, until, limit)),
    commit: (commit, lease, decidedAt) => mongo.use(() => commitTo(mongo, commit, lease, decidedAt)),
  }
}

async function pending(
  mongo: Mongo,
  bodies: LargeBodies,
  limit: number,
  maxBytes: number,
  now: number,
): Promise<PendingItem[]> {
  const cursor = mongo.models.items
    .find({ pendingSeq: { $gt: 0 }, retryAt: { $lte: now } })
    .sort({ pendingSeq: 1 })
    .limit(limit)
    .lean()
    .cursor({ batchSize: Math.min(limit, 200) })
  const items: PendingItem[] = []
  let bytes = 0
  for await (const doc of cursor) {
    if (items.length > 0 && bytes + doc.bytes > maxBytes) break
    bytes += doc.bytes
    items.push({ ...(await readItem(doc, bodies)), seq: doc.seq, attempts: doc.attempts })
  }
  return items
}

/** Of two tickets with one key the older one is meant. */
async function ticketsByThread(mongo: Mongo, sourceId: string, keys: readonly string[]) {
  const filter = { sourceId, threadKeys: { $in: [...keys] } }
  const docs = await mongo.models.tickets.find(filter, { threadKeys: 1 }).sort({ n: -1 }).lean()
  const asked = new Set(keys)
  const found = new Map<string, string>()
  for (const { _id, threadKeys } of docs)
    for (const key of threadKeys) if (asked.has(key)) found.set(key, _id)
  return found
}

async function linkCounts(
  mongo: Mongo,
  masterIds: readonly string[],
  adding: readonly LinkWrite[],
): Promise<Map<string, LinkCounts>> {
  const moving = new Set(adding.map(({ ticketId }) => ticketId))
  const filter = { 'link.masterId': { $in: [...masterIds] } }
  const docs = await mongo.models.tickets.find(filter, { link: 1 }).lean()
  const linked = docs.flatMap(({ _id, link }) =>
    link && !moving.has(_id) ? [{ ticketId: _id, ...link, reporterKey: link.reporterKey ?? null }] : [],
  )
  return new Map(
    masterIds.map((masterId) => [
      masterId,
      countLinks([...linked.filter((link) => link.masterId === masterId), ...linksAmong(adding, masterId)]),
    ]),
  )
}

async function candidates(
  mongo: Mongo,
  keys: readonly string[],
  since: number,
  until: number,
  limit: number,
): Promise<Candidate[]> {
  const fields = { sourceId: 1, channel: 1, reporterKey: 1, at: 1, masterId: 1, matchKeys: 1, n: 1 } as const
  const inWindow = { at: { $gte: since, $lte: until } }
  // Most keys have no hit, so one query finds those that have before any is looked up by itself.
  const hit = await mongo.models.tickets.distinct('matchKeys', { matchKeys: { $in: [...keys] }, ...inWindow })
  const withHits = [...new Set(keys)].filter((key) => hit.includes(key))
  const found = new Map<string, Candidate>()
  for (const key of withHits) {
    const docs = await mongo.models.tickets
      .find({ matchKeys: key, ...inWindow }, fields)
      .sort({ at: 1, n: 1 })
      .limit(limit)
      .lean()
    for (const doc of docs)
      found.set(doc._id, {
        ticketId: doc._id,
        sourceId: doc.sourceId,
        channel: doc.channel,
        reporterKey: doc.reporterKey,
        at: doc.at,
        masterId: doc.masterId,
        keys: [...(found.get(doc._id)?.keys ?? []), key],
      })
  }
  return [...found.values()].sort((a, b) => a.at - b.at || (a.ticketId < b.ticketId ? -1 : 1))
}
