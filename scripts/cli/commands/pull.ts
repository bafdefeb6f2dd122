import type { Command } from 'commander'
import { alarmOf } from '../../../pipeline/silence.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { collectAndReport } from '../collecting.ts'
import { chosenSources, sayOutdated } from '../report.ts'

/** `yiwang pull`: read, archive, make tickets, publish; once. `--all` and `--once` say what it does anyway. */
export function addPull(program: Command, cli: Cli): void {
  program
    .command('pull')
    .description(cli.say('pullSummary'))
    .argument('[source...]', cli.say('sourceArgument'))
    .option('--all', cli.say('allOption'))
    .option('--once', cli.say('onceOption'))
    .option('--json', cli.say('jsonOption'))
    .action((names: string[], _own: unknown, command: Command) =>
      pull(cli, names, command.optsWithGlobals<GlobalOptions>()),
    )
}

async function pull(cli: Cli, names: readonly string[], options: GlobalOptions): Promise<void> {
  cli.takesIn = true
  await cli.withApp(options, async (app) => {
    const targets = chosenSources(app, names).map((sourceId) => ({ sourceId }))
    await collectAndReport(cli, app, targets, options.json === true)
    sayOutdated(cli, await app.outdatedIndex())
    for (const { sourceId } of targets) {
      const alarm = alarmOf(await app.silence(sourceId))
      if (alarm !== null) cli.err(cli.describe(alarm))
    }
  })
}
