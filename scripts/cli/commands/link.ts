import type { Command } from 'commander'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type { App } from '../../../pipeline/app.ts'
import type { Ruling } from '../../../pipeline/rulings.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { ticketIdOf } from '../stories.ts'
import { ticketPages } from '../ticket-pages.ts'

interface LinkOptions extends GlobalOptions {
  readonly incident?: boolean
}

/** `yiwang link`: a person says that a ticket repeats another one, or is about the same incident. */
export function addLink(program: Command, cli: Cli): void {
  program
    .command('link')
    .description(cli.say('linkSummary'))
    .argument('<ticket>', cli.say('ticketArgument'))
    .argument('<other>', cli.say('otherTicketArgument'))
    .option('--incident', cli.say('sameIncidentOption'))
    .option('--json', cli.say('jsonOption'))
    .action((ticketId: string, otherId: string, _own: unknown, command: Command) => {
      const options = command.optsWithGlobals<LinkOptions>()
      const verdict = options.incident === true ? 'related' : 'duplicate'
      return carryOut(cli, { verdict, ticketId, otherId }, options)
    })
}

/** `yiwang unlink`: a person says that a ticket does not belong where it is linked. */
export function addUnlink(program: Command, cli: Cli): void {
  program
    .command('unlink')
    .description(cli.say('unlinkSummary'))
    .argument('<ticket>', cli.say('ticketArgument'))
    .option('--json', cli.say('jsonOption'))
    .action((ticketId: string, _own: unknown, command: Command) =>
      carryOut(cli, { verdict: 'apart', ticketId }, command.optsWithGlobals<GlobalOptions>()),
    )
}

async function carryOut(cli: Cli, said: Ruling, options: GlobalOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const { signal, taken } = cli.context
    const ruling = await ofTickets(said, app)
    const { ticketIds, relay } = await cli.watched((progress) =>
      app.rule(ruling, signal, (counts) => progress.show(() => cli.say('ruleProgress', { ...counts }))),
    )
    if (relay.problem !== null) cli.err(cli.describe(relay.problem))
    const { waiting } = relay
    const pages = ticketPages(app.store, ticketIds, signal)
    if (options.json === true) return cli.jsonList('tickets', pages, () => ({ waiting }))
    for await (const page of pages) {
      for (const ticket of page) cli.out(changeLine(ticket, cli))
      await taken()
    }
    if (ticketIds.length === 0) cli.note('linkedAlready')
    if (waiting > 0) cli.note('waitingTickets', { waiting })
  })
}

/** The same, with the ids of the tickets that are meant. */
async function ofTickets(said: Ruling, app: App): Promise<Ruling> {
  const ticketId = await ticketIdOf(app, said.ticketId)
  return said.verdict === 'apart'
    ? { ...said, ticketId }
    : { ...said, ticketId, otherId: await ticketIdOf(app, said.otherId) }
}

function changeLine({ id, revision, dedupe }: Ticket, cli: Cli): string {
  const { verdict, masterId, incidentId } = dedupe
  const parts = [cli.say(`verdict_${verdict}`), masterId, incidentId].filter((part) => part !== null)
  return cli.say('field', { name: `${id} r${revision}`, value: parts.join(' ') })
}
