import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, toYiwangError } from '../../../../config/errors.ts'
import { localeOf } from '../../../../config/locale.ts'
import type { Question } from '../../../../dedupe/score.ts'
import { readRows } from '../../../cli/tune/rows.ts'
import { readArguments } from '../../../read-arguments.ts'
import { caseFiles, furtherFiles } from '../case-files.ts'
import { pseudoRandom } from '../pseudo-random.ts'
import { fitModel, type ModelOptions } from './model.ts'
import { printedWeights } from './printed-weights.ts'
import { type Example, judgedExamples, madeExamples } from './training.ts'

const questions = ['duplicate', 'incident'] as const

/** Small by what is lost on a file that was left out of the fit, and large enough for the floors on the cases. */
const options: Readonly<Record<Question, ModelOptions>> = {
  duplicate: { ridge: 30, trees: 400, depth: 5, rate: 0.05, penalty: 5, leastCurvature: 1 },
  incident: { ridge: 30, trees: 400, depth: 6, rate: 0.06, penalty: 5, leastCurvature: 1 },
}
/** The cases have a floor, and are the most carefully judged. */
const caseWeights: Readonly<Record<Question, number>> = { duplicate: 10, incident: 30 }
/** Files that are given are of real reports, where few belong together, as where the program is used. */
const givenWeight = 2

/**
 * npm run fit:dedupe -- [FILE…] [--out WEIGHTS.json]
 * Fits dedupe/weights.json to the repository's cases, to `further`, and to more labelled files of their form.
 */
async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: join(import.meta.dirname, '../../../../dedupe/weights.json') },
    },
  })
  const random = pseudoRandom(1)
  const examplesOf = async (files: readonly string[]): Promise<readonly Example[]> => {
    const rows = await readRows(files)
    return [...(await judgedExamples(rows)), ...(await madeExamples(rows, random))]
  }
  const cases = await examplesOf(await caseFiles())
  const others: Example[] = []
  for (const file of await furtherFiles()) others.push(...(await examplesOf([file])))
  for (const file of positionals) others.push(...times(givenWeight, await examplesOf([file])))
  const models = questions.map((question) => {
    const all = [...times(caseWeights[question], cases), ...others]
    return [question, fitModel(question, all, options[question])] as const
  })
  await writeFile(values.out, printedWeights(new Map(models)))
  process.stderr.write(`${values.out}: fitted to ${cases.length + others.length} pairs\n`)
}

function times(factor: number, examples: readonly Example[]): readonly Example[] {
  return examples.map((example) => ({ ...example, weight: example.weight * factor }))
}

try {
  await main()
} catch (thrown) {
  const { code, details } = toYiwangError(thrown)
  process.stderr.write(`${describeError(code, details, localeOf(process.env))}\n`)
  process.exitCode = 2
}
