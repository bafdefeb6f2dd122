import { toYiwangError, YiwangError } from '../../config/errors.ts'
import type { App, CollectReport, CollectTarget, DrainReport, RelayReport } from '../../pipeline/app.ts'
import { addReports } from '../../pipeline/drain-report.ts'
import type { Cli } from './cli.ts'
import { errorJson } from './report.ts'
import { textTable } from './text-table.ts'

/** What one collection did, as far as it came. */
interface Collected extends Pick<CollectReport, 'pulls' | 'failures' | 'drain'> {
  /** The file that was read instead of the source's own path. */
  readonly path: string | undefined
  /** Null when draining or publishing failed. */
  readonly relay: RelayReport | null
}

/** One collection after the other, and at the end one JSON document over all of them if that was asked for. */
export class Collecting {
  private readonly cli: Cli
  private readonly app: App
  private readonly json: boolean
  private readonly done: Collected[] = []

  constructor(cli: Cli, app: App, json: boolean) {
    this.cli = cli
    this.app = app
    this.json = json
  }

  /**
   * Says what came in, what became of it and what was published; a source that failed makes the command fail.
   * @throws What draining or publishing threw, after saying what was pulled.
   */
  async collect(targets: readonly CollectTarget[]): Promise<void> {
    const { cli } = this
    const progress = cli.progress()
    let collected: Collected = { pulls: [], failures: [], drain: null, relay: null, path: targets[0]?.path }
    try {
      const report = await this.app.collect(targets, {
        signal: cli.context.signal,
        onProgress: (counts) => progress.show(() => cli.say('progress', { ...counts })),
        onPulled: (pulled) => {
          collected = { ...collected, ...pulled }
        },
      })
      collected = { ...collected, ...report }
    } catch (thrown) {
      this.finish(toYiwangError(thrown), collected)
      throw thrown
    } finally {
      progress.clear()
      sayCollected(cli, collected, this.json)
    }
    this.done.push(collected)
  }

  /** Prints the document, where one was asked for. */
  finish(problem: YiwangError | null = null, ...unfinished: readonly Collected[]): void {
    if (!this.json) return
    const stopped = this.cli.context.signal.aborted ? new YiwangError('STOPPED') : null
    this.cli.json(collectedJson([...this.done, ...unfinished], problem ?? stopped, this.cli))
  }

  /** Tickets that could not be published, where no other process is publishing. */
  get left(): number {
    const last = this.done.at(-1)
    return last?.drain ? (last.relay?.waiting ?? 0) : 0
  }
}

/** One collection with its report. @throws As {@link Collecting.collect}. */
export async function collectAndReport(
  cli: Cli,
  app: App,
  targets: readonly CollectTarget[],
  json: boolean,
): Promise<Collecting> {
  const collecting = new Collecting(cli, app, json)
  await collecting.collect(targets)
  collecting.finish()
  return collecting
}

function collectedJson(all: readonly Collected[], problem: YiwangError | null, cli: Cli): object {
  const sources = all.flatMap(({ pulls, failures, path }) => {
    const file = path === undefined ? {} : { path }
    return [
      ...pulls.map((pull) => ({ ...file, ...pull })),
      ...failures.map(({ sourceId, error }) => ({ ...file, sourceId, error: errorJson(error, cli) })),
    ]
  })
  const drains = all.flatMap(({ drain }) => drain ?? [])
  const relays = all.flatMap(({ relay }) => relay ?? [])
  return {
    sources,
    drain: drains.length === 0 ? null : drainJson(drains.reduce(addReports), cli),
    relay: relayJson(relays, cli),
    problem: problem === null ? null : errorJson(problem, cli),
  }
}

function drainJson({ problem, ...counts }: DrainReport, cli: Cli): object {
  const error = problem === null ? null : new YiwangError(problem.code, problem.details)
  return { ...counts, problem: error === null ? null : errorJson(error, cli) }
}

function relayJson(relays: readonly RelayReport[], cli: Cli): object | null {
  const last = relays.at(-1)
  if (last === undefined) return null
  const published = relays.reduce((sum, relay) => sum + relay.published, 0)
  return { ...last, published, problem: last.problem === null ? null : errorJson(last.problem, cli) }
}

function sayCollected(cli: Cli, { pulls, failures, drain, relay }: Collected, json: boolean): void {
  if (!json) {
    const rows = pulls.map(({ sourceId, read, added, known }) => [
      sourceId,
      cli.say('pulled', { read, added, known }),
    ])
    for (const line of textTable(rows)) cli.out(line)
    if (drain !== null) cli.out(cli.say('drained', countsOf(drain)))
    if (relay !== null) cli.out(cli.say('published', { published: relay.published }))
  }
  if (drain !== null && drain.problem !== null)
    cli.note('postponed', { postponed: drain.postponed, problem: cli.describe(drain.problem) })
  if (relay !== null) sayRelay(cli, relay, drain === null && (pulls.length > 0 || failures.length === 0))
  for (const { sourceId, error } of failures) {
    cli.err(`${sourceId}: ${cli.describe(error)}`)
    // Another process brings those items in: nothing has failed.
    if (error.code !== 'SOURCE_BUSY') cli.exitCode = 1
  }
}

function sayRelay(cli: Cli, relay: RelayReport, drainedElsewhere: boolean): void {
  if (drainedElsewhere) cli.note('drainedElsewhere')
  if (relay.problem !== null) cli.err(cli.describe(relay.problem))
  if (relay.waiting > 0) cli.note('waitingTickets', { waiting: relay.waiting })
}

function countsOf({ problem: _, ...counts }: DrainReport) {
  return counts
}
