import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** A server process that cannot outlive this one. */
export interface Guarded {
  /** The server's own process id. */
  readonly pid: number
  /** Resolves with the exit status (128 + signal number when killed) once the server is gone. */
  readonly exited: Promise<number>
  /** SIGTERM, and SIGKILL after `graceMs`; resolves once the server is gone. Repeatable. */
  stop(graceMs?: number): Promise<void>
  /** SIGKILL; resolves once the server is gone. */
  kill(): Promise<void>
}

export interface GuardedOptions {
  /** Standard output and error are appended here. */
  readonly logFile: string
  readonly cwd?: string
  /** The whole environment of the server; by default this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

// The shell holds the reading end of a pipe from us. However we end, even by SIGKILL, the pipe closes
// and the shell ends the server. It runs in a session of its own, so Ctrl-C does not reach the server
// before we have finished with it.
const guardScript = `
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
server=$!
echo "$server" >&3
exec 3>&-
{ read -r _ <&4; kill -TERM "$server"; sleep 10; kill -KILL "$server"; } >/dev/null 2>&1 &
watcher=$!
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`

/** Starts `command`; resolves once it has a process id, which says nothing of its being ready. */
export async function spawnGuarded(
  command: string,
  args: readonly string[],
  options: GuardedOptions,
): Promise<Guarded> {
  const log = openSync(options.logFile, 'a', 0o600)
  const shell = spawn('/bin/sh', ['-c', guardScript, 'guard', command, ...args], {
    detached: true,
    stdio: ['pipe', log, log, 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
  })
  closeSync(log)
  const exited = new Promise<number>((resolve, reject) => {
    shell.once('error', reject)
    shell.once('exit', (code) => {
      shell.stdin?.destroy()
      resolve(code ?? 1)
    })
  })
  shell.stdin?.on('error', () => {})
  const pid = await readPid(shell)
  unreference(shell)
  return guardedProcess(pid, exited)
}

/** Asks time and again until the server is ready; false where it ends first, or is not by then. Kills it in that case. */
export async function becomesReady(
  server: Guarded,
  isReady: () => Promise<boolean>,
  boundMs: number,
): Promise<boolean> {
  let over = false
  void server.exited.then(() => {
    over = true
  })
  const deadline = performance.now() + boundMs
  while (!over && performance.now() < deadline) {
    if (await isReady()) return true
    await delay(25)
  }
  await server.kill()
  return false
}

/** The last lines of a server's log. */
export function logTail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n')
}

function guardedProcess(pid: number, exited: Promise<number>): Guarded {
  let gone = false
  void exited.then(() => {
    gone = true
  })
  const end = async (signal: NodeJS.Signals, graceMs: number) => {
    if (gone) return
    signalIfAlive(pid, signal)
    const timer = setTimeout(() => signalIfAlive(pid, 'SIGKILL'), graceMs)
    await exited
    clearTimeout(timer)
  }
  return {
    pid,
    exited,
    stop: (graceMs = 10_000) => end('SIGTERM', graceMs),
    kill: () => end('SIGKILL', 10_000),
  }
}

/** Whether a process with this id runs (a zombie of ours counts as running). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone already, which is what was wanted.
  }
}

async function readPid(shell: ChildProcess): Promise<number> {
  const stream = shell.stdio[3] as Readable
  for await (const line of createInterface({ input: stream })) {
    const pid = Number.parseInt(line, 10)
    if (pid > 0) return pid
  }
  throw new Error('The guarding shell ended before it started the server.')
}

/** Lets this process end by itself while the server runs; the guard then stops the server. */
function unreference(shell: ChildProcess): void {
  shell.unref()
  for (const stream of shell.stdio) {
    if (stream !== null && stream !== undefined && 'unref' in stream && typeof stream.unref === 'function') {
      stream.unref()
    }
  }
}
