import type { Clock } from '../config/clock.ts'
import type { YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import { logTrace } from '../config/trace.ts'

/** A source that nobody mends fails every minute, and all work on a store that is away every few seconds. */
const tellEveryMs = 3_600_000

/** Watches over work that is done again and again: each failure is told of once, and again each hour; then its end. */
export class FailureWatch {
  private readonly clock: Clock
  private readonly told = new Map<string, { readonly code: string; readonly at: number }>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Whether to tell of this failure. @param work what failed, as the pulls of a source by its id */
  isNews(work: string, { code }: YiwangError): boolean {
    const at = this.clock()
    const last = this.told.get(work)
    if (last?.code === code && Math.abs(at - last.at) < tellEveryMs) return false
    this.told.set(work, { code, at })
    return true
  }

  /** Notes that this work was done. Whether that ends a failure that was told of. */
  isOver(work: string): boolean {
    return this.told.delete(work)
  }
}

/** Tells of a failure, loudly only when it is news. @param about what else is known of it, as its source */
export function tellFailure(log: Logger, isNews: boolean, error: YiwangError, about: object = {}): void {
  const facts = { ...about, code: error.code }
  if (isNews) {
    // A lease is lost to a process that goes on with the work.
    log[error.code === 'LEASE_LOST' ? 'warn' : 'error'](facts, error.message)
    logTrace(log, error)
  } else log.debug(facts, 'failed again')
}
