import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../config/clock.ts'
import { toYiwangError } from '../config/errors.ts'
import { createLogger } from '../config/logging.ts'
import { drain } from './drain.ts'
import type { FromThread, ThreadStart, ToThread } from './drainer.ts'
import { interpretersFor } from './interpreters.ts'
import { openBlobs, openStore } from './stores/open-store.ts'

/** The thread that `Drainer` starts: opens the store of its own accord, then drains whenever it is told to. */
const { settings, writeTurn } = workerData as ThreadStart
const aliveEveryMs = 5_000
const log = createLogger(settings.log)

let stop = new AbortController()

const opening = (async () => {
  const store = await openStore(settings, { randomBytes, writeTurn })
  const blobs = await openBlobs(settings, store)
  const interpreters = await interpretersFor(settings, await store.secret('matching'))
  return { store, blobs, interpreters }
})()
// A failure to open is answered by the first drain.
opening.catch(() => {})

function post(message: FromThread): void {
  parentPort?.postMessage(message)
}

async function runDrain(request: Extract<ToThread, { type: 'drain' }>): Promise<void> {
  stop = new AbortController()
  const alive = setInterval(() => post({ type: 'alive' }), aliveEveryMs)
  try {
    const opened = await opening
    const report = await drain({
      ...opened,
      dedupe: settings.dedupe,
      lease: request.lease,
      careful: request.careful,
      timeZone: settings.timeZone,
      batchSize: settings.processing.batchSize,
      maxAttempts: settings.processing.maxAttempts,
      clock: systemClock,
      random: Math.random,
      log,
      signal: stop.signal,
      onBatch: (batch) => post({ type: 'batch', report: batch }),
    })
    post({ type: 'done', report })
  } catch (thrown) {
    const { code, details } = toYiwangError(thrown)
    post({ type: 'failed', code, details })
  } finally {
    clearInterval(alive)
  }
}

async function close(): Promise<void> {
  const opened = await opening.catch(() => null)
  await opened?.blobs.close()
  await opened?.store.close()
  parentPort?.close()
}

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'drain') void runDrain(message)
  else if (message.type === 'stop') stop.abort()
  else void close()
})
