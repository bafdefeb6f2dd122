import type { Command } from 'commander'
import { toYiwangError } from '../../../config/errors.ts'
import { problemOf } from '../../../normalizers/problem.ts'
import type { App, CheckReport } from '../../../pipeline/app.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { chosenSources, errorJson } from '../report.ts'

/** A check mostly waits, and where a server keeps silent for as long as its time-out. */
const checkedAtOnce = 16

/** `yiwang check`: connect to each source, log in, read one item and consume nothing. */
export function addCheck(program: Command, cli: Cli): void {
  program
    .command('check')
    .description(cli.say('checkSummary'))
    .argument('[source...]', cli.say('sourceArgument'))
    .option('--json', cli.say('jsonOption'))
    .action((names: string[], _own: unknown, command: Command) =>
      check(cli, names, command.optsWithGlobals<GlobalOptions>()),
    )
}

async function check(cli: Cli, names: readonly string[], options: GlobalOptions): Promise<void> {
  const json = options.json === true
  await cli.withApp(options, async (app) => {
    const found: object[] = []
    const sources = chosenSources(app, names).entries()
    const checkNext = async () => {
      for (const [index, sourceId] of sources) found[index] = await checkOne(cli, app, sourceId, json)
    }
    await Promise.all(Array.from({ length: checkedAtOnce }, checkNext))
    if (json) cli.json({ sources: found })
  })
}

async function checkOne(cli: Cli, app: App, sourceId: string, json: boolean): Promise<object> {
  try {
    const report = await app.check(sourceId, cli.context.signal)
    if (!json) cli.out(cli.say(report.first === null ? 'checkedEmpty' : 'checked', detailsOf(report)))
    const problem = report.first === null ? null : problemOf(report.first)
    if (!json && problem !== null) cli.out(cli.say('wouldQuarantine', { text: cli.describe(problem) }))
    return { ...report, ok: true, error: null }
  } catch (thrown) {
    const error = toYiwangError(thrown)
    cli.exitCode = 1
    cli.err(`${sourceId}: ${cli.describe(error)}`)
    return { sourceId, ok: false, first: null, error: errorJson(error, cli) }
  }
}

function detailsOf({ sourceId, first, elapsedMs }: CheckReport) {
  return {
    source: sourceId,
    ms: Math.round(elapsedMs),
    item: first?.externalId ?? '',
    type: first?.mediaType ?? '',
  }
}
