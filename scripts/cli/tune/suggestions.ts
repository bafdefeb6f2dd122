import type { Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import { clustersOf, labelOf, type Task, taskRows } from './tasks.ts'

/** A suggestion between two labelled reports. */
export interface JudgedSuggestion {
  readonly score: number
  readonly right: boolean
}

const verdictOf = { duplicate: 'duplicate', incident: 'related' } as const

/** What a person would be asked about one question. As in the scores, copies of one report are no incident. */
export function judgedSuggestions(
  task: Task,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly JudgedSuggestion[] {
  const labelled = new Map(rows.filter((row) => labelOf(task, row) !== undefined).map((row) => [row.id, row]))
  return [...labelled.values()].flatMap((row) => {
    const suggestion = verdicts.get(row.id)?.suggestion ?? null
    const other = labelled.get(suggestion?.ticketId ?? '')
    if (suggestion === null || suggestion.verdict !== verdictOf[task] || other === undefined) return []
    const sameReport = isSame(row.report, other.report)
    if (task === 'duplicate') return [{ score: suggestion.score, right: sameReport }]
    return sameReport ? [] : [{ score: suggestion.score, right: isSame(row.incident, other.incident) }]
  })
}

function isSame(one: string | null | undefined, other: string | null | undefined): boolean {
  return typeof one === 'string' && one === other
}

/** How many reports belong to an earlier one and were put together with none of those. */
export function reportsLeft(
  task: Task,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
): number {
  const { judged } = taskRows(task, rows, clustersOf(task, rows, verdicts))
  const groups = Map.groupBy(
    judged.filter(({ gold }) => gold !== null),
    ({ gold }) => gold,
  )
  let left = 0
  for (const members of groups.values()) {
    members.forEach((row, at) => {
      const partners = members.slice(0, at).filter(({ apart }) => apart === null || apart !== row.apart)
      if (partners.length > 0 && partners.every(({ predicted }) => predicted !== row.predicted)) left += 1
    })
  }
  return left
}
