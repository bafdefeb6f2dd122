import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import type { DedupeSettings } from '../../../dedupe/decision.ts'
import { runThroughPipeline, type Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import { type Task, tasks } from './tasks.ts'
import { type Proposal, proposed, reviewOf, suggestionsOf, type Trial, trialOf } from './thresholds.ts'

/** From here on scores are tried; below it most of what is linked is wrong. */
const lowestTried = 0.3
const step = 0.05
/** Low enough to see all suggestions. */
const leastReview = 0.05

/** What was tried for one question, and what follows. */
export interface Tuning {
  /** Pairs of reports that belong together. */
  readonly pairs: number
  /** In ascending order of `link`; the settings as they are are among them. */
  readonly trials: readonly Trial[]
  /** Null where no threshold found anything. */
  readonly proposal: Proposal | null
}

export interface TuneOptions {
  readonly settings: DedupeSettings
  /** The precision wanted for each question, in [0, 1]. */
  readonly precision: Readonly<Record<Task, number>>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress: (progress: { readonly done: number; readonly all: number }) => void
}

/**
 * Runs labelled reports through the program at one threshold after the other, first for repeats, then for incidents
 * with the proposal for repeats, and proposes what reaches the precision that is wanted.
 * @throws YiwangError STOPPED
 */
export async function tune(
  rows: readonly EvalRow[],
  options: TuneOptions,
): Promise<Readonly<Record<Task, Tuning>>> {
  const work = new TuningWork(rows, options)
  const duplicate = await work.of('duplicate', options.settings)
  const link = duplicate.proposal ?? options.settings.duplicate
  const settled = { ...options.settings, duplicate: { link: link.link, review: link.review } }
  return { duplicate, incident: await work.of('incident', settled) }
}

class TuningWork {
  private readonly rows: readonly EvalRow[]
  private readonly options: TuneOptions
  private done = 0

  constructor(rows: readonly EvalRow[], options: TuneOptions) {
    this.rows = rows
    this.options = options
  }

  async of(task: Task, settings: DedupeSettings): Promise<Tuning> {
    const { precision, settings: given } = this.options
    const links = linksTried(given[task].link)
    const runs = new Map<number, ReadonlyMap<string, Verdict>>()
    for (const link of links) runs.set(link, await this.run(task, link, settings, links.length))
    const trials = [...runs].map(([link, verdicts]) => trialOf(task, link, this.rows, verdicts))
    const proposal = proposed(trials, precision[task])
    const verdicts = proposal && runs.get(proposal.link)
    return {
      pairs: trials[0]?.pairs ?? 0,
      trials,
      proposal: proposal && {
        ...proposal,
        review: reviewOf(suggestionsOf(task, this.rows, verdicts ?? new Map()), proposal.link),
      },
    }
  }

  private async run(task: Task, link: number, settings: DedupeSettings, each: number) {
    if (this.options.signal.aborted) throw new YiwangError('STOPPED', {})
    const dir = await mkdtemp(join(tmpdir(), 'yiwang-tune-'))
    try {
      const dedupe = { ...settings, [task]: { link, review: Math.min(link, leastReview) } }
      const { verdicts } = await runThroughPipeline(this.rows, { dir, clock: this.options.clock, dedupe })
      this.done += 1
      this.options.onProgress({ done: this.done, all: each * tasks.length })
      return verdicts
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }
}

function linksTried(now: number): readonly number[] {
  const all = new Set([now])
  for (let link = lowestTried; link < 1; link += step) all.add(Math.round(link * 100) / 100)
  return [...all].sort((a, b) => a - b)
}
