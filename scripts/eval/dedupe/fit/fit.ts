import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { describeError, toYiwangError, YiwangError } from '../../../../config/errors.ts'
import { localeOf } from '../../../../config/locale.ts'
import { errnoOf } from '../../../../connectors/errno.ts'
import type { Question } from '../../../../dedupe/score.ts'
import { type EvalRow, readRows } from '../../../cli/tune/rows.ts'
import { readArguments } from '../../../read-arguments.ts'
import { caseFiles, furtherFiles } from '../case-files.ts'
import { pseudoRandom } from '../pseudo-random.ts'
import { withVersions } from '../versions.ts'
import { fitModel, type ModelOptions } from './model.ts'
import { countsOf } from './pairs.ts'
import { meanOf, printedWeights, type WeightsFile, weightsOf } from './printed-weights.ts'
import { type Example, judgedExamples, madeExamples } from './training.ts'

/** Small by what is lost on a file that was left out of the fit, and large enough for the floors on the cases. */
const options: Readonly<Record<Question, ModelOptions>> = {
  duplicate: { ridge: 30, trees: 300, depth: 5, rate: 0.05, penalty: 5, leastCurvature: 1 },
  incident: { ridge: 30, trees: 300, depth: 5, rate: 0.05, penalty: 8, leastCurvature: 1 },
}
/** The cases have a floor, and are the most carefully judged. */
const caseWeights: Readonly<Record<Question, number>> = { duplicate: 10, incident: 15 }
const furtherWeight = 2
/** Many, and made by program. */
const versionWeight = 0.3

/** Reports of one city, and how much their pairs count for each question. */
interface City {
  readonly rows: readonly EvalRow[]
  readonly weights: Readonly<Record<Question, number>>
  /** Whether every report is labelled, so that versions of them can be told from other reports. */
  readonly isWhole: boolean
}

/**
 * npm run fit:dedupe -- [FILE…] [--with WEIGHTS.json] [--out WEIGHTS.json]
 * Fits dedupe/weights.json to the repository's cases, to `further`, and to more labelled files of their form; a file
 * that is given twice counts twice. With --with it writes the mean of the fit and earlier weights.
 */
async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    allowPositionals: true,
    options: {
      with: { type: 'string' },
      out: { type: 'string', default: join(import.meta.dirname, '../../../../dedupe/weights.json') },
    },
  })
  const earlier = values.with === undefined ? null : await weightsIn(values.with)
  const cities = await citiesOf(positionals)
  const examples = await examplesOf(cities)
  const fitted = (question: Question) => {
    const all = examples.map(({ weights, ...example }) => ({
      ...example,
      weight: example.weight * weights[question],
    }))
    const weights = weightsOf(fitModel(question, all, options[question]))
    return earlier === null ? weights : meanOf(weights, earlier[question])
  }
  await writeFile(
    values.out,
    printedWeights({ duplicate: fitted('duplicate'), incident: fitted('incident') }),
  )
  process.stderr.write(`${values.out}: fitted to ${examples.length} pairs\n`)
}

const OfQuestion = z.object({
  intercept: z.number(),
  features: z.record(z.string(), z.number()),
  trees: z.array(z.any()),
})
const Earlier = z.object({ duplicate: OfQuestion, incident: OfQuestion })

/** Read before the fit, which takes minutes. @throws YiwangError PATH_UNREADABLE */
async function weightsIn(path: string): Promise<WeightsFile> {
  try {
    return Earlier.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (thrown) {
    const isRead = thrown instanceof SyntaxError || thrown instanceof z.ZodError
    const reason = isRead ? 'it holds no weights' : errnoOf(thrown)
    throw new YiwangError('PATH_UNREADABLE', { path, reason }, thrown)
  }
}

async function citiesOf(given: readonly string[]): Promise<readonly City[]> {
  const both = (weight: number) => ({ duplicate: weight, incident: weight })
  const cases: City = { rows: await readRows(await caseFiles()), weights: caseWeights, isWhole: true }
  const cityIn = async (file: string, kind: Omit<City, 'rows'>): Promise<City> => {
    return { rows: await readRows([file]), ...kind }
  }
  const further = (await furtherFiles()).map((file) =>
    cityIn(file, { weights: both(furtherWeight), isWhole: true }),
  )
  const others = given.map((file) => cityIn(file, { weights: both(1), isWhole: false }))
  return [cases, ...(await Promise.all([...further, ...others]))]
}

/**
 * The pairs of each city, twice: as in a store that has only its reports, and as in one that has those of all other
 * cities already, where everyday words are known as such.
 */
async function examplesOf(cities: readonly City[]) {
  const counts = await Promise.all(cities.map(({ rows }) => countsOf(rows)))
  const random = pseudoRandom(1)
  const found: (Example & Pick<City, 'weights'>)[] = []
  for (const [at, { rows, weights, isWhole }] of cities.entries()) {
    for (const before of [[], counts.toSpliced(at, 1)]) {
      const versions = isWhole ? await judgedExamples(withVersions(rows).rows, before) : []
      const examples = [
        ...(await judgedExamples(rows, before)),
        ...(await madeExamples(rows, before, random)),
        ...times(versionWeight, versions),
      ]
      for (const example of times(1 / 2, examples)) found.push({ ...example, weights })
    }
  }
  return found
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
