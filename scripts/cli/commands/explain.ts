import type { Command } from 'commander'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type { App } from '../../../pipeline/app.ts'
import type { ItemStory, Outcome, Publication } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { archivedLine, factLine } from '../fact-line.ts'
import { outcomeReason } from '../known-words.ts'
import { storiesOf } from '../stories.ts'
import { oneLine } from '../text-table.ts'
import { ticketLines } from '../ticket-lines.ts'

interface ExplainOptions extends GlobalOptions {
  readonly full?: boolean
}

/** `yiwang explain`: an item through every stage, with the reason for each step. */
export function addExplain(program: Command, cli: Cli): void {
  program
    .command('explain')
    .description(cli.say('explainSummary'))
    .argument('<id>', cli.say('anyIdArgument'))
    .option('--full', cli.say('fullOption'))
    .option('--json', cli.say('jsonOption'))
    .action((id: string, _own: unknown, command: Command) =>
      explain(cli, id, command.optsWithGlobals<ExplainOptions>()),
    )
}

async function explain(cli: Cli, id: string, options: ExplainOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const stories = await storiesOf(app, id)
    const tickets = await ticketsOf(app, stories)
    const publications = await app.store.publications([...tickets.keys()])
    if (options.json === true)
      return cli.json({ items: stories.map((story) => itemJson(story, tickets, publications)) })
    const shown = new Set<string>()
    for (const story of stories) {
      for (const line of itemLines(story, cli)) cli.out(line)
      const ticket = tickets.get(story.outcome?.ticketId ?? '')
      if (ticket === undefined || shown.has(ticket.id)) continue
      shown.add(ticket.id)
      for (const line of ticketLines(ticket, cli, { full: options.full === true, provenance: true }))
        cli.out(line)
      cli.out(publishingLine(ticket, publications, cli))
    }
  })
}

async function ticketsOf(app: App, stories: readonly ItemStory[]): Promise<ReadonlyMap<string, Ticket>> {
  const ids = stories.flatMap(({ outcome }) => outcome?.ticketId ?? [])
  return app.store.tickets([...new Set(ids)])
}

function itemLines({ item, outcome, decidedAt, attempts, locators }: ItemStory, cli: Cli): readonly string[] {
  return [
    archivedLine(item, cli),
    ...Object.entries(item.meta)
      .filter(([, value]) => !locators.includes(value))
      .map(([name, value]) => factLine(name, oneLine(value), cli)),
    ...(locators.length === 0 ? [] : [locatorsLine(locators, cli)]),
    ...(attempts === 0 ? [] : [`  ${cli.say('attempts', { attempts })}`]),
    outcome === null
      ? cli.say('outcomePending')
      : cli.say('outcome', { at: decidedAt ?? '', text: outcomeText(outcome, cli) }),
  ]
}

function locatorsLine(locators: readonly string[], cli: Cli): string {
  const value = locators.map(oneLine).join(cli.say('semicolon'))
  return `  ${cli.say('field', { name: cli.say('locators'), value })}`
}

function outcomeText({ kind, reason, details, ticketId }: Outcome, cli: Cli): string {
  if (kind === 'quarantined')
    return cli.say('field', {
      name: cli.say(kind),
      value: cli.describe({ code: reason, details }),
    })
  if (kind === 'skipped')
    return cli.say('field', {
      name: cli.say(kind),
      value: `${outcomeReason(reason, cli.locale)} ${details.detail ?? ''}`.trimEnd(),
    })
  return cli.say('outcomeTicket', {
    kind: cli.say(kind),
    reason: outcomeReason(reason, cli.locale),
    ticket: ticketId ?? '',
  })
}

const publishingTexts = {
  waiting: 'jobWaiting',
  published: 'jobPublished',
  delivered: 'jobDelivered',
} as const

type Publications = ReadonlyMap<string, Publication>

function publishingState({ id, revision }: Ticket, publications: Publications): keyof typeof publishingTexts {
  const publication = publications.get(id)
  if (publication === undefined || publication.waiting) return 'waiting'
  return publication.delivered >= revision ? 'delivered' : 'published'
}

function publishingLine(ticket: Ticket, publications: Publications, cli: Cli): string {
  return cli.say(publishingTexts[publishingState(ticket, publications)], {
    job: `${ticket.id}.${ticket.revision}`,
  })
}

function itemJson(
  story: ItemStory,
  tickets: ReadonlyMap<string, Ticket>,
  publications: Publications,
): object {
  const { body, ...item } = story.item
  const ticket = tickets.get(story.outcome?.ticketId ?? '') ?? null
  const publishing =
    ticket === null ? null : { revision: ticket.revision, state: publishingState(ticket, publications) }
  return { ...story, item: { ...item, bytes: body.byteLength }, ticket, publishing }
}
