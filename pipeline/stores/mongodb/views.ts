import type { ArrivalDay, OutcomeKind, QuarantineCount, Tally, TicketQuery, Views } from '../store.ts'
import { storedTicket } from '../stored-ticket.ts'
import { findIncidents } from './incidents.ts'
import type { Mongo } from './mongo.ts'

/** What people look at, and what they do with quarantined items. */
export function mongoViews(mongo: Mongo): Views {
  return {
    ticket: (id) =>
      mongo.use(async ({ tickets }) => {
        const doc = await tickets.findById(id, { text: 1 }).lean()
        return doc ? storedTicket(doc.text) : null
      }),
    findTickets: (query) =>
      mongo.use(async () =>
        (await found(mongo, query, { _id: 1, text: 1 })).map(({ text }) => storedTicket(text)),
      ),
    findTicketIds: (query) =>
      mongo.use(async () => (await found(mongo, query, { _id: 1 })).map(({ _id }) => _id)),
    findIncidents: ({ since, limit }) => mongo.use(() => findIncidents(mongo, since, limit)),
    tally: (options) => mongo.use(() => tally(mongo, options)),
    arrivalDays: (sourceId, limit) => mongo.use(() => arrivalDays(mongo, sourceId, limit)),
    quarantined: (options) => mongo.use(() => quarantined(mongo, options)),
    quarantineCounts: (options) => mongo.use(() => quarantineCounts(mongo, options)),
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

/** These fields of what a query finds, newest first. */
function found(mongo: Mongo, query: TicketQuery, fields: { readonly text?: 1; readonly _id: 1 }) {
  const { since, until, limit, holding, ...equal } = query
  const held = holding === undefined ? {} : { text: { $regex: holding.replace(/[^\w-]/g, '\\$&') } }
  const window = {
    ...(since === undefined ? {} : { $gte: since }),
    ...(until === undefined ? {} : { $lte: until }),
  }
  return mongo.models.tickets
    .find({ ...equal, ...held, ...(Object.keys(window).length > 0 ? { at: window } : {}) }, fields)
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .lean()
}

interface Counted extends Omit<Tally, 'sourceId' | 'day'> {
  readonly _id: Pick<Tally, 'sourceId' | 'day'>
}

/**
 * In one pass, so that each item counts as it is at one moment; what came of it and whether it is pending by
 * themselves, so that an item which is neither shows as a gap. One index holds all that is asked for: the items
 * themselves, with their bodies, are not read.
 */
async function tally(mongo: Mongo, options: Parameters<Views['tally']>[0]): Promise<Tally[]> {
  const source = { sourceId: options.sourceId ?? { $gt: '' } }
  const became = (kind: OutcomeKind) => ({ $sum: { $cond: [{ $eq: ['$outcome.kind', kind] }, 1, 0] } })
  const counted = await mongo.models.items.aggregate<Counted>([
    { $match: source },
    {
      $group: {
        _id: { sourceId: '$sourceId', day: options.byDay ? '$day' : null },
        seen: { $sum: 1 },
        ...{ ticketed: became('ticketed'), linked: became('linked') },
        ...{ quarantined: became('quarantined'), skipped: became('skipped') },
        pending: { $sum: { $cond: [{ $gt: ['$pendingSeq', 0] }, 1, 0] } },
      },
    },
  ])
  const rows = counted.map(({ _id, ...counts }): [string, Tally] => {
    const { sourceId, day } = _id
    return [JSON.stringify([sourceId, day]), { sourceId, day, ...counts }]
  })
  return rows.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** Newest first, going from day to day by the index: a source may have brought millions of items. */
async function arrivalDays({ models }: Mongo, sourceId: string, limit: number): Promise<ArrivalDay[]> {
  const fields = { day: 1, archivedAt: 1 } as const
  const days: ArrivalDay[] = []
  let filter: { sourceId: string; day?: { $lt: string } } = { sourceId }
  while (days.length < limit) {
    const last = await models.items.findOne(filter, fields).sort({ day: -1, seq: -1 }).lean()
    if (last === null) break
    const { day } = last
    const first = await models.items.findOne({ sourceId, day }, fields).sort({ seq: 1 }).lean()
    days.push({ day, firstAt: first?.archivedAt ?? last.archivedAt, lastAt: last.archivedAt })
    filter = { sourceId, day: { $lt: day } }
  }
  return days
}

/** Oldest first. */
async function quarantined(mongo: Mongo, options: Parameters<Views['quarantined']>[0]) {
  const { after } = options
  const last = after === undefined ? null : await mongo.models.items.findById(after, { seq: 1 }).lean()
  const filter = { ...quarantineFilter(options), ...(last === null ? {} : { seq: { $gt: last.seq } }) }
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

function quarantineFilter({ sourceId, code }: { readonly sourceId?: string; readonly code?: string }) {
  return {
    'outcome.kind': 'quarantined' as const,
    ...(sourceId === undefined ? {} : { sourceId }),
    ...(code === undefined ? {} : { 'outcome.reason': code }),
  }
}

async function quarantineCounts(
  { models }: Mongo,
  options: Parameters<Views['quarantineCounts']>[0],
): Promise<QuarantineCount[]> {
  const counted = await models.items.aggregate<{
    readonly _id: Omit<QuarantineCount, 'count'>
    readonly count: number
  }>([
    { $match: quarantineFilter(options) },
    { $group: { _id: { sourceId: '$sourceId', code: '$outcome.reason' }, count: { $sum: 1 } } },
    { $sort: { count: -1, '_id.sourceId': 1, '_id.code': 1 } },
  ])
  return counted.map(({ _id, count }) => ({ ..._id, count }))
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
