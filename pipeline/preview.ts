import { hash } from 'node:crypto'
import type { Clock } from '../config/clock.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import type { Item } from '../connectors/connector.ts'
import type { ArchivedItem } from '../normalizers/normalizer.ts'
import type { CollectTarget } from './app.ts'
import { incoming } from './intake.ts'
import { interpret, type Reading } from './interpret.ts'
import { interpretersFor } from './interpreters.ts'
import { momentIn } from './moment.ts'
import { connect, sourceOf } from './sources.ts'

/** What would become of one item: its ticket as revision 1, not compared with others, or why there is none. */
export interface Preview {
  readonly item: Item
  readonly reading: Reading<ArchivedItem>
}

export interface PreviewOptions {
  readonly settings: Pick<Settings, 'sources' | 'timeZone'>
  /** Any text: keys of reporters tell them apart within one preview, and are not those that the store's secret gives. */
  readonly matchingSecret: string
  readonly clock: Clock
  readonly log: Logger
  readonly limit: number
  readonly signal: AbortSignal
}

/**
 * What the first items of a source, or of a file read in its place, would become. Needs no store and stores nothing.
 * @throws YiwangError SOURCE_UNKNOWN, SOURCE_TAKES_NO_FILE, and what the connector throws
 */
export async function* preview(target: CollectTarget, options: PreviewOptions): AsyncIterable<Preview> {
  const { settings, matchingSecret, clock, signal } = options
  const source = sourceOf(settings, target.sourceId)
  const interpreters = await interpretersFor({ sources: [source] }, matchingSecret)
  const connector = connect(source, options, target.path)
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
