import { waitingAgain } from '../outbox-entry.ts'
import type { Outbox, OutboxEntry, OutboxKey, Publication } from '../store.ts'
import { storedText } from '../stored-ticket.ts'
import type { TicketDoc } from './models.ts'
import type { Mongo } from './mongo.ts'

const utf8 = new TextEncoder()

/** Ticket revisions on their way to the queue: flags of the ticket's own document. */
export function mongoOutbox(mongo: Mongo): Outbox {
  const waiting = { outboxN: { $gt: 0 } }
  return {
    outbox: (limit, { skip = 0, maxBytes = Infinity } = {}) =>
      mongo.use(async ({ tickets }) => {
        const fields = { outbox: 1, event: 1, text: 1 } as const
        const found = tickets.find(waiting, fields).sort({ outboxN: 1 }).skip(skip).limit(limit).lean()
        await using cursor = found.cursor({ batchSize: limit })
        const entries: OutboxEntry[] = []
        let bytes = 0
        for await (const { _id, outbox, event, text } of cursor) {
          const utf8Text = storedText(utf8.encode(text))
          bytes += utf8Text.byteLength
          if (entries.length > 0 && bytes > maxBytes) break
          if (event !== null) entries.push({ ticketId: _id, revision: outbox, event, text: utf8Text })
        }
        return entries
      }),
    outboxCount: () => mongo.use(({ tickets }) => tickets.countDocuments(waiting)),
    markPublished: (keys, publishedAt) => mongo.use(() => markPublished(mongo, keys, publishedAt)),
    markDelivered: (keys) =>
      update(mongo, keys, ({ ticketId, revision }) => ({
        filter: { _id: ticketId },
        update: { $max: { delivered: revision } },
      })),
    publications: (ticketIds) => mongo.use(() => publications(mongo, ticketIds)),
    undelivered: (after, limit) => mongo.use(() => undelivered(mongo, after, limit)),
    requeue: (keys) => mongo.use(() => requeue(mongo, keys)),
  }
}

interface Update {
  readonly filter: Readonly<Record<string, unknown>>
  readonly update: Readonly<Record<string, unknown>>
}

async function update(
  mongo: Mongo,
  keys: readonly OutboxKey[],
  write: (key: OutboxKey) => Update,
): Promise<void> {
  if (keys.length === 0) return
  await mongo.use(({ tickets }) =>
    tickets.bulkWrite(
      keys.map((key) => ({ updateOne: write(key) })),
      { ordered: false },
    ),
  )
}

/** One atomic update for each ticket: a revision committed at the same moment comes before all of it, or after. */
async function markPublished(mongo: Mongo, keys: readonly OutboxKey[], publishedAt: string): Promise<void> {
  if (keys.length === 0) return
  const writes = keys.map(({ ticketId, revision }) => ({
    updateOne: { filter: { _id: ticketId }, update: [{ $set: afterPublishing(revision, publishedAt) }] },
  }))
  await mongo.connection
    .collection<TicketDoc>(mongo.models.tickets.collection.name)
    .bulkWrite(writes, { ordered: false })
}

function afterPublishing(revision: number, publishedAt: string) {
  const cleared = { $lte: ['$outbox', revision] }
  // A newer revision took the place of the one that went out: downstream has the ticket, so it is an update, or the
  // link event that came after it.
  const later = { $cond: [{ $gt: ['$linkRevision', revision] }, '$linkEvent', 'ticket.updated'] }
  return {
    published: { $max: ['$published', revision] },
    publishedAt,
    outbox: { $cond: [cleared, 0, '$outbox'] },
    outboxN: { $cond: [cleared, '$$REMOVE', '$outboxN'] },
    event: { $cond: [cleared, '$event', later] },
  }
}

async function publications(
  mongo: Mongo,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, Publication>> {
  const fields = { outbox: 1, published: 1, event: 1, delivered: 1 } as const
  const docs = await mongo.models.tickets.find({ _id: { $in: ticketIds } }, fields).lean()
  return new Map(
    docs.map(({ _id, outbox, published, event, delivered }) => {
      const waiting = outbox > 0
      return [_id, { waiting, published, event: waiting || published === 0 ? null : event, delivered }]
    }),
  )
}

async function undelivered(mongo: Mongo, after: string | null, limit: number) {
  const docs = await mongo.models.tickets
    .find(
      {
        n: { $gt: after === null ? 0 : Number(after) },
        published: { $gt: 0 },
        $expr: { $lt: ['$delivered', '$published'] },
      },
      { n: 1, published: 1 },
    )
    .sort({ n: 1 })
    .limit(limit)
    .lean()
  const last = docs.at(-1)
  return {
    keys: docs.map(({ _id, published }) => ({ ticketId: _id, revision: published })),
    next: last && docs.length === limit ? String(last.n) : null,
  }
}

/** The text that goes out is the stored one, so the revision is the stored one too. */
async function requeue(mongo: Mongo, keys: readonly OutboxKey[]): Promise<void> {
  const fields = { n: 1, revision: 1, outbox: 1, event: 1, delivered: 1, masterId: 1 } as const
  const wanted = new Map(keys.map(({ ticketId, revision }) => [ticketId, revision]))
  const docs = await mongo.models.tickets
    .find({ _id: { $in: [...wanted.keys()] }, event: { $ne: null } }, fields)
    .lean()
  const writes = docs.flatMap(({ _id, n, revision, outbox, event, delivered, masterId }) => {
    const published = wanted.get(_id)
    if (event === null || published === undefined || delivered >= published) return []
    const again = waitingAgain({ event, delivered, masterId }, revision)
    const set = { outbox: revision, outboxN: n, ...again, ...(delivered === 0 ? { published: 0 } : {}) }
    // Of a ticket that begins anew so does the revision that waits, if one does.
    const waiting = delivered === 0 ? outbox : 0
    return [
      {
        updateOne: {
          filter: { _id, published, outbox: waiting, revision, delivered },
          update: { $set: set },
        },
      },
    ]
  })
  if (writes.length > 0) await mongo.models.tickets.bulkWrite(writes, { ordered: false })
}
