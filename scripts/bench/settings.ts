import { defaultDedupe, defaultOutput, defaultProcessing, defaultSource } from '../../config/schema.ts'
import type { Settings, SourceSettings } from '../../config/settings.ts'
import { connectorSpecs } from '../../connectors/registry.ts'

interface BenchSource extends Pick<SourceSettings, 'id' | 'connector' | 'channel'> {
  readonly settings: Record<string, unknown>
}

/** Settings of a deployment with its defaults and these sources, for measuring. */
export function benchSettings(options: {
  readonly dir: string
  readonly redisUrl: string
  readonly sources: readonly BenchSource[]
  /** Whether reworded repeats and incidents are looked for too. */
  readonly similar?: boolean
}): Settings {
  const { dir, redisUrl, sources, similar = false } = options
  const settingsOf = ({ connector, settings }: BenchSource) => {
    const spec = connectorSpecs.get(connector)
    if (spec === undefined) throw new Error(`no connector ${connector}`)
    return spec.settings.parse(settings)
  }
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
    sources: sources.map((source) => ({
      ...defaultSource,
      timeZone: 'Asia/Shanghai',
      ...source,
      settings: settingsOf(source),
    })),
  }
}

/** The hotline exports in two folders: what is measured, and what goes through before the clock starts. */
export function fullSettings(options: {
  readonly dir: string
  readonly redisUrl: string
  readonly inbox: string
  readonly warmUp: string
  readonly similar: boolean
}) {
  const { dir, redisUrl, inbox, warmUp, similar } = options
  const source = (id: string, path: string): BenchSource => {
    return { id, connector: 'hotline-export', channel: 'hotline', settings: { path, settleMs: 0 } }
  }
  return benchSettings({
    dir,
    redisUrl,
    similar,
    sources: [source('bench', inbox), source('warm-up', warmUp)],
  })
}
