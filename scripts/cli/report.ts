import type { YiwangError } from '../../config/errors.ts'
import type { App } from '../../pipeline/app.ts'
import type { Cli } from './cli.ts'

/** An error as it stands in JSON output. */
export function errorJson({ code, kind, details }: YiwangError, cli: Cli) {
  return { code, kind, message: cli.describe({ code, details }) }
}

/** The sources that were named, or all that are enabled. @throws YiwangError SOURCE_UNKNOWN */
export function chosenSources(app: App, names: readonly string[]): readonly string[] {
  if (names.length > 0) return [...new Set(names.map((name) => app.source(name).id))]
  return app.settings.sources.filter((source) => source.enabled).map((source) => source.id)
}

/**
 * The id of a source to look for: one that is configured, or whose items are in the store.
 * @throws YiwangError SOURCE_UNKNOWN
 */
export async function knownSource(app: App, id: string): Promise<string> {
  const isConfigured = app.settings.sources.some((source) => source.id === id)
  if (isConfigured || (await app.store.tally({ byDay: false, sourceId: id })).length > 0) return id
  return app.source(id).id
}

/** Says what `outdatedIndex` found. */
export function sayOutdated(cli: Cli, outdated: YiwangError | null): void {
  if (outdated !== null) cli.err(cli.describe(outdated))
}
