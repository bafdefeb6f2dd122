import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultOutput } from '../config/schema.ts'
import { type RedisServer, startRedis } from '../scripts/servers/redis.ts'
import { isLockLost, queueError } from './queue-error.ts'
import { TicketQueue } from './ticket-queue.ts'

let dir: string
let server: RedisServer
let admin: Redis

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'queue-error-'))
  server = await startRedis({ dir })
  admin = new Redis(server.url)
})

afterAll(async () => {
  admin.disconnect()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function failure(url = server.url): Promise<string> {
  const queue = new TicketQueue(defaultOutput, { url, prefix: 'queue-error' }, () => {})
  const entry = { ticketId: 'T-A', revision: 1, event: 'ticket.created' as const, text: Buffer.from('{}') }
  const thrown = await queue.publish([entry]).catch((error: unknown) => error)
  await queue.close()
  return queueError(thrown, 'redis://shown').message
}

describe('an error of Redis', () => {
  it.each([
    [
      'has no memory left',
      ['maxmemory', '1'],
      ['maxmemory', '0'],
      "(OOM command not allowed when used memory > 'maxmemory')",
    ],
    ['wants another password', ['requirepass', 'x'], ['requirepass', ''], '(NOAUTH '],
  ])(
    'says what is to be done where it %s, and not that it cannot be reached',
    async (_, to, back, reason) => {
      await admin.config('SET', ...(to as [string, string]))
      const message = await failure()
      await admin.config('SET', ...(back as [string, string]))
      expect(message).toMatch(/^QUEUE_REFUSED: Redis at redis:\/\/shown refused the operation /)
      expect(message).toContain(reason)
    },
  )

  it('says so where it is a replica that only reads', async () => {
    await admin.replicaof('127.0.0.1', 1)
    const message = await failure()
    const queue = new TicketQueue(defaultOutput, { url: server.url, prefix: 'queue-error' }, () => {})
    await expect(queue.tryOut()).rejects.toThrow('READONLY')
    await queue.close()
    await admin.replicaof('NO', 'ONE')
    expect(message).toMatch(/^QUEUE_REFUSED: .*\(READONLY You can't write against a read only replica\)/)
  })

  it('says that the connection was lost where it is closed without a word', async () => {
    const closing = createServer((socket) => socket.once('data', () => socket.end()))
    await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve))
    const message = await failure(`redis://127.0.0.1:${(closing.address() as AddressInfo).port}`)
    closing.close()
    expect(message).toMatch(/^QUEUE_UNREACHABLE: .*\(connection lost\)/)
  })

  it.each(['Command timed out', "Socket timeout. Expecting data, but didn't receive any in 20000ms."])(
    'says of "%s" that there was no answer',
    (told) => {
      expect(queueError(new Error(told), 'redis://shown').message).toContain('(no answer)')
    },
  )

  it('says that the server is no Redis where it answers otherwise', async () => {
    const web = createServer((socket) => socket.on('data', () => socket.write('<html>400</html>\r\n')))
    web.on('connection', (socket) => socket.on('error', () => {}))
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    const message = await failure(`redis://127.0.0.1:${(web.address() as AddressInfo).port}`)
    web.close()
    expect(message).toMatch(/^QUEUE_UNREACHABLE: .*\(what answers there is no Redis\)/)
  })

  it.each([
    ['MOVED 14265 10.0.0.7:6379', 'a node of a cluster (MOVED)'],
    ["CROSSSLOT Keys in request don't hash to the same slot", 'put redis.prefix in braces (CROSSSLOT)'],
    ["ERR unknown command 'eval', with args beginning with: '--[['", 'a Sentinel (unknown command)'],
  ])('says what to name instead where the server is none of its kind: %s', (told, advice) => {
    const reply = Object.assign(new Error(told), { name: 'ReplyError' })
    expect(queueError(reply, 'redis://shown').message).toContain(advice)
  })

  it("says how to trust a certificate authority of one's own", () => {
    const told = queueError(
      new Error('self-signed certificate in certificate chain'),
      'rediss://shown',
    ).message
    expect(told).toContain('NODE_EXTRA_CA_CERTS')
  })

  it('says that it cannot be reached where nobody answers', async () => {
    expect(await failure('redis://127.0.0.1:1')).toMatch(/^QUEUE_UNREACHABLE: .*ECONNREFUSED/)
  })
})

it('a job that another worker has taken over is no trouble of Redis', () => {
  expect(isLockLost(new Error('could not renew lock for job repeat:hotline:1'))).toBe(true)
  expect(isLockLost(new Error('Missing lock for job 7. moveToFinished'))).toBe(true)
  expect(isLockLost(new Error('Lock mismatch for job 7. Cmd moveToFinished from active'))).toBe(true)
  // The other has finished it too, and finished jobs are removed.
  expect(isLockLost(new Error('Missing key for job 10. moveToFinished'))).toBe(true)
  expect(isLockLost(new Error('Job 10 is not in the active state. moveToFinished'))).toBe(true)
  expect(isLockLost(new Error('connect ECONNREFUSED 127.0.0.1:1'))).toBe(false)
})
