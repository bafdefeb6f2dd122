import type { Channel } from '../../../normalizers/ticket.ts'
import type { Incident, IncidentCounts } from '../store.ts'
import type { Mongo } from './mongo.ts'

interface Grouped {
  readonly _id: string
  readonly firstAt: number
  readonly lastAt: number
  readonly reports: number
  readonly reporters: readonly (string | null)[]
  readonly channels: readonly Channel[]
}

/** Counts of these incidents; unknown ones are left out. */
export async function incidentCounts(
  mongo: Mongo,
  ids: readonly string[],
): Promise<Map<string, IncidentCounts>> {
  if (ids.length === 0) return new Map()
  const groups = await mongo.models.tickets.aggregate<Grouped>([
    { $match: { incidentId: { $in: [...new Set(ids)] } } },
    {
      $group: {
        _id: '$incidentId',
        ...{ firstAt: { $min: '$at' }, lastAt: { $max: '$at' }, reports: { $sum: 1 } },
        ...{ reporters: { $addToSet: '$reporterKey' }, channels: { $addToSet: '$channel' } },
      },
    },
  ])
  return new Map(
    groups.map(({ _id, firstAt, lastAt, reports, reporters, channels }) => [
      _id,
      {
        ...{ firstAt, lastAt, reports },
        reporters: reporters.filter((key) => key !== null).length,
        channels: [...channels].sort(),
      },
    ]),
  )
}

export async function incidentMembers(mongo: Mongo, id: string, limit: number): Promise<string[]> {
  const docs = await mongo.models.tickets
    .find({ incidentId: id }, { _id: 1 })
    .sort({ at: -1, n: -1 })
    .limit(limit)
    .lean()
  return docs.map(({ _id }) => _id)
}

export async function findIncidents(mongo: Mongo, since: number, limit: number): Promise<Incident[]> {
  const filter = { at: { $gte: since }, incidentId: { $ne: null } }
  const ids = await mongo.models.tickets.distinct('incidentId', filter)
  const counts = await incidentCounts(mongo, ids.map(String))
  return [...counts]
    .map(([id, each]) => ({ id, ...each }))
    .sort((a, b) => b.reports - a.reports || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}
