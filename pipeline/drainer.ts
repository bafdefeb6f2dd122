import { Worker } from 'node:worker_threads'
import { type ErrorCode, type ErrorDetails, YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import type { DrainReport } from './app.ts'
import type { Lease } from './stores/store.ts'

/** A thread silent for this long is held by one item (a hostile mail, say) and is ended. */
const silenceMs = 60_000

/** Enough for a batch of the largest mails; without a limit the collector lets garbage pile up. */
const threadLimits = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 768 }

export interface ThreadStart {
  readonly settings: Settings
  /** See WriteTurn. */
  readonly writeTurn: SharedArrayBuffer
}

export type ToThread =
  | { readonly type: 'drain'; readonly lease: Lease; readonly careful: boolean }
  | { readonly type: 'stop' }
  | { readonly type: 'close' }

export type FromThread =
  | { readonly type: 'alive' }
  | { readonly type: 'batch'; readonly report: DrainReport }
  | { readonly type: 'done'; readonly report: DrainReport }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails }

export interface DrainRun {
  readonly lease: Lease
  readonly signal: AbortSignal
  /** Counts since this run began. */
  readonly onBatch: (report: DrainReport) => void
}

/**
 * Runs drains in a thread of its own, with a store connection of its own: interpreting costs as much as
 * publishing, and so each gets a core. A thread that dies or hangs is replaced, and the next drain goes
 * one by one until the item at fault has used up its attempts.
 */
export class Drainer {
  private readonly start: ThreadStart
  private readonly log: Logger
  private thread: Worker | null = null
  private careful = false

  constructor(start: ThreadStart, log: Logger) {
    this.start = start
    this.log = log
  }

  /** Gets the thread ready, so that the first drain does not wait for it. */
  warmUp(): void {
    this.startThread()
  }

  /**
   * Drains until nothing is pending or the signal aborts. One run at a time.
   * @throws YiwangError as `drain` does; INTERNAL when the thread died or fell silent.
   */
  async drain(run: DrainRun): Promise<DrainReport> {
    const thread = this.startThread()
    const careful = this.careful || run.lease.takenOver
    this.careful = true
    const report = await converse(thread, { type: 'drain', lease: run.lease, careful }, run)
    this.careful = false
    return report
  }

  async close(): Promise<void> {
    const { thread } = this
    this.thread = null
    if (thread === null) return
    const ended = new Promise((resolve) => thread.once('exit', resolve))
    thread.postMessage({ type: 'close' } satisfies ToThread)
    await ended
  }

  private startThread(): Worker {
    if (this.thread !== null) return this.thread
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const thread = new Worker(new URL(`./drain-thread.${extension}`, import.meta.url), {
      workerData: this.start,
      resourceLimits: threadLimits,
    })
    thread.setMaxListeners(50)
    thread.once('exit', () => {
      if (this.thread === thread) this.thread = null
    })
    thread.on('error', (error) => {
      this.log.error({ reason: error.message }, 'drain thread died')
    })
    this.thread = thread
    return thread
  }
}

function converse(thread: Worker, request: ToThread, run: DrainRun): Promise<DrainReport> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => settle(() => reject(new YiwangError('INTERNAL', { reason })))
    const onExit = () => fail('the drain thread ended')
    const onSilence = () => {
      fail(`the drain thread was silent for ${silenceMs / 1000} s`)
      void thread.terminate()
    }
    let alarm = setTimeout(onSilence, silenceMs)
    const onMessage = (message: FromThread) => {
      clearTimeout(alarm)
      alarm = setTimeout(onSilence, silenceMs)
      if (message.type === 'batch') run.onBatch(message.report)
      else if (message.type === 'done') settle(() => resolve(message.report))
      else if (message.type === 'failed') settle(() => reject(new YiwangError(message.code, message.details)))
    }
    const onAbort = () => thread.postMessage({ type: 'stop' } satisfies ToThread)
    const settle = (answer: () => void) => {
      clearTimeout(alarm)
      thread.off('message', onMessage).off('exit', onExit)
      run.signal.removeEventListener('abort', onAbort)
      answer()
    }
    thread.on('message', onMessage).once('exit', onExit)
    run.signal.addEventListener('abort', onAbort, { once: true })
    thread.postMessage(request)
    if (run.signal.aborted) onAbort()
  })
}
