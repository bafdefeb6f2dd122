import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const version = '0.7.0b3'
const boundMs = 180_000

/** Puts SecantusDB into a Python environment at `dir`, unless it is there already. Returns its program. */
export async function installSecantus(dir: string): Promise<string> {
  const program = join(dir, 'bin', 'secantusd-py')
  const finished = join(dir, `finished-${version}`)
  if (existsSync(finished) && existsSync(program)) return program
  const run = (file: string, args: readonly string[]) =>
    promisify(execFile)(file, [...args], { timeout: boundMs, killSignal: 'SIGKILL' })
  // A half-made environment of an interrupted run is cleared.
  await run('python3', ['-m', 'venv', '--clear', dir])
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `SecantusDB==${version}`]
  await run(join(dir, 'bin', 'python3'), pip)
  writeFileSync(finished, '')
  return program
}
