import type { Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import type { Judged } from './score.ts'

/** The two questions, measured apart. */
export type Task = 'duplicate' | 'incident'
export const tasks: readonly Task[] = ['duplicate', 'incident']

/** Cluster of each row by its place in the file; null: alone. */
export type Clusters = readonly (string | number | null)[]

/** What a person said of a row to one task; undefined: nothing. */
export function labelOf(task: Task, row: EvalRow): string | null | undefined {
  return task === 'duplicate' ? row.report : row.incident
}

/** Labelled rows as one task scores them, each with its place in the file. */
export interface TaskRows {
  readonly judged: readonly Judged[]
  readonly places: readonly number[]
}

/**
 * Pairs of the same report are scored as `duplicate` only: that two copies of one report are about one incident
 * is no finding, and counting them would flatter the harder task.
 */
export function taskRows(task: Task, rows: readonly EvalRow[], clusters: Clusters): TaskRows {
  const judged: Judged[] = []
  const places: number[] = []
  rows.forEach((row, place) => {
    const gold = labelOf(task, row)
    if (gold === undefined) return
    const { channel, report = null } = row
    const predicted = clusters[place] ?? null
    const apart = task === 'duplicate' ? null : report
    judged.push({ channel, gold, apart, predicted: predicted === null ? null : String(predicted) })
    places.push(place)
  })
  return { judged, places }
}

/** Predicted clusters of a task. A duplicate belongs to its master's incident. */
export function clustersOf(
  task: Task,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
): Clusters {
  const masterOf = (id: string) => verdicts.get(id)?.masterId ?? id
  return rows.map(({ id }) => {
    const master = masterOf(id)
    if (task === 'duplicate') return `report ${master}`
    const incident = verdicts.get(id)?.incidentId ?? verdicts.get(master)?.incidentId ?? null
    return incident === null ? `report ${master}` : `incident ${incident}`
  })
}
