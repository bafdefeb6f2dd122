import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Command } from 'commander'
import { YiwangError } from '../../../config/errors.ts'
import { errnoOf } from '../../../connectors/errno.ts'
import type { Cli } from '../cli.ts'
import { configTemplate, sampleExport } from '../init-files.ts'

/** `yiwang init`: a commented configuration that works as it is, with a sample export to read. */
export function addInit(program: Command, cli: Cli): void {
  program
    .command('init')
    .description(cli.say('initSummary'))
    .argument('[folder]', cli.say('initArgument'), '.')
    .action((folder: string) => init(cli, folder))
}

function init(cli: Cli, folder: string): void {
  const root = cli.resolve(folder)
  const config = join(root, 'yiwang.yaml')
  if (existsSync(config)) throw new YiwangError('CONFIG_EXISTS', { path: cli.shortPath(config) })
  const sample = join(root, 'inbox', 'hotline', 'sample.csv')
  if (!existsSync(sample)) write(sample, sampleExport)
  // Last, because where it stands everything is there.
  write(config, configTemplate(cli.locale))
  const short = cli.shortPath(root)
  const go = short === '.' ? '' : `cd ${forShell(short)} && `
  const paths = { config: cli.shortPath(config), sample: cli.shortPath(sample) }
  cli.out(cli.say('initDone', { ...paths, go, file: relative(root, sample) }))
}

/** A path as a shell takes it. */
function forShell(path: string): string {
  return /^[\p{L}\p{N}_./-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

function write(path: string, text: string): void {
  let isOurs = false
  try {
    makeFolder(dirname(path))
    // Never over a file that appeared meanwhile.
    const file = openSync(path, 'wx')
    isOurs = true
    try {
      writeFileSync(file, text)
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    if (isOurs) rmSync(path, { force: true })
    throw new YiwangError('PATH_NOT_WRITTEN', { path, reason: errnoOf(thrown) }, thrown)
  }
}

/** `recursive` of Node never ends where the system says of a new folder that it does not exist, as Linux below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}
