import { YiwangError } from '../config/errors.ts'
import type { Settings } from '../config/settings.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import { normalizers } from '../normalizers/registry.ts'
import { reporterKeys } from './ids.ts'
import type { Interpreter } from './interpret.ts'

/**
 * How the items of each configured source are interpreted, disabled sources included: their items may still wait.
 * @param matchingSecret shared by all processes on one store, so that reporters are recognised across them.
 */
export function interpretersFor(
  settings: Settings,
  matchingSecret: string,
): ReadonlyMap<string, Interpreter> {
  const reporterKey = reporterKeys(matchingSecret)
  return new Map(
    settings.sources.map((source) => {
      const spec = connectorSpecs.get(source.connector)
      const normalizer = spec && normalizers.get(spec.normalizer)
      if (spec === undefined || normalizer === undefined) {
        throw new YiwangError('INTERNAL', { reason: `no normalizer for connector "${source.connector}"` })
      }
      const context = {
        sourceId: source.id,
        channel: source.channel,
        platform: source.platform,
        timeZone: source.timeZone,
        homeDivision: source.division,
        settings: source.settings,
        reporterKey,
      }
      return [source.id, { source, normalizer, context, connector: `${spec.kind}/${spec.version}` }]
    }),
  )
}
