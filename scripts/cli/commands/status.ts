import type { Command } from 'commander'
import type { Tally } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { knownSource, sayOutdated } from '../report.ts'
import { sourceStates, stateCounts, stateJson, stateTable, troubleLines } from '../source-states.ts'
import { textTable } from '../text-table.ts'

interface StatusOptions extends GlobalOptions {
  readonly byDay?: boolean
  readonly source?: string
}

const counts = ['seen', 'ticketed', 'linked', 'quarantined', 'skipped', 'pending'] as const

/** `yiwang status`: the books, per source and on request per day, and whether each source still brings something in. */
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
    const now = Date.now()
    const { timeZone } = app.settings
    const states = await sourceStates(app, idsOf(tallies), options.source, now)
    sayOutdated(cli, await app.outdatedIndex())
    if (options.json === true) {
      const silences = states.flatMap(({ silence }) => silence ?? [])
      const pulls = states.map((state) => stateJson(state, cli))
      return cli.json({ sources: tallies, pulls, silences, pending, outbox })
    }
    const names = new Map(states.map(({ sourceId, name }) => [sourceId, name ?? '']))
    for (const line of tallyTable(cli, tallies, names)) cli.out(line)
    cli.out(cli.say('statusWaiting', { pending, outbox }))
    const count = tallies.reduce((sum, { quarantined }) => sum + quarantined, 0)
    if (count > 0) cli.out(cli.say('statusQuarantined', { count }))
    if (options.byDay !== true) {
      cli.out('')
      for (const line of stateTable(cli, states, timeZone, now)) cli.out(line)
    }
    const troubles = [...troubleLines(cli, states, timeZone)]
    for (const line of ['', ...troubles, stateCounts(cli, states)]) cli.out(line)
  })
}

function idsOf(tallies: readonly Tally[]): readonly string[] {
  return tallies.map(({ sourceId }) => sourceId)
}

/** The books as aligned columns, with a sum where there is more than one row; by day with the names of sources. */
function tallyTable(
  cli: Cli,
  tallies: readonly Tally[],
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const dated = tallies.some(({ day }) => day !== null)
  const row = (source: string, day: string, tally: (count: (typeof counts)[number]) => number) => [
    source,
    ...(dated ? [day] : []),
    ...counts.map((count) => String(tally(count))),
    ...(dated ? [names.get(source) ?? ''] : []),
  ]
  const head = [
    cli.say('source'),
    ...(dated ? [cli.say('day')] : []),
    ...counts.map((count) => cli.say(count)),
    ...(dated ? [cli.say('sourceName')] : []),
  ]
  const rows = tallies.map((tally) => row(tally.sourceId, tally.day ?? '', (count) => tally[count]))
  const sum = (count: (typeof counts)[number]) => tallies.reduce((total, tally) => total + tally[count], 0)
  return textTable(
    [head, ...rows, ...(tallies.length > 1 ? [row(cli.say('sum'), '', sum)] : [])],
    cli.context.columns,
  )
}
