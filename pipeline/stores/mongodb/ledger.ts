import { YiwangError } from '../../../config/errors.ts'
import type { Hit, KeyAnswer, KeyAsk, MatchKey } from '../../../dedupe/decision.ts'
import { latest } from '../latest.ts'
import { countLinks, linksAmong } from '../link-counts.ts'
import type { CountedMaster, Ledger, LinkCounts, LinkWrite, PendingItem } from '../store.ts'
import { storedTicket } from '../stored-ticket.ts'
import { readItem } from './archive.ts'
import type { LargeBodies } from './bodies.ts'
import { commitTo } from './commit.ts'
import { incidentCounts, incidentMembers } from './incidents.ts'
import type { ItemDoc } from './models.ts'
import type { Mongo } from './mongo.ts'
import { termStatistics } from './terms.ts'
import { ticketsByThread } from './threads.ts'

/** The work list and what the drain looks up; what it writes is in commit.ts. */
export function mongoLedger(mongo: Mongo, bodies: LargeBodies): Ledger {
  return {
    pending: (limit, maxBytes, now) => mongo.use(() => pending(mongo, bodies, limit, maxBytes, now)),
    pendingCount: () => mongo.use(({ items }) => items.countDocuments({ pendingSeq: { $gt: 0 } })),
    postpone: (seq, attempts, retryAt) =>
      mongo.use(async ({ items }) => {
        await items.updateOne({ pendingSeq: seq }, { $set: { attempts, retryAt } })
      }),
    seqs: (rawIds) =>
      mongo.use(async ({ items }) => {
        const docs = await items.find({ _id: { $in: [...rawIds] } }, { seq: 1 }).lean()
        return new Map(docs.map(({ _id, seq }) => [_id, seq]))
      }),
    tickets: (ids) =>
      mongo.use(async ({ tickets }) => {
        const docs = await tickets.find({ _id: { $in: [...ids] } }, { text: 1 }).lean()
        return new Map(docs.map(({ _id, text }) => [_id, storedTicket(text)]))
      }),
    ticketNumbers: (ids) =>
      mongo.use(async ({ tickets }) => {
        const docs = await tickets.find({ _id: { $in: [...ids] } }, { n: 1 }).lean()
        return new Map(docs.map(({ _id, n }) => [_id, n]))
      }),
    ticketsByNumber: (numbers) =>
      mongo.use(async ({ tickets }) => {
        const docs = await tickets.find({ n: { $in: [...numbers] } }, { n: 1, text: 1 }).lean()
        return new Map(docs.map(({ n, text }) => [n, storedTicket(text)]))
      }),
    ticketsByThread: (sourceId, keys) => mongo.use(() => ticketsByThread(mongo, sourceId, keys)),
    linkCounts: (masters, adding) => mongo.use(() => linkCounts(mongo, masters, adding)),
    incidentCounts: (ids, adding) => mongo.use(() => incidentCounts(mongo, ids, adding)),
    incidentMembers: (id, limit) => mongo.use(() => incidentMembers(mongo, id, limit)),
    termStatistics: () => mongo.use(() => termStatistics(mongo)),
    candidates: (asks) => mongo.use(() => candidates(mongo, asks)),
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
  await using cursor = mongo.models.items
    .find({ pendingSeq: { $gt: 0 }, $or: [{ retryAt: { $lte: now } }, { retryAt: { $gt: latest(now) } }] })
    .sort({ pendingSeq: 1 })
    .limit(limit)
    .lean()
    .cursor({ batchSize: Math.min(limit, 200) })
  const items: PendingItem[] = []
  let bytes = 0
  for await (const doc of cursor) {
    if (items.length > 0 && bytes + doc.bytes > maxBytes) break
    bytes += doc.bytes
    items.push(await readPending(doc, bodies))
  }
  return items
}

/** One item that is damaged keeps no other from its turn. */
async function readPending(doc: ItemDoc, bodies: LargeBodies): Promise<PendingItem> {
  const { seq, attempts } = doc
  try {
    return { ...(await readItem(doc, bodies)), seq, attempts }
  } catch (error) {
    if (!(error instanceof YiwangError) || error.code !== 'ITEM_DAMAGED') throw error
    return { ...(await readItem({ ...doc, body: Buffer.of() }, bodies)), seq, attempts, damage: error }
  }
}

async function linkCounts(
  mongo: Mongo,
  masters: readonly CountedMaster[],
  adding: readonly LinkWrite[],
): Promise<Map<string, LinkCounts>> {
  const moving = new Set(adding.map(({ ticketId }) => ticketId))
  const filter = { 'link.masterId': { $in: masters.map(({ id }) => id) } }
  const docs = await mongo.models.tickets.find(filter, { link: 1 }).lean()
  const linked = docs.flatMap(({ _id, link }) =>
    link && !moving.has(_id) ? [{ ...link, reporterKey: link.reporterKey ?? null }] : [],
  )
  return new Map(
    masters.map(({ id, reporterKey }) => [
      id,
      countLinks([...linked.filter((link) => link.masterId === id), ...linksAmong(adding, id)], reporterKey),
    ]),
  )
}

/** Of one call at most so many queries run at once. */
const queriesAtOnce = 16
/** So many tickets are read to answer all asks of a call at once. */
const ticketsAtOnce = 2_000

/**
 * In one query, as long as few tickets share the keys; else key by key, since thousands may stand under one.
 */
async function candidates(mongo: Mongo, asks: readonly KeyAsk[]): Promise<KeyAnswer[]> {
  if (asks.length === 0) return []
  const keys = [...new Set(asks.map(({ key }) => key))]
  const since = asks.reduce((least, ask) => Math.min(least, ask.since), Number.POSITIVE_INFINITY)
  const until = asks.reduce((most, ask) => Math.max(most, ask.until), Number.NEGATIVE_INFINITY)
  const together = await mongo.models.tickets
    .find({ matchKeys: { $in: keys }, at: within(since, until) }, { matchKeys: 1, at: 1, n: 1 })
    .limit(ticketsAtOnce)
    .lean()
  if (together.length === ticketsAtOnce) return oneByOne(mongo, asks)
  const byKey = new Map<MatchKey, Hit[]>(keys.map((key) => [key, []]))
  for (const ticket of together.sort(newestFirst))
    for (const key of new Set(ticket.matchKeys)) byKey.get(key)?.push(ticket)
  return asks.map((ask) => answerFrom(byKey.get(ask.key) ?? [], ask))
}

function newestFirst(one: Hit, other: Hit): number {
  return other.at - one.at || other.n - one.n
}

/** @param postings newest first */
function answerFrom(postings: readonly Hit[], { since, until, limit }: KeyAsk): KeyAnswer {
  const inside = postings.filter(({ at }) => at >= since && at <= until)
  return {
    hits: inside.slice(0, limit).map(({ n, at }) => ({ n, at })),
    cut: inside.length > limit,
  }
}

async function oneByOne(mongo: Mongo, asks: readonly KeyAsk[]): Promise<KeyAnswer[]> {
  const found = await keysWithTickets(mongo, [...new Set(asks.map(({ key }) => key))])
  const answers: KeyAnswer[] = asks.map(() => ({ hits: [], cut: false }))
  const left = asks.entries().filter(([, { key }]) => found.has(key))
  const work = async () => {
    for (const [index, ask] of left) answers[index] = await answer(mongo, ask)
  }
  await Promise.all(Array.from({ length: queriesAtOnce }, work))
  return answers
}

/**
 * Most keys have no ticket, so those that have are found before any is looked up by itself: in pages, each without
 * the keys of the page before.
 */
async function keysWithTickets(mongo: Mongo, keys: readonly MatchKey[]): Promise<Set<MatchKey>> {
  const page = 1_000
  const found = new Set<MatchKey>()
  let left = keys
  while (left.length > 0) {
    const filter = { matchKeys: { $in: left } }
    const docs = await mongo.models.tickets.find(filter, { matchKeys: 1 }).limit(page).lean()
    for (const { matchKeys } of docs) for (const key of matchKeys) found.add(key)
    left = docs.length < page ? [] : left.filter((key) => !found.has(key))
  }
  return found
}

/** Times are whole milliseconds. SecantusDB takes `$lte` on a middle field of an index as `$lt`. */
function within(since: number, until: number) {
  return { $gte: since, $lt: until + 1 }
}

async function answer(mongo: Mongo, { key, since, until, limit }: KeyAsk): Promise<KeyAnswer> {
  const docs = await mongo.models.tickets
    .find({ matchKeys: key, at: within(since, until) }, { at: 1, n: 1 })
    .sort({ at: -1, n: -1 })
    .limit(limit + 1)
    .lean()
  const hits = docs.slice(0, limit).map(({ n, at }) => ({ n, at }))
  return { hits, cut: docs.length > limit }
}
