import type { Command } from 'commander'
import { scheduledSources } from '../../../pipeline/schedules.ts'
import type { Cli, GlobalOptions } from '../cli.ts'

/** `yiwang run`: schedules, drain and relay until it is stopped. */
export function addRun(program: Command, cli: Cli): void {
  program
    .command('run')
    .description(cli.say('runSummary'))
    .action((_own: unknown, command: Command) => run(cli, command.optsWithGlobals<GlobalOptions>()))
}

async function run(cli: Cli, options: GlobalOptions): Promise<void> {
  cli.runsUntilStopped = true
  await cli.withApp(options, async (app) => {
    const scheduled = scheduledSources(app.settings)
    cli.note('running', { sources: scheduled.length, path: cli.shortPath(app.settings.path) })
    const others = app.settings.sources.filter((source) => source.enabled && !scheduled.includes(source))
    if (others.length > 0) cli.note('runNotScheduled', { sources: others.map(({ id }) => id).join(', ') })
    await app.run(cli.context.signal)
    cli.note('stopped')
  })
}
