import type { Command } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { addTune } from './dedupe-tune.ts'

/** `yiwang dedupe rebuild`: makes the index of repeats anew. */
export function addDedupe(program: Command, cli: Cli): void {
  const dedupe = program.command('dedupe').description(cli.say('dedupeSummary'))
  dedupe
    .command('rebuild')
    .description(cli.say('rebuildSummary'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => rebuild(cli, command.optsWithGlobals<GlobalOptions>()))
  addTune(dedupe, cli)
}

async function rebuild(cli: Cli, options: GlobalOptions): Promise<void> {
  await cli.withApp(options, async ({ store, settings }) => {
    const { rebuildIndex } = await import('../../../pipeline/rebuild.ts')
    const tallies = await store.tally({ byDay: false })
    const all = tallies.reduce((sum, { ticketed, linked }) => sum + ticketed + linked, 0)
    const progress = cli.progress()
    const tickets = await rebuildIndex(store, settings, {
      clock: systemClock,
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
