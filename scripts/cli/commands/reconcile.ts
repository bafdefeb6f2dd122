import type { Command } from 'commander'
import { toYiwangError } from '../../../config/errors.ts'
import type { App, ReconcileReport } from '../../../pipeline/app.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { chosenSources, errorJson } from '../report.ts'

/** `yiwang reconcile`: recount each source against the archive, and the archive against its outcomes. */
export function addReconcile(program: Command, cli: Cli): void {
  program
    .command('reconcile')
    .description(cli.say('reconcileSummary'))
    .argument('[source...]', cli.say('sourceArgument'))
    .option('--json', cli.say('jsonOption'))
    .action((names: string[], _own: unknown, command: Command) =>
      reconcile(cli, names, command.optsWithGlobals<GlobalOptions>()),
    )
}

async function reconcile(cli: Cli, names: readonly string[], options: GlobalOptions): Promise<void> {
  const json = options.json === true
  await cli.withApp(options, async (app) => {
    const reports: object[] = []
    for (const sourceId of chosenSources(app, names))
      reports.push(await reconcileOne(cli, app, sourceId, json))
    if (json) cli.json({ sources: reports })
  })
}

async function reconcileOne(cli: Cli, app: App, sourceId: string, json: boolean): Promise<object> {
  try {
    const report = await cli.watched((progress) =>
      app.reconcile(sourceId, cli.context.signal, (counts) =>
        progress.show(() => cli.say('reconcileProgress', { source: sourceId, ...counts })),
      ),
    )
    if (!report.ok) cli.exitCode = 1
    if (!json) say(cli, report)
    return { ...report, error: null }
  } catch (thrown) {
    const error = toYiwangError(thrown)
    cli.exitCode = 1
    cli.err(`${sourceId}: ${cli.describe(error)}`)
    return { sourceId, ok: false, error: errorJson(error, cli) }
  }
}

function say(
  cli: Cli,
  { sourceId, atSource, archived, missing, missingCount, tally, ok }: ReconcileReport,
): void {
  const { day: _day, sourceId: _id, ...counts } = tally
  cli.out(
    cli.say(ok ? 'reconciled' : 'reconcileGap', {
      source: sourceId,
      atSource,
      archived,
      missing: missingCount,
    }),
  )
  if (archived > tally.seen) cli.out(cli.say('repeatedAtSource', { count: archived - tally.seen }))
  cli.out(cli.say('books', counts))
  for (const locator of missing) cli.out(`  ${locator}`)
  if (missingCount > missing.length) cli.out(`  … ${missingCount - missing.length}`)
}
