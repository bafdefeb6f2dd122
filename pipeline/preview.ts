import { hash } from 'node:crypto'
import type { Clock } from '../config/clock.ts'
import type { Settings } from '../config/settings.ts'
import type { CollectTarget, Preview } from './app.ts'
import { incoming } from './intake.ts'
import { interpret } from './interpret.ts'
import { momentIn } from './moment.ts'
import type { Sources } from './sources.ts'
import type { Store } from './stores/store.ts'

export interface PreviewOptions {
  readonly settings: Settings
  readonly sources: Sources
  readonly store: Pick<Store, 'secret'>
  readonly clock: Clock
  readonly limit: number
  readonly signal: AbortSignal
}

/** What the first items of a source, or of a file read in its place, would become. Stores nothing. */
export async function* preview(target: CollectTarget, options: PreviewOptions): AsyncIterable<Preview> {
  const { settings, sources, store, clock, signal } = options
  const source = sources.get(target.sourceId)
  const { interpretersFor } = await import('./interpreters.ts')
  const interpreters = await interpretersFor({ sources: [source] }, await store.secret('matching'))
  const connector = sources.connect(source, target.path)
  try {
    await connector.open(signal)
    let shown = 0
    for await (const item of connector.read(null, signal)) {
      if (shown >= options.limit) break
      shown += 1
      const archived = incoming(item, source.id, momentIn(settings.timeZone, clock()))
      yield { item, reading: await interpret(archived, interpreters, noBlobs) }
    }
  } finally {
    await connector.close()
  }
}

/** A dry run keeps no files; it only says what their hashes would be. */
const noBlobs = {
  put: async (body: Uint8Array) => hash('sha256', body),
}
