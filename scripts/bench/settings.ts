import { defaultDedupe, defaultOutput, defaultProcessing, defaultSource } from '../../config/schema.ts'
import type { Settings, SourceSettings } from '../../config/settings.ts'
import { connectorSpecs } from '../../connectors/registry.ts'

/** Settings of a deployment with its defaults and one source, for measuring. */
export function benchSettings(options: {
  readonly dir: string
  readonly redisUrl: string
  readonly source: Pick<SourceSettings, 'connector' | 'channel'> & {
    readonly settings: Record<string, unknown>
  }
  /** Whether reworded repeats and incidents are looked for too. */
  readonly similar?: boolean
}): Settings {
  const { dir, redisUrl, source, similar = false } = options
  const spec = connectorSpecs.get(source.connector)
  if (spec === undefined) throw new Error(`no connector ${source.connector}`)
  return {
    path: dir,
    timeZone: 'Asia/Shanghai',
    store: { url: `sqlite:${dir}/store/yiwang.db` },
    blobs: { url: `file:${dir}/store/blobs` },
    redis: { url: redisUrl, prefix: 'bench' },
    outputs: [defaultOutput],
    dedupe: { ...defaultDedupe, similar },
    processing: { ...defaultProcessing, pullConcurrency: 1 },
    log: { level: 'warn' },
    sources: [
      {
        ...defaultSource,
        ...{ id: 'bench', timeZone: 'Asia/Shanghai' },
        ...source,
        settings: spec.settings.parse(source.settings),
      },
    ],
  }
}

/** The hotline export in `inbox`. */
export function fullSettings(options: {
  readonly dir: string
  readonly redisUrl: string
  readonly inbox: string
  readonly similar: boolean
}) {
  const { dir, redisUrl, inbox, similar } = options
  return benchSettings({
    dir,
    redisUrl,
    similar,
    source: { connector: 'hotline-export', channel: 'hotline', settings: { path: inbox, settleMs: 0 } },
  })
}
