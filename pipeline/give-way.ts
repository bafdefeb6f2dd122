import { setImmediate } from 'node:timers/promises'
import { YiwangError } from '../config/errors.ts'
import { pause } from './grace.ts'
import type { Store } from './stores/store.ts'

/** So many tickets are taken up together: what long ones say must fit into memory. */
export const pageOfTickets = { limit: 500, maxCharacters: 4_000_000 }

/** More than the 100 ms after which those who wait for a lease ask again. */
const pauseMs = 150
/** More than the five seconds after which a drain is tried again. */
const drainWithinMs = 6_000

/**
 * A point between two pages of long work where it may be stopped. A store that answers at once would otherwise keep
 * signals and timers out until the end.
 * @throws YiwangError STOPPED
 */
export async function stopPoint(signal: AbortSignal): Promise<void> {
  await setImmediate()
  if (signal.aborted) throw new YiwangError('STOPPED')
}

/** Long work that takes a lease for each page, and leaves it to others from time to time. */
export class Shifts {
  private readonly store: Pick<Store, 'pendingCount'>
  private shiftMs: number
  private begunAt = performance.now()

  /** @param shiftMs how long it works until it gives way */
  constructor(store: Pick<Store, 'pendingCount'>, shiftMs: number) {
    this.store = store
    this.shiftMs = shiftMs
  }

  /**
   * Call it without the lease. While items wait, they are waited for, but half of the time at most: there may be
   * nobody to take them up.
   */
  async giveWay(signal: AbortSignal): Promise<void> {
    const now = performance.now()
    if (now - this.begunAt < this.shiftMs) return
    do await pause(pauseMs, signal)
    while (
      !signal.aborted &&
      performance.now() - now < drainWithinMs &&
      (await this.store.pendingCount()) > 0
    )
    this.begunAt = performance.now()
    this.shiftMs = Math.max(this.shiftMs, this.begunAt - now)
  }
}
