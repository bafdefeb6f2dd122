import type { Command } from 'commander'
import { toYiwangError } from '../../../config/errors.ts'
import { problemOf } from '../../../normalizers/problem.ts'
import type { App, CheckReport } from '../../../pipeline/app.ts'
import type { Cli, GlobalOptions } from '../cli.ts'
import { chosenSources, errorJson } from '../report.ts'

/** A check mostly waits, and where a server keeps silent for as long as its time-out. */
const checkedAtOnce = 16

/** `yiwang check`: connect to each source, log in, read one item and consume nothing; and try the store and Redis. */
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
    const servers = names.length > 0 ? null : checkServers(cli, app, json)
    await Promise.all([servers, ...Array.from({ length: checkedAtOnce }, checkNext)])
    if (json) cli.json({ ...(await servers), sources: found })
  })
}

/** BullMQ relies on it. */
const noEviction = 'noeviction'

async function checkServers(cli: Cli, app: App, json: boolean) {
  const say = (line: string) => (json ? undefined : cli.out(line))
  const [store, redis] = await Promise.all([
    tried(cli, async () => {
      const report = await app.checkStore()
      say(cli.say('checkedStore', { url: report.url, ms: Math.round(report.elapsedMs) }))
      return report
    }),
    tried(cli, async () => {
      const report = await app.checkQueue()
      const { url, version, maxmemoryPolicy: policy, appendOnly, elapsedMs } = report
      const file = appendOnly ? 'yes' : 'no'
      say(cli.say('checkedQueue', { url, version, policy, file, ms: Math.round(elapsedMs) }))
      if (policy !== noEviction && policy !== '?') cli.note('checkedEviction', { policy })
      return report
    }),
  ])
  return { store, redis }
}

async function checkOne(cli: Cli, app: App, sourceId: string, json: boolean): Promise<object> {
  const checked = await tried(
    cli,
    async () => {
      const report = await app.check(sourceId, cli.context.signal)
      if (!json) cli.out(cli.say(report.first === null ? 'checkedEmpty' : 'checked', detailsOf(report)))
      const problem = report.first === null ? null : problemOf(report.first)
      if (!json && problem !== null) cli.out(cli.say('wouldQuarantine', { text: cli.describe(problem) }))
      return report
    },
    `${sourceId}: `,
  )
  return { sourceId, first: null, ...checked }
}

/** What was found; or a failure, which is said and makes the command fail. */
async function tried(cli: Cli, work: () => Promise<object>, about = ''): Promise<object> {
  try {
    return { ...(await work()), ok: true, error: null }
  } catch (thrown) {
    const error = toYiwangError(thrown)
    cli.exitCode = 1
    cli.err(`${about}${cli.describe(error)}`)
    return { ok: false, error: errorJson(error, cli) }
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
