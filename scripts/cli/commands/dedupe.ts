import type { Command } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import type { PlannedChange, Verdict } from '../../../pipeline/plan.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { maskDigits } from '../masking.ts'
import { sinceOf } from '../option-values.ts'
import { reasonText, scoreText } from '../reason-text.ts'
import { sayOutdated } from '../report.ts'
import { addTune } from './dedupe-tune.ts'

interface PlanOptions extends GlobalOptions {
  readonly since: string
}

/** `yiwang dedupe`: makes the index of repeats anew, shows what other settings would change, and proposes some. */
export function addDedupe(program: Command, cli: Cli): void {
  const dedupe = program.command('dedupe').description(cli.say('dedupeSummary'))
  dedupe
    .command('rebuild')
    .description(cli.say('rebuildSummary'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => rebuild(cli, command.optsWithGlobals<GlobalOptions>()))
  dedupe
    .command('plan')
    .description(cli.say('planSummary'))
    .option('--since <time>', cli.say('sinceOption'), '7d')
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => plan(cli, command.optsWithGlobals<PlanOptions>()))
  addTune(dedupe, cli)
}

async function rebuild(cli: Cli, options: GlobalOptions): Promise<void> {
  await cli.withApp(options, async ({ store, settings }) => {
    const { rebuildIndex } = await import('../../../pipeline/rebuild.ts')
    const tallies = await store.tally({ byDay: false })
    const all = tallies.reduce((sum, { ticketed, linked }) => sum + ticketed + linked, 0)
    const progress = cli.progress()
    const tickets = await rebuildIndex(store, settings, {
      signal: cli.context.signal,
      onProgress: ({ step, tickets: count }) =>
        progress.show(() =>
          step === 'counting'
            ? cli.say('rebuildCounting', { tickets: count })
            : cli.say('rebuildIndexing', { tickets: count, all }),
        ),
    })
    progress.clear()
    if (options.json === true) return cli.json({ tickets })
    cli.out(cli.say('rebuilt', { tickets }))
  })
}

async function plan(cli: Cli, options: PlanOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const { store, settings } = app
    const { planDecisions } = await import('../../../pipeline/plan.ts')
    const since = sinceOf(options.since, settings.timeZone, systemClock())
    const progress = cli.progress()
    const { judged, byPerson, changes } = await planDecisions(store, settings.dedupe, {
      since,
      signal: cli.context.signal,
      onProgress: (count) => progress.show(() => cli.say('planJudging', { ...count })),
    })
    progress.clear()
    // Earlier tickets are found by the keys that they have.
    sayOutdated(cli, await app.outdatedIndex())
    if (options.json === true)
      return cli.json({ since: new Date(since).toISOString(), judged, byPerson, changes })
    for (const change of changes) for (const line of changeLines(change, cli)) cli.out(line)
    cli.note('planned', { judged, byPerson, changes: changes.length })
    if (changes.length > 0) cli.note('planWeights')
  })
}

function changeLines({ ticketId, before, after }: PlannedChange, cli: Cli): readonly string[] {
  const value = `${verdictText(before, cli)} → ${verdictText(after, cli)}`
  const line = cli.say('field', { name: ticketId, value })
  const reasons = after.suggestion?.reasons ?? after.reasons
  return reasons.length === 0 ? [line] : [line, `  ${maskDigits(reasonText(reasons, cli.locale))}`]
}

function verdictText({ verdict, masterId, incidentId, score, suggestion }: Verdict, cli: Cli): string {
  const { ticketId, verdict: other } = suggestion ?? {}
  const scored = score ?? suggestion?.score
  return [
    cli.say(`verdict_${verdict}`),
    masterId,
    incidentId,
    scored === undefined ? null : scoreText(scored),
    other === undefined
      ? null
      : cli.say('planSuggestion', { verdict: cli.say(`verdict_${other}`), ticket: ticketId ?? '' }),
  ]
    .filter((part) => part !== null && part !== undefined)
    .join(' ')
}
