import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Deployment } from './deployment.ts'

const script = join(import.meta.dirname, '../cli/yiwang.ts')
const living = new Set<CliProcess>()

export interface Ending {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** One command line of the product in a process of its own. */
export class CliProcess {
  out = ''
  err = ''
  readonly ended: Promise<Ending>
  readonly child: ChildProcess

  /** @param wrap a command that runs the rest, such as `nsenter … --`. */
  constructor({ configPath }: Deployment, args: readonly string[], wrap: readonly string[] = []) {
    const [program = '', ...rest] = [...wrap, process.execPath, script, ...args, '--config', configPath]
    this.child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.child.stdout?.on('data', (chunk) => {
      this.out += chunk
    })
    this.child.stderr?.on('data', (chunk) => {
      this.err += chunk
    })
    living.add(this)
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('close', (code, signal) => {
        living.delete(this)
        resolve({ code, signal })
      })
    })
  }

  /** Sends a signal; answers how the process ended and how long that took, in milliseconds. */
  async end(signal: NodeJS.Signals): Promise<Ending & { readonly elapsedMs: number }> {
    const askedAt = performance.now()
    this.child.kill(signal)
    return { ...(await this.ended), elapsedMs: performance.now() - askedAt }
  }
}

/**
 * A folder for the tests of one file. When they are over, what a failed one has left running is killed, and the folder removed.
 * @param name begins that of the folder
 */
export function crashFolder(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `${name}-`))
  afterAll(async () => {
    await Promise.all([...living].map((one) => one.end('SIGKILL')))
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

/** What `pull --json` says. */
export interface PullOutput {
  readonly sources: readonly { readonly added?: number; readonly error?: { readonly code: string } }[]
  readonly drain: { readonly items: number; readonly postponed: number } | null
  readonly relay: { readonly published: number; readonly waiting: number }
}

/** Whether a pull found nothing that it had to leave for later. */
export function isComplete({ sources, drain, relay }: PullOutput): boolean {
  return sources.every(({ error }) => error === undefined) && drain?.postponed === 0 && relay.waiting === 0
}
