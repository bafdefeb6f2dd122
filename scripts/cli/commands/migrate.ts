import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import type { Cli, GlobalOptions } from '../cli.ts'
import { sayOutdated } from '../report.ts'

/** `yiwang migrate`: create or upgrade the store's tables and indexes. */
export function addMigrate(program: Command, cli: Cli): void {
  program
    .command('migrate')
    .description(cli.say('migrateSummary'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => migrate(cli, command.optsWithGlobals<GlobalOptions>()))
}

async function migrate(cli: Cli, options: GlobalOptions): Promise<void> {
  const settings = await cli.settings(options)
  const { outdatedIndex } = await import('../../../pipeline/index-form.ts')
  const { openStore } = await import('../../../pipeline/stores/open-store.ts')
  const store = await openStore(settings, { randomBytes })
  try {
    const steps = await cli.watched((progress) => {
      progress.show(() => cli.say('migrating'))
      return store.migrate()
    })
    sayOutdated(cli, await outdatedIndex(store, settings.dedupe))
    if (options.json === true) return cli.json({ store: store.url, steps })
    for (const step of steps) cli.out(step)
    if (steps.length === 0) cli.out(cli.say('migrated', { url: store.url }))
  } finally {
    await store.close()
  }
}
