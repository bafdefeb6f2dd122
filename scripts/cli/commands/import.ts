import { type Command, InvalidArgumentError } from 'commander'
import { YiwangError } from '../../../config/errors.ts'
import type { App, CollectTarget } from '../../../pipeline/app.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { Collecting } from '../collecting.ts'
import { previewJson, previewLines } from '../preview.ts'
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
    .option('--limit <count>', cli.say('previewLimitOption'), positive, 20)
    .option('--json', cli.say('jsonOption'))
    .action((files: string[], _own: unknown, command: Command) =>
      importFiles(cli, files, command.optsWithGlobals<ImportOptions>()),
    )
}

/** A whole number from 1, as an option gives it. */
export function positive(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('1, 2, 3 …')
  return number
}

async function importFiles(cli: Cli, files: readonly string[], options: ImportOptions): Promise<void> {
  await cli.withApp(options, async (app) => {
    const targets: Target[] = []
    for (const file of files) {
      const path = cli.resolve(file)
      const sourceId = await sourceFor(app, path, options.source, cli)
      refuseNoFiles(path, app.source(sourceId).settings.recursive === true)
      targets.push({ path, sourceId })
    }
    await (options.dryRun === true ? previewAll : collectAll)(cli, app, targets, options)
  })
}

type Target = Required<CollectTarget>

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
}

async function previewAll(
  cli: Cli,
  app: App,
  targets: readonly Target[],
  options: ImportOptions,
): Promise<void> {
  const files: object[] = []
  const items: (readonly object[])[] = []
  await eachTarget(cli, targets, async (target) => {
    const { file, shown } = await preview(cli, app, target, options)
    files.push({ ...target, file })
    items.push(shown)
  })
  if (options.json === true) cli.json({ files, items: items.flat() })
}

async function preview(cli: Cli, app: App, { path, sourceId }: Target, options: ImportOptions) {
  const { limit } = options
  const { describeExport, exportLines } = await import('../export-lines.ts')
  const file = await describeExport(app.source(sourceId), path)
  if (file !== null && options.json !== true) for (const line of exportLines(file, cli)) cli.out(line)
  const shown: object[] = []
  for await (const one of app.preview(sourceId, { path, limit, signal: cli.context.signal })) {
    shown.push({ sourceId, path, ...previewJson(one, cli) })
    if (options.json !== true) for (const line of previewLines(one, cli)) cli.out(line)
  }
  cli.note(shown.length === limit ? 'previewedFirst' : 'previewed', { count: shown.length })
  return { file, shown }
}

/** The source that was named, or the only one that reads this kind of file. */
async function sourceFor(app: App, path: string, named: string | undefined, cli: Cli): Promise<string> {
  const { connectorSpecs } = await import('../../../connectors/registry.ts')
  const kind = sniff(path)
  if (named !== undefined) return app.source(named).id
  const fitting = app.settings.sources.filter((source) => {
    const spec = connectorSpecs.get(source.connector)
    return spec !== undefined && spec.normalizer === kind && 'path' in spec.settings.shape
  })
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return only.id
  const known = fitting.map(({ id }) => id).join(', ')
  const details = { path: cli.shortPath(path), kind, known }
  throw new YiwangError(only === undefined ? 'IMPORT_NO_SOURCE' : 'IMPORT_AMBIGUOUS', details)
}
