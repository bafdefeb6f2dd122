import type { Channel } from '../../../normalizers/ticket.ts'
import type { DatedTicket, Incident, IncidentCounts } from '../store.ts'
import type { Mongo } from './mongo.ts'

interface Grouped {
  readonly _id: string
  readonly firstAt: number
  readonly lastAt: number
  readonly reports: number
  readonly reporters: readonly (string | null)[]
  readonly channels: readonly Channel[]
}

/** Counts of these incidents as if `adding` were written already. */
export async function incidentCounts(
  mongo: Mongo,
  ids: readonly string[],
  adding: readonly DatedTicket[],
): Promise<Map<string, IncidentCounts>> {
  if (ids.length === 0) return new Map()
  const written = new Map(adding.map((write) => [write.ticket.id, write]))
  const stored = await mongo.models.tickets.aggregate<Grouped>([
    { $match: { incidentId: { $in: [...new Set(ids)] }, _id: { $nin: [...written.keys()] } } },
    {
      $group: {
        _id: '$incidentId',
        ...{ firstAt: { $min: '$at' }, lastAt: { $max: '$at' }, reports: { $sum: 1 } },
        ...{ reporters: { $addToSet: '$reporterKey' }, channels: { $addToSet: '$channel' } },
      },
    },
  ])
  const joining = [...written.values()].flatMap((write) => groupOf(write) ?? [])
  const groups = Map.groupBy([...stored, ...joining], ({ _id }) => _id)
  return new Map(
    [...new Set(ids)].flatMap((id) => {
      const group = groups.get(id)
      return group === undefined ? [] : [[id, countsOf(group)] as const]
    }),
  )
}

/** A ticket as a group of one; null where it belongs to no incident. */
function groupOf({ ticket, at }: DatedTicket): Grouped | null {
  const { dedupe, reporter, channel } = ticket
  if (dedupe.incidentId === null) return null
  const counts = { firstAt: at, lastAt: at, reports: 1, reporters: [reporter.key], channels: [channel] }
  return { _id: dedupe.incidentId, ...counts }
}

function countsOf(groups: readonly Grouped[]): IncidentCounts {
  const reporters = new Set(groups.flatMap((group) => group.reporters))
  reporters.delete(null)
  return {
    firstAt: groups.reduce((first, group) => Math.min(first, group.firstAt), Number.POSITIVE_INFINITY),
    lastAt: groups.reduce((last, group) => Math.max(last, group.lastAt), Number.NEGATIVE_INFINITY),
    reports: groups.reduce((sum, group) => sum + group.reports, 0),
    reporters: reporters.size,
    channels: [...new Set(groups.flatMap((group) => group.channels))].sort(),
  }
}

/** See Store.incidentMembers. */
export async function incidentMembers(mongo: Mongo, id: string, limit: number): Promise<string[]> {
  const docs = await mongo.models.tickets
    .find({ incidentId: id }, { _id: 1 })
    .sort({ at: -1, n: -1 })
    .limit(limit)
    .lean()
  return docs.map(({ _id }) => _id)
}

/** See Store.findIncidents. */
export async function findIncidents(mongo: Mongo, since: number, limit: number): Promise<Incident[]> {
  const filter = { at: { $gte: since }, incidentId: { $ne: null } }
  const ids = await mongo.models.tickets.distinct('incidentId', filter)
  const counts = await incidentCounts(mongo, ids.map(String), [])
  return [...counts]
    .map(([id, each]) => ({ id, ...each }))
    .sort((a, b) => b.reports - a.reports || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}
