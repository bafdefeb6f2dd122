import type { Command } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import type { App } from '../../../pipeline/app.ts'
import { momentIn } from '../../../pipeline/moment.ts'
import type { Incident } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { maskDigits } from '../masking.ts'
import { listLength, sinceOf } from '../option-values.ts'
import { textTable } from '../text-table.ts'

/** One that its other tickets have left is what several report no more. */
const fewestReports = 2

interface IncidentsOptions extends GlobalOptions {
  readonly since?: string
  readonly limit: number
}

/** `yiwang incidents`: what many people report, most reports first. */
export function addIncidents(program: Command, cli: Cli): void {
  program
    .command('incidents')
    .description(cli.say('incidentsSummary'))
    .option('--since <time>', cli.say('sinceOption'))
    .option('--limit <count>', cli.say('limitOption'), listLength, 50)
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => list(cli, command.optsWithGlobals<IncidentsOptions>()))
}

async function list(cli: Cli, { since, limit, ...options }: IncidentsOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const { timeZone } = app.settings
    const from = since === undefined ? 0 : sinceOf(since, timeZone, systemClock())
    const all = await app.store.findIncidents({ since: from, limit })
    const found = all.filter(({ reports }) => reports >= fewestReports)
    const shown: object[] = []
    const rows: (readonly string[])[] = []
    for (const incident of found) {
      const label = await labelOf(incident, app)
      const [firstAt, lastAt] = [incident.firstAt, incident.lastAt].map((at) => momentIn(timeZone, at))
      shown.push({ ...incident, label, firstAt, lastAt })
      rows.push([
        ...[incident.id, String(incident.reports), String(incident.reporters)],
        ...[firstAt?.slice(0, 10) ?? '', lastAt?.slice(0, 10) ?? ''],
        incident.channels.map((channel) => cli.say(`channel_${channel}`)).join(' '),
        maskDigits(label ?? ''),
      ])
    }
    const isCut = found.length === limit
    if (options.json === true) {
      cli.json({ incidents: shown })
      if (isCut) cli.note('incidentsFirst', { count: found.length })
      return
    }
    const head = (
      ['incident', 'reports', 'reporters', 'firstDay', 'lastDay', 'channels', 'label'] as const
    ).map((key) => cli.say(key))
    for (const line of textTable(rows.length === 0 ? [] : [head, ...rows], cli.context.columns)) cli.out(line)
    cli.note(isCut ? 'incidentsFirst' : 'incidentsFound', { count: found.length })
  })
}

async function labelOf({ id }: Incident, { store }: App): Promise<string | null> {
  const [newest] = (await store.tickets(await store.incidentMembers(id, 1))).values()
  return newest?.dedupe.incident?.label ?? null
}
