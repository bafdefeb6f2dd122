import { randomBytes } from 'node:crypto'
import type { MessagePort } from 'node:worker_threads'
import { systemClock } from '../config/clock.ts'
import { type ErrorCode, type ErrorDetails, toYiwangError } from '../config/errors.ts'
import { createLogger, type Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import { logTrace } from '../config/trace.ts'
import type { DrainReport } from './app.ts'
import { ProfileCache } from './decider.ts'
import { type DrainOptions, drain } from './drain.ts'
import { interpretersFor } from './interpreters.ts'
import { openBlobs, openStore } from './stores/open-store.ts'
import type { Lease, Store } from './stores/store.ts'

/** What every thread with a store of its own is started with. */
export interface ThreadStart {
  readonly settings: Settings
  /** See WriteTurn. */
  readonly writeTurn: SharedArrayBuffer
}

/** Messages to the thread of the drain. */
export type ToThread =
  | { readonly type: 'drain'; readonly lease: Lease; readonly careful: boolean }
  | { readonly type: 'stop' }
  | { readonly type: 'close' }

/** Its answers; `alive` only says that it works. */
export type FromThread =
  | { readonly type: 'alive' }
  | { readonly type: 'batch'; readonly report: DrainReport }
  | { readonly type: 'done'; readonly report: DrainReport }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails }

/** What a drain thread needs from the one that started it. */
export interface DrainServiceStart extends ThreadStart {
  /** A message is sent at least so often while a drain goes on. */
  readonly aliveEveryMs: number
}

/**
 * Serves `Drainer` from a thread of its own: opens the store of its own accord, then drains whenever it is told to.
 * @param interpreters how items are interpreted; tests put poison there.
 */
export function serveDrains(
  port: MessagePort,
  start: DrainServiceStart,
  interpreters: typeof interpretersFor = interpretersFor,
): void {
  const service = new DrainService(port, start, interpreters)
  port.on('message', (message: ToThread) => service.take(message))
}

class DrainService {
  private readonly port: MessagePort
  private readonly start: DrainServiceStart
  private readonly log: Logger
  private readonly interpreters: typeof interpretersFor
  /** Null before the first try, and after one that failed: the store may be there by the next drain. */
  private opening: Promise<Opened> | null = null
  private readonly profiles = new ProfileCache()
  private stop = new AbortController()

  constructor(port: MessagePort, start: DrainServiceStart, interpreters: typeof interpretersFor) {
    this.port = port
    this.start = start
    this.log = createLogger(start.settings.log)
    this.interpreters = interpreters
    // A failure is the answer of a drain that waits for this.
    this.opened().catch(() => {})
  }

  take(message: ToThread): void {
    if (message.type === 'drain') void this.drain(message)
    else if (message.type === 'stop') this.stop.abort()
    else void this.close()
  }

  private opened(): Promise<Opened> {
    this.opening ??= open(this.start, this.interpreters).catch((error: unknown) => {
      this.opening = null
      throw error
    })
    return this.opening
  }

  private post(message: FromThread): void {
    this.port.postMessage(message)
  }

  private async drain({ lease, careful }: Extract<ToThread, { type: 'drain' }>): Promise<void> {
    this.stop = new AbortController()
    const alive = setInterval(() => this.post({ type: 'alive' }), this.start.aliveEveryMs)
    try {
      const { settings } = this.start
      const report = await drain({
        ...(await this.opened()),
        ...{ dedupe: settings.dedupe, profiles: this.profiles, lease, careful, timeZone: settings.timeZone },
        batchSize: settings.processing.batchSize,
        maxAttempts: settings.processing.maxAttempts,
        clock: systemClock,
        random: Math.random,
        log: this.log,
        signal: this.stop.signal,
        onBatch: (batch) => this.post({ type: 'batch', report: batch }),
      })
      this.post({ type: 'done', report })
    } catch (thrown) {
      const error = toYiwangError(thrown)
      logTrace(this.log, error)
      const { code, details } = error
      this.post({ type: 'failed', code, details })
    } finally {
      clearInterval(alive)
    }
  }

  private async close(): Promise<void> {
    const opened = await this.opening?.catch(() => null)
    await opened?.blobs.close()
    await opened?.store.close()
    this.port.close()
  }
}

type Opened = Pick<DrainOptions, 'blobs' | 'interpreters'> & { readonly store: Store }

async function open(
  { settings, writeTurn }: ThreadStart,
  interpretersOf: typeof interpretersFor,
): Promise<Opened> {
  const store = await openStore(settings, { randomBytes, writeTurn })
  try {
    const blobs = await openBlobs(settings, store)
    const interpreters = await interpretersOf(settings, await store.secret('matching'))
    return { store, blobs, interpreters }
  } catch (error) {
    await store.close()
    throw error
  }
}
