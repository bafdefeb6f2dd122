import { type Command, InvalidArgumentError } from 'commander'
import { catalogue, type ErrorCode, isErrorCode, YiwangError } from '../../../config/errors.ts'
import { nearest } from '../../../config/nearest.ts'
import type { App } from '../../../pipeline/app.ts'
import { stopPoint } from '../../../pipeline/give-way.ts'
import type { ItemStory, QuarantineEntry } from '../../../pipeline/stores/store.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { collectAndReport } from '../collecting.ts'
import { archivedLine, factLine } from '../fact-line.ts'
import { listLength } from '../option-values.ts'
import { originalText } from '../original.ts'
import { knownSource } from '../report.ts'
import { storiesOf } from '../stories.ts'
import { textTable } from '../text-table.ts'

interface QuarantineOptions extends GlobalOptions {
  readonly source?: string
  readonly code?: string
  readonly limit?: number
  readonly all?: boolean
  readonly raw?: boolean
  readonly reason?: string
}

/** How many a command takes on at a time when it is told by code or source, not by id. */
const pageSize = 10_000
const listedPage = 1_000

/** `yiwang quarantine`: what could not become a ticket; look at it, send it through again, or put it aside. */
export function addQuarantine(program: Command, cli: Cli): void {
  const quarantine = program.command('quarantine').description(cli.say('quarantineSummary'))
  filters(quarantine.command('list').description(cli.say('quarantineListSummary')), cli)
    .option('--limit <count>', cli.say('limitOption'), listLength, 50)
    .action((_own: unknown, command: Command) => list(cli, command.optsWithGlobals<QuarantineOptions>()))
  quarantine
    .command('show')
    .description(cli.say('quarantineShowSummary'))
    .argument('<id>', cli.say('anyIdArgument'))
    .option('--raw', cli.say('rawOption'))
    .option('--json', cli.say('jsonOption'))
    .action((id: string, _own: unknown, command: Command) =>
      show(cli, id, command.optsWithGlobals<QuarantineOptions>()),
    )
  filters(quarantine.command('redrive').description(cli.say('redriveSummary')), cli)
    .argument('[id...]', cli.say('anyIdArgument'))
    .option('--all', cli.say('allQuarantinedOption'))
    .action((ids: string[], _own: unknown, command: Command) =>
      redrive(cli, ids, command.optsWithGlobals<QuarantineOptions>()),
    )
  filters(quarantine.command('discard').description(cli.say('discardSummary')), cli)
    .argument('[id...]', cli.say('anyIdArgument'))
    .option('--reason <text>', cli.say('reasonOption'), '')
    .action((ids: string[], _own: unknown, command: Command) =>
      discard(cli, ids, command.optsWithGlobals<QuarantineOptions>()),
    )
}

function filters(command: Command, cli: Cli): Command {
  return command
    .option('--source <id>', cli.say('sourceOption'))
    .option('--code <code>', cli.say('codeOption'), errorCode)
    .option('--json', cli.say('jsonOption'))
}

/** A code of the catalogue; another one would only ever find nothing. */
function errorCode(text: string): ErrorCode {
  if (isErrorCode(text)) return text
  throw new InvalidArgumentError(nearest(text, Object.keys(catalogue)) ?? 'FILE_NO_HEADER, ROW_NO_TEXT …')
}

async function list(cli: Cli, options: QuarantineOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const limit = options.limit ?? listedPage
    let count = 0
    const pages = async function* () {
      count = 0
      for await (const page of pagesOf(app, options, listedPage)) {
        await stopPoint(cli.context.signal)
        const entries = page.slice(0, limit - count)
        count += entries.length
        yield entries
        if (count === limit) return
      }
    }
    // Counting reads far more than fifty entries.
    const counted = () => app.store.quarantineCounts(filterOf(options))
    if (options.json === true) {
      const counts = await counted()
      const described = async function* () {
        for await (const page of pages())
          yield page.map((entry) => ({ ...entry, message: cli.describe(entry) }))
      }
      return cli.jsonList('quarantined', described(), () => ({ counts }))
    }
    await cli.table(async function* () {
      for await (const page of pages())
        yield page.map((entry) => [
          ...[entry.rawId, entry.sourceId, entry.externalId.slice(0, 40)],
          cli.describe(entry),
        ])
    })
    const isCut = count === options.limit
    cli.note(isCut ? 'quarantinedFirst' : 'quarantinedCount', { count })
    if (!isCut) return
    const head = (['source', 'reason', 'inQuarantine'] as const).map((key) => cli.say(key))
    const table = (await counted()).map(({ sourceId, code, count }) => [sourceId, code, String(count)])
    for (const line of textTable([head, ...table], cli.context.columns)) cli.out(line)
  })
}

/** All that a filter lets through. What is quarantined again meanwhile does not come a second time. */
async function* pagesOf(
  app: App,
  options: QuarantineOptions,
  limit: number,
): AsyncGenerator<readonly QuarantineEntry[]> {
  if (options.source !== undefined) await knownSource(app, options.source)
  const filter = { ...filterOf(options), limit }
  let page = await app.store.quarantined(filter)
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield page
    if (page.length < limit) return
    page = await app.store.quarantined({ ...filter, after: last.rawId })
  }
}

function filterOf({ source, code }: QuarantineOptions) {
  return {
    ...(source === undefined ? {} : { sourceId: source }),
    ...(code === undefined ? {} : { code }),
  }
}

async function show(cli: Cli, id: string, options: QuarantineOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const stories = await storiesOf(app, id)
    const story = stories.find(isQuarantined) ?? stories.at(-1)
    if (story === undefined) return
    const { body, ...item } = story.item
    const { outcome } = story
    if (options.json === true) {
      // Bytes as they are fit into a document only so.
      const original =
        options.raw === true
          ? { base64: Buffer.from(body).toString('base64') }
          : { text: originalText(story.item) }
      return cli.json({ ...story, item: { ...item, bytes: body.byteLength, ...original } })
    }
    if (options.raw === true) return cli.context.outBytes(body)
    const isHeld = outcome?.kind === 'quarantined'
    cli.out(
      isHeld
        ? cli.describe({ code: outcome.reason, details: outcome.details })
        : cli.say('notQuarantined', { id }),
    )
    cli.out(archivedLine(story.item, cli))
    for (const [name, value] of Object.entries(item.meta)) cli.out(factLine(name, value, cli))
    cli.out(originalText(story.item))
  })
}

const isQuarantined = ({ outcome }: ItemStory) => outcome?.kind === 'quarantined'

async function redrive(cli: Cli, ids: readonly string[], options: QuarantineOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const redriven = await ofChosen(cli, app, ids, options, '--source, --code, --all', (rawIds) =>
      app.store.redrive(rawIds),
    )
    cli.note('redriven', { count: redriven })
    await collectAndReport(cli, app, [], options.json === true)
  })
}

async function discard(cli: Cli, ids: readonly string[], options: QuarantineOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const discarded = await ofChosen(cli, app, ids, options, '--source, --code', (rawIds) =>
      app.store.discard(rawIds, options.reason ?? ''),
    )
    if (options.json === true) cli.json({ discarded })
    else cli.out(cli.say('discarded', { count: discarded }))
  })
}

/** One id may be that of items of several sources. */
function isMeant({ item, outcome }: ItemStory, { source, code }: QuarantineOptions): boolean {
  return (
    (source === undefined || item.sourceId === source) && (code === undefined || outcome?.reason === code)
  )
}

/**
 * Does it to the items that were named, or to all that a filter lets through, and counts them.
 * @param filters those that the command takes
 * @throws YiwangError ITEMS_NOT_NAMED, ITEM_UNKNOWN
 */
async function ofChosen(
  cli: Cli,
  app: App,
  ids: readonly string[],
  options: QuarantineOptions,
  filters: string,
  work: (rawIds: readonly string[]) => Promise<number>,
): Promise<number> {
  if (ids.length > 0) {
    if (options.source !== undefined) await knownSource(app, options.source)
    const stories = await Promise.all(ids.map((id) => storiesOf(app, id)))
    const chosen = stories.flat().filter((story) => isMeant(story, options))
    return work(chosen.map(({ item }) => item.rawId))
  }
  if (options.all !== true && options.source === undefined && options.code === undefined)
    throw new YiwangError('ITEMS_NOT_NAMED', { known: filters })
  return cli.watched(async (progress) => {
    let count = 0
    for await (const page of pagesOf(app, options, pageSize)) {
      if (cli.context.signal.aborted) break
      count += await work(page.map(({ rawId }) => rawId))
      progress.show(() => cli.say('quarantineProgress', { count }))
    }
    return count
  })
}
