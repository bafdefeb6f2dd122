import type { Thresholds } from '../../../dedupe/decision.ts'
import type { Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import { scoreTask } from './score.ts'
import { clustersOf, type Task, taskRows } from './tasks.ts'

/** What came of one threshold. */
export interface Trial {
  readonly link: number
  /** Pairs that belong together. */
  readonly pairs: number
  readonly found: number
  readonly true: number
  readonly wrong: number
  /** Null where nothing was found. */
  readonly precision: number | null
  readonly recall: number | null
}

export interface Proposal extends Thresholds {
  readonly trial: Trial
  /** Whether the precision that was asked for is reached. */
  readonly reached: boolean
  /** Precision lies within, at 95 %; null where nothing was found. */
  readonly interval: readonly [low: number, high: number] | null
}

/** A ticket that a person would be asked about. */
export interface Suggestion {
  readonly score: number
  readonly right: boolean
}

/** A suggestion is worth a person's look while one in so many is right. */
const suggestionsPerRight = 3

export function trialOf(
  task: Task,
  link: number,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
): Trial {
  const { score } = scoreTask(taskRows(task, rows, clustersOf(task, rows, verdicts)).judged)
  const { pairs, found, true: right, wrong, precision, recall } = score
  return { link, pairs, found, true: right, wrong, precision, recall }
}

/**
 * Of the thresholds that reach the precision, the one that finds most, and of those that find as much the most
 * careful; where none does, the one that comes nearest. `review` is the caller's to set (see {@link reviewOf}); here
 * it is `link`.
 */
export function proposed(trials: readonly Trial[], precision: number): Proposal | null {
  const known = trials.filter((trial) => trial.precision !== null)
  const reaching = known.filter((trial) => (trial.precision ?? 0) >= precision)
  const best =
    reaching.toSorted((a, b) => b.true - a.true || b.link - a.link)[0] ??
    known.toSorted((a, b) => (b.precision ?? 0) - (a.precision ?? 0) || a.link - b.link)[0]
  if (best === undefined) return null
  return {
    ...{ link: best.link, review: best.link, trial: best },
    reached: reaching.length > 0,
    interval: wilson(best.true, best.found),
  }
}

/** What verdicts would ask a person about, and whether the answer is yes. */
export function suggestionsOf(
  task: Task,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly Suggestion[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const asked = task === 'duplicate' ? 'duplicate' : 'related'
  return rows.flatMap((row) => {
    const { suggestion = null } = verdicts.get(row.id) ?? {}
    const other = suggestion && byId.get(suggestion.ticketId)
    if (suggestion?.verdict !== asked || !other) return []
    const label = task === 'duplicate' ? 'report' : 'incident'
    const right = (row[label] ?? null) !== null && row[label] === other[label]
    return [{ score: suggestion.score, right }]
  })
}

/** The lowest score at which, of all suggestions from there up to `link`, a third are right. */
export function reviewOf(suggestions: readonly Suggestion[], link: number): number {
  let [asked, right, review] = [0, 0, link]
  for (const one of suggestions.toSorted((a, b) => b.score - a.score)) {
    if (one.score >= link) continue
    asked += 1
    if (one.right) right += 1
    if (one.right && right * suggestionsPerRight >= asked) review = one.score
  }
  return Math.floor(review * 100) / 100
}

/** Wilson's score interval of a share, at 95 % (Wilson 1927). Null of nothing. */
export function wilson(part: number, whole: number): readonly [low: number, high: number] | null {
  if (whole === 0) return null
  const z = 1.96
  const share = part / whole
  const middle = share + (z * z) / (2 * whole)
  const spread = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole))
  const scale = 1 + (z * z) / whole
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)]
}
