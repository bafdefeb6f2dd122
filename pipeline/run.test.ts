import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { createLogger } from '../config/logging.ts'
import { endFaultServers, hangUp, listen, scriptedServer } from '../connectors/imap/testing/fault-servers.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import { startRedis } from '../scripts/servers/redis.ts'
import { momentIn } from './moment.ts'
import { drainQueueName, pullQueueName, retryQueueName } from './run.ts'
import { type PullJob, pullAt } from './schedules.ts'
import { SourceBackoff } from './source-backoff.ts'
import { item } from './stores/suite/fixtures.ts'
import { AppFolder, forever, jobsOf, untilFollowed, withInbox } from './testing/app-folder.ts'

let folder: AppFolder

beforeEach(() => {
  folder = new AppFolder(inject('redisUrl'))
})

afterEach(() => folder.end())

async function retriesOf(retries: Queue): Promise<readonly string[]> {
  return (await retries.getDelayed()).flatMap(({ id = '' }) => (id.startsWith('retry.inbox.') ? [id] : []))
}

/** Far more than any of it takes. */
const patience = { timeout: 40_000, interval: 100 }

const dated = (archivedAt: string) => ({ archivedAt, day: archivedAt.slice(0, 10) })

describe('run', () => {
  it('pulls on schedule, notes what downstream completed, and ends within ten seconds', async () => {
    const of = folder.scheduled({ everyMs: 1_000 })
    const app = await folder.open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    folder.writeExport('1.csv', [1, 2])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(2), patience)
    folder.writeExport('2.csv', [3])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(3), patience)
    await untilFollowed(of.redis, 'tickets')
    const { url, prefix } = of.redis
    const consumer = new Worker('tickets', async () => {}, { connection: { url }, prefix })
    await vi.waitFor(async () => expect((await app.store.undelivered(null, 10)).keys).toEqual([]), patience)
    await consumer.close()
    const askedAt = Date.now()
    stop.abort()
    await running
    expect(Date.now() - askedAt).toBeLessThan(10_000)
  })

  it('warns once of pulls that another configuration on the same prefix has asked for', async () => {
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const of = folder.scheduled({ everyMs: 60_000 })
    const app = await folder.open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const pulls = new Queue<PullJob>(pullQueueName, { connection: { url }, prefix })
    const asked = await pulls.addBulk(['a', 'b'].map(() => ({ name: 'pull', data: { sourceId: 'theirs' } })))
    const left = () => Promise.all(asked.map(({ id }) => pulls.getJob(id ?? '')))
    await vi.waitFor(async () => expect(await left()).toEqual([undefined, undefined]), patience)
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
    const app = await folder.open()
    // It waits for its own stages by such timers too.
    const idle = { published: 0, waiting: 0, problem: null }
    vi.spyOn(app, 'collect').mockResolvedValue({ pulls: [], failures: [], drain: null, relay: idle })
    const stop = new AbortController()
    const ended = vi.fn()
    const running = app.run(stop.signal).then(ended)
    try {
      const days = () => longest.mock.calls.filter(([, ms]) => ms === 2 ** 31 - 1).length
      await vi.waitFor(() => expect(days()).toBeGreaterThan(2), patience)
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
    const app = await folder.open(folder.scheduled({ everyMs: 1_000 }), logger)
    const daysAgo = (days: number) => momentIn('Asia/Shanghai', Date.now() - days * 86_400_000)
    await app.store.archive([9, 8, 7, 6, 5].map((days) => item(`row ${days}`, dated(daysAgo(days)))))
    const pulls = vi.spyOn(app.store, 'cursor')
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(pulls.mock.calls.length).toBeGreaterThan(2), patience)
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

  it('tells of a quiet source also while a pull of it does not end', async () => {
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const app = await folder.open(folder.scheduled({ everyMs: 1_000 }), logger)
    const daysAgo = (days: number) => momentIn('Asia/Shanghai', Date.now() - days * 86_400_000)
    await app.store.archive([9, 8, 7, 6, 5].map((days) => item(`row ${days}`, dated(daysAgo(days)))))
    await app.store.acquire('source.hotline', 'a server that drips', 600_000)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const quiet = [{ source: 'hotline', code: 'SOURCE_QUIET' }, expect.stringContaining('36 at most')]
    await vi.waitFor(() => expect(warnings.mock.calls).toContainEqual(quiet), patience)
    stop.abort()
    await running
  })

  it('says nothing of a drain that did not end in time once it was asked to stop', async () => {
    const logger = createLogger({ level: 'silent' })
    const errors = vi.spyOn(logger, 'error')
    const app = await folder.open(folder.settings(), logger)
    const stop = new AbortController()
    const ended = vi.fn()
    const collect = vi.spyOn(app, 'collect').mockImplementation(async () => {
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve))
      ended()
      throw new YiwangError('STOPPED')
    })
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(collect).toHaveBeenCalled(), patience)
    stop.abort()
    await running
    expect(ended).toHaveBeenCalled()
    expect(errors.mock.calls).toEqual([])
  })

  it('warns of work that another process took over, and calls it no error', async () => {
    const logger = createLogger({ level: 'silent' })
    const [warnings, errors] = [vi.spyOn(logger, 'warn'), vi.spyOn(logger, 'error')]
    const of = folder.scheduled({ everyMs: 300 })
    const app = await folder.open(of, logger)
    const database = new DatabaseSync(join(folder.dir, 'a.db'))
    database.exec("CREATE TRIGGER other AFTER INSERT ON leases BEGIN UPDATE leases SET token = 'other'; END")
    // Whoever finds nothing to do does not learn that its lease is lost, and the next one waits for its end.
    await app.store.archive([item('row')])
    folder.writeExport('1.csv', [1])
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const lost = (lease: string) => expect.stringMatching(new RegExp(`^LEASE_LOST: .*"${lease}"`))
    for (const [lease, about] of Object.entries({ 'source.hotline': { source: 'hotline' }, processing: {} }))
      await vi.waitFor(
        () => expect(warnings.mock.calls).toContainEqual([{ ...about, code: 'LEASE_LOST' }, lost(lease)]),
        patience,
      )
    stop.abort()
    await running
    database.close()
    expect(errors.mock.calls).toEqual([])
  })

  it('leaves work to others that it can only try in vain, however long it takes to find that out', async () => {
    const of = folder.scheduled({ everyMs: 300 })
    const cutOff = await folder.open(of)
    let tries = 0
    vi.spyOn(cutOff, 'collect').mockImplementation(async () => {
      tries += 1
      await sleep(5_500)
      throw new YiwangError('STORE_UNREACHABLE', { url: 'mongodb://far', reason: 'no answer' })
    })
    const stop = new AbortController()
    const running = [cutOff.run(stop.signal)]
    await vi.waitFor(() => expect(tries).toBe(1), patience)
    const others = new AbortController()
    running.push((await folder.open(of)).run(others.signal))
    folder.writeExport('1.csv', [1, 2])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(2), patience)
    expect(tries).toBeLessThan(3)
    // It goes on once nobody else does, whoever was quicker before.
    others.abort()
    await vi.waitFor(() => expect(tries).toBeGreaterThan(1), patience)
    stop.abort()
    await Promise.all(running)
  }, 150_000)

  it('pulls once more where a source was busy, as under a process that died, however rare its schedule', async () => {
    const quick = folder.scheduled({ everyMs: 86_400_000 })
    const of = { ...quick, processing: { ...quick.processing, leaseMs: 2_000 } }
    const app = await folder.open(of)
    await app.store.acquire('source.hotline', 'dead', 2_000)
    folder.writeExport('1.csv', [1])
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(1), patience)
    stop.abort()
    await running
  })

  it('logs a pull that brought nothing new at level debug only', async () => {
    const logger = createLogger({ level: 'silent' })
    const [infos, debugs] = [vi.spyOn(logger, 'info'), vi.spyOn(logger, 'debug')]
    const of = folder.scheduled({ everyMs: 300 })
    const [source] = of.sources
    if (source === undefined) throw new Error('one source')
    // It reads the last minute again each time.
    const mails = { ...source, id: 'mails', connector: 'mail-folder', channel: 'email' as const }
    const path = join(folder.dir, 'inbox')
    writeFileSync(join(path, '1.eml'), 'From: a@example.org\nMessage-ID: <1@example.org>\n\n路灯不亮了\n')
    const read = connectorSpecs.get('mail-folder')?.settings.parse({ path, settleMs: 0 }) ?? {}
    const app = await folder.open({ ...of, sources: [{ ...mails, settings: read }] }, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const pulls = ({ mock }: { mock: { calls: unknown[][] } }) =>
      mock.calls.filter(([, message]) => message === 'pulled').map(([report]) => report)
    await vi.waitFor(() => expect(pulls(debugs).length).toBeGreaterThan(1), patience)
    expect(pulls(debugs)).toContainEqual({ source: 'mails', read: 1, added: 0, known: 1 })
    expect(pulls(infos)).toEqual([{ source: 'mails', read: 1, added: 1, known: 0 }])
    stop.abort()
    await running
  })

  it('tells once of a source that fails time and again, and then that it is pulled again', async () => {
    const logger = createLogger({ level: 'silent' })
    const [infos, errors] = [vi.spyOn(logger, 'info'), vi.spyOn(logger, 'error')]
    const of = folder.scheduled({ everyMs: 300 })
    rmSync(join(folder.dir, 'inbox'), { recursive: true })
    const direct = new Redis(of.redis.url)
    const failures = async () =>
      Number(await direct.hget(`${of.redis.prefix}:yiwang-pull-backoff:hotline`, 'failures'))
    const app = await folder.open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(async () => expect(await failures()).toBeGreaterThanOrEqual(3), patience)
    mkdirSync(join(folder.dir, 'inbox'))
    const over = [{ source: 'hotline' }, 'pulled again after failures']
    await vi.waitFor(() => expect(infos.mock.calls).toContainEqual(over), patience)
    expect(errors.mock.calls).toEqual([
      [{ source: 'hotline', code: 'SOURCE_PATH' }, expect.stringMatching(/^SOURCE_PATH: /)],
    ])
    stop.abort()
    await running
    await direct.quit()
  })

  it('tells once of a store that is away, however often it is asked for, and then that it is there again', async () => {
    const logger = createLogger({ level: 'silent' })
    const [infos, errors, debugs] = [
      vi.spyOn(logger, 'info'),
      vi.spyOn(logger, 'error'),
      vi.spyOn(logger, 'debug'),
    ]
    const of = folder.settings()
    const app = await folder.open(of, logger)
    const file = join(folder.dir, 'a.db')
    renameSync(file, `${file}.away`)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const drains = new Queue(drainQueueName, { connection: { url }, prefix })
    const failedAgain = () => debugs.mock.calls.filter(([, message]) => message === 'failed again')
    await vi.waitFor(async () => {
      await drains.add('drain', {})
      expect(failedAgain().length).toBeGreaterThan(2)
    }, patience)
    renameSync(`${file}.away`, file)
    const over = [{}, 'drained again after failures']
    await vi.waitFor(() => expect(infos.mock.calls).toContainEqual(over), patience)
    stop.abort()
    await running
    await drains.close()
    expect(errors.mock.calls).toEqual([[{ code: 'STORE_MOVED' }, expect.stringMatching(/^STORE_MOVED: /)]])
    expect(infos.mock.calls.filter(([, message]) => message === over[1])).toHaveLength(1)
  })

  it('tries a login that was refused no more often than its backoff says, whatever the schedule', async () => {
    let logins = 0
    const port = await scriptedServer((command, tag) => {
      if (!command.startsWith('LOGIN')) return null
      logins += 1
      return `${tag} NO [AUTHENTICATIONFAILED] refused\r\n`
    })
    const of = withInbox(folder.scheduled({ everyMs: 300 }), port)
    const app = await folder.open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const pulls = new Queue(pullQueueName, { connection: { url }, prefix })
    const retries = new Queue(retryQueueName, { connection: { url }, prefix })
    const ticks = async () => (await pulls.getJobScheduler('inbox'))?.iterationCount ?? 0
    await vi.waitFor(async () => expect(await retriesOf(retries)).not.toEqual([]), patience)
    await vi.waitFor(async () => expect(await ticks()).toBeGreaterThan(20), patience)
    // The first pull, and on a slow machine what else begins before its failure is known; not one for each tick.
    expect(logins).toBeLessThanOrEqual(4)
    expect((await retriesOf(retries)).length).toBeLessThanOrEqual(logins)
    stop.abort()
    await running
    await Promise.all([pulls.close(), retries.close()])
    endFaultServers()
  })

  it('waits ever longer for news from a server that hangs up on whoever waits', async () => {
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('UID SEARCH')) return `* SEARCH\r\n${tag} OK\r\n`
      return command === 'IDLE' ? hangUp : null
    })
    const logger = createLogger({ level: 'silent' })
    const told = vi.spyOn(logger, 'debug')
    const app = await folder.open(withInbox(folder.scheduled({ everyMs: 86_400_000 }), port), logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const third = { source: 'inbox', code: 'SOURCE_UNREACHABLE', failures: 3 }
    await vi.waitFor(() => expect(told.mock.calls.map(([facts]) => facts)).toContainEqual(third), patience)
    stop.abort()
    await running
    endFaultServers()
  })

  it('goes on trying a source that cannot be reached, however often it has failed and however rare its schedule', async () => {
    const of = withInbox(folder.scheduled({ everyMs: 86_400_000 }), 1)
    const { url, prefix } = of.redis
    const direct = new Redis(url)
    const backoff = new SourceBackoff(direct, prefix, Date.now)
    for (let time = 0; time < 20; time += 1) await backoff.failed('inbox', 'transient', 0)
    const seeded = await backoff.heldUntil('inbox')
    const app = await folder.open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const retries = new Queue(retryQueueName, { connection: { url }, prefix })
    await vi.waitFor(async () => {
      const heldUntil = await backoff.heldUntil('inbox')
      expect(heldUntil).not.toBe(seeded)
      expect(await retriesOf(retries)).toContain(`retry.inbox.${heldUntil}`)
    }, patience)
    stop.abort()
    await running
    await Promise.all([retries.close(), direct.quit()])
  })

  it('keeps no source waiting for others whose servers keep silent', async () => {
    let connections = 0
    const port = await listen(() => {
      connections += 1
    })
    const of = folder.scheduled({ everyMs: 86_400_000 })
    const silent = withInbox(of, port).sources.flatMap((source) =>
      [1, 2, 3].map((number) => ({ ...source, id: `silent-${number}` })),
    )
    const direct = new Redis(of.redis.url)
    const backoff = new SourceBackoff(direct, of.redis.prefix, Date.now)
    for (const { id } of silent) await backoff.failed(id, 'transient', 0)
    const app = await folder.open({ ...of, sources: [...silent, ...of.sources] })
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(connections).toBe(of.processing.pullConcurrency), patience)
    folder.writeExport('1.csv', [1])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(1), patience)
    stop.abort()
    await running
    await direct.quit()
    endFaultServers()
  })

  it('goes on trying when a machine whose clock is ahead has called the next attempt', async () => {
    const of = withInbox(folder.scheduled({ everyMs: 86_400_000 }), 1)
    const { url, prefix } = of.redis
    const direct = new Redis(url)
    const backoff = new SourceBackoff(direct, prefix, () => Date.now() + 20_000)
    const app = await folder.open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const retries = new Queue<PullJob>(retryQueueName, { connection: { url }, prefix })
    await vi.waitFor(async () => expect(await retriesOf(retries)).toHaveLength(1), patience)
    for (const id of await retriesOf(retries)) await retries.remove(id)
    const { heldUntil } = await backoff.failed('inbox', 'transient', 0)
    await pullAt(retries, 'inbox', heldUntil, heldUntil)
    await vi.waitFor(async () => expect(await retriesOf(retries)).toHaveLength(1), patience)
    stop.abort()
    await running
    await Promise.all([retries.close(), direct.quit()])
  })

  it.each([
    ['the schedules of pulls', (key: string) => /:yiwang-pull/.test(key)],
    ['the next job of a schedule', (key: string) => /:yiwang-pull:(delayed|repeat:hotline:\d+)$/.test(key)],
    ['the limit of one drain at a time', (key: string) => /:yiwang-drain:meta$/.test(key)],
  ])('sets up again %s when only that was lost', async (_, isLost) => {
    const logger = createLogger({ level: 'silent' })
    const told = vi.spyOn(logger, 'error')
    const of = folder.scheduled({ everyMs: 3_600_000 })
    const app = await folder.open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const { url, prefix } = of.redis
    const connection = { connection: { url }, prefix }
    const [pulls, drains] = [new Queue(pullQueueName, connection), new Queue(drainQueueName, connection)]
    const standing = async () => {
      const next = (await pulls.getJobScheduler('hotline'))?.next
      return [await pulls.getJobState(`repeat:hotline:${next}`), await drains.getGlobalConcurrency()]
    }
    await vi.waitFor(async () => {
      expect(await standing()).toEqual(['delayed', 1])
      expect(await pulls.getJobCountByTypes('active', 'waiting')).toBe(0)
    }, patience)
    const direct = new Redis(url)
    const lost = (await direct.keys(`${prefix}:*`)).filter(isLost)
    await direct.del(...lost)
    // Said once all of it is set up.
    const said = expect.stringContaining('Redis has lost data')
    await vi.waitFor(() => expect(told.mock.calls.flat()).toContainEqual(said), patience)
    await vi.waitFor(async () => expect(await standing()).toEqual(['delayed', 1]), patience)
    stop.abort()
    await running
    await Promise.all([pulls.close(), drains.close(), direct.quit()])
  })

  it('says that Redis is in trouble, and not the program, where no schedule can be set up', async () => {
    const of = folder.scheduled({ everyMs: 60_000 })
    const direct = new Redis(of.redis.url)
    const schedules = `${of.redis.prefix}:${pullQueueName}:repeat`
    await direct.set(schedules, 'no list of schedules')
    const logger = createLogger({ level: 'silent' })
    const warnings = vi.spyOn(logger, 'warn')
    const app = await folder.open(of, logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    await vi.waitFor(() => expect(warnings).toHaveBeenCalled(), patience)
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
    folder.writeExport('1.csv', [1, 2])
    const away = await folder.open(folder.settings('redis://127.0.0.1:1'))
    await away.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const logger = createLogger({ level: 'silent' })
    const infos = vi.spyOn(logger, 'info')
    const app = await folder.open(folder.settings(), logger)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const said = [{ published: 2 }, 'published what had waited']
    await vi.waitFor(() => expect(infos.mock.calls).toContainEqual(said), patience)
    stop.abort()
    await running
  })

  it('sets its schedules up again after Redis was wiped', async () => {
    const redis = await startRedis({ dir: join(folder.dir, 'redis') })
    const of = folder.settings(redis.url, { everyMs: 1_000 })
    const app = await folder.open(of)
    const stop = new AbortController()
    const running = app.run(stop.signal)
    const connection = { connection: { url: redis.url }, prefix: of.redis.prefix }
    const [pulls, drains] = [new Queue(pullQueueName, connection), new Queue(drainQueueName, connection)]
    const schedulers = async () => [await pulls.getJobSchedulersCount(), await drains.getJobSchedulersCount()]
    await vi.waitFor(async () => expect(await schedulers()).toEqual([1, 1]), patience)
    const direct = new Redis(redis.url)
    await direct.flushall()
    await vi.waitFor(async () => expect(await schedulers()).toEqual([1, 1]), patience)
    folder.writeExport('1.csv', [1])
    await vi.waitFor(async () => expect(await jobsOf(of)).toHaveLength(1), patience)
    stop.abort()
    await running
    await Promise.all([pulls.close(), drains.close(), direct.quit()])
    await folder.close()
    await redis.stop()
  })
})
