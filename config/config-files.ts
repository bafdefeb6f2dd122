import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { YiwangError } from './errors.ts'
import type { Problem } from './problem.ts'

/** More than any configuration needs; a data file given by mistake is refused before it is parsed. */
const maxBytes = 1024 * 1024

/** One file of a configuration. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string
  readonly text: string
}

/**
 * The files of a configuration: the one file, or all `*.yaml` and `*.yml` right inside the folder, by name.
 * @throws YiwangError CONFIG_NOT_FOUND, CONFIG_UNREADABLE
 */
export function readConfigFiles(path: string, problems: Problem[]): readonly ConfigFile[] {
  const files = listFiles(resolve(path))
  if (files.length === 0) throw new YiwangError('CONFIG_NOT_FOUND', { path: resolve(path) })
  return files.flatMap((file) => {
    const bytes = guarded(file, () => readFileSync(file))
    const text = decode(file, bytes, problems)
    return text === null ? [] : [{ path: file, text }]
  })
}

function listFiles(path: string): readonly string[] {
  const stats = guarded(path, () => statSync(path))
  if (stats.isFile()) return [path]
  if (!stats.isDirectory())
    throw new YiwangError('CONFIG_UNREADABLE', { path, reason: 'neither a file nor a folder' })
  return guarded(path, () => readdirSync(path))
    .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
    .toSorted()
    .map((name) => join(path, name))
    .filter(isFile)
}

/** Of a name that a folder lists. @throws YiwangError CONFIG_UNREADABLE */
function isFile(path: string): boolean {
  const stats = guarded(path, () => statSync(path, { throwIfNoEntry: false }))
  if (stats === undefined)
    throw new YiwangError('CONFIG_UNREADABLE', { path, reason: 'a link that leads nowhere' })
  return stats.isFile()
}

function decode(file: string, bytes: Buffer, problems: Problem[]): string | null {
  if (bytes.length > maxBytes) {
    const text = {
      en: 'The file is larger than 1 MiB; is it a configuration?',
      zh: '文件超过 1 MiB；它是配置文件吗？',
    }
    problems.push({ place: { file, line: 1, column: 1 }, text })
    return null
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    problems.push({ place: firstBadByte(file, bytes), text: notUtf8 })
    return null
  }
}

const notUtf8 = {
  en: 'The file is not UTF-8 from here on; save it as UTF-8 in your editor',
  zh: '文件从此处起不是 UTF-8 编码；请在编辑器中另存为 UTF-8',
}

function firstBadByte(file: string, bytes: Buffer) {
  const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? ''
  const lines = before.split('\n')
  return { file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

function guarded<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (thrown) {
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    if (reason === 'ENOENT' || reason === 'ENOTDIR')
      throw new YiwangError('CONFIG_NOT_FOUND', { path }, thrown)
    throw new YiwangError('CONFIG_UNREADABLE', { path, reason }, thrown)
  }
}
