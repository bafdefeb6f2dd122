import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeError, toYiwangError } from '../../../../config/errors.ts'
import { localeOf } from '../../../../config/locale.ts'
import type { Question } from '../../../../dedupe/score.ts'
import { readRows } from '../../../cli/tune/rows.ts'
import { caseFiles } from '../case-files.ts'
import { fitModel, type ModelOptions } from './model.ts'
import { printedWeights } from './printed-weights.ts'
import { type Example, judgedExamples, madeExamples } from './training.ts'

const questions = ['duplicate', 'incident'] as const

const options: Readonly<Record<Question, ModelOptions>> = {
  duplicate: { ridge: 30, trees: 200, depth: 4, rate: 0.2, penalty: 3, leastCurvature: 1 },
  incident: { ridge: 30, trees: 500, depth: 5, rate: 0.2, penalty: 3, leastCurvature: 1 },
}

/**
 * npm run fit:dedupe -- [FILE…] [--out WEIGHTS.json]
 * Fits dedupe/weights.json to the repository's cases and further labelled files of the evaluation's form.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: join(import.meta.dirname, '../../../../dedupe/weights.json') },
    },
  })
  const random = pseudoRandom(1)
  const examples: Example[] = []
  for (const files of [await caseFiles(), ...positionals.map((file) => [file])]) {
    const rows = await readRows(files)
    examples.push(...(await judgedExamples(rows)), ...(await madeExamples(rows, random)))
  }
  const models = questions.map(
    (question) => [question, fitModel(question, examples, options[question])] as const,
  )
  await writeFile(values.out, printedWeights(new Map(models)))
  process.stderr.write(`${values.out}: fitted to ${examples.length} pairs\n`)
}

/** The same numbers at every run (a linear congruential generator, after ISO C's example). */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x80000000
  }
}

try {
  await main()
} catch (thrown) {
  const { code, details } = toYiwangError(thrown)
  process.stderr.write(`${describeError(code, details, localeOf(process.env))}\n`)
  process.exitCode = 2
}
