import type { Command } from 'commander'
import { formatProblem } from '../../../config/problem.ts'
import type { Cli, GlobalOptions } from '../cli.ts'

/** `yiwang lint`: everything that is wrong with a configuration, by file, line and column. */
export function addLint(program: Command, cli: Cli): void {
  program
    .command('lint')
    .description(cli.say('lintSummary'))
    .option('--json', cli.say('jsonOption'))
    .action((_own: unknown, command: Command) => lint(cli, command.optsWithGlobals<GlobalOptions>()))
}

async function lint(cli: Cli, options: GlobalOptions): Promise<void> {
  const { checkSettings } = await import('../../../config/load.ts')
  const { connectorSpecs } = await import('../../../connectors/registry.ts')
  const path = cli.configPath(options)
  const { settings, problems } = checkSettings(path, cli.context.env, connectorSpecs)
  if (options.json === true) {
    const listed = problems.map(({ place, text }) => ({ ...place, text: text[cli.locale] }))
    cli.json({ path, ok: settings !== null, sources: settings?.sources.length ?? null, problems: listed })
  }
  if (settings === null) {
    const shortened = problems.map((one) => ({
      ...one,
      place: { ...one.place, file: cli.shortPath(one.place.file) },
    }))
    for (const problem of shortened) cli.err(formatProblem(problem, cli.locale))
    cli.fail('lintFailed', { problems: problems.length })
    cli.exitCode = 78
  } else if (options.json !== true) {
    cli.out(cli.say('lintPassed', { path: cli.shortPath(path), sources: settings.sources.length }))
  }
}
