import { QueueEvents } from 'bullmq'
import type { Clock } from '../config/clock.ts'
import { YiwangError } from '../config/errors.ts'
import type { Logger } from '../config/logging.ts'
import { shownAddress } from '../config/server-address.ts'
import type { Settings } from '../config/settings.ts'
import { AddedJobs, type Oddity } from './added-jobs.ts'
import type { QueueReport, RepublishProgress } from './app.ts'
import { graceAfter, pause } from './grace.ts'
import { isLockLost, queueError } from './queue-error.ts'
import { Receipts, takersOf } from './receipts.ts'
import { type Output, type RelayOptions, relay } from './relay.ts'
import type { Lease, Ledger, Outbox, OutboxKey, Reindexing } from './stores/store.ts'
import { lastingOptions, outboxKeyOf, TicketQueue } from './ticket-queue.ts'

const pageSize = 500
const receiptsEveryMs = 1_000
/** By then a receipt is noted, by whichever process. */
const receiptsWithinMs = 3_000
const complainEveryMs = 60_000
/** What Redis has not answered so long after a stop was asked for is left for the next start. */
const stopWithinMs = 3_000

export interface OutputsOptions {
  readonly settings: Settings
  readonly store: Outbox & Pick<Ledger, 'tickets'> & Pick<Reindexing, 'progress' | 'saveProgress'>
  readonly clock: Clock
  readonly log: Logger
  /** Takes what an operator has to know of the queues; the log by default. */
  readonly onOddity?: (oddity: YiwangError) => void
}

type UndeliveredPage = Awaited<ReturnType<Outbox['undelivered']>>

/** The output queues of one configuration; connected at the first use. */
export class Outputs {
  private readonly options: OutputsOptions
  private opened: readonly Output[] | null = null
  private complainedAt = Number.NEGATIVE_INFINITY
  private readonly toldAt = new Map<Oddity, number>()
  private readonly added: AddedJobs

  constructor(options: OutputsOptions) {
    this.options = options
    const isMissed = () => this.isMissed()
    const place = `${this.redisUrl}/${options.settings.redis.prefix}`
    this.added = new AddedJobs(options.store, place, isMissed, (oddity) => this.tell(oddity))
  }

  /** The address of Redis, safe to show. */
  get redisUrl(): string {
    return shownAddress(this.options.settings.redis.url)
  }

  /** @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED; LEASE_LOST before anything is published that another may tell of */
  async relay(options: {
    readonly lease: Lease
    readonly signal: AbortSignal
    readonly onBatch: (published: number) => void
  }): Promise<number> {
    const { settings, store, clock } = this.options
    const { redisUrl } = this
    const outputs = this.open()
    const { timeZone } = settings
    using late = graceAfter(options.signal, stopWithinMs)
    late.signal.addEventListener('abort', () => {
      for (const { queue } of outputs) queue.hangUp()
    })
    const prepare: RelayOptions['prepare'] = (output) => this.added.prepare(output, options.lease)
    const published = await relay({ store, clock, outputs, redisUrl, timeZone, prepare, ...options })
    if (published > 0) await this.settle(outputs, options.lease)
    return published
  }

  /** All is published and marked; without the counts less is known of a later loss. */
  private async settle(outputs: readonly Output[], lease: Lease): Promise<void> {
    try {
      for (const output of outputs) await this.added.settle(output, lease)
    } catch (thrown) {
      this.complain(thrown)
    }
  }

  /**
   * Puts back into the outbox what was published, is not known to be delivered and is gone from Redis.
   * What downstream completed and Redis still remembers is noted as delivered on the way; for what it completed just
   * now and Redis has forgotten, the receipt is waited for.
   * @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED
   */
  async republish(
    signal: AbortSignal,
    onProgress: (progress: RepublishProgress) => void = () => {},
  ): Promise<number> {
    const { store } = this.options
    let looked = 0
    const missing: OutboxKey[] = []
    let after: string | null = null
    while (!signal.aborted) {
      const page: UndeliveredPage = await store.undelivered(after, pageSize)
      const look = await this.look(page.keys)
      await store.markDelivered(look.completed)
      missing.push(...look.missing)
      looked += page.keys.length
      onProgress({ looked, requeued: 0 })
      if (page.next === null) break
      after = page.next
    }
    if (missing.length > 0) await pause(receiptsWithinMs, signal)
    let requeued = 0
    for (let start = 0; start < missing.length && !signal.aborted; start += pageSize) {
      const lost = await this.stillUndelivered(missing.slice(start, start + pageSize))
      await store.requeue(lost)
      requeued += lost.length
      onProgress({ looked, requeued })
    }
    return requeued
  }

  private async stillUndelivered(keys: readonly OutboxKey[]): Promise<readonly OutboxKey[]> {
    const known = await this.options.store.publications(keys.map(({ ticketId }) => ticketId))
    return keys.filter(({ ticketId, revision }) => (known.get(ticketId)?.delivered ?? 0) < revision)
  }

  /**
   * Whether Redis knows nothing of the output queues although one of them took something that is not known to be
   * delivered: it was wiped, or is another one.
   * @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED
   */
  async isForgotten(): Promise<boolean> {
    return !(await this.isUsed()) && (await this.isMissed())
  }

  /** Whether an output took something that is not known to be delivered. */
  private async isMissed(): Promise<boolean> {
    const { settings, store } = this.options
    for (let after: string | null = null; ; ) {
      const page: UndeliveredPage = await store.undelivered(after, pageSize)
      const takers = await takersOf(page.keys, settings.outputs, store)
      if (takers.some((its) => its === 'unknown' || (its !== 'gone' && its.length > 0))) return true
      if (page.next === null) return false
      after = page.next
    }
  }

  /** @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  private async isUsed(): Promise<boolean> {
    const added = await this.ofEach(({ queue }) => queue.added())
    return added.some((count) => count > 0)
  }

  /** Looks whether Redis has lost jobs, and tells it. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  async lookForLosses(): Promise<void> {
    try {
      for (const output of this.open()) await this.added.lookForLoss(output)
    } catch (thrown) {
      throw this.unreachable(thrown)
    }
  }

  /** Says it once a minute. */
  tell(oddity: Oddity): void {
    const now = this.options.clock()
    if (now - (this.toldAt.get(oddity) ?? Number.NEGATIVE_INFINITY) < complainEveryMs) return
    this.toldAt.set(oddity, now)
    const error = new YiwangError(oddity)
    const { log, onOddity } = this.options
    if (onOddity === undefined) log.error({ code: error.code }, error.message)
    else onOddity(error)
  }

  private async look(keys: readonly OutboxKey[]) {
    const { settings, store } = this.options
    const takers = await takersOf(keys, settings.outputs, store)
    const states = await this.states((output) =>
      keys.filter((_, index) => {
        const its = takers[index]
        return !Array.isArray(its) || its.includes(output)
      }),
    )
    const missing: OutboxKey[] = []
    const completed: OutboxKey[] = []
    for (const [index, key] of keys.entries()) {
      const its = states.flatMap((ofQueue) => ofQueue.get(key) ?? [])
      const isMissing = (state: string) => state === 'missing'
      // Where it is not known which outputs took it, one that has it not is no loss.
      if (takers[index] === 'unknown' ? its.every(isMissing) : its.some(isMissing)) missing.push(key)
      else if (its.every((state) => state === 'completed')) completed.push(key)
    }
    return { missing, completed }
  }

  /** One map for each output. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  private states(keysOf: (output: number) => readonly OutboxKey[]) {
    return this.ofEach(async ({ queue }, output) => {
      const keys = keysOf(output)
      const states = await queue.states(keys)
      return new Map(keys.flatMap((key, index) => [[key, states[index] ?? 'missing'] as const]))
    })
  }

  /** Jobs on each output queue, in any state. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  async jobs(): Promise<readonly { readonly queue: string; readonly jobs: number }[]> {
    return await this.ofEach(async ({ settings, queue }) => ({
      queue: settings.queue,
      jobs: await queue.jobs(),
    }))
  }

  /** Whether Redis takes jobs, and what it says of itself. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  async check(): Promise<QueueReport> {
    const startedAt = this.options.clock()
    const outputs = this.open()
    const [first] = outputs
    if (first === undefined) throw new YiwangError('INTERNAL', { reason: 'no output' })
    try {
      for (const { queue } of outputs) await queue.tryOut()
      const server = await first.queue.server()
      return { url: this.redisUrl, ...server, elapsedMs: this.options.clock() - startedAt }
    } catch (thrown) {
      throw this.unreachable(thrown)
    }
  }

  /** Why Redis cannot be used, as an error of the catalogue. */
  unreachable(thrown: unknown): YiwangError {
    return queueError(thrown, this.redisUrl)
  }

  /**
   * Notes which jobs downstream has completed on every output that takes them, so that `republish` knows what it has
   * not got. Returns a function that ends it.
   */
  async followReceipts(): Promise<() => Promise<void>> {
    const { settings, store, log } = this.options
    const receipts = new Receipts(settings.outputs)
    const { url, prefix } = settings.redis
    const followed = settings.outputs.map(({ queue }, output) => {
      const events = new QueueEvents(queue, { connection: { url, ...lastingOptions }, prefix })
      events.on('error', (error) => this.complain(error))
      events.on('completed', ({ jobId }) => {
        const key = outboxKeyOf(jobId)
        if (key !== null) receipts.add(key, output)
      })
      return events
    })
    const note = async () => {
      try {
        const keys = await receipts.delivered(store)
        if (keys.length > 0) await store.markDelivered(keys)
      } catch (thrown) {
        // A receipt that is not noted only means one more publication after a wipe.
        log.warn({ reason: String(thrown) }, 'receipts lost')
      }
    }
    const timer = setInterval(() => void note(), receiptsEveryMs)
    return async () => {
      clearInterval(timer)
      await Promise.all(followed.map((events) => events.close()))
      await note()
    }
  }

  /** Says once a minute that Redis is away, or takes nothing. */
  complain(thrown: unknown): void {
    if (isLockLost(thrown)) {
      this.options.log.debug({ reason: thrown.message }, 'a job outlived its lock')
      return
    }
    const now = this.options.clock()
    if (now - this.complainedAt < complainEveryMs) return
    this.complainedAt = now
    const { code, message } = thrown instanceof YiwangError ? thrown : this.unreachable(thrown)
    this.options.log.warn({ code }, message)
  }

  async close(): Promise<void> {
    await Promise.all((this.opened ?? []).map(({ queue }) => queue.close()))
    this.opened = null
  }

  /** Asks all output queues at once. @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
  private async ofEach<Answer>(ask: (output: Output, index: number) => Promise<Answer>): Promise<Answer[]> {
    try {
      return await Promise.all(this.open().map(ask))
    } catch (thrown) {
      throw this.unreachable(thrown)
    }
  }

  private open(): readonly Output[] {
    this.opened ??= this.options.settings.outputs.map((settings) => ({
      settings,
      queue: new TicketQueue(settings, this.options.settings.redis, (error) => this.complain(error)),
    }))
    return this.opened
  }
}
