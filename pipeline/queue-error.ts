import { YiwangError } from '../config/errors.ts'

/** What the client says of its connection in words of its own, and in ours. */
const clientWords: readonly (readonly [RegExp, string])[] = [
  [/^(Reached the max retries per request limit|Connection is closed)/, 'connection lost'],
  [/^(Command timed out|Socket timeout)/, 'no answer'],
  [/^Unknown RESP type /, 'what answers there is no Redis'],
]

/**
 * Why Redis cannot be used, as an error of the catalogue: QUEUE_REFUSED where it answers and says no, else
 * QUEUE_UNREACHABLE. Errors of the catalogue stay as they are.
 * @param url safe to show
 */
export function queueError(thrown: unknown, url: string): YiwangError {
  if (thrown instanceof YiwangError) return thrown
  const told = thrown instanceof Error ? thrown.message : String(thrown)
  const refused = thrown instanceof Error && thrown.name === 'ReplyError'
  const ours = clientWords.find(([words]) => words.test(told))?.[1]
  // Where in BullMQ's script that was helps nobody.
  const reason = ours ?? told.replace(/\.? script: [0-9a-f]{40}.*$/s, '')
  return new YiwangError(refused ? 'QUEUE_REFUSED' : 'QUEUE_UNREACHABLE', { url, reason }, thrown)
}

/** Whether this is Redis not taking jobs, for which tickets wait in the outbox. */
export function isQueueTrouble({ code }: YiwangError): boolean {
  return code === 'QUEUE_UNREACHABLE' || code === 'QUEUE_REFUSED'
}

/** The last two: the other worker has ended it, and may have removed it. */
const lockLost =
  /^(could not renew lock for job |Missing lock for job |Lock mismatch for job |Missing key for job |Job \S+ is not in the active state)/

/** Whether BullMQ only says that a job took longer than its lock: our leases keep it from being done twice. */
export function isLockLost(thrown: unknown): thrown is Error {
  return thrown instanceof Error && lockLost.test(thrown.message)
}
