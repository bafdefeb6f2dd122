import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { endFaultServers, fetched, listen, scriptedServer } from '../connectors/imap/testing/fault-servers.ts'
import { startRedis } from '../scripts/servers/redis.ts'
import { Drainer } from './drainer.ts'
import { AppFolder, forever, header, jobsOf, texts, withInbox } from './testing/app-folder.ts'

let folder: AppFolder

beforeEach(() => {
  folder = new AppFolder(inject('redisUrl'))
})

afterEach(() => folder.end())

describe('collect', () => {
  it('brings a file onto the queue, and a second time changes nothing', async () => {
    const of = folder.settings()
    const app = await folder.open(of)
    folder.writeExport('1.csv', [1, 2, 3])
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
    const redis = await startRedis({ dir: join(folder.dir, 'redis') })
    const of = folder.settings(redis.url)
    const app = await folder.open(of)
    await redis.stop()
    folder.writeExport('1.csv', [1, 2])
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
    }, 40_000)
    expect(await jobsOf(of)).toHaveLength(2)
    await folder.close()
    await redis.stop()
  })

  it('processes again after no thread could be started, as where a system has no more of them', async () => {
    const app = await folder.open()
    folder.writeExport('1.csv', [1, 2])
    const warmUp = vi.spyOn(Drainer.prototype, 'warmUp').mockImplementationOnce(() => {
      throw new Error('EAGAIN')
    })
    await expect(app.collect([], { signal: forever() })).rejects.toThrow('EAGAIN')
    const report = await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    expect(report).toMatchObject({ drain: { ticketed: 2 } })
    warmUp.mockRestore()
  })

  it('keeps no source waiting for one that failed the last time and keeps silent now', async () => {
    const of = folder.settings()
    const silent = await listen(() => {})
    const sources = [...withInbox(of, silent).sources, ...of.sources]
    const app = await folder.open({ ...of, sources, processing: { ...of.processing, pullConcurrency: 1 } })
    const at = '2026-03-01T08:05:00+08:00'
    const failure = { since: at, code: 'SOURCE_UNREACHABLE' as const, details: {} }
    const lease = await app.store.acquire('source.inbox', 'one', 30_000)
    const failed = { sourceId: 'inbox', at, read: 0, added: 0, succeededAt: null, failure }
    if (lease !== null) await app.store.release(lease, failed)
    folder.writeExport('1.csv', [1])
    const targets = [{ sourceId: 'inbox' }, { sourceId: 'hotline' }]
    const collecting = app.collect(targets, { signal: forever() })
    const ended = vi.fn()
    void collecting.then(ended)
    const pulled = async () => expect(await app.store.tally({ byDay: false })).toHaveLength(1)
    await vi.waitFor(pulled, { timeout: 40_000, interval: 20 }).finally(() => {
      expect(ended).not.toHaveBeenCalled()
      endFaultServers()
    })
    expect((await collecting).failures).toMatchObject([{ sourceId: 'inbox' }])
  })

  it('refuses a store of another schema at once, not with each piece of work', async () => {
    const of = folder.settings()
    await folder.open(of)
    await folder.close()
    const file = new DatabaseSync(join(folder.dir, 'a.db'))
    file.exec('PRAGMA user_version = 1')
    file.close()
    await expect(folder.open(of)).rejects.toMatchObject({ code: 'STORE_NOT_MIGRATED', details: { found: 1 } })
  })

  it('shows no part of the password of a Redis that cannot be reached', async () => {
    const app = await folder.open(folder.settings('redis://office:ge@heim@127.0.0.1:1/3'))
    const thrown = await app.queues().catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'QUEUE_UNREACHABLE', details: { url: 'redis://127.0.0.1:1/3' } })
    expect(String(thrown)).not.toContain('heim')
  })

  it('publishes nothing where Redis has no database of that number, and keeps it', async () => {
    const redis = await startRedis({ dir: join(folder.dir, 'redis') })
    const app = await folder.open(folder.settings(`${redis.url}/77`))
    folder.writeExport('1.csv', [1, 2])
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
    const of = folder.settings()
    const [one, other] = [await folder.open(of), await folder.open(of)]
    folder.writeExport('1.csv', [1, 2, 3, 4, 5, 6])
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
    const app = await folder.open()
    writeFileSync(
      join(folder.dir, 'one.csv'),
      `${header}\nB1,李先生,13800138001,2026-03-01 08:00,${texts[0]}\n`,
    )
    const report = await app.collect([{ sourceId: 'hotline', path: join(folder.dir, 'one.csv') }], {
      signal: forever(),
    })
    expect(report).toMatchObject({ pulls: [{ added: 1 }], relay: { published: 1 } })
    expect(await app.store.cursor('hotline')).toBeNull()
  })

  it('refuses an unknown source before anything is done', async () => {
    const app = await folder.open()
    await expect(app.collect([{ sourceId: 'nobody' }], { signal: forever() })).rejects.toMatchObject({
      code: 'SOURCE_UNKNOWN',
      details: { known: 'hotline' },
    })
  })
})

describe('republish', () => {
  it('publishes again what was in a wiped Redis, but not what downstream had completed', async () => {
    const redis = await startRedis({ dir: join(folder.dir, 'redis') })
    const of = folder.settings(redis.url)
    const app = await folder.open(of)
    folder.writeExport('1.csv', [1])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const { url, prefix } = of.redis
    const consumer = new Worker('tickets', async () => {}, { connection: { url }, prefix })
    await new Promise<void>((resolve) => consumer.once('completed', () => resolve()))
    await consumer.close()
    expect(await app.republish(forever())).toBe(0)
    folder.writeExport('2.csv', [2, 3])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const direct = new Redis(url)
    await direct.flushall()
    await direct.quit()
    expect(await app.republish(forever())).toBe(2)
    await app.collect([], { signal: forever() })
    expect((await jobsOf(of)).map(({ ticket }) => ticket.externalId).sort()).toEqual(['A2', 'A3'])
    await folder.close()
    await redis.stop()
  })
})

describe('rule', () => {
  it('leaves it to the next drain to look after what a dead process left', async () => {
    const app = await folder.open()
    folder.writeExport('1.csv', [1, 2])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const [one, other] = await app.store.findTickets({ limit: 2 })
    await app.store.acquire('processing', 'dead', 0)
    const ruling = { verdict: 'related', ticketId: one?.id ?? '', otherId: other?.id ?? '' } as const
    expect((await app.rule(ruling, forever())).ticketIds).toHaveLength(2)
    expect(await app.store.acquire('processing', 'next', 1_000)).toMatchObject({
      takenOver: true,
    })
  })

  it('is completed before anything else is decided or published, where it was cut off', async () => {
    const app = await folder.open()
    folder.writeExport('1.csv', [1, 2])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const [one, other] = await app.store.findTickets({ limit: 2 })
    vi.spyOn(app.store, 'commit').mockRejectedValueOnce(new Error('cut off'))
    const ruling = { verdict: 'duplicate', ticketId: one?.id ?? '', otherId: other?.id ?? '' } as const
    await expect(app.rule(ruling, forever())).rejects.toThrow('cut off')
    const { relay } = await app.collect([], { signal: forever() })
    expect(relay.published).toBe(2)
    expect((await app.store.ticket(ruling.ticketId))?.dedupe).toMatchObject({ masterId: ruling.otherId })
    expect((await app.rule(ruling, forever())).ticketIds).toEqual([])
  })

  it('leaves it to another process to publish where that has taken over the lease meanwhile', async () => {
    const app = await folder.open()
    folder.writeExport('1.csv', [1, 2])
    await app.collect([{ sourceId: 'hotline' }], { signal: forever() })
    const [one, other] = await app.store.findTickets({ limit: 2 })
    const { commit } = app.store
    vi.spyOn(app.store, 'commit').mockImplementationOnce(async (what, lease, at) => {
      await commit(what, lease, at)
      await app.store.renew(lease, 0)
      await app.store.acquire('processing', 'another', 60_000)
    })
    const ruling = { verdict: 'related', ticketId: one?.id ?? '', otherId: other?.id ?? '' } as const
    const { ticketIds, relay } = await app.rule(ruling, forever())
    expect(ticketIds).toHaveLength(2)
    expect(relay).toEqual({ published: 0, waiting: 2, problem: null })
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
    const one = await folder.open(withInbox(folder.settings(), port))
    expect((await one.check('inbox', signal)).first?.meta.uid).toBe('1')
    const two = await folder.open(withInbox(folder.settings(), port, ['INBOX', 'Other']))
    await expect(two.check('inbox', signal)).rejects.toMatchObject({ details: { folder: 'Other' } })
    endFaultServers()
  })

  it('opens each folder of a mailbox, and lists only the one that it reads from', async () => {
    const commands: string[] = []
    const port = await scriptedServer((command, tag) => {
      if (/^(EXAMINE|UID SEARCH)/.test(command)) commands.push(command)
      return /^UID FETCH .*BODY/.test(command) ? `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    const app = await folder.open(withInbox(folder.settings(), port, ['INBOX', 'Petitions', 'Old']))
    await app.check('inbox', forever())
    const [first, search, ...others] = commands
    expect([first, search]).toEqual(['EXAMINE INBOX', expect.stringMatching(/^UID SEARCH/)])
    expect(others.filter((command) => command !== first)).toEqual(['EXAMINE Petitions', 'EXAMINE Old'])
    endFaultServers()
  })
})

it('loads nothing that talks to Redis before it is used', () => {
  const script = `
    import { createRequire } from 'node:module'
    for (const file of ['./open-app.ts', './drain-service.ts', './plan.ts', './rebuild.ts'])
      await import(new URL(file, ${JSON.stringify(import.meta.url)}).href)
    const { cache } = createRequire(import.meta.url)
    console.log(JSON.stringify(Object.keys(cache).filter((file) => /node_modules.(ioredis|bullmq)/.test(file))))`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script]
  expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual([])
})
