import type { Command } from 'commander'
import type { Tally } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { knownSource } from '../report.ts'
import { textTable } from '../text-table.ts'

interface StatusOptions extends GlobalOptions {
  readonly byDay?: boolean
  readonly source?: string
}

const counts = ['seen', 'ticketed', 'linked', 'quarantined', 'skipped', 'pending'] as const

/** `yiwang status`: the books, per source and on request per day. */
export function addStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .alias('stats')
    .description(cli.say('statusSummary'))
    .option('--by-day', cli.say('byDayOption'))
    .option('--source <id>', cli.say('sourceOption'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => status(cli, command.optsWithGlobals<StatusOptions>()))
}

async function status(cli: Cli, options: StatusOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    if (options.source !== undefined) await knownSource(app, options.source)
    const only = options.source === undefined ? {} : { sourceId: options.source }
    const tallies = await app.store.tally({ byDay: options.byDay === true, ...only })
    const [outbox, pending] = [await app.store.outboxCount(), await app.store.pendingCount()]
    if (options.json === true) return cli.json({ sources: tallies, pending, outbox })
    for (const line of tallyTable(cli, tallies)) cli.out(line)
    cli.out(cli.say('statusWaiting', { pending, outbox }))
  })
}

/** The books as aligned columns, with a sum where there is more than one row. */
function tallyTable(cli: Cli, tallies: readonly Tally[]): readonly string[] {
  const dated = tallies.some(({ day }) => day !== null)
  const row = (source: string, day: string, tally: (count: (typeof counts)[number]) => number) => [
    source,
    ...(dated ? [day] : []),
    ...counts.map((count) => String(tally(count))),
  ]
  const head = [
    cli.say('source'),
    ...(dated ? [cli.say('day')] : []),
    ...counts.map((count) => cli.say(count)),
  ]
  const rows = tallies.map((tally) => row(tally.sourceId, tally.day ?? '', (count) => tally[count]))
  const sum = (count: (typeof counts)[number]) => tallies.reduce((total, tally) => total + tally[count], 0)
  return textTable([head, ...rows, ...(tallies.length > 1 ? [row(cli.say('sum'), '', sum)] : [])])
}
