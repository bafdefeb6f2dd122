/** A line that gives less than 16 kbit/s is no line in use. */
const minBytesPerSecond = 2048
/** A server may think before it sends, and do so for several commands in a row. */
const windowTimeouts = 5
/** What a server may send besides messages, such as a list of UIDs. */
const listBytes = 64 * 1024 * 1024

/** What is known of a connection at any moment. */
export interface Paced {
  /** Waits for news, so that nothing need come. */
  readonly idling: boolean
  stats(): { readonly received: number }
}

/**
 * Watches one piece of work on a connection whose server sends on and on, but so slowly or so much that the work never
 * ends: each byte renews the time-out for silence. Calls `onStray` with the reason, maybe more than once.
 * @returns what ends the watch
 */
export function watchPace(
  connection: Paced,
  { timeoutMs, maxBytes }: { readonly timeoutMs: number; readonly maxBytes: number },
  onStray: (reason: Error) => void,
): () => void {
  const windowMs = windowTimeouts * timeoutMs
  const first = connection.stats().received
  let last = first
  const timer = setInterval(() => {
    const { received } = connection.stats()
    const bytes = received - last
    last = received
    if (received - first > maxBytes + listBytes) onStray(new Error(`no end after ${received - first} bytes`))
    else if (!connection.idling && bytes < (minBytesPerSecond * windowMs) / 1000)
      onStray(new Error(`too slow: ${bytes} bytes in ${windowMs / 1000} s`))
  }, windowMs)
  return () => clearInterval(timer)
}
