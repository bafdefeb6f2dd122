import type { Redis } from 'ioredis'
import type { Clock } from '../config/clock.ts'
import type { YiwangError } from '../config/errors.ts'
import { backoffMs, longestMs } from './backoff.ts'

/** Only a refused login is made worse by trying again; others may be tried as often as their schedule says, or so. */
const longestOtherMs = 60_000

interface State {
  /** In a row; 0 when the last pull succeeded, or none is known. */
  readonly failures: number
  /** Milliseconds since 1970. */
  readonly heldUntil: number
}

interface StoredState extends State {
  /** Milliseconds since 1970; 0 when none is known. */
  readonly failedAt: number
}

/**
 * How often pulls of a source have failed in a row, and when it may be tried again: one answer for all of its jobs in
 * all processes, so it stands in Redis. When Redis loses it, the source is tried at once.
 */
export class SourceBackoff {
  private readonly redis: Redis
  private readonly prefix: string
  private readonly clock: Clock

  constructor(redis: Redis, prefix: string, clock: Clock) {
    this.redis = redis
    this.prefix = prefix
    this.clock = clock
  }

  /**
   * When the source may be tried again, in milliseconds since 1970; null when it may be now.
   * @param atOnceSince when a pull was asked for that does not wait for what failed before, likewise; null for others
   */
  async heldUntil(sourceId: string, atOnceSince: number | null = null): Promise<number | null> {
    const { heldUntil, failedAt } = await this.state(sourceId)
    if (atOnceSince !== null && failedAt < atOnceSince) return null
    const leftMs = heldUntil - this.clock()
    // Longer than any wait: the clock was set back.
    return leftMs > 0 && leftMs <= longestMs ? heldUntil : null
  }

  /** Whether its last pull failed. */
  async isFailing(sourceId: string): Promise<boolean> {
    return (await this.state(sourceId)).failures > 0
  }

  /** Notes that a pull failed. @param random in [0, 1). */
  async failed(sourceId: string, kind: YiwangError['kind'], random: number): Promise<State> {
    const before = await this.state(sourceId)
    const now = this.clock()
    // What failed long ago says little of now.
    const failures = now <= before.heldUntil + longestMs ? before.failures + 1 : 1
    const waitMs = Math.min(kind === 'auth' ? longestMs : longestOtherMs, backoffMs(kind, failures, random))
    const after = { failures, heldUntil: now + waitMs }
    await this.redis.hset(this.key(sourceId), { ...after, failedAt: now })
    return after
  }

  async succeeded(sourceId: string): Promise<void> {
    await this.redis.del(this.key(sourceId))
  }

  private async state(sourceId: string): Promise<StoredState> {
    const { failures, heldUntil, failedAt } = await this.redis.hgetall(this.key(sourceId))
    return {
      failures: Number(failures ?? 0),
      heldUntil: Number(heldUntil ?? 0),
      failedAt: Number(failedAt ?? 0),
    }
  }

  private key(sourceId: string): string {
    return `${this.prefix}:yiwang-pull-backoff:${sourceId}`
  }
}
