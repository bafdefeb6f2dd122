import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Guarded, isAlive, spawnGuarded } from '../servers/guarded.ts'

const mountScript = 'mount -t tmpfs -o size="$2" none "$1" && exec sleep infinity'

/** A disk of its own, so small that it can be filled: a tmpfs that only processes started through `wrap` see. */
export class SmallDisk {
  /** Runs a command where the disk is mounted. */
  readonly wrap: readonly string[]
  private readonly holder: Guarded
  private readonly dir: string

  private constructor(holder: Guarded, dir: string) {
    this.holder = holder
    this.dir = dir
    const target = ['--target', String(holder.pid)]
    this.wrap = ['nsenter', ...target, '--user', '--mount', '--preserve-credentials', '--']
  }

  /** Mounts one on `dir`. Null where this machine does not let this user mount. */
  static async mount(dir: string, size: string): Promise<SmallDisk | null> {
    mkdirSync(dir, { recursive: true })
    const args = ['--map-root-user', '--mount', 'sh', '-c', mountScript, 'sh', dir, size]
    const holder = await spawnGuarded('unshare', args, { logFile: `${dir}.log` })
    // As proc(5) writes a space.
    const shown = dir.replaceAll(' ', '\\040')
    for (let attempt = 0; attempt < 2_400 && isAlive(holder.pid); attempt++) {
      if (mounts(holder.pid).includes(` ${shown} tmpfs `)) return new SmallDisk(holder, dir)
      await delay(25)
    }
    await holder.kill()
    return null
  }

  /** A path on the disk, as this process can reach it. */
  path(name: string): string {
    return join(`/proc/${this.holder.pid}/root`, this.dir, name)
  }

  /** Leaves not a byte free. */
  fill(): void {
    const file = openSync(this.path('filler'), 'w')
    try {
      for (let bytes = 64 * 1024; bytes > 0; ) {
        try {
          writeSync(file, Buffer.alloc(bytes))
        } catch (thrown) {
          if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown
          bytes = Math.floor(bytes / 2)
        }
      }
    } finally {
      closeSync(file)
    }
  }

  free(): void {
    rmSync(this.path('filler'))
  }

  async unmount(): Promise<void> {
    await this.holder.kill()
  }
}

function mounts(pid: number): string {
  const file = `/proc/${pid}/mounts`
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
