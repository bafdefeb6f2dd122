import { YiwangError } from '../config/errors.ts'
import type { Settings, SourceSettings } from '../config/settings.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import { normalizers } from '../normalizers/registry.ts'
import { reporterKeys } from './ids.ts'
import type { Interpreter } from './interpret.ts'

/**
 * How the items of each configured source are interpreted, disabled sources included: their items may still wait.
 * @param matchingSecret shared by all processes on one store, so that reporters are recognised across them.
 */
export async function interpretersFor(
  settings: Pick<Settings, 'sources'>,
  matchingSecret: string,
): Promise<ReadonlyMap<string, Interpreter>> {
  const reporterKey = reporterKeys(matchingSecret)
  const interpreters = new Map<string, Interpreter>()
  for (const source of settings.sources)
    interpreters.set(source.id, await interpreterFor(source, reporterKey))
  return interpreters
}

async function interpreterFor(
  source: SourceSettings,
  reporterKey: (identity: string) => string,
): Promise<Interpreter> {
  const spec = connectorSpecs.get(source.connector)
  if (spec === undefined) throw new YiwangError('INTERNAL', { reason: `no connector "${source.connector}"` })
  const { channel, platform, timeZone, division: homeDivision, settings } = source
  const context = { channel, platform, timeZone, homeDivision, settings, reporterKey }
  return {
    normalizer: await normalizers[spec.normalizer](),
    context,
    connector: `${spec.kind}/${spec.version}`,
  }
}
