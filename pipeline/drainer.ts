import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { DrainReport } from './app.ts'
import { addReports, emptyDrainReport } from './drain-report.ts'
import type { DrainServiceStart, FromThread, ThreadStart, ToThread } from './drain-service.ts'
import type { Lease } from './stores/store.ts'

/** A thread at work says so this many times before its silence is taken for death. */
const signsOfLife = 12
/** What is under way has this long to end once a stop is asked for; then the thread is ended. */
const stopWithinMs = 5_000
const closeWithinMs = 2_000
/** Once a stop is asked for, a thread that is ended has this long: still before others lose patience. */
const endWithinMs = 3_000

/** Enough for a batch of the largest mails; without a limit the collector lets garbage pile up. */
const maxOldGenerationSizeMb = 768
/** For short-lived objects. Twice as much would save a fifth of the copying of the collector, and cost 15 to 40 MB. */
const maxYoungGenerationSizeMb = 24

/**
 * Where likeness decides, garbage outlives the young generation: a heap that may grow to three times of what lives
 * would take 70 to 100 MB more, for nothing, as deciding costs more than collecting.
 */
const thriftyHeap = '--heap-growing-percent=60'

/** What only tests set. */
export interface DrainerOptions {
  /** A thread silent for this long is held by one item (a hostile mail, say) and is ended. Default one minute. */
  readonly silenceMs?: number
  /** What the thread runs; it calls `serveDrains`. */
  readonly threadFile?: URL
}

/** One drain. */
export interface DrainRun {
  readonly lease: Lease
  readonly signal: AbortSignal
  /** Counts since this run began. */
  readonly onBatch: (report: DrainReport) => void
}

/**
 * Runs drains in a thread of its own, with a store connection of its own: interpreting costs as much as
 * publishing, and so each gets a core. A thread that dies or hangs is replaced, and the drain goes on one by one
 * until the item at fault has used up its attempts. Where it cannot be ended, the process is, and the next start goes on.
 */
export class Drainer {
  private readonly start: ThreadStart
  private readonly log: Logger
  private readonly silenceMs: number
  private readonly threadFile: URL
  private thread: Worker | null = null
  private careful = false

  constructor(start: ThreadStart, log: Logger, { silenceMs = 60_000, threadFile }: DrainerOptions = {}) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.start = start
    this.log = log
    this.silenceMs = silenceMs
    this.threadFile = threadFile ?? new URL(`./drain-thread.${extension}`, import.meta.url)
  }

  /** Gets the thread ready, so that the first drain does not wait for it. */
  warmUp(): void {
    this.startThread()
  }

  /**
   * Drains until nothing is pending or the signal aborts. One run at a time.
   * @throws YiwangError as `drain` does; STOPPED when the work under way did not end in time; INTERNAL when
   *   thread after thread died without settling a single item.
   */
  async drain(run: DrainRun): Promise<DrainReport> {
    let settled = emptyDrainReport
    let deaths = 0
    for (;;) {
      const before = settled
      const onBatch = (report: DrainReport) => {
        deaths = 0
        settled = addReports(before, report)
        run.onBatch(settled)
      }
      const careful = this.careful || run.lease.takenOver
      const answer = await converse(
        this.startThread(),
        careful,
        { ...run, onBatch },
        this.silenceMs,
        this.log,
      )
      this.careful = answer.type === 'died'
      if (answer.type === 'failed') throw answer.error
      if (answer.type === 'done') return addReports(before, answer.report)
      // Ended because it was told to stop, which is not a death.
      if (run.signal.aborted) throw new YiwangError('STOPPED')
      this.log.error({ reason: answer.reason }, 'the drain thread died; going on one by one')
      deaths += 1
      // The first death may be in the middle of a batch, before attempts were counted.
      if (deaths > this.start.settings.processing.maxAttempts + 1)
        throw new YiwangError('INTERNAL', { reason: answer.reason })
    }
  }

  async close(): Promise<void> {
    const { thread } = this
    this.thread = null
    if (thread === null) return
    const ended = new Promise((resolve) => thread.once('exit', resolve))
    thread.postMessage({ type: 'close' } satisfies ToThread)
    const enough = setTimeout(() => void end(thread, endWithinMs, this.log), closeWithinMs)
    await ended
    clearTimeout(enough)
  }

  private startThread(): Worker {
    if (this.thread !== null) return this.thread
    const aliveEveryMs = this.silenceMs / signsOfLife
    // Given to the process for the main thread's sake, this flag would outrank the limit of the thread.
    setFlagsFromString('--max-semi-space-size=0')
    if (this.start.settings.dedupe.similar) setFlagsFromString(thriftyHeap)
    const thread = new Worker(this.threadFile, {
      workerData: { ...this.start, aliveEveryMs } satisfies DrainServiceStart,
      resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb },
    })
    thread.setMaxListeners(50)
    thread.once('exit', () => {
      if (this.thread === thread) this.thread = null
    })
    // Its exit follows, and is what counts.
    thread.on('error', (error) => this.log.warn({ reason: error.message }, 'error in the drain thread'))
    this.thread = thread
    return thread
  }
}

type Answer =
  | { readonly type: 'done'; readonly report: DrainReport }
  | { readonly type: 'failed'; readonly error: YiwangError }
  | { readonly type: 'died'; readonly reason: string }

/** One drain by the thread, to its answer or its death. */
function converse(
  thread: Worker,
  careful: boolean,
  run: DrainRun,
  silenceMs: number,
  log: Logger,
): Promise<Answer> {
  return new Promise((resolve) => {
    const onExit = () => settle({ type: 'died', reason: 'the drain thread ended' })
    const giveUp = (reason: string, withinMs: number) => {
      // Gone before the next one starts: two threads would do the same work.
      thread.off('exit', onExit)
      void end(thread, withinMs, log).then(() => settle({ type: 'died', reason }))
    }
    // Nobody waits, and a disk that stands still may go on.
    const onSilence = () => giveUp(`the drain thread was silent for ${silenceMs / 1000} s`, silenceMs)
    // Counted, as this thread may have stood still itself, or the whole machine.
    let missed = 0
    const watch = setInterval(() => {
      missed += 1
      if (missed === signsOfLife) onSilence()
    }, silenceMs / signsOfLife)
    let deadline: NodeJS.Timeout | undefined
    const onMessage = (message: FromThread) => {
      missed = 0
      if (message.type === 'batch') run.onBatch(message.report)
      else if (message.type === 'done') settle(message)
      else if (message.type === 'failed')
        settle({ type: 'failed', error: new YiwangError(message.code, message.details) })
    }
    const onAbort = () => {
      deadline = setTimeout(() => giveUp('the drain thread did not stop', endWithinMs), stopWithinMs)
      thread.postMessage({ type: 'stop' } satisfies ToThread)
    }
    const settle = (answer: Answer) => {
      clearInterval(watch)
      clearTimeout(deadline)
      thread.off('message', onMessage).off('exit', onExit)
      run.signal.removeEventListener('abort', onAbort)
      resolve(answer)
    }
    thread.on('message', onMessage).once('exit', onExit)
    run.signal.addEventListener('abort', onAbort, { once: true })
    thread.postMessage({ type: 'drain', lease: run.lease, careful } satisfies ToThread)
    if (run.signal.aborted) onAbort()
  })
}

/**
 * Ends a thread. V8 lets a loop be that calls nothing but built-in functions, also where it fills the memory, and a call
 * that waits for the disk: then the process ends as in a crash, since it could neither go on nor exit with such a thread.
 */
async function end(thread: Worker, withinMs: number, log: Logger): Promise<void> {
  let hasEnded = false
  const kill = () => {
    if (hasEnded) return
    log.error({}, 'the drain thread cannot be ended; ending the process, the next start goes on one by one')
    process.kill(process.pid, 'SIGKILL')
  }
  // This thread may have stood still itself: then it first hears of the end.
  const enough = setTimeout(() => setImmediate(kill), withinMs)
  await thread.terminate()
  hasEnded = true
  clearTimeout(enough)
}
