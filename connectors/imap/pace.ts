/** A line that gives less than 8 kbit/s is no line in use. */
const minBytesPerSecond = 1024
/** So many time-outs for silence in a row it may be so slow: it may pause in a message as well. */
const windowTimeouts = 5
/** What a server may send besides messages, such as a list of UIDs. */
const listBytes = 64 * 1024 * 1024

/** What is known of a connection at any moment. */
export interface Paced {
  /** Waits for news, so that nothing need come. */
  readonly idling: boolean
  stats(): { readonly sent: number; readonly received: number }
}

/** What a connection is held to: how long a server may be silent, and how much one answer may hold. */
export interface Pace {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/**
 * Watches one piece of work on a connection whose server sends on and on, but so slowly or so much that the work never
 * ends: each byte renews the time-out for silence. To that one it leaves a server that is silent; one that came to the
 * next command is not stuck. Calls `onStray` with the reason, maybe more than once.
 * @returns what ends the watch
 */
export function watchPace(
  connection: Paced,
  { timeoutMs, maxBytes }: Pace,
  onStray: (reason: Error) => void,
): () => void {
  const windowSeconds = (windowTimeouts * timeoutMs) / 1000
  let start = connection.stats()
  const first = start.received
  let passed = 0
  const timer = setInterval(() => {
    const { sent, received } = connection.stats()
    const bytes = received - start.received
    if (received - first > maxBytes + listBytes) onStray(new Error(`no end after ${received - first} bytes`))
    const goesOn = !connection.idling && sent === start.sent && bytes > 0
    passed = goesOn ? passed + 1 : 0
    if (passed === windowTimeouts && bytes < minBytesPerSecond * windowSeconds)
      onStray(new Error(`too slow: ${bytes} bytes in ${windowSeconds} s`))
    if (!goesOn || passed === windowTimeouts) {
      start = { sent, received }
      passed = 0
    }
  }, timeoutMs)
  return () => clearInterval(timer)
}
