import type { YiwangError } from '../../config/errors.ts'
import type { App, CollectReport } from '../../pipeline/app.ts'
import type { Cli } from './cli.ts'
import { textTable } from './text-table.ts'

/** An error as it stands in JSON output. */
export function errorJson({ code, kind, details }: YiwangError, cli: Cli) {
  return { code, kind, message: cli.describe({ code, details }) }
}

/** The sources that were named, or all that are enabled. @throws YiwangError SOURCE_UNKNOWN */
export function chosenSources(app: App, names: readonly string[]): readonly string[] {
  if (names.length > 0) return [...new Set(names.map((name) => app.source(name).id))]
  return app.settings.sources.filter((source) => source.enabled).map((source) => source.id)
}

/** What came in, what became of it and what was published; a source that failed makes the command fail. */
export function reportCollection(cli: Cli, report: CollectReport, json: boolean): void {
  const { pulls, failures, drain, relay } = report
  if (json) {
    const failed = failures.map(({ sourceId, error }) => ({ sourceId, error: errorJson(error, cli) }))
    const problem = relay.problem === null ? null : errorJson(relay.problem, cli)
    cli.json({ sources: [...pulls, ...failed], drain, relay: { ...relay, problem } })
  } else {
    const rows = pulls.map(({ sourceId, read, added, known }) => [
      sourceId,
      cli.say('pulled', { read, added, known }),
    ])
    for (const line of textTable(rows)) cli.out(line)
    if (drain !== null) cli.out(cli.say('drained', { ...drain }))
    cli.out(cli.say('published', { published: relay.published }))
  }
  if (drain === null) cli.note('drainedElsewhere')
  if (relay.problem !== null) cli.err(cli.describe(relay.problem))
  if (relay.waiting > 0) cli.note('waitingTickets', { waiting: relay.waiting })
  for (const { sourceId, error } of failures) {
    cli.err(`${sourceId}: ${cli.describe(error)}`)
    // Another process brings those items in: nothing has failed.
    if (error.code !== 'SOURCE_BUSY') cli.exitCode = 1
  }
}
