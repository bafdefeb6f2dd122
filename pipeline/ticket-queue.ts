import { Job, type JobsOptions, Queue } from 'bullmq'
import type { TicketEvent } from '../normalizers/ticket.ts'
import type { OutboxEntry, OutboxKey } from './stores/store.ts'

/** Name and id of a job are the contract with consumers: event, and `<ticketId>.<revision>`. */
export function jobIdOf({ ticketId, revision }: OutboxKey): string {
  return `${ticketId}.${revision}`
}

/** The ticket and revision that a job id names; null for a job that is not ours. */
export function outboxKeyOf(jobId: string): OutboxKey | null {
  const dot = jobId.lastIndexOf('.')
  const revision = Number(jobId.slice(dot + 1))
  return dot > 0 && Number.isInteger(revision) ? { ticketId: jobId.slice(0, dot), revision } : null
}

/** A job whose data is JSON text already, so that a ticket is serialized once in its life. */
class TextJob extends Job<string> {
  private readonly text: string

  constructor(...[queue, name, data, opts, id]: ConstructorParameters<typeof Job<string>>) {
    super(queue, name, '', opts, id)
    this.text = data
  }

  override asJSON() {
    return { ...super.asJSON(), data: this.text }
  }
}

class TextQueue extends Queue<string, unknown, TicketEvent> {
  protected override get Job() {
    return TextJob as unknown as typeof Job
  }
}

export interface QueueAddress {
  /** `redis://…` or `rediss://…` */
  readonly url: string
  readonly prefix: string
}

/** Connection options for a producer: fails within seconds when Redis is away, so that the outbox can wait. */
export function producerConnection({ url }: QueueAddress) {
  return {
    url,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    connectTimeout: 3_000,
    retryStrategy: (times: number) => Math.min(200 * times, 3_000),
  }
}

/** Puts tickets on one output queue. */
export class TicketQueue {
  private readonly name: string
  private readonly address: QueueAddress
  private readonly onError: (error: Error) => void
  private opened: TextQueue | null = null
  /** Why the connection broke, which a failed command does not say. */
  private trouble: Error | null = null

  constructor(name: string, address: QueueAddress, onError: (error: Error) => void) {
    this.name = name
    this.address = address
    this.onError = onError
  }

  /** Adds jobs whose ids are not on the queue yet; the others are left as they are. */
  async publish(entries: readonly OutboxEntry[], options: Omit<JobsOptions, 'jobId'> = {}): Promise<void> {
    const jobs = entries.map((entry) => ({
      name: entry.event,
      data: `{"event":"${entry.event}","ticket":${entry.text}}`,
      opts: { ...options, jobId: jobIdOf(entry) },
    }))
    await this.use((queue) => queue.addBulk(jobs))
  }

  /** Whether each job is in Redis, in any state, and whether it was completed. */
  async states(keys: readonly OutboxKey[]): Promise<readonly ('missing' | 'waiting' | 'completed')[]> {
    const states = await this.use((queue) => Promise.all(keys.map((key) => queue.getJobState(jobIdOf(key)))))
    return states.map((state) =>
      state === 'unknown' ? 'missing' : state === 'completed' ? 'completed' : 'waiting',
    )
  }

  /** Jobs in any state. */
  async jobs(): Promise<number> {
    const counts = await this.use((queue) => queue.getJobCounts())
    return Object.values(counts).reduce((sum, count) => sum + count, 0)
  }

  async close(): Promise<void> {
    const queue = this.opened
    this.opened = null
    await queue?.close()
  }

  /** A queue whose first connection failed stays failed for ever, so after any failure the next use opens it anew. */
  private async use<Answer>(work: (queue: TextQueue) => Promise<Answer>): Promise<Answer> {
    const queue = this.opened ?? this.open()
    this.opened = queue
    try {
      return await work(queue)
    } catch (thrown) {
      if (this.opened === queue) this.opened = null
      await queue.disconnect().catch(() => {})
      throw this.trouble ?? thrown
    }
  }

  private open(): TextQueue {
    const { url, prefix } = this.address
    const queue = new TextQueue(this.name, {
      connection: producerConnection({ url, prefix }),
      prefix,
      // Waiting for readiness has no end while Redis is away; the commands themselves fail within seconds.
      skipWaitingForReady: true,
    })
    this.trouble = null
    queue.on('error', (error) => {
      this.trouble ??= error
      this.onError(error)
    })
    return queue
  }
}
