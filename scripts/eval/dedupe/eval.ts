import { realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../../config/clock.ts'
import { describeError, toYiwangError, YiwangError } from '../../../config/errors.ts'
import { localeOf } from '../../../config/locale.ts'
import { errnoOf } from '../../../connectors/errno.ts'
import { withTemporaryFolder } from '../../../pipeline/temporary-folder.ts'
import { localDetails } from '../../cli/known-words.ts'
import { type PipelineRun, runThroughPipeline } from '../../cli/tune/pipeline-run.ts'
import { type EvalRow, readRows, type UnreadTime } from '../../cli/tune/rows.ts'
import { readArguments } from '../../read-arguments.ts'
import { caseFiles } from './case-files.ts'
import { evaluate, shortfalls } from './evaluate.ts'
import { asJson, printed, printedVersions, verdictLines } from './print.ts'
import { countFound, withVersions } from './versions.ts'

/** So many reports go through before the clock starts, a short file several times: the first ones of a process are slow. */
const warmUpRows = 12_000
/** Each time with a store of its own, of which a file of a few reports would otherwise open thousands. */
const mostWarmUps = 30
const warningsShown = 5

/**
 * npm run eval:dedupe -- [FILE] [--json] [--verdicts OUT.jsonl] [--versions]
 * Without a file: the repository's cases, with floors that fail. With --versions each report comes a second time in
 * another version, and these are counted.
 */
async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      verdicts: { type: 'string' },
      versions: { type: 'boolean', default: false },
    },
  })
  const unread: UnreadTime[] = []
  const files = positionals.length === 0 ? await caseFiles() : positionals
  const given = await readRows(files, (time) => unread.push(time))
  warn(unread)
  // Said before a long run, not after it; what stands in the file stays until then.
  if (values.verdicts !== undefined) await prepare(values.verdicts, files)
  const { rows, made } = values.versions ? withVersions(given) : { rows: given, made: [] }
  const { verdicts, decisionsPerSecond } = await withTemporaryFolder('eval', (dir) => measured(rows, dir))
  if (values.verdicts !== undefined) await write(values.verdicts, verdictLines(rows, verdicts))
  const evaluation = evaluate(rows, verdicts)
  const versions = values.versions ? countFound(made, verdicts) : undefined
  const answer = values.json
    ? `${asJson(evaluation, decisionsPerSecond, versions)}\n`
    : printed(evaluation, rows, decisionsPerSecond) + (versions ? printedVersions(versions) : '')
  process.stdout.write(answer)
  if (positionals.length === 0 && !values.versions) fail(shortfalls(evaluation))
}

/** A run after the warm-ups. A signal ends it by `exit`, at which the folder goes; by itself it would leave the folder. */
async function measured(rows: readonly EvalRow[], dir: string): Promise<PipelineRun> {
  const stops = { SIGINT: () => process.exit(130), SIGTERM: () => process.exit(143) }
  for (const [name, stop] of Object.entries(stops)) process.once(name, stop)
  try {
    const warmUps = rows.length === 0 ? 0 : Math.min(mostWarmUps, Math.ceil(warmUpRows / rows.length))
    for (let warm = 0; warm < warmUps; warm += 1)
      await runThroughPipeline(rows.slice(0, warmUpRows), {
        dir: join(dir, `warm-up-${warm}`),
        clock: systemClock,
      })
    return await runThroughPipeline(rows, { dir: join(dir, 'run'), clock: systemClock })
  } finally {
    for (const [name, stop] of Object.entries(stops)) process.off(name, stop)
  }
}

/** A time that cannot be read does not stop a long file, and is not silent. */
function warn(unread: readonly UnreadTime[]): void {
  for (const { file, line, text } of unread.slice(0, warningsShown))
    process.stderr.write(`${file}, line ${line}: submittedAt "${text}" cannot be read, taken as not known\n`)
  const more = unread.length - warningsShown
  if (more > 0) process.stderr.write(`and ${more} more times that cannot be read\n`)
}

/** Labels made by hand are not written over. */
async function prepare(path: string, files: readonly string[]): Promise<void> {
  await write(path, '', 'a')
  // A pipe has no path of its own.
  const [real, ...read] = await Promise.all([path, ...files].map((each) => realpath(each).catch(() => each)))
  if (real !== undefined && real !== '/dev/null' && read.includes(real))
    throw new YiwangError('PATH_NOT_WRITTEN', { path, reason: 'the reports are read from it' })
}

async function write(path: string, text: string, flag: 'a' | 'w' = 'w'): Promise<void> {
  try {
    await writeFile(path, text, { flag })
  } catch (thrown) {
    throw new YiwangError('PATH_NOT_WRITTEN', { path, reason: errnoOf(thrown) }, thrown)
  }
}

function fail(reasons: readonly string[]): void {
  for (const reason of reasons) process.stderr.write(`floor not reached: ${reason}\n`)
  if (reasons.length > 0) process.exitCode = 1
}

try {
  await main()
} catch (thrown) {
  const { code, details } = toYiwangError(thrown)
  const locale = localeOf(process.env)
  process.stderr.write(`${describeError(code, localDetails(details, locale), locale)}\n`)
  process.exitCode = 2
}
