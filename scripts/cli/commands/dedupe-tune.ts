import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import type { DedupeSettings } from '../../../config/settings.ts'
import { withTemporaryFolder } from '../../../pipeline/temporary-folder.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import type { EvalRow } from '../tune/rows.ts'
import type { Tuning } from '../tune/tune.ts'

interface TuneOptions extends GlobalOptions {
  readonly duplicatePrecision: number
  readonly incidentPrecision: number
}

/** `yiwang dedupe tune`: thresholds for the configuration, by reports that a person has labelled. */
export function addTune(dedupe: Command, cli: Cli): void {
  dedupe
    .command('tune')
    .description(cli.say('tuneSummary'))
    .argument('<file...>', cli.say('tuneArgument'))
    .option('--duplicate-precision <share>', cli.say('duplicatePrecisionOption'), share, 0.99)
    .option('--incident-precision <share>', cli.say('incidentPrecisionOption'), share, 0.95)
    .option('--json', cli.say('jsonOption'))
    .addHelpText('after', `\n${cli.say('tuneFormat')}`)
    .action((files: string[], _own: unknown, command: Command) =>
      tuneBy(cli, files, command.optsWithGlobals<TuneOptions>()),
    )
}

function share(text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError('0.9, 0.95, 0.99 …')
  return number
}

async function tuneBy(cli: Cli, files: readonly string[], options: TuneOptions): Promise<void> {
  const { readRows } = await import('../tune/rows.ts')
  const { proposedYaml, tuningLines } = await import('../tune/tuning-lines.ts')
  const { dedupe, config } = await settingsOf(cli, options)
  const rows = await readRows(files.map((file) => cli.resolve(file)))
  const tuning = await tuneInFolder(cli, rows, { ...dedupe, similar: true }, options)
  if (Object.values(tuning.questions).every(({ pairs }) => pairs === 0)) {
    throw new YiwangError('EVAL_NO_PAIRS', { file: files.join(', ') })
  }
  if (options.json === true) {
    const { tuningJson } = await import('../tune/tuning-json.ts')
    return cli.json({ config, ...tuningJson(tuning), yaml: proposedYaml(tuning) })
  }
  for (const line of tuningLines(tuning, { config, similar: dedupe.similar }, cli)) cli.out(line)
}

/** Without a configuration, unless one was named, the defaults. */
async function settingsOf(cli: Cli, options: GlobalOptions) {
  try {
    const { dedupe, path } = await cli.settings(options)
    return { dedupe, config: path }
  } catch (thrown) {
    const isNamed = options.config !== undefined || Boolean(cli.context.env.YIWANG_CONFIG)
    if (isNamed || !(thrown instanceof YiwangError) || thrown.code !== 'CONFIG_NOT_FOUND') throw thrown
    const { defaultDedupe } = await import('../../../config/schema.ts')
    return { dedupe: defaultDedupe, config: null }
  }
}

async function tuneInFolder(
  cli: Cli,
  rows: readonly EvalRow[],
  dedupe: DedupeSettings,
  { duplicatePrecision, incidentPrecision }: TuneOptions,
): Promise<Tuning> {
  const { runsOf, tune } = await import('../tune/tune.ts')
  const { runThroughPipeline } = await import('../tune/pipeline-run.ts')
  const { signal } = cli.context
  const progress = cli.progress()
  const all = runsOf(dedupe)
  const wantedPrecision = { duplicate: duplicatePrecision, incident: incidentPrecision }
  return withTemporaryFolder('tune', async (folder) => {
    let run = 0
    const runOnce = async (settings: DedupeSettings) => {
      run += 1
      progress.show(() => cli.say('tuneProgress', { run, all }))
      const dir = join(folder, String(run))
      mkdirSync(dir)
      const { verdicts } = await runThroughPipeline(rows, {
        ...{ dir, clock: systemClock, dedupe: settings, signal },
      })
      rmSync(dir, { recursive: true })
      return verdicts
    }
    return tune(rows, { dedupe, wantedPrecision, run: runOnce })
  }).finally(() => progress.clear())
}
