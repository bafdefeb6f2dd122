import type { Command } from 'commander'
import type { Cli, GlobalOptions } from '../cli.ts'
import { collectAndReport } from '../collecting.ts'

/** `yiwang republish`: publish again what downstream has not got and Redis no longer has. */
export function addRepublish(program: Command, cli: Cli): void {
  program
    .command('republish')
    .description(cli.say('republishSummary'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => republish(cli, command.optsWithGlobals<GlobalOptions>()))
}

async function republish(cli: Cli, options: GlobalOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const requeued = await cli.watched((progress) =>
      app.republish(cli.context.signal, (counts) =>
        progress.show(() => cli.say('republishProgress', { ...counts })),
      ),
    )
    cli.note('requeued', { requeued })
    const { left } = await collectAndReport(cli, app, [], options.json === true)
    if (left > 0) cli.exitCode = 1
  })
}
