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
