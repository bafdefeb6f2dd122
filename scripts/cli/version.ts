import { existsSync, readFileSync } from 'node:fs'

/** The package's version, from the nearest package.json above: in a clone two folders up, compiled three. */
export function programVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    const url = new URL(up, import.meta.url)
    if (!existsSync(url)) continue
    const found: unknown = JSON.parse(readFileSync(url, 'utf8'))
    if (typeof found === 'object' && found !== null && 'version' in found) return String(found.version)
  }
  return '0.0.0'
}
