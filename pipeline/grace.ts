/** Time to end cleanly: a signal of its own, and the end of waiting for the one that it follows. */
export interface Grace extends Disposable {
  readonly signal: AbortSignal
}

/**
 * A signal that aborts `graceMs` after `signal` does: for work that should end cleanly once it is told to stop.
 * Dispose of it when the work is done, or a signal that lives as long as the process keeps it for ever.
 */
export function graceAfter(signal: AbortSignal, graceMs: number): Grace {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    timer = setTimeout(() => late.abort(signal.reason), graceMs).unref()
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return {
    signal: late.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', begin)
    },
  }
}

/** Resolves after `delayMs`, or at once when `signal` aborts. Never rejects. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, delayMs)
    signal.addEventListener('abort', end, { once: true })
  })
}

/** Waits for all to settle, but no longer than this: what does not end is ended with the process. */
export async function within(limitMs: number, ending: readonly Promise<unknown>[]): Promise<void> {
  const enough = new AbortController()
  await Promise.race([Promise.allSettled(ending), pause(limitMs, enough.signal)])
  enough.abort()
}
