import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe, defaultOutput } from '../config/schema.ts'
import type { Settings } from '../config/settings.ts'
import { endFaultServers, fetched, scriptedServer } from '../connectors/imap/testing/fault-servers.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import { TicketJob } from '../normalizers/ticket.ts'
import { startRedis } from '../scripts/servers/redis.ts'
import type { App } from './app.ts'
import { momentIn } from './moment.ts'
import { openApp } from './open-app.ts'
import { drainQueueName, pullQueueName } from './run.ts'
import { type PullJob, pullAt } from './schedules.ts'
import { SourceBackoff } from './source-backoff.ts'
import { item } from './stores/suite/fixtures.ts'

const sharedRedis = inject('redisUrl')
const log = createLogger({ level: 'silent' })
const header = '工单编号,诉求人,联系电话,诉求时间,诉求内容'
const texts = [
  '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。',
  '湖东路与五四路口积水严重，行人无法通过，请尽快疏通下水道。',
  '小区路灯坏了半个月一直没有人来修理，晚上出行很不安全。',
]

let dir: string
let apps: App[]
let counter = 0

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'app-'))
  mkdirSync(join(dir, 'inbox'))
  apps = []
  counter += 1
})

afterEach(async () => {
  for (const app of apps) await app.close()
  rmSync(dir, { recursive: true, force: true })
})

function settings(redisUrl = sharedRedis, schedule: Settings['sources'][0]['schedule'] = null): Settings {
  const spec = connectorSpecs.get('hotline-export')
  return {
    path: dir,
    timeZone: 'Asia/Shanghai',
    store: { url: `sqlite:${dir}/a.db` },
    blobs: { url: `file:${dir}/blobs` },
    redis: { url: redisUrl, prefix: `app-test-${process.pid}-${counter}` },
    outputs: [defaultOutput],
    dedupe: defaultDedupe,
    processing: { batchSize: 500, maxAttempts: 5, pullConcurrency: 2, leaseMs: 30_000 },
    log: { level: 'silent' },
    sources: [
      {
        ...{ id: 'hotline', connector: 'hotline-export', name: null, enabled: true, channel: 'hotline' },
        ...{ platform: null, timeZone: 'Asia/Shanghai', division: null, quietAfter: 'usual', schedule },
        settings: spec?.settings.parse({ path: join(dir, 'inbox'), settleMs: 0 }) ?? {},
      },
    ],
  }
}

/** The same with a mailbox on a port of this machine as the only source. */
function withInbox(of: Settings, port: number, folders = ['INBOX']): Settings {
  const [source] = of.sources
  if (source === undefined) throw new Error('one source')
  const imap = { host: '127.0.0.1', port, tls: 'insecure', user: 'a@example.org', password: 'wrong', folders }
  const inbox = { ...source, id: 'inbox', connector: 'imap', channel: 'email' as const }
  return { ...of, sources: [{ ...inbox, settings: connectorSpecs.get('imap')?.settings.parse(imap) ?? {} }] }
}

async function retriesOf(pulls: Queue): Promise<readonly string[]> {
  return (await pulls.getDelayed()).flatMap(({ id = '' }) => (id.startsWith('retry.inbox.') ? [id] : []))
}

async function open(of = settings(), logger = log): Promise<App> {
  const app = await openApp(of, { log: logger })
  apps.push(app)
  return app
}

function writeExport(name: string, ids: readonly number[]): void {
  const rows = ids.map(
    (id) => `A${id},张女士,1380013${8000 + id},2026-03-0${1 + (id % 9)} 08:00,${id}号：${texts[id % 3]}`,
  )
  writeFileSync(join(dir, 'inbox', name), `${[header, ...rows].join('\n')}\n`)
}

const dated = (archivedAt: string) => ({ archivedAt, day: archivedAt.slice(0, 10) })

const forever = () => new AbortController().signal

async function jobsOf({ redis }: Settings): Promise<TicketJob[]> {
  const queue = new Queue('tickets', { connection: { url: redis.url }, prefix: redis.prefix })
  const jobs = await queue.getJobs()
  await queue.close()
  return jobs.map(({ data }) => TicketJob.parse(data))
}

describe('collect', () => {
  it('brings a file onto the queue, and a second time changes nothing', async () => {
    const of = settings()
    const app = await open(of)
    writeExport('1.csv', [1, 2, 3])
    const report = await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    expect(report).toMatchObject({
      pulls: [{ read: 3, added: 3, known: 0 }],
      failures: [],
      drain: { ticketed: 3 },
      relay: { published: 3, waiting: 0, problem: null },
    })
    expect((await jobsOf(of)).map(({ ticket }) => ticket.externalId).sort()).toEqual(['A1', 'A2', 'A3'])
    const again = await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    expect(again).toMatchObject({ pulls: [{ added: 0 }], drain: { items: 0 }, relay: { published: 0 } })
    expect(await app.reconcile('hotline', forever())).toMatchObject({ atSource: 3, archived: 3, ok: true })
    expect(await app.queues()).toEqual([{ queue: 'tickets', jobs: 3 }])
  })

  it('archives and drains while Redis is down, says so, and publishes when it is back', async () => {
    const redis = await startRedis({ dir: join(dir, 'redis') })
    const of = settings(redis.url)
    const app = await open(of)
    await redis.stop()
    writeExport('1.csv', [1, 2])
    const report = await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    expect(report).toMatchObject({
      pulls: [{ added: 2 }],
      drain: { ticketed: 2 },
      relay: { published: 0, waiting: 2 },
    })
    expect(report.relay.problem?.code).toBe('QUEUE_UNREACHABLE')
    await redis.restart()
    await vi.waitFor(async () => {
      const later = await app.collect([], { signal: forever() })
      expect(later.relay.waiting).toBe(0)
    }, 15_000)
    expect(await jobsOf(of)).toHaveLength(2)
    await app.close()
    apps = []
    await redis.stop()
  })

  it('refuses a store of another schema at once, not with each piece of work', async () => {
    const of = settings()
    await (await open(of)).close()
    apps = []
    const file = new DatabaseSync(join(dir, 'a.db'))
    file.exec('PRAGMA user_version = 1')
    file.close()
    await expect(open(of)).rejects.toMatchObject({ code: 'STORE_NOT_MIGRATED', details: { found: 1 } })
  })

  it('shows no part of the password of a Redis that cannot be reached', async () => {
    const app = await open(settings('redis://office:ge@heim@127.0.0.1:1/3'))
    const thrown = await app.queues().catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'QUEUE_UNREACHABLE', details: { url: 'redis://127.0.0.1:1/3' } })
    expect(String(thrown)).not.toContain('heim')
  })

  it('publishes nothing where Redis has no database of that number, and keeps it', async () => {
    const redis = await startRedis({ dir: join(dir, 'redis') })
    const app = await open(settings(`${redis.url}/77`))
    writeExport('1.csv', [1, 2])
    const { relay } = await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    expect(relay).toMatchObject({ published: 0, waiting: 2, problem: { code: 'QUEUE_REFUSED' } })
    expect(relay.problem?.message).toContain('DB index is out of range')
    await expect(app.run(forever())).rejects.toMatchObject({ code: 'QUEUE_REFUSED' })
    const client = new Redis(redis.url)
    expect(await client.keys('*')).toEqual([])
    await client.quit()
    await redis.stop()
  })

  it('in two processes at once makes nothing happen twice', async () => {
    const of = settings()
    const [one, other] = [await open(of), await open(of)]
    writeExport('1.csv', [1, 2, 3, 4, 5, 6])
    const both = await Promise.all([
      one.collect([{ sourceId: 'hotline' }], { signal: forever() }),
      other.collect([{ sourceId: 'hotline' }], { signal: forever() }),
    ])
    await one.collect([], { signal: forever() })
    expect(both.flatMap(({ pulls }) => pulls).reduce((sum, { added }) => sum + added, 0)).toBe(6)
    const ids = (await jobsOf(of)).map(({ ticket }) => ticket.id)
    expect(ids).toHaveLength(6)
    expect(new Set(ids).size).toBe(6)
  })

  it('reads a named file for a source without moving its cursor', async () => {
    const app = await open()
    writeFileSync(join(dir, 'one.csv'), `${header}\nB1,李先生,13800138001,2026-03-01 08:00,${texts[0]}\n`)
    const report = await app.collect([{ sourceId: 'hotline', path: join(dir, 'one.csv') }], {
      signal: forever(),
    })
    expect(report).toMatchObject({ pulls: [{ added: 1 }], relay: { published: 1 } })
    expect(await app.store.cursor('hotline')).toBeNull()
  })

  it('refuses an unknown source before anything is done', async () => {
    const app = await open()
    await expect(app.collect([{ sourceId: 'nobody' }], { signal: forever() })).rejects.toMatchObject({
      code: 'SOURCE_UNKNOWN',
      details: { known: 'hotline' },
    })
  })
})

describe('republish', () => {
  it('publishes again what was in a wiped Redis, but not what downstream had completed', async () => {
    const redis = await startRedis({ dir: join(dir, 'redis') })
    const of = settings(redis.url)
    const app = await open(of)
    writeExport('1.csv', [1])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const { url, prefix } = of.redis
    const consumer = new Worker('tickets', async () => {}, { connection: { url }, prefix })
    await new Promise<void>((resolve) => consumer.once('completed', () => resolve()))
    await consumer.close()
    expect(await app.republish(forever())).toBe(0)
    writeExport('2.csv', [2, 3])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const direct = new Redis(url)
    await direct.flushall()
    await direct.quit()
    expect(await app.republish(forever())).toBe(2)
    await app.collect([], { signal: forever() })
    expect((await jobsOf(of)).map(({ ticket }) => ticket.externalId).sort()).toEqual(['A2', 'A3'])
    await app.close()
    apps = []
    await redis.stop()
  })
})

describe('check', () => {
  it('fails when only the second folder of a mailbox cannot be opened', async () => {
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('EXAMINE Other')) return `${tag} NO [NOPERM] Permission denied\r\n`
      if (/^LIST .*Other/.test(command)) return `* LIST () "/" Other\r\n${tag} OK\r\n`
      return /^UID FETCH .*BODY/.test(command) ? `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    const signal = new AbortController().signal
    const one = await open(withInbox(settings(), port))
    expect((await one.check('inbox', signal)).first?.meta.uid).toBe('1')
    const two = await open(withInbox(settings(), port, ['INBOX', 'Other']))
    await expect(two.check('inbox', signal)).rejects.toMatchObject({ details: { folder: 'Other' } })
    endFaultServers()
  })

  it('opens each folder of a mailbox, and lists only the one that it reads from', async () => {
    const commands: string[] = []
    const port = await scriptedServer((command, tag) => {
      if (/^(EXAMINE|UID SEARCH)/.test(command)) commands.push(command)
      return /^UID FETCH .*BODY/.test(command) ? `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    const app = await open(withInbox(settings(), port, ['INBOX', 'Petitions', 'Old']))
    await app.check('inbox', forever())
    const [first, search, ...others] = commands
    expect([first, search]).toEqual(['EXAMINE INBOX', expect.stringMatching(/^UID SEARCH/)])
    expect(others.filter((command) => command !== first)).toEqual(['EXAMINE Petitions', 'EXAMINE Old'])
    endFaultServers()
  })
})

describe('run', () => {
  it('pulls on schedule, notes what downstream completed, and ends within ten seconds', async () => {
    const of = settings(sharedRedis, { everyMs: 1_000 })
    const app = await open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    writeExport('1.csv', [1, 2])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(2), { timeout: 20_000, interval: 200 })
    writeExport('2.csv', [3])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(3), { timeout: 20_000, interval: 200 })
    const { url, prefix } = of.redis
    const consumer = new Worker('tickets', async () => {}, { connection: { url }, prefix })
    await vi.waitFor(async () => expect((await app.store.undelivered(null, 10)).keys).toEqual([]), {
      timeout: 20_000,
      interval: 200,
    })
    await consumer.close()
    const askedAt = Date.now()
    stop.abort()
    await running
    expect(Date.now() - askedAt).toBeLessThan(10_000)
  })

  it('warns once of pulls that another configuration on the same prefix has asked for', async () => {
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const of = settings(sharedRedis, { everyMs: 60_000 })
    const app = await open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const pulls = new Queue<PullJob>(pullQueueName, { connection: { url }, prefix })
    const asked = await pulls.addBulk(['a', 'b'].map(() => ({ name: 'pull', data: { sourceId: 'theirs' } })))
    const left = () => Promise.all(asked.map(({ id }) => pulls.getJob(id ?? '')))
    await vi.waitFor(async () => expect(await left()).toEqual([undefined, undefined]), { timeout: 20_000 })
    await pulls.close()
    stop.abort()
    await running
    const words = expect.stringContaining('needs a redis.prefix of its own')
    expect(warnings.mock.calls).toEqual([[{ source: 'theirs' }, words]])
  })

  it('goes on when the longest time is over that a timer can last, 25 days', async () => {
    const inTime = setTimeout
    const fires = (work: () => void, ms?: number) => inTime(work, ms === 2 ** 31 - 1 ? 1 : ms)
    const longest = vi.spyOn(globalThis, 'setTimeout').mockImplementation(fires as typeof setTimeout)
    const app = await open()
    // It waits for its own stages by such timers too.
    const idle = { published: 0, waiting: 0, problem: null }
    vi.spyOn(app, 'collect').mockResolvedValue({ pulls: [], failures: [], drain: null, relay: idle })
    const stop = new AbortController()
    const ended = vi.fn()
    const running = app.run(stop.signal).then(ended)
    try {
      const days = () => longest.mock.calls.filter(([, ms]) => ms === 2 ** 31 - 1).length
      await vi.waitFor(() => expect(days()).toBeGreaterThan(2), { timeout: 15_000, interval: 20 })
      expect(ended).not.toHaveBeenCalled()
    } finally {
      longest.mockRestore()
      stop.abort()
      await running
    }
  })

  it('tells once of a source that has been quiet for longer than it usually is', async () => {
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const app = await open(settings(sharedRedis, { everyMs: 1_000 }), logger)
    const daysAgo = (days: number) => momentIn('Asia/Shanghai', Date.now() - days * 86_400_000)
    await app.store.archive([9, 8, 7, 6, 5].map((days) => item(`row ${days}`, dated(daysAgo(days)))))
    const pulls = vi.spyOn(app.store, 'cursor')
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(pulls.mock.calls.length).toBeGreaterThan(2), { timeout: 20_000 })
    stop.abort()
    await running
    const alarms = warnings.mock.calls.filter(([about]) => Object(about).code === 'SOURCE_QUIET')
    expect(alarms).toEqual([
      [
        { source: 'hotline', code: 'SOURCE_QUIET' },
        expect.stringMatching(/"hotline" for 12\d hours, since \d{4}-.* 36 at most/),
      ],
    ])
  })

  it('says nothing of a drain that did not end in time once it was asked to stop', async () => {
    const logger = createLogger({ level: 'silent' })
    const errors = vi.spyOn(logger, 'error')
    const app = await open(settings(), logger)
    const stop = new AbortController()
    const ended = vi.fn()
    const collect = vi.spyOn(app, 'collect').mockImplementation(async () => {
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve))
      ended()
      throw new YiwangError('STOPPED')
    })
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(collect).toHaveBeenCalled(), { timeout: 20_000, interval: 100 })
    stop.abort()
    await running
    expect(ended).toHaveBeenCalled()
    expect(errors.mock.calls).toEqual([])
  })

  it('warns of work that another process took over, and calls it no error', async () => {
    const logger = createLogger({ level: 'silent' })
    const [warnings, errors] = [vi.spyOn(logger, 'warn'), vi.spyOn(logger, 'error')]
    const of = settings(sharedRedis, { everyMs: 300 })
    const app = await open(of, logger)
    const database = new DatabaseSync(join(dir, 'a.db'))
    database.exec("CREATE TRIGGER other AFTER INSERT ON leases BEGIN UPDATE leases SET token = 'other'; END")
    writeExport('1.csv', [1])
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const lost = (lease: string) => expect.stringMatching(new RegExp(`^LEASE_LOST: .*"${lease}"`))
    for (const [lease, about] of Object.entries({ 'source.hotline': { source: 'hotline' }, processing: {} }))
      await vi.waitFor(
        () => expect(warnings.mock.calls).toContainEqual([{ ...about, code: 'LEASE_LOST' }, lost(lease)]),
        { timeout: 20_000, interval: 100 },
      )
    stop.abort()
    await running
    database.close()
    expect(errors.mock.calls).toEqual([])
  })

  it('pulls once more where a source was busy, as under a process that died, however rare its schedule', async () => {
    const quick = settings(sharedRedis, { everyMs: 86_400_000 })
    const of = { ...quick, processing: { ...quick.processing, leaseMs: 2_000 } }
    const app = await open(of)
    await app.store.acquire('source.hotline', 'dead', 2_000, Date.now())
    writeExport('1.csv', [1])
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(1), { timeout: 10_000, interval: 100 })
    stop.abort()
    await running
  })

  it('logs a pull that brought nothing new at level debug only', async () => {
    const logger = createLogger({ level: 'silent' })
    const [infos, debugs] = [vi.spyOn(logger, 'info'), vi.spyOn(logger, 'debug')]
    const of = settings(sharedRedis, { everyMs: 300 })
    const [source] = of.sources
    if (source === undefined) throw new Error('one source')
    // It reads the last minute again each time.
    const mails = { ...source, id: 'mails', connector: 'mail-folder', channel: 'email' as const }
    const path = join(dir, 'inbox')
    writeFileSync(join(path, '1.eml'), 'From: a@example.org\nMessage-ID: <1@example.org>\n\n路灯不亮了\n')
    const read = connectorSpecs.get('mail-folder')?.settings.parse({ path, settleMs: 0 }) ?? {}
    const app = await open({ ...of, sources: [{ ...mails, settings: read }] }, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const pulls = ({ mock }: { mock: { calls: unknown[][] } }) =>
      mock.calls.filter(([, message]) => message === 'pulled').map(([report]) => report)
    await vi.waitFor(() => expect(pulls(debugs).length).toBeGreaterThan(1), {
      timeout: 20_000,
      interval: 100,
    })
    expect(pulls(debugs)).toContainEqual({ sourceId: 'mails', read: 1, added: 0, known: 1 })
    expect(pulls(infos)).toEqual([{ sourceId: 'mails', read: 1, added: 1, known: 0 }])
    stop.abort()
    await running
  })

  it('tries a login that was refused no more often than its backoff says, whatever the schedule', async () => {
    let logins = 0
    const port = await scriptedServer((command, tag) => {
      if (!command.startsWith('LOGIN')) return null
      logins += 1
      return `${tag} NO [AUTHENTICATIONFAILED] refused\r\n`
    })
    const of = withInbox(settings(sharedRedis, { everyMs: 300 }), port)
    const app = await open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const pulls = new Queue(pullQueueName, { connection: { url }, prefix })
    const ticks = async () => (await pulls.getJobScheduler('inbox'))?.iterationCount ?? 0
    await vi.waitFor(async () => expect(await ticks()).toBeGreaterThan(20), {
      timeout: 25_000,
      interval: 200,
    })
    // The first pull, and whoever waits for news of the source at the same time.
    expect(logins).toBeGreaterThanOrEqual(1)
    expect(logins).toBeLessThanOrEqual(2)
    expect(await retriesOf(pulls)).toHaveLength(1)
    stop.abort()
    await running
    await pulls.close()
    endFaultServers()
  })

  it('goes on trying a source that cannot be reached, however often it has failed and however rare its schedule', async () => {
    const of = withInbox(settings(sharedRedis, { everyMs: 86_400_000 }), 1)
    const { url, prefix } = of.redis
    const direct = new Redis(url)
    const backoff = new SourceBackoff(direct, prefix, Date.now)
    for (let time = 0; time < 20; time += 1) await backoff.failed('inbox', 'transient', 0)
    const seeded = await backoff.heldUntil('inbox')
    const app = await open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const pulls = new Queue(pullQueueName, { connection: { url }, prefix })
    await vi.waitFor(
      async () => {
        const heldUntil = await backoff.heldUntil('inbox')
        expect(heldUntil).not.toBe(seeded)
        expect(await retriesOf(pulls)).toContain(`retry.inbox.${heldUntil}`)
      },
      { timeout: 10_000, interval: 100 },
    )
    stop.abort()
    await running
    await Promise.all([pulls.close(), direct.quit()])
  })

  it('goes on trying when a machine whose clock is ahead has called the next attempt', async () => {
    const of = withInbox(settings(sharedRedis, { everyMs: 86_400_000 }), 1)
    const { url, prefix } = of.redis
    const direct = new Redis(url)
    const backoff = new SourceBackoff(direct, prefix, () => Date.now() + 20_000)
    const app = await open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const pulls = new Queue<PullJob>(pullQueueName, { connection: { url }, prefix })
    const patience = { timeout: 10_000, interval: 50 }
    await vi.waitFor(async () => expect(await retriesOf(pulls)).toHaveLength(1), patience)
    for (const id of await retriesOf(pulls)) await pulls.remove(id)
    const { heldUntil } = await backoff.failed('inbox', 'transient', 0)
    await pullAt(pulls, 'inbox', heldUntil, heldUntil)
    await vi.waitFor(async () => expect(await retriesOf(pulls)).toHaveLength(1), patience)
    stop.abort()
    await running
    await Promise.all([pulls.close(), direct.quit()])
  })

  it.each([
    ['the schedules of pulls', (key: string) => /:yiwang-pull/.test(key)],
    ['the next job of a schedule', (key: string) => /:yiwang-pull:(delayed|repeat:hotline:\d+)$/.test(key)],
    ['the limit of one drain at a time', (key: string) => /:yiwang-drain:meta$/.test(key)],
  ])('sets up again %s when only that was lost', async (_, isLost) => {
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const of = settings(sharedRedis, { everyMs: 3_600_000 })
    const app = await open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const connection = { connection: { url }, prefix }
    const [pulls, drains] = [new Queue(pullQueueName, connection), new Queue(drainQueueName, connection)]
    const standing = async () => {
      const next = (await pulls.getJobScheduler('hotline'))?.next
      return [await pulls.getJobState(`repeat:hotline:${next}`), await drains.getGlobalConcurrency()]
    }
    const patience = { timeout: 25_000, interval: 200 }
    await vi.waitFor(async () => {
      expect(await standing()).toEqual(['delayed', 1])
      expect(await pulls.getJobCountByTypes('active', 'waiting')).toBe(0)
    }, patience)
    const direct = new Redis(url)
    const lost = (await direct.keys(`${prefix}:*`)).filter(isLost)
    await direct.del(...lost)
    expect(await standing()).not.toEqual(['delayed', 1])
    await vi.waitFor(async () => expect(await standing()).toEqual(['delayed', 1]), patience)
    // Said once all of it is set up.
    const said = expect.stringContaining('Redis has lost data')
    await vi.waitFor(() => expect(warnings.mock.calls.flat()).toContainEqual(said), patience)
    stop.abort()
    await running
    await Promise.all([pulls.close(), drains.close(), direct.quit()])
  })

  it('says that Redis is in trouble, and not the program, where no schedule can be set up', async () => {
    const of = settings(sharedRedis, { everyMs: 60_000 })
    const direct = new Redis(of.redis.url)
    const schedules = `${of.redis.prefix}:${pullQueueName}:repeat`
    await direct.set(schedules, 'no list of schedules')
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const app = await open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(warnings).toHaveBeenCalled(), { timeout: 20_000, interval: 100 })
    expect(warnings.mock.calls[0]).toEqual([
      { code: 'QUEUE_REFUSED' },
      expect.stringMatching(/^QUEUE_REFUSED: .*WRONGTYPE/),
    ])
    stop.abort()
    await running
    await direct.del(schedules)
    await direct.quit()
  })

  it('says that what had waited for Redis is published', async () => {
    writeExport('1.csv', [1, 2])
    const away = await open(settings('redis://127.0.0.1:1'))
    await away.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const logger = createLogger({ level: 'silent' })
    const infos = vi.spyOn(logger, 'info')
    const app = await open(settings(), logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const said = [{ published: 2 }, 'published what had waited']
    await vi.waitFor(() => expect(infos.mock.calls).toContainEqual(said), { timeout: 20_000, interval: 100 })
    stop.abort()
    await running
  })

  it('sets its schedules up again after Redis was wiped', async () => {
    const redis = await startRedis({ dir: join(dir, 'redis') })
    const of = settings(redis.url, { everyMs: 3_600_000 })
    const app = await open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const connection = { connection: { url: redis.url }, prefix: of.redis.prefix }
    const [pulls, drains] = [new Queue(pullQueueName, connection), new Queue(drainQueueName, connection)]
    const schedulers = async () => [await pulls.getJobSchedulersCount(), await drains.getJobSchedulersCount()]
    await vi.waitFor(async () => expect(await schedulers()).toEqual([1, 1]), {
      timeout: 20_000,
      interval: 200,
    })
    const direct = new Redis(redis.url)
    await direct.flushall()
    await vi.waitFor(async () => expect(await schedulers()).toEqual([1, 1]), {
      timeout: 20_000,
      interval: 200,
    })
    writeExport('1.csv', [1])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(1), { timeout: 20_000, interval: 200 })
    stop.abort()
    await running
    await Promise.all([pulls.close(), drains.close(), direct.quit()])
    await app.close()
    apps = []
    await redis.stop()
  })
})
