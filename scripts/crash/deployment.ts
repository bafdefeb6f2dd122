import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSettings } from '../../config/load.ts'
import { connectorSpecs } from '../../connectors/registry.ts'
import type { World } from './world.ts'

/** A folder with a configuration, as an operator has it. */
export interface Deployment extends World {
  readonly dir: string
  readonly configPath: string
}

export interface DeploymentOptions {
  /** Made when missing. */
  readonly dir: string
  readonly store: string
  readonly blobs?: string
  readonly redisUrl: string
  /** The BullMQ prefix: one for each deployment. */
  readonly prefix: string
  readonly processing?: Readonly<Record<string, number>>
  /** As written under `sources:`. */
  readonly source: Readonly<Record<string, unknown>>
  /** The same of further sources. */
  readonly moreSources?: readonly Readonly<Record<string, unknown>>[]
}

/** Writes the configuration; JSON is YAML. */
export function deploy(options: DeploymentOptions): Deployment {
  const { dir, store, blobs, redisUrl, prefix, processing = {}, source, moreSources = [] } = options
  mkdirSync(dir, { recursive: true })
  const configPath = join(dir, 'yiwang.yaml')
  const redis = { url: redisUrl, prefix }
  const configuration = {
    store,
    ...(blobs && { blobs }),
    redis,
    processing,
    sources: [source, ...moreSources],
  }
  writeFileSync(configPath, JSON.stringify(configuration))
  return { dir, configPath, settings: loadSettings(configPath, {}, connectorSpecs) }
}
