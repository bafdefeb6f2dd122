import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { jobIdOf, outboxKeyOf, TicketQueue } from './ticket-queue.ts'

const url = inject('redisUrl')
const prefix = 'ticket-queue-test'
let queue: TicketQueue
let plain: Queue

beforeAll(() => {
  queue = new TicketQueue('tickets', { url, prefix }, () => {})
  plain = new Queue('tickets', { connection: { url }, prefix })
})

afterAll(async () => {
  await plain.obliterate({ force: true })
  await queue.close()
  await plain.close()
})

async function stored(jobId: string): Promise<Record<string, string>> {
  const redis = new Redis(url)
  const fields = await redis.hgetall(`${prefix}:tickets:${jobId}`)
  await redis.quit()
  return fields
}

const entry = (ticketId: string, text: string) => ({
  ticketId,
  revision: 1,
  event: 'ticket.created' as const,
  text: Buffer.from(text),
})

describe('TicketQueue', () => {
  it('puts the ticket on the queue as an object, though it was given as text', async () => {
    await queue.publish([entry('T-A', '{"body":"噪音\\u0000𠮷😀"}')])
    const job = await plain.getJob('T-A.1')
    expect(job?.name).toBe('ticket.created')
    expect(job?.data).toEqual({ event: 'ticket.created', ticket: { body: '噪音\u0000𠮷😀' } })
  })

  it('makes the very job that BullMQ makes of the same name, data and id', async () => {
    await queue.publish([entry('T-F', '{"body":"噪音"}')])
    const ours = await stored('T-F.1')
    await plain.remove('T-F.1')
    const data = { event: 'ticket.created', ticket: { body: '噪音' } }
    await plain.addBulk([{ name: 'ticket.created', data, opts: { jobId: 'T-F.1' } }])
    const theirs = await stored('T-F.1')
    expect({ ...ours, timestamp: '' }).toEqual({ ...theirs, timestamp: '' })
    expect(Number(theirs.timestamp) - Number(ours.timestamp)).toBeLessThan(60_000)
    expect(JSON.parse(ours.opts ?? '')).toMatchObject({ jobId: 'T-F.1' })
  })

  it('leaves a job alone that is on the queue already', async () => {
    await queue.publish([entry('T-B', '{"body":"first"}')])
    await queue.publish([entry('T-B', '{"body":"second"}')])
    expect((await plain.getJob('T-B.1'))?.data.ticket).toEqual({ body: 'first' })
  })

  it('tells waiting, completed and missing jobs apart', async () => {
    await queue.publish([entry('T-C', '{}')])
    const worker = new Worker('tickets', async () => {}, { connection: { url }, prefix })
    await new Promise<void>((resolve) => worker.on('completed', (job) => job.id === 'T-C.1' && resolve()))
    await worker.close()
    await queue.publish([entry('T-D', '{}')])
    const keys = ['T-C', 'T-D', 'T-E'].map((ticketId) => ({ ticketId, revision: 1 }))
    expect(await queue.states(keys)).toEqual(['completed', 'waiting', 'missing'])
  })
})

describe('job ids', () => {
  it('name the ticket and its revision, and can be read back', () => {
    const key = { ticketId: 'T-0123456789ABCDEFGHJKMNPQRS', revision: 12 }
    expect(outboxKeyOf(jobIdOf(key))).toEqual(key)
  })

  it('that are not ours are told by null', () => {
    expect(outboxKeyOf('repeat.x')).toBeNull()
    expect(outboxKeyOf('17')).toBeNull()
  })
})
