import type { Ticket } from '../../../normalizers/ticket.ts'
import type { Reading, Tally, TicketQuery } from '../store.ts'
import { findIncidents } from './incidents.ts'
import type { Mongo } from './mongo.ts'

/** What people look at, and what they do with quarantined items. */
export function mongoReading(mongo: Mongo): Reading {
  return {
    ticket: (id) =>
      mongo.use(async ({ tickets }) => {
        const doc = await tickets.findById(id, { text: 1 }).lean()
        return doc ? (JSON.parse(doc.text) as Ticket) : null
      }),
    findTickets: (query) => mongo.use(() => findTickets(mongo, query)),
    findIncidents: ({ since, limit }) => mongo.use(() => findIncidents(mongo, since, limit)),
    tally: (options) => mongo.use(() => tally(mongo, options)),
    quarantined: (options) => mongo.use(() => quarantined(mongo, options)),
    redrive: (rawIds) => mongo.use(() => redrive(mongo, rawIds)),
    discard: (rawIds, detail) =>
      mongo.use(async ({ items }) => {
        const result = await items.updateMany(
          { _id: { $in: [...rawIds] }, 'outcome.kind': 'quarantined' },
          {
            $set: {
              'outcome.kind': 'skipped',
              'outcome.reason': 'discarded',
              'outcome.details': JSON.stringify({ detail }),
            },
          },
        )
        return result.modifiedCount
      }),
  }
}

/** Newest first. */
async function findTickets(mongo: Mongo, query: TicketQuery): Promise<Ticket[]> {
  const { since, until, limit, ...equal } = query
  const window = {
    ...(since === undefined ? {} : { $gte: since }),
    ...(until === undefined ? {} : { $lte: until }),
  }
  const docs = await mongo.models.tickets
    .find({ ...equal, ...(Object.keys(window).length > 0 ? { at: window } : {}) }, { text: 1 })
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .lean()
  return docs.map(({ text }) => JSON.parse(text) as Ticket)
}

interface Counted {
  readonly _id: { readonly sourceId: string; readonly day: string | null }
  readonly count: number
}

/** Three counts of their own, so that an item which is neither pending nor decided shows as a gap. */
async function tally(mongo: Mongo, options: Parameters<Reading['tally']>[0]): Promise<Tally[]> {
  const source = options.sourceId === undefined ? {} : { sourceId: options.sourceId }
  const count = (filter: Readonly<Record<string, unknown>>) =>
    mongo.models.items.aggregate<Counted>([
      { $match: { ...source, ...filter } },
      { $group: { _id: { sourceId: '$sourceId', day: options.byDay ? '$day' : null }, count: { $sum: 1 } } },
    ])
  const rows = new Map<string, Tally>()
  const add = (what: Exclude<keyof Tally, 'sourceId' | 'day'>, counted: readonly Counted[]) => {
    for (const { _id, count } of counted) {
      const key = JSON.stringify([_id.sourceId, _id.day])
      rows.set(key, { ...(rows.get(key) ?? emptyTally(_id.sourceId, _id.day)), [what]: count })
    }
  }
  add('seen', await count({}))
  for (const kind of ['ticketed', 'linked', 'quarantined', 'skipped'] as const)
    add(kind, await count({ 'outcome.kind': kind }))
  add('pending', await count({ pendingSeq: { $gt: 0 } }))
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function emptyTally(sourceId: string, day: string | null): Tally {
  return { sourceId, day, seen: 0, ticketed: 0, linked: 0, quarantined: 0, skipped: 0, pending: 0 }
}

/** Oldest first. */
async function quarantined(mongo: Mongo, options: Parameters<Reading['quarantined']>[0]) {
  const filter = {
    'outcome.kind': 'quarantined' as const,
    ...(options.sourceId === undefined ? {} : { sourceId: options.sourceId }),
    ...(options.code === undefined ? {} : { 'outcome.reason': options.code }),
  }
  const fields = { sourceId: 1, externalId: 1, archivedAt: 1, outcome: 1 } as const
  const docs = await mongo.models.items.find(filter, fields).sort({ seq: 1 }).limit(options.limit).lean()
  return docs.map((doc) => ({
    rawId: doc._id,
    sourceId: doc.sourceId,
    externalId: doc.externalId,
    archivedAt: doc.archivedAt,
    code: doc.outcome?.reason ?? '',
    details: JSON.parse(doc.outcome?.details ?? '{}') as Readonly<Record<string, string | number>>,
  }))
}

async function redrive(mongo: Mongo, rawIds: readonly string[]): Promise<number> {
  const filter = { _id: { $in: [...rawIds] }, 'outcome.kind': 'quarantined' as const }
  const docs = await mongo.models.items.find(filter, { seq: 1 }).lean()
  if (docs.length === 0) return 0
  const result = await mongo.models.items.bulkWrite(
    docs.map(({ _id, seq }) => ({
      updateOne: {
        filter: { _id, 'outcome.kind': 'quarantined' as const },
        update: { $set: { pendingSeq: seq, attempts: 0, retryAt: 0 }, $unset: { outcome: 1 as const } },
      },
    })),
    { ordered: false },
  )
  return result.modifiedCount
}
