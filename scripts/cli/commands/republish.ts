import type { Command } from 'commander'
import type { Cli, GlobalOptions } from '../cli.ts'
import { reportCollection } from '../report.ts'

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
    const { signal } = cli.context
    const requeued = await app.republish(signal)
    cli.note('requeued', { requeued })
    const report = await app.collect([], { signal })
    reportCollection(cli, report, options.json === true)
    // Another process that is publishing takes these up.
    if (report.drain !== null && report.relay.waiting > 0) cli.exitCode = 1
  })
}
