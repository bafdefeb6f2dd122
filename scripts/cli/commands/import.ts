import { type Command, InvalidArgumentError } from 'commander'
import { YiwangError } from '../../../config/errors.ts'
import type { App } from '../../../pipeline/app.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { previewJson, previewLines } from '../preview.ts'
import { reportCollection } from '../report.ts'
import { sniff } from '../sniff.ts'

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
    .option('--limit <count>', cli.say('limitOption'), positive, 20)
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
      targets.push({ path, sourceId: await sourceFor(app, path, options.source, cli) })
    }
    for (const { path, sourceId } of targets) {
      if (cli.context.signal.aborted) return
      cli.note('importing', { path: cli.shortPath(path), source: sourceId })
      await (options.dryRun === true ? preview : collect)(cli, app, { path, sourceId }, options)
    }
  })
}

interface Target {
  readonly path: string
  readonly sourceId: string
}

async function collect(cli: Cli, app: App, target: Target, options: ImportOptions): Promise<void> {
  const progress = cli.progress()
  const report = await app.collect([target], {
    signal: cli.context.signal,
    onProgress: (counts) => progress.show(() => cli.say('progress', { ...counts })),
  })
  progress.clear()
  reportCollection(cli, report, options.json === true)
}

async function preview(
  cli: Cli,
  app: App,
  { path, sourceId }: Target,
  options: ImportOptions,
): Promise<void> {
  const { limit } = options
  const { describeExport, exportLines } = await import('../export-lines.ts')
  const file = await describeExport(app.source(sourceId), path)
  if (file !== null && options.json !== true) for (const line of exportLines(file, cli)) cli.out(line)
  const shown: object[] = []
  let count = 0
  for await (const one of app.preview(sourceId, { path, limit, signal: cli.context.signal })) {
    count += 1
    if (options.json === true) shown.push(previewJson(one, cli))
    else for (const line of previewLines(one, cli)) cli.out(line)
  }
  if (options.json === true) cli.json({ sourceId, path, file, items: shown })
  cli.note(count === limit ? 'previewedFirst' : 'previewed', { count })
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
