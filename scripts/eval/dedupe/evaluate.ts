import type { Verdict } from '../../cli/tune/pipeline-run.ts'
import { type EvalRow, isLabelled } from '../../cli/tune/rows.ts'
import { type Score, scoreTask, type Tables } from '../../cli/tune/score.ts'
import { type Clusters, clustersOf, type Task, taskRows, tasks } from '../../cli/tune/tasks.ts'
import { plainText } from './baselines/grams.ts'
import { minhashClusters } from './baselines/minhash.ts'
import { simhashClusters } from './baselines/simhash.ts'
import { TfIdf } from './baselines/tfidf.ts'
import { floors } from './floors.ts'
import { missedPairs, type WorstPair, wrongPairs } from './worst-pairs.ts'

/** Pairs shown each way. */
const worstShown = 20

export interface TaskResult extends Tables {
  /** Places in the file; `value` is the verdict's score. */
  readonly worstWrong: readonly WorstPair[]
  /** `value` is the tf-idf cosine. */
  readonly worstMissed: readonly WorstPair[]
  readonly baselines: Readonly<Record<string, Score>>
}

export interface Evaluation {
  readonly rows: number
  readonly labelled: number
  readonly tasks: Readonly<Record<Task, TaskResult>>
}

/** Scores verdicts against the gold labels, beside the three baselines on the same rows. */
export function evaluate(rows: readonly EvalRow[], verdicts: ReadonlyMap<string, Verdict>): Evaluation {
  const texts = rows.map(plainText)
  const tfidf = new TfIdf(texts)
  const baselines = {
    'simhash-64 ≤ 3': simhashClusters(texts),
    'minhash-128 ≥ 0.5': minhashClusters(texts),
    'tf-idf ≥ 0.2': tfidf.clusters(),
  }
  const resultOf = (task: Task) => taskResult(task, rows, verdicts, baselines, tfidf)
  return {
    rows: rows.length,
    labelled: rows.filter(isLabelled).length,
    tasks: { duplicate: resultOf('duplicate'), incident: resultOf('incident') },
  }
}

function taskResult(
  task: Task,
  rows: readonly EvalRow[],
  verdicts: ReadonlyMap<string, Verdict>,
  baselines: Readonly<Record<string, Clusters>>,
  tfidf: TfIdf,
): TaskResult {
  const { judged, places } = taskRows(task, rows, clustersOf(task, rows, verdicts))
  const placeOf = (index: number) => places[index] ?? index
  const scoreOf = (index: number) => verdicts.get(rows[placeOf(index)]?.id ?? '')?.score ?? 0
  const similarity = (a: number, b: number) => tfidf.similarity(placeOf(a), placeOf(b))
  const placed = ({ earlier, later, value }: WorstPair) => ({
    earlier: placeOf(earlier),
    later: placeOf(later),
    value,
  })
  const scores = Object.entries(baselines).map(([name, clusters]) => {
    return [name, scoreTask(taskRows(task, rows, clusters).judged).score] as const
  })
  return {
    ...scoreTask(judged),
    worstWrong: wrongPairs(judged, scoreOf, worstShown).map(placed),
    worstMissed: missedPairs(judged, similarity, worstShown).map(placed),
    baselines: Object.fromEntries(scores),
  }
}

/** What falls short of the floors, in words; empty when nothing does. */
export function shortfalls({ tasks: results }: Evaluation): readonly string[] {
  return tasks.flatMap((task) => {
    const { score } = results[task]
    return (['precision', 'recall'] as const).flatMap((measure) => {
      const reached = score[measure] ?? 0
      const floor = floors[task][measure]
      return reached >= floor ? [] : [`${task} ${measure} ${reached.toFixed(4)} is below ${floor}`]
    })
  })
}
