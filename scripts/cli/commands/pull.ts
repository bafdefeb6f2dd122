import type { Command } from 'commander'
import type { Cli, GlobalOptions } from '../cli.ts'
import { collectAndReport } from '../collecting.ts'
import { chosenSources } from '../report.ts'

interface PullOptions extends GlobalOptions {
  readonly all?: boolean
}

/** `yiwang pull`: read, archive, make tickets, publish; once. */
export function addPull(program: Command, cli: Cli): void {
  program
    .command('pull')
    .description(cli.say('pullSummary'))
    .argument('[source...]', cli.say('sourceArgument'))
    .option('--all', cli.say('allOption'))
    .option('--once', cli.say('onceOption'))
    .option('--json', cli.say('jsonOption'))
    .action((names: string[], _own: unknown, command: Command) =>
      pull(cli, names, command.optsWithGlobals<PullOptions>()),
    )
}

async function pull(cli: Cli, names: readonly string[], options: PullOptions): Promise<void> {
  if (names.length === 0 && options.all !== true) return cli.fail('nameSources')
  await cli.withApp(options, async (app) => {
    const targets = chosenSources(app, names).map((sourceId) => ({ sourceId }))
    await collectAndReport(cli, app, targets, options.json === true)
  })
}
