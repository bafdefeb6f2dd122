import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { YiwangError } from '../../config/errors.ts'

export interface ConfigSearch {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/**
 * Where the configuration is: what `--config` names, else YIWANG_CONFIG, else `./yiwang.yaml`, else `./config`
 * when that folder has YAML files of its own. Where there is none, `./yiwang.yaml`.
 * @throws YiwangError CONFIG_NOT_FOUND where the name is empty
 */
export function findConfig(given: string | undefined, { env, cwd }: ConfigSearch): string {
  // A variable of a script that is not set: another configuration is not what was meant.
  if (given === '') throw new YiwangError('CONFIG_NOT_FOUND', { path: '""' })
  const named = given ?? env.YIWANG_CONFIG
  if (named) return resolve(cwd, named)
  const file = join(cwd, 'yiwang.yaml')
  const folder = join(cwd, 'config')
  return !isFile(file) && holdsYaml(folder) ? folder : file
}

function isFile(path: string): boolean {
  return mayBe(() => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
}

function holdsYaml(folder: string): boolean {
  return mayBe(() => {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false
    return readdirSync(folder).some((name) => /\.ya?ml$/i.test(name))
  })
}

/** What may not be looked at is taken for a configuration: reading it says why it cannot be read. */
function mayBe(look: () => boolean): boolean {
  try {
    return look()
  } catch {
    return true
  }
}
