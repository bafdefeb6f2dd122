import { randomUUID } from 'node:crypto'
import { YiwangError } from '../config/errors.ts'
import { pause } from './grace.ts'
import type { LastPull, Lease, Leases } from './stores/store.ts'

/**
 * The lease of all work on tickets: decisions about duplicates are serial, and no ticket is published twice at once.
 */
export const processingLease = 'processing'

/** Renewed so often within its life that a slow store or a busy process does not lose it. */
const renewals = 4

/** A lease that renews itself until released. `signal` aborts when it is lost. */
export interface KeptLease {
  readonly lease: Lease
  readonly signal: AbortSignal
  /**
   * @param settled false: work that a dead holder may have left was not looked after; the next holder is told so
   * @param pull how the pull under it ended; undefined: there was none, or it was stopped
   */
  release(settled?: boolean, pull?: LastPull): Promise<void>
}

/**
 * Takes a lease and keeps it. Null when another process holds it.
 * A process that dies without releasing blocks the name for `ttlMs` at most.
 */
export async function keepLease(leases: Leases, name: string, ttlMs: number): Promise<KeptLease | null> {
  const lease = await leases.acquire(name, randomUUID(), ttlMs)
  if (lease === null) return null
  const lost = new AbortController()
  let renewedAt = performance.now()
  const timer = setInterval(() => {
    leases.renew(lease, ttlMs).then(
      (kept) => {
        if (kept) renewedAt = performance.now()
        else lost.abort()
      },
      () => {
        // A store that cannot be reached for a moment is no reason to stop; one unreachable for the whole ttl is.
        if (performance.now() - renewedAt > ttlMs) lost.abort()
      },
    )
  }, ttlMs / renewals)
  timer.unref()
  return {
    lease,
    signal: lost.signal,
    async release(settled = true, pull) {
      clearInterval(timer)
      if (settled || !lease.takenOver) await leases.release(lease, pull)
      else await leases.renew(lease, 0)
    },
  }
}

const askEveryMs = 100

/**
 * The same, waiting until another process releases it or has lost it.
 * @throws YiwangError PROCESSING_BUSY when it is not to be had within `waitMs`; STOPPED when `signal` aborts.
 */
export async function awaitLease(
  leases: Leases,
  name: string,
  { ttlMs, waitMs, signal }: LeaseWait,
): Promise<KeptLease> {
  const deadline = performance.now() + waitMs
  for (;;) {
    if (signal.aborted) throw new YiwangError('STOPPED')
    const lease = await keepLease(leases, name, ttlMs)
    if (lease !== null) return lease
    if (performance.now() >= deadline)
      throw new YiwangError('PROCESSING_BUSY', { seconds: Math.round(waitMs / 1000) })
    await pause(askEveryMs, signal)
  }
}

/** How a lease is waited for: it lasts `ttlMs`, and is given up after `waitMs`. */
export interface LeaseWait {
  readonly ttlMs: number
  readonly waitMs: number
  readonly signal: AbortSignal
}
