import { type Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import type { DedupeSettings } from '../../../dedupe/decision.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import type { Task } from '../labelled/tasks.ts'
import type { Proposal, Trial } from '../labelled/thresholds.ts'
import type { Tuning } from '../labelled/tune.ts'
import { textTable } from '../text-table.ts'

interface TuneOptions extends GlobalOptions {
  readonly duplicatePrecision: number
  readonly incidentPrecision: number
}

/** Fewer pairs than this say little. */
const enoughPairs = 30

/** `yiwang dedupe tune`: proposes thresholds from reports that a person has labelled. */
export function addDedupeTune(dedupe: Command, cli: Cli): void {
  dedupe
    .command('tune')
    .description(cli.say('tuneSummary'))
    .argument('<file>', cli.say('labelledArgument'))
    .option('--duplicate-precision <share>', cli.say('duplicatePrecisionOption'), share, 0.99)
    .option('--incident-precision <share>', cli.say('incidentPrecisionOption'), share, 0.95)
    .option('--json', cli.say('jsonOption'))
    .action((file: string, _own: unknown, command: Command) =>
      tuneBy(cli, file, command.optsWithGlobals<TuneOptions>()),
    )
}

function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('0 < share <= 1')
  return value
}

async function tuneBy(cli: Cli, file: string, options: TuneOptions): Promise<void> {
  const [{ readRows }, { tune }] = await Promise.all([
    import('../labelled/rows.ts'),
    import('../labelled/tune.ts'),
  ])
  const settings = await settingsNow(cli, options)
  const rows = await readRows([cli.resolve(file)])
  const progress = cli.progress()
  const tuned = await tune(rows, {
    settings,
    precision: { duplicate: options.duplicatePrecision, incident: options.incidentPrecision },
    clock: systemClock,
    signal: cli.context.signal,
    onProgress: (count) => progress.show(() => cli.say('tuning', { ...count })),
  })
  progress.clear()
  if (options.json === true) return cli.json({ reports: rows.length, ...tuned })
  for (const task of ['duplicate', 'incident'] as const) show(task, tuned[task], settings, cli)
  cli.out('dedupe:')
  for (const task of ['duplicate', 'incident'] as const) {
    const { link, review } = tuned[task].proposal ?? settings[task]
    cli.out(`  ${task}: { link: ${link}, review: ${review} }`)
  }
}

/** Those of the configuration; without one, those of a configuration that says nothing of repeats. */
async function settingsNow(cli: Cli, options: GlobalOptions): Promise<DedupeSettings> {
  try {
    return (await cli.settings(options)).dedupe
  } catch (thrown) {
    const isMissing = thrown instanceof YiwangError && thrown.code === 'CONFIG_NOT_FOUND'
    if (!isMissing || options.config !== undefined) throw thrown
    return (await import('../../../config/schema.ts')).defaultDedupe
  }
}

function show(task: Task, { pairs, trials, proposal }: Tuning, settings: DedupeSettings, cli: Cli): void {
  cli.out(cli.say(task === 'duplicate' ? 'tunedDuplicates' : 'tunedIncidents', { pairs }))
  const head = (
    ['tuneLink', 'tuneFound', 'tuneRight', 'tuneWrong', 'tunePrecision', 'tuneRecall'] as const
  ).map((key) => cli.say(key))
  const rows = trials.map((trial) => [...cells(trial), mark(trial, proposal, settings[task].link, cli)])
  for (const line of textTable([[...head, ''], ...rows], cli.context.columns)) cli.out(line)
  if (proposal === null) cli.out(cli.say('tuneNothing'))
  else if (!proposal.reached) cli.out(cli.say('tuneNotReached'))
  if (proposal?.interval) {
    const [low, high] = proposal.interval.map(percent)
    cli.out(cli.say('tuneInterval', { low: low ?? '', high: high ?? '' }))
  }
  if (pairs < enoughPairs) cli.out(cli.say('tuneFewPairs', { pairs }))
  cli.out('')
}

function cells({ link, found, true: right, wrong, precision, recall }: Trial): readonly string[] {
  return [link.toFixed(2), String(found), String(right), String(wrong), percent(precision), percent(recall)]
}

function mark({ link }: Trial, proposal: Proposal | null, now: number, cli: Cli): string {
  const marks = [link === proposal?.link ? 'tuneProposed' : null, link === now ? 'tuneNow' : null] as const
  return marks.map((key) => (key === null ? '' : cli.say(key))).join(' ')
}

function percent(part: number | null | undefined): string {
  return part === null || part === undefined ? '–' : `${(part * 100).toFixed(1)} %`
}
