import type { Clock } from '../config/clock.ts'
import type { YiwangError } from '../config/errors.ts'

/** A source that nobody mends fails every minute. */
const tellEveryMs = 3_600_000

/** Watches over the sources that a process pulls: each failure is told of once, and again each hour; then its end. */
export class FailureWatch {
  private readonly clock: Clock
  private readonly told = new Map<string, { readonly code: string; readonly at: number }>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Whether to tell of this failure of a source. */
  isNews(sourceId: string, { code }: YiwangError): boolean {
    const at = this.clock()
    const last = this.told.get(sourceId)
    if (last?.code === code && Math.abs(at - last.at) < tellEveryMs) return false
    this.told.set(sourceId, { code, at })
    return true
  }

  /** Notes that a source was pulled. Whether that ends a failure that was told of. */
  isOver(sourceId: string): boolean {
    return this.told.delete(sourceId)
  }
}
