import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { OutputSettings } from '../config/settings.ts'
import { within } from './grace.ts'
import { type QueueServer, queueServerOf } from './queue-server.ts'
import type { OutboxEntry, OutboxKey } from './stores/store.ts'

/** A server that does not answer gets no longer goodbye. */
const closeWithinMs = 1_000

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

/** How every job begins. */
const fresh = {
  ...{ progress: 0, attemptsMade: 0, attemptsStarted: 0, stalledCounter: 0 },
  ...{ failedReason: '', returnvalue: 'null' },
}

/**
 * The very job that `Queue.addBulk` would make of this event and ticket, for BullMQ's own script to add.
 * Its data is JSON text already, so that a ticket is serialized once in its life.
 */
function jobOf(entry: OutboxEntry, { attempts, retryAfterMs }: QueueSettings, timestamp: number) {
  const { event } = entry
  const id = jobIdOf(entry)
  const opts = { attempts, backoff: { type: 'exponential', delay: retryAfterMs }, jobId: id }
  return { jobId: id, job: { ...fresh, id, name: event, data: dataOf(entry), opts, timestamp } }
}

const end = Buffer.from('}')

/** Bytes go out as they are. */
function dataOf({ event, text }: OutboxEntry): string {
  return Buffer.concat([Buffer.from(`{"event":"${event}","ticket":`), text, end]) as unknown as string
}

/** Of an output, what its queue and jobs need. */
export type QueueSettings = Pick<OutputSettings, 'queue' | 'attempts' | 'retryAfterMs'>

/** Where the queues are. */
export interface QueueAddress {
  /** `redis://…` or `rediss://…` */
  readonly url: string
  readonly prefix: string
}

/** A server that has stopped answering keeps its connections. */
const defaultAnswerWithinMs = 20_000

const connectionOptions = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: true,
  connectTimeout: 3_000,
  retryStrategy: (times: number) => Math.min(200 * times, 3_000),
}

/**
 * For a connection that is to last: one on which nothing comes back, as when a firewall has forgotten it, is opened
 * anew. The longest that BullMQ lets Redis wait with an answer is ten seconds. So is one to a Redis that has become a
 * replica: by now the address may lead to another.
 */
export const lastingOptions = {
  socketTimeout: defaultAnswerWithinMs,
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
}

/** For a producer: fails within seconds when Redis is away, so that the outbox can wait. */
export const producerOptions = {
  ...connectionOptions,
  ...lastingOptions,
  commandTimeout: defaultAnswerWithinMs,
}

/** Whether the server does not let us use the database of the address. The client goes on in database 0 then. */
export function isDatabaseRefused(error: Error): boolean {
  return 'command' in error && (error.command as { readonly name?: unknown }).name === 'select'
}

/** Puts tickets on one output queue. */
export class TicketQueue {
  private readonly settings: QueueSettings
  private readonly address: QueueAddress
  private readonly onError: (error: Error) => void
  private readonly answerWithinMs: number
  private opened: OpenQueue | null = null
  /** Why the connection broke, which a failed command does not say. */
  private trouble: Error | null = null

  constructor(
    settings: QueueSettings,
    address: QueueAddress,
    onError: (error: Error) => void,
    answerWithinMs = defaultAnswerWithinMs,
  ) {
    this.settings = settings
    this.address = address
    this.onError = onError
    this.answerWithinMs = answerWithinMs
  }

  /**
   * Adds a job to a queue beside this one, that nobody reads, and removes it: a replica, or a server without room, answers
   * and takes no jobs. Where BullMQ's script comes to a command that the user may not run, what it has written stays, and
   * by that it would take a ticket's job for one that is on the queue already.
   */
  async tryOut(): Promise<void> {
    const opts = { jobId: 'check' }
    const job = { ...fresh, id: opts.jobId, name: 'check', data: '{}', opts, timestamp: Date.now() }
    await this.use(async (queue, client) => {
      const { prefix } = this.address
      const tried = queue.getBackend().forQueue(`${this.settings.queue}:yiwang-check`, prefix)
      const remove = () => client.del(...Object.values(tried.keys), tried.toKey(opts.jobId))
      // What one that was killed, or may not delete, has left would be taken for this job.
      await remove()
      try {
        await tried.addJob(job, opts.jobId)
      } finally {
        // Not waited for: while Redis is away that would take as long again.
        remove().catch(() => {})
      }
    })
  }

  /** Adds jobs whose ids are not on the queue yet; the others are left as they are. Try it out before. */
  async publish(entries: readonly OutboxEntry[]): Promise<void> {
    const timestamp = Date.now()
    const jobs = entries.map((entry) => jobOf(entry, this.settings, timestamp))
    await this.use((queue) => queue.getBackend().addJobs(jobs))
  }

  /**
   * Whether each job is in Redis, in any state, and whether it was completed. BullMQ tells more of a state, but looks
   * through all that wait to do so: with 300,000 of them, 9 ms of Redis's time for each.
   */
  async states(keys: readonly OutboxKey[]): Promise<readonly ('missing' | 'waiting' | 'completed')[]> {
    return await this.use((queue, client) =>
      Promise.all(
        keys.map(async (key) => {
          const jobId = jobIdOf(key)
          const [isThere, completedAt] = await Promise.all([
            client.exists(queue.toKey(jobId)),
            client.zscore(queue.toKey('completed'), jobId),
          ])
          return isThere === 0 ? 'missing' : completedAt === null ? 'waiting' : 'completed'
        }),
      ),
    )
  }

  /** How often a job was added, as far as Redis knows. */
  async added(): Promise<number> {
    return await this.use(async (queue, client) => Number(await client.get(queue.toKey('id'))))
  }

  /** What the server says of itself. */
  async server(): Promise<QueueServer> {
    return await this.use(async (_, client) => queueServerOf(await client.info()))
  }

  /** Jobs in any state. */
  async jobs(): Promise<number> {
    const counts = await this.use((queue) => queue.getJobCounts())
    return Object.values(counts).reduce((sum, count) => sum + count, 0)
  }

  /** Breaks the connection: what is under way fails. */
  hangUp(): void {
    if (this.opened !== null) abandon(this.opened, new Error('hung up'))
  }

  async close(): Promise<void> {
    const { opened } = this
    this.opened = null
    if (opened === null) return
    await within(closeWithinMs, [opened.queue.close()])
    opened.client.disconnect()
  }

  /**
   * A queue whose first connection failed stays failed for ever, so after any failure the next use opens it anew.
   * Breaking a connection does not settle every command on it (ioredis forgets those that it was to send again), so
   * the work itself is given up too.
   */
  private async use<Answer>(work: (queue: Queue, client: Redis) => Promise<Answer>): Promise<Answer> {
    const opened = this.opened ?? this.open()
    this.opened = opened
    const givenUp = Promise.withResolvers<never>()
    opened.giveUps.add(givenUp.reject)
    // One timer for all the commands of one piece of work.
    const late = new Error(`no answer within ${this.answerWithinMs / 1000} s`)
    const deadline = setTimeout(() => abandon(opened, late), this.answerWithinMs)
    try {
      return await Promise.race([work(opened.queue, opened.client), givenUp.promise])
    } catch (thrown) {
      if (this.opened === opened) this.opened = null
      opened.client.disconnect()
      throw this.trouble ?? thrown
    } finally {
      clearTimeout(deadline)
      opened.giveUps.delete(givenUp.reject)
    }
  }

  private open(): OpenQueue {
    const { url, prefix } = this.address
    // A connection of our own can be broken at any moment; BullMQ's only once it is there.
    const client = new Redis(url, connectionOptions)
    client.on('error', (error) => {
      if (isDatabaseRefused(error)) client.disconnect()
    })
    const queue = new Queue(this.settings.queue, {
      connection: client,
      prefix,
      // Waiting for readiness has no end while Redis is away; the commands themselves fail within seconds.
      skipWaitingForReady: true,
    })
    this.trouble = null
    queue.on('error', (error) => {
      this.trouble ??= error
      this.onError(error)
    })
    return { queue, client, giveUps: new Set() }
  }
}

interface OpenQueue {
  readonly queue: Queue
  readonly client: Redis
  /** Ends what is under way on it. */
  readonly giveUps: Set<(reason: Error) => void>
}

function abandon({ client, giveUps }: OpenQueue, reason: Error): void {
  for (const giveUp of giveUps) giveUp(reason)
  client.disconnect()
}
