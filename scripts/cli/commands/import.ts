import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { systemClock } from '../../../config/clock.ts'
import { YiwangError } from '../../../config/errors.ts'
import { createLogger } from '../../../config/logging.ts'
import type { Settings, SourceSettings } from '../../../config/settings.ts'
import type { App, CollectTarget } from '../../../pipeline/app.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { Collecting } from '../collecting.ts'
import { listLength } from '../option-values.ts'
import { previewJson, previewLines } from '../preview.ts'
import { sayOutdated } from '../report.ts'
import { refuseNoFiles, sniff } from '../sniff.ts'

interface ImportOptions extends GlobalOptions {
  readonly source?: string
  readonly dryRun?: boolean
  readonly limit: number
}

/** `yiwang import`: one export, mail or folder, as if its source had brought it. */
export function addImport(program: Command, cli: Cli): void {
  program
    .command('import')
    .description(cli.say('importSummary'))
    .argument('<file...>', cli.say('fileArgument'))
    .option('--source <id>', cli.say('importSourceOption'))
    .option('--dry-run', cli.say('dryRunOption'))
    .addOption(
      new Option('--limit <count>', cli.say('previewLimitOption'))
        .argParser(listLength)
        .default(20)
        .implies({ dryRun: true }),
    )
    .option('--json', cli.say('jsonOption'))
    .action((files: string[], _own: unknown, command: Command) =>
      importFiles(cli, files, command.optsWithGlobals<ImportOptions>()),
    )
}

async function importFiles(cli: Cli, files: readonly string[], options: ImportOptions): Promise<void> {
  if (options.dryRun === true) {
    const settings = await cli.settings(options)
    return await previewAll(cli, settings, await targetsOf(cli, settings, files, options), options)
  }
  cli.takesIn = true
  await cli.withApp(options, async (app) => {
    await collectAll(cli, app, await targetsOf(cli, app.settings, files, options), options)
  })
}

type Target = Required<CollectTarget>

async function targetsOf(
  cli: Cli,
  settings: Settings,
  files: readonly string[],
  options: ImportOptions,
): Promise<readonly Target[]> {
  const targets: Target[] = []
  for (const file of files) {
    const path = cli.resolve(file)
    const source = await sourceFor(settings, path, options.source, cli)
    refuseNoFiles(path, source.settings.recursive === true)
    targets.push({ path, sourceId: source.id })
  }
  return targets
}

/** One after the other, each said before it begins; none after Ctrl-C. */
async function eachTarget(
  cli: Cli,
  targets: readonly Target[],
  take: (target: Target) => Promise<void>,
): Promise<void> {
  for (const target of targets) {
    if (cli.context.signal.aborted) return
    cli.note('importing', { path: cli.shortPath(target.path), source: target.sourceId })
    await take(target)
  }
}

async function collectAll(
  cli: Cli,
  app: App,
  targets: readonly Target[],
  options: ImportOptions,
): Promise<void> {
  const collecting = new Collecting(cli, app, options.json === true)
  await eachTarget(cli, targets, (target) => collecting.collect([target]))
  collecting.finish()
  sayOutdated(cli, await app.outdatedIndex())
}

/** In a document, items are written as they are read: a whole export would fill the memory. */
async function previewAll(
  cli: Cli,
  settings: Settings,
  targets: readonly Target[],
  options: ImportOptions,
): Promise<void> {
  const files: object[] = []
  const pages = previews(cli, settings, targets, options, files)
  if (options.json === true) return await cli.jsonList('items', pages, () => ({ files }))
  for await (const _page of pages) await cli.context.taken()
}

async function* previews(
  cli: Cli,
  settings: Settings,
  targets: readonly Target[],
  options: ImportOptions,
  files: object[],
): AsyncGenerator<readonly object[]> {
  const json = options.json === true
  const { describeExport, exportLines } = await import('../export-lines.ts')
  const { preview } = await import('../../../pipeline/preview.ts')
  const { sourceOf } = await import('../../../pipeline/sources.ts')
  const { limit } = options
  for (const target of targets) {
    if (cli.context.signal.aborted) return
    const { path, sourceId } = target
    cli.note('importing', { path: cli.shortPath(path), source: sourceId })
    const file = await describeExport(sourceOf(settings, sourceId), path)
    if (file !== null && !json) for (const line of exportLines(file, cli)) cli.out(line)
    const log = createLogger({ level: cli.logLevel(options, settings) })
    const context = { settings, log, clock: systemClock, matchingSecret: randomUUID() }
    let count = 0
    for await (const one of preview(target, { ...context, limit, signal: cli.context.signal })) {
      count += 1
      if (!json) for (const line of previewLines(one, cli)) cli.out(line)
      yield json ? [{ sourceId, path, ...previewJson(one, cli) }] : []
    }
    cli.note(count === limit ? 'previewedFirst' : 'previewed', { count })
    files.push({ ...target, file })
  }
}

/** The source that was named, or the only one that reads this kind of file. */
async function sourceFor(
  settings: Settings,
  path: string,
  named: string | undefined,
  cli: Cli,
): Promise<SourceSettings> {
  const { connectorSpecs } = await import('../../../connectors/registry.ts')
  const { sourceOf } = await import('../../../pipeline/sources.ts')
  const kind = sniff(path)
  if (named !== undefined) return sourceOf(settings, named)
  const fitting = settings.sources.filter((source) => {
    const spec = connectorSpecs.get(source.connector)
    return spec !== undefined && spec.normalizer === kind && 'path' in spec.settings.shape
  })
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return only
  const known = fitting.map(({ id }) => id).join(', ')
  const details = { path: cli.shortPath(path), kind, known }
  throw new YiwangError(only === undefined ? 'IMPORT_NO_SOURCE' : 'IMPORT_AMBIGUOUS', details)
}
