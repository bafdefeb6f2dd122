import type { Command } from 'commander'
import type { SourceSettings } from '../../../config/settings.ts'
import { alarmOf, type Silence } from '../../../pipeline/silence.ts'
import type { Tally } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { knownSource, sayOutdated } from '../report.ts'
import { textTable } from '../text-table.ts'

interface StatusOptions extends GlobalOptions {
  readonly byDay?: boolean
  readonly source?: string
}

const counts = ['seen', 'ticketed', 'linked', 'quarantined', 'skipped', 'pending'] as const

/** `yiwang status`: the books, per source and on request per day, and which sources are quiet for too long. */
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
    const watched = app.settings.sources.filter(
      ({ id, enabled }) => enabled && (options.source === undefined || options.source === id),
    )
    const silences = await Promise.all(watched.map(({ id }) => app.silence(id)))
    sayOutdated(cli, await app.outdatedIndex())
    if (options.json === true) return cli.json({ sources: tallies, silences, pending, outbox })
    for (const line of tallyTable(cli, tallies, aboutSources(app.settings.sources, silences))) cli.out(line)
    saySilences(cli, silences)
    cli.out(cli.say('statusWaiting', { pending, outbox }))
  })
}

function saySilences(cli: Cli, silences: readonly Silence[]): void {
  const never = silences.filter(({ lastAt }) => lastAt === null).map(({ sourceId }) => sourceId)
  if (never.length > 0) cli.out(cli.say('statusNothingYet', { sources: never.join(', ') }))
  for (const alarm of silences.flatMap((silence) => alarmOf(silence) ?? [])) cli.out(cli.describe(alarm))
}

/** What the books say of a source beside its counts. */
interface AboutSource {
  readonly name: string
  readonly lastItem: string
}

function aboutSources(
  sources: readonly SourceSettings[],
  silences: readonly Silence[],
): ReadonlyMap<string, AboutSource> {
  const lastAt = new Map(silences.map((silence) => [silence.sourceId, silence.lastAt]))
  const shown = (id: string) => lastAt.get(id)?.slice(0, 16).replace('T', ' ') ?? ''
  return new Map(sources.map(({ id, name }) => [id, { name: name ?? '', lastItem: shown(id) }]))
}

/** The books as aligned columns, with a sum where there is more than one row. */
function tallyTable(
  cli: Cli,
  tallies: readonly Tally[],
  about: ReadonlyMap<string, AboutSource>,
): readonly string[] {
  const dated = tallies.some(({ day }) => day !== null)
  const row = (source: string, day: string, tally: (count: (typeof counts)[number]) => number) => [
    source,
    ...(dated ? [day] : []),
    ...counts.map((count) => String(tally(count))),
    ...(dated ? [] : [about.get(source)?.lastItem ?? '']),
    about.get(source)?.name ?? '',
  ]
  const head = [
    cli.say('source'),
    ...(dated ? [cli.say('day')] : []),
    ...counts.map((count) => cli.say(count)),
    ...(dated ? [] : [cli.say('lastItem')]),
    cli.say('sourceName'),
  ]
  const rows = tallies.map((tally) => row(tally.sourceId, tally.day ?? '', (count) => tally[count]))
  const sum = (count: (typeof counts)[number]) => tallies.reduce((total, tally) => total + tally[count], 0)
  return textTable([head, ...rows, ...(tallies.length > 1 ? [row(cli.say('sum'), '', sum)] : [])])
}
