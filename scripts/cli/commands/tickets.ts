import { type Command, Option } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import { channels, kinds } from '../../../config/ticket-names.ts'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type { App } from '../../../pipeline/app.ts'
import type { TicketQuery } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { maskDigits, shownPhone } from '../masking.ts'
import { incidentId, listLength, sinceOf, untilOf } from '../option-values.ts'
import { knownSource } from '../report.ts'
import { ticketIdOf } from '../stories.ts'
import { cut } from '../text-table.ts'
import { ticketLines } from '../ticket-lines.ts'
import { ticketPages } from '../ticket-pages.ts'

interface TicketsOptions extends GlobalOptions {
  readonly source?: string
  readonly channel?: Ticket['channel']
  readonly kind?: Ticket['kind']
  readonly verdict?: Ticket['dedupe']['verdict']
  readonly incident?: string
  readonly master?: string
  readonly since?: string
  readonly until?: string
  readonly limit: number
  readonly full?: boolean
}

/** Of a ticket without a title, the beginning of its text stands in the list. */
const titleWidth = 40

/** `yiwang tickets`: find tickets, or show one. Lists show titles and masked phones unless `--full` is given. */
export function addTickets(program: Command, cli: Cli): void {
  const tickets = program
    .command('tickets')
    .description(cli.say('ticketsSummary'))
    .option('--source <id>', cli.say('sourceOption'))
    .addOption(new Option('--channel <channel>', cli.say('channelOption')).choices(channels))
    .addOption(new Option('--kind <kind>', cli.say('kindOption')).choices(kinds))
    .addOption(
      new Option('--verdict <verdict>', cli.say('verdictOption')).choices(['new', 'duplicate', 'related']),
    )
    .option('--incident <id>', cli.say('incidentOption'), incidentId)
    .option('--master <id>', cli.say('masterOption'))
    .option('--since <time>', cli.say('sinceOption'))
    .option('--until <time>', cli.say('untilOption'))
    .option('--limit <count>', cli.say('limitOption'), listLength, 50)
    .option('--full', cli.say('fullOption'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => list(cli, command.optsWithGlobals<TicketsOptions>()))
  tickets
    .command('show')
    .description(cli.say('ticketShowSummary'))
    .argument('<id>', cli.say('ticketArgument'))
    .option('--full', cli.say('fullOption'))
    .option('--json', cli.say('jsonOption'))
    .action((id: string, _own: unknown, command: Command) =>
      show(cli, id, command.optsWithGlobals<TicketsOptions>()),
    )
}

async function list(cli: Cli, options: TicketsOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    if (options.source !== undefined) await knownSource(app, options.source)
    const { signal } = cli.context
    const query = await queryOf(options, app)
    const ids = await app.store.findTicketIds(query)
    const pages = () => ticketPages(app.store, ids, signal)
    if (options.json === true) {
      await cli.jsonList('tickets', pages())
      if (ids.length === options.limit) cli.note('foundFirst', { count: ids.length })
      return
    }
    const head = (['ticket', 'source', 'submitted', 'kind', 'dedupe', 'phone', 'title'] as const).map((key) =>
      cli.say(key),
    )
    const rows = async function* () {
      if (ids.length > 0) yield [head]
      for await (const page of pages()) yield page.map((ticket) => row(ticket, cli, options.full === true))
    }
    await cli.table(rows)
    cli.note(ids.length === options.limit ? 'foundFirst' : 'found', { count: ids.length })
  })
}

function row(ticket: Ticket, cli: Cli, full: boolean): readonly string[] {
  const { id, sourceId, submittedAt, kind, dedupe, reporter, title } = ticket
  return [
    id,
    sourceId,
    submittedAt?.slice(0, 16).replace('T', ' ') ?? '',
    cli.say(`kind_${kind}`),
    cli.say(`verdict_${dedupe.verdict}`),
    shownPhone(reporter, full),
    full
      ? `${title ?? ''} ${reporter.name ?? ''} ${ticket.body}`
      : cut(maskDigits(title ?? ticket.body), titleWidth),
  ]
}

async function show(cli: Cli, id: string, options: TicketsOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const ticketId = await ticketIdOf(app, id)
    const ticket = await app.store.ticket(ticketId)
    if (ticket === null) throw new YiwangError('TICKET_UNKNOWN', { ticket: ticketId })
    if (options.json === true) return cli.json(ticket)
    for (const line of ticketLines(ticket, cli, { full: options.full === true, provenance: true }))
      cli.out(line)
  })
}

async function queryOf(options: TicketsOptions, app: App): Promise<TicketQuery> {
  const { source, channel, kind, verdict, incident, master, since, until, limit } = options
  const { timeZone } = app.settings
  return {
    limit,
    ...(source === undefined ? {} : { sourceId: source }),
    ...(channel === undefined ? {} : { channel }),
    ...(kind === undefined ? {} : { kind }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(incident === undefined ? {} : { incidentId: incident }),
    ...(master === undefined ? {} : { masterId: await ticketIdOf(app, master) }),
    ...(since === undefined ? {} : { since: sinceOf(since, timeZone, systemClock()) }),
    ...(until === undefined ? {} : { until: untilOf(until, timeZone) }),
  }
}
