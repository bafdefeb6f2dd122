import { CommanderError } from 'commander'
import { toYiwangError, YiwangError } from '../../config/errors.ts'
import { type Locale, localeOf } from '../../config/locale.ts'
import { Cli, type CliContext } from './cli.ts'
import { buildProgram } from './program.ts'
import { errorJson } from './report.ts'
import { usageText } from './usage.ts'

/** Runs one command line and answers its exit code: 0, 1 for a failure, 78 for a configuration that is wrong. */
export async function main(context: CliContext): Promise<number> {
  const cli = new Cli(context, chosenLocale(context))
  const program = buildProgram(cli)
  try {
    await program.parseAsync([...context.argv], { from: 'user' })
    if (context.signal.aborted && !cli.runsUntilStopped) cli.fail('interrupted')
    return cli.exitCode
  } catch (thrown) {
    return thrown instanceof CommanderError ? usageError(thrown, cli) : failure(thrown, cli)
  }
}

function usageError(error: CommanderError, cli: Cli): number {
  const isHelp = error.code === 'commander.help'
  if (error.exitCode !== 0 && !isHelp) cli.err(usageText(error, cli))
  // `help bogus` is answered by the help of all commands.
  const [before, word] = cli.context.argv.slice(-2)
  if (error.exitCode !== 0 && isHelp && before === 'help' && word !== undefined)
    cli.note('unknownCommand', { word })
  return error.exitCode
}

/** One error in the reader's language, also as the document that is owed; where it came from only at level debug. */
function failure(thrown: unknown, cli: Cli): number {
  const error = toYiwangError(thrown)
  const isInterrupted = cli.context.signal.aborted && error.code === 'INTERNAL'
  if (cli.owesJson) cli.json({ problem: errorJson(isInterrupted ? new YiwangError('STOPPED') : error, cli) })
  if (isInterrupted) {
    cli.fail('interrupted')
    return cli.exitCode
  }
  cli.err(cli.describe(error))
  if (cli.debugs) cli.err((thrown instanceof Error && thrown.stack) || String(thrown))
  return error.kind === 'config' ? 78 : 1
}

/** The words of help are needed before the options are parsed. */
export function chosenLocale({ argv, env }: Pick<CliContext, 'argv' | 'env'>): Locale {
  const at = argv.indexOf('--locale')
  const given =
    at >= 0 ? argv[at + 1] : argv.find((one) => one.startsWith('--locale='))?.slice('--locale='.length)
  // Another value is refused, in words that the reader knows.
  return given === 'en' || given === 'zh' ? given : localeOf(env)
}
