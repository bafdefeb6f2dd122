import { Queue } from 'bullmq'
import type { Ticket } from '../../normalizers/ticket.ts'
import { bodyOf } from './csv.ts'

const batchSize = 500

/**
 * Jobs a second that plain `addBulk` reaches with ticket-sized jobs: 500 characters of body, batches of 500,
 * own job ids. The jobs are made beforehand in part, so that making them is not what is measured.
 * @param sample one ticket of the pipeline, so that both ways carry the same fields.
 */
export async function measureRaw(options: {
  readonly redisUrl: string
  readonly jobs: number
  /** Added before the clock starts. */
  readonly warmUp: number
  readonly sample: Ticket
}): Promise<number> {
  const { redisUrl, jobs, warmUp, sample } = options
  const queue = new Queue('raw', { connection: { url: redisUrl } })
  const bodies = Array.from({ length: 1_000 }, (_, seed) => bodyOf(seed))
  const add = async (from: number, to: number) => {
    for (let first = from; first < to; first += batchSize) {
      const count = Math.min(batchSize, to - first)
      await queue.addBulk(Array.from({ length: count }, (_, index) => job(first + index, bodies, sample)))
    }
  }
  await add(jobs, jobs + warmUp)
  const startedAt = performance.now()
  await add(0, jobs)
  const seconds = (performance.now() - startedAt) / 1000
  await queue.close()
  return jobs / seconds
}

function job(number: number, bodies: readonly string[], sample: Ticket) {
  const body = bodies[number % bodies.length]
  const ticket = { ...sample, externalId: `DH${number}`, body }
  return {
    name: 'ticket.created',
    data: { event: 'ticket.created', ticket },
    opts: { jobId: `J-${number}.1` },
  }
}
