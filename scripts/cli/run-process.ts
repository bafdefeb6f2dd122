import { endSoon, stopWithinMs, written } from './ending.ts'
import { chosenLocale, main } from './main.ts'
import { watchOutput } from './watch-output.ts'

const parentCheckMs = 500

/** Runs the command line of this process: signals, broken pipes and the exit code are dealt with here, nowhere else. */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  const { stdout, stderr } = process
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort()
    setTimeout(() => process.exit(1), stopWithinMs).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // npx ends on SIGTERM without passing it on; what it started would run on by itself.
  if (process.env.npm_command === 'exec') onOrphaned(process, stop)
  const argv = process.argv.slice(2)
  watchOutput(process, chosenLocale({ argv, env: process.env }), (problem) => {
    // A reader such as head has enough: no reason for a message.
    if (problem === null) process.exit()
    stderr.write(`${problem}\n`, () => process.exit(1))
  })
  process.exitCode = await main({
    argv,
    env: process.env,
    cwd: currentFolder(process),
    out: (text) => void stdout.write(text),
    outBytes: (bytes) => void stdout.write(bytes),
    taken: () => written(stdout),
    err: (text) => void stderr.write(text),
    progress: stderr.isTTY === true ? widthOf(stderr) : null,
    columns: stdout.isTTY === true ? widthOf(stdout) : null,
    signal: stopping.signal,
  })
  await endSoon(process)
}

/** Some terminals, as those of containers, do not know how wide they are. */
function widthOf({ columns }: NodeJS.WriteStream): number {
  return columns || 80
}

/** The working folder; where it was removed, or made anew by a deployment, the path that the shell knows. */
function currentFolder(process: NodeJS.Process): string {
  try {
    return process.cwd()
  } catch {
    return process.env.PWD ?? '/'
  }
}

function onOrphaned(process: NodeJS.Process, stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, parentCheckMs)
  timer.unref()
}
