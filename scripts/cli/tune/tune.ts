import type { DedupeSettings, ThresholdSettings } from '../../../config/settings.ts'
import { mostFinding, mostPrecise, type Outcome } from './choosing.ts'
import type { Verdict } from './pipeline-run.ts'
import { type EvalRow, isLabelled } from './rows.ts'
import { type PairScore, scoreTask } from './score.ts'
import { judgedSuggestions, reportsLeft } from './suggestions.ts'
import { clustersOf, type Task, taskRows } from './tasks.ts'

/** Besides the current setting. Finer steps would follow the chance of one file. */
const linksTried = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98]
const reviewsTried = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
const leastReview = 0.05
/** A suggestion costs a person a look: so many of them are right, or they are not read any more. */
const wantedOfSuggestions = 1 / 3

/** What came of one `link`, in pairs of labelled reports. */
export type LinkOutcome = Outcome & PairScore

/** What came of one `review`, in suggestions between labelled reports. */
export type ReviewOutcome = Outcome

/** One question: what each threshold gives, and which suit. */
export interface QuestionTuning {
  readonly current: ThresholdSettings
  /** Labelled pairs that belong together, and the groups that they stand in. */
  readonly pairs: number
  readonly groups: number
  readonly wantedPrecision: number
  /** In rising order; empty where no two reports belong together. */
  readonly links: readonly LinkOutcome[]
  /** At the proposed `link`, below which a person is asked. */
  readonly reviews: readonly ReviewOutcome[]
  /** Reports that belong to an earlier one, and are linked to none such at the proposed `link`. */
  readonly left: number
  /** Null where nothing can be said. */
  readonly proposed: Proposal | null
}

/** Thresholds for one question. */
export interface Proposal extends ThresholdSettings {
  /** Whether `link` reaches the wanted precision; else it is the one of the best. */
  readonly linkReached: boolean
  /** Whether enough suggestions from `review` on are right; else it is the current one, at most `link`. */
  readonly reviewReached: boolean
}

export interface Tuning {
  readonly rows: number
  readonly labelled: number
  /** Rows that made no ticket: without text, say. */
  readonly withoutTicket: number
  readonly questions: Readonly<Record<Task, QuestionTuning>>
}

export interface TuneOptions {
  /** Where to begin: windows and the current thresholds. */
  readonly dedupe: DedupeSettings
  readonly wantedPrecision: Readonly<Record<Task, number>>
  /** Lets all rows through the program with these settings. */
  readonly run: (dedupe: DedupeSettings) => Promise<ReadonlyMap<string, Verdict>>
}

/** How many runs a tuning takes at most. */
export function runsOf(dedupe: DedupeSettings): number {
  return (
    withCurrent(linksTried, dedupe.duplicate.link).length +
    withCurrent(linksTried, dedupe.incident.link).length
  )
}

/**
 * Tries thresholds on labelled rows, one question after the other: incidents are looked for at what is proposed for
 * duplicates, because a report that is linked to its master is asked about no incident. Duplicates do not depend on
 * the thresholds of incidents.
 */
export async function tune(rows: readonly EvalRow[], options: TuneOptions): Promise<Tuning> {
  const { dedupe, run, wantedPrecision } = options
  let last: ReadonlyMap<string, Verdict> = new Map()
  const keeping = async (settings: DedupeSettings) => {
    last = await run(settings)
    return last
  }
  const duplicate = await tuneQuestion('duplicate', rows, dedupe, wantedPrecision.duplicate, keeping)
  const { link, review } = duplicate.proposed ?? dedupe.duplicate
  const settled = { ...dedupe, duplicate: { link, review } }
  const incident = await tuneQuestion('incident', rows, settled, wantedPrecision.incident, keeping)
  return {
    rows: rows.length,
    labelled: rows.filter(isLabelled).length,
    withoutTicket: [...last.values()].filter(({ verdict }) => verdict === null).length,
    questions: { duplicate, incident },
  }
}

async function tuneQuestion(
  task: Task,
  rows: readonly EvalRow[],
  dedupe: DedupeSettings,
  wantedPrecision: number,
  run: TuneOptions['run'],
): Promise<QuestionTuning> {
  const current = dedupe[task]
  const known = { current, wantedPrecision, ...labelsOf(task, rows) }
  const tried: Tried[] = []
  if (known.pairs > 0) {
    for (const threshold of withCurrent(linksTried, current.link)) {
      // Who is asked changes nothing of what is linked: the suggestions of all thresholds come of one run.
      const verdicts = await run({ ...dedupe, [task]: { link: threshold, review: leastReview } })
      tried.push({ threshold, ...scoreOf(task, rows, verdicts), verdicts })
    }
  }
  const links = tried.map(({ verdicts: _, ...outcome }) => outcome)
  const reaching = mostFinding(tried, wantedPrecision, current.link)
  const chosen = reaching ?? mostPrecise(tried, current.link)
  if (chosen === null) return { ...known, links, reviews: [], left: 0, proposed: null }
  const link = chosen.threshold
  const reviews = reviewOutcomes(task, rows, chosen.verdicts, { link, review: current.review })
  const review = mostFinding(reviews, wantedOfSuggestions, current.review)
  return {
    ...{ ...known, links, reviews },
    left: reportsLeft(task, rows, chosen.verdicts),
    proposed: {
      link,
      review: review?.threshold ?? Math.min(current.review, link),
      linkReached: reaching !== null,
      reviewReached: review !== null,
    },
  }
}

type Tried = LinkOutcome & { readonly verdicts: ReadonlyMap<string, Verdict> }

function scoreOf(task: Task, rows: readonly EvalRow[], verdicts: ReadonlyMap<string, Verdict>): PairScore {
  const { bcubed: _, ...score } = scoreTask(
    taskRows(task, rows, clustersOf(task, rows, verdicts)).judged,
  ).score
  return score
}

function labelsOf(task: Task, rows: readonly EvalRow[]) {
  const { judged } = taskRows(task, rows, [])
  const { pairs } = scoreTask(judged).score
  const sizes = Map.groupBy(judged, ({ gold }) => gold)
  const groups = [...sizes].filter(([gold, { length }]) => gold !== null && length > 1).length
  return { pairs, groups }
}

function reviewOutcomes(
  task: Task,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
  { link, review }: ThresholdSettings,
): readonly ReviewOutcome[] {
  const suggestions = judgedSuggestions(task, rows, verdicts)
  const below = withCurrent(reviewsTried, review).filter((threshold) => threshold < link)
  return below.map((threshold) => {
    const shown = suggestions.filter(({ score }) => score >= threshold)
    return { threshold, found: shown.length, true: shown.filter(({ right }) => right).length }
  })
}

function withCurrent(tried: readonly number[], current: number): readonly number[] {
  return [...new Set([...tried, current])].toSorted((a, b) => a - b)
}
