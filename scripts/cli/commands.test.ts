import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { endFaultServers, listen } from '../../connectors/imap/testing/fault-servers.ts'
import { sinceOf, untilOf } from './option-values.ts'
import { capturedRun } from './testing/captured-run.ts'

// One deployment as "init" writes it, taken through its life from the first check to quarantine and back.

const nowhere = 'redis://127.0.0.1:1'
const cwd = mkdtempSync(join(tmpdir(), 'yiwang-commands-'))
const config = join(cwd, 'yiwang.yaml')
afterAll(() => rmSync(cwd, { recursive: true }))

const yiwang = (argv: readonly string[], redis = nowhere) =>
  capturedRun(argv, { cwd, env: { YIWANG_REDIS_URL: redis } })
const json = async (argv: readonly string[], redis = nowhere) =>
  JSON.parse((await yiwang([...argv, '--json'], redis)).out)

beforeAll(async () => {
  await yiwang(['init'])
  const text = readFileSync(config, 'utf8')
    .replace('prefix: yiwang', 'prefix: cli-commands')
    .replace('path: inbox/hotline', 'path: inbox/hotline\n    settleMs: 0')
  writeFileSync(config, text)
})

describe('before anything was pulled', () => {
  test('check reads the first row and consumes nothing', async () => {
    const { code, out } = await yiwang(['check', 'hotline'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^hotline: ok in \d+ ms; first item /)])
    expect((await json(['status'])).sources).toEqual([])
  })

  test('check without ids says also whether the store and Redis take writes, and what Redis is', async () => {
    const { code, out, err } = await yiwang(['check'], inject('redisUrl'))
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^sqlite:.*yiwang\.db: ok in \d+ ms$/m)
    expect(out).toMatch(
      /^redis:.*: ok in \d+ ms; (Redis|Valkey) \d+\.\d+\.\d+, maxmemory-policy noeviction, appendonly (yes|no)$/m,
    )
    expect(out).toMatch(/^hotline: ok /m)
    const found = await json(['check'], inject('redisUrl'))
    expect(out).toContain(`appendonly ${found.redis.appendOnly ? 'yes' : 'no'}\n`)
    expect(found).toMatchObject({
      store: { url: `sqlite:${cwd}/var/yiwang.db`, ok: true, error: null },
      redis: { url: inject('redisUrl'), maxmemoryPolicy: 'noeviction', ok: true, error: null },
      sources: [{ sourceId: 'hotline', ok: true, error: null }],
    })
  })

  test('check fails where Redis is not there or the store takes no writes, and looks at the sources all the same', async () => {
    const { code, out, err } = await yiwang(['check'])
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        /^QUEUE_UNREACHABLE: Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED/,
      ),
    ])
    expect(out).toMatch(/^hotline: ok /m)
    const database = new DatabaseSync(join(cwd, 'var/yiwang.db'))
    database.exec("CREATE TRIGGER full BEFORE INSERT ON leases BEGIN SELECT RAISE(ABORT, 'no'); END")
    const found = await json(['check'])
    database.exec('DROP TRIGGER full')
    database.close()
    expect(found).toMatchObject({
      store: { ok: false, error: { code: expect.stringMatching(/^(STORE_|INTERNAL)/) } },
      redis: { ok: false, error: { code: 'QUEUE_UNREACHABLE', kind: 'transient' } },
      sources: [{ sourceId: 'hotline', ok: true }],
    })
  })

  test('check of named sources looks at them alone', async () => {
    expect(Object.keys(await json(['check', 'hotline']))).toEqual(['sources'])
  })

  test('check says of a first item that cannot be read why', async () => {
    mkdirSync(join(cwd, 'inbox/locked'))
    writeFileSync(join(cwd, 'inbox/locked/a.xlsx'), 'PK\x03\x04')
    const locked = readFileSync(config, 'utf8').replace('path: inbox/hotline', 'path: inbox/locked')
    writeFileSync(join(cwd, 'locked.yaml'), locked)
    const { code, out } = await yiwang(['check', 'hotline', '--config', 'locked.yaml'])
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/first item .*\n {2}would be quarantined: FILE_UNREADABLE: /),
    ])
  })

  test('check waits for several sources at the same time, and lists them in their order for programs', async () => {
    const ids = ['one', 'two', 'three']
    const sockets: Socket[] = []
    const port = await listen((socket) => {
      if (sockets.push(socket) === ids.length) for (const each of sockets) each.end('* BYE all are here\r\n')
    })
    const sources = ids.map(
      (id) =>
        `  - { id: ${id}, connector: imap, host: 127.0.0.1, port: ${port}, tls: insecure, user: ${id}, password: secret, timeoutMs: 15000 }`,
    )
    writeFileSync(join(cwd, 'silent.yaml'), ['sources:', ...sources].join('\n'))
    const { sources: checked } = await json(['check', '--config', 'silent.yaml'])
    const message = expect.stringContaining('(BYE all are here)')
    expect(checked).toMatchObject(ids.map((sourceId) => ({ sourceId, error: { message } })))
    endFaultServers()
  })

  test('no name that a file brings along moves the cursor of a terminal', async () => {
    mkdirSync(join(cwd, 'inbox/named'))
    const named = join(cwd, 'inbox/named', 'a\u001b[2J\u009b31m\u202e\u2067.xlsx')
    writeFileSync(named, 'PK\x03\x04')
    const { code, out, err } = await yiwang(['import', named, '--dry-run'])
    expect(code).toBe(0)
    expect(out).toContain('a\ufffd[2J\ufffd31m\ufffd\ufffd.xlsx')
    expect(out + err).not.toMatch(/[\u001b\u009b\u202e\u2067]/)
    const { files } = await json(['import', named, '--dry-run'])
    expect(files).toMatchObject([{ path: named }])
  })

  test('check fails on a source that is not configured, with exit 78', async () => {
    const { code, err } = await yiwang(['check', 'hotlin'])
    expect([code, err]).toEqual([
      78,
      expect.stringMatching(/^SOURCE_UNKNOWN: There is no source "hotlin"\. Known sources: hotline\.\n/),
    ])
  })

  test('a dry run shows the tickets, where each field comes from and what was not used, and stores nothing', async () => {
    const { code, out, err } = await yiwang([
      'import',
      '--dry-run',
      '--limit',
      '2',
      'inbox/hotline/sample.csv',
    ])
    expect(code).toBe(0)
    expect(out).toContain('13800138000')
    expect(out).toMatch(
      /^format CSV, encoding utf-8 \(strict\)\nsheet -, column names in row 1, ids from column 工单编号\n/,
    )
    expect(out).toMatch(/\n {2}body ← 诉求内容\n/)
    expect(out).toMatch(/\n {4}body ← column 诉求内容\n/)
    expect(err).toContain('The first 2 items')
    expect((await json(['status'])).sources).toEqual([])
  })

  test('an import of so many at most is a dry run: all would come in otherwise', async () => {
    const { code, err } = await yiwang(['import', '--limit', '1', 'inbox/hotline/sample.csv'])
    expect([code, err]).toEqual([0, expect.stringContaining('Nothing was stored.')])
    expect((await json(['status'])).sources).toEqual([])
  })

  test('a dry run shows the first rows of a file whose columns it does not know, and why it cannot be read once', async () => {
    const file = join(cwd, 'unnamed.csv')
    writeFileSync(file, '甲,乙,丙\n1,路灯坏了,3月1日\n')
    const { code, out } = await yiwang(['import', '--dry-run', file])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^ {2}the first rows:\n {4}甲 \| 乙 \| 丙\n {4}1 \| 路灯坏了 \| 3月1日\n── unnamed\.csv /,
    )
    expect(out.match(/FILE_NO_HEADER/g)).toHaveLength(1)
  })

  test('a dry run needs no store, and makes none', async () => {
    const elsewhere = readFileSync(config, 'utf8').replace(/^store: .*$/m, 'store: sqlite:none/yiwang.db')
    writeFileSync(join(cwd, 'none.yaml'), elsewhere)
    writeFileSync(
      join(cwd, 'away.yaml'),
      elsewhere.replace('sqlite:none/yiwang.db', 'mongodb://127.0.0.1:1/yiwang'),
    )
    for (const name of ['none.yaml', 'away.yaml']) {
      const { code, err } = await yiwang([
        'import',
        '--config',
        name,
        '--dry-run',
        'inbox/hotline/sample.csv',
      ])
      expect([code, err]).toEqual([0, expect.stringContaining('Nothing was stored.')])
    }
    expect(existsSync(join(cwd, 'none'))).toBe(false)
  })

  test('a dry run names the configured columns that the file lacks, and what stands in for them', async () => {
    const columns = 'settleMs: 0\n    columns: { id: 受理编号, body: 市民原话 }'
    writeFileSync(join(cwd, 'absent.yaml'), readFileSync(config, 'utf8').replace('settleMs: 0', columns))
    const file = 'inbox/hotline/sample.csv'
    const { out } = await yiwang(['import', '--config', 'absent.yaml', '--dry-run', file])
    expect(out).toContain('\n  body ← 诉求内容\n')
    expect(out).toContain('\n  configured for body, but not in the file: 市民原话\n')
    expect(out).not.toContain('id ←')
  })

  test('a dry run for programs gives whole tickets', async () => {
    const { items } = await json(['import', '--dry-run', 'inbox/hotline/sample.csv'])
    expect(items.map((item: { outcome: string }) => item.outcome)).toEqual(['ticket', 'ticket', 'ticket'])
    expect(items[0].ticket).toMatchObject({
      sourceId: 'hotline',
      kind: 'complaint',
      reporter: { phone: '+8613800138000' },
    })
  })
})

describe('without Redis', () => {
  test('pull takes all enabled sources, makes tickets, says what waits, and exits 0', async () => {
    const { code, out, err } = await yiwang(['pull'])
    expect(out).toMatch(/^hotline {2}read 3, new 3, known 0\n/)
    expect(out).toContain('items 3: ticketed 3, linked 0')
    expect(err).toMatch(/QUEUE_UNREACHABLE: /)
    expect(err).toContain('3 tickets wait in the store to be published.')
    expect(code).toBe(0)
  })

  test('tickets lists titles and masked phones; --full and show --full give all', async () => {
    const { out } = await yiwang(['tickets', '--locale', 'zh'])
    expect(out).toContain('+86138****8000')
    expect(out).toContain('投诉')
    expect(out).not.toMatch(/13800138000|张三/)
    expect((await yiwang(['tickets', '--full'])).out).toMatch(/\+8613800138000.*张三/)
    const { tickets } = await json(['tickets'])
    const [{ id }] = tickets
    expect((await yiwang(['tickets', 'show', id])).out).not.toMatch(/1380013|1390013/)
    expect((await yiwang(['tickets', 'show', '--full', id])).out).toMatch(/\+861(38|39)00/)
  })

  test('tickets for programs come as one document, also where there are none', async () => {
    for (const filter of [[], ['--kind', 'praise']]) {
      const { out } = await yiwang(['tickets', '--json', ...filter])
      expect(out).toBe(`${JSON.stringify(JSON.parse(out), null, 2)}\n`)
    }
  })

  test('tickets that are stopped before they are listed say so, and fail', async () => {
    const { code, out } = await capturedRun(['tickets', '--json'], { cwd, signal: AbortSignal.abort() })
    expect([code, JSON.parse(out)]).toMatchObject([1, { problem: { code: 'STOPPED' } }])
  })

  test('tickets can be filtered by kind, day and number', async () => {
    const count = async (...argv: string[]) => (await json(['tickets', ...argv])).tickets.length
    expect(await count('--kind', 'complaint')).toBe(1)
    expect(await count('--since', '2026-03-02')).toBe(1)
    expect(await count('--until', '2026-03-01')).toBe(2)
    expect(await count('--since', '2026-03-01T09:00:00+08:00', '--until', '2026-03-01T10:00:00+08:00')).toBe(
      1,
    )
    expect(await count('--limit', '2')).toBe(2)
    for (const option of ['--since', '--until'])
      expect(await yiwang(['tickets', option, '2026-02-30'])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^TIME_UNREADABLE: "2026-02-30" is not a time\./),
      })
    expect((await yiwang(['tickets', '--since', 'yesterday'])).err).toMatch(
      /^TIME_UNREADABLE: "yesterday" is not a time\./,
    )
  })

  test.each(['en', 'zh'])('explain in %s tells every stage of an item, by any of its ids', async (locale) => {
    const [{ id, provenance, externalId }] = (await json(['tickets', '--kind', 'complaint'])).tickets
    const texts = []
    for (const given of [id, provenance.rawId, externalId]) {
      const { code, out } = await yiwang(['explain', given, '--locale', locale])
      expect(code).toBe(0)
      texts.push(out)
    }
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain(provenance.rawId)
    expect(texts[0]).toContain('hotline-export/')
    expect(texts[0]).toContain(
      locale === 'zh' ? `等待发布，任务编号 ${id}.1` : `waiting to be published as job ${id}.1`,
    )
    expect(texts[0]).not.toContain('13800138000')
    expect(texts[0]).toContain(locale === 'zh' ? `成单（新建）：${id}\n` : `ticketed (created): ${id}\n`)
    expect(texts[0]).toContain(locale === 'zh' ? 'body ← 列 诉求内容\n' : 'body ← column 诉求内容\n')
  })

  test('status adds up per source and per day', async () => {
    const { sources, pending, outbox } = await json(['status'])
    expect(sources).toEqual([
      {
        sourceId: 'hotline',
        day: null,
        seen: 3,
        ticketed: 3,
        linked: 0,
        quarantined: 0,
        skipped: 0,
        pending: 0,
      },
    ])
    expect([pending, outbox]).toEqual([0, 3])
    expect((await json(['stats', '--by-day'])).sources[0].day).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect((await yiwang(['status', '--locale', 'zh'])).out).toMatch(/^来源 +收到 +成单/)
  })

  test('reconcile finds all rows in the archive, then the one that was never pulled', async () => {
    const all = await yiwang(['reconcile'])
    expect([all.code, all.out]).toEqual([
      0,
      expect.stringContaining('hotline: 3 at the source, all of them archived'),
    ])
    expect(all.out).not.toContain('exact copies')
    const inbox = join(cwd, 'inbox/hotline')
    copyFileSync(join(inbox, 'sample.csv'), join(inbox, 'copy.csv'))
    const copied = await yiwang(['reconcile'])
    expect(copied.out).toContain('hotline: 6 at the source, all of them archived')
    expect(copied.out).toContain('at least 3 of them are exact copies of others and count once')
    rmSync(join(inbox, 'copy.csv'))
    writeFileSync(
      join(cwd, 'inbox/hotline/late.csv'),
      '工单编号,诉求内容\nLATE-1,路口的护栏被撞坏三天了，没有人修。\n',
    )
    const gap = await yiwang(['reconcile'])
    expect([gap.code, gap.out]).toEqual([
      1,
      expect.stringContaining('hotline: 4 at the source, 3 archived, 1 missing'),
    ])
  })
})

test.each(['check', 'reconcile'])('%s says nothing of a source when it is stopped', async (command) => {
  const { code, out, err } = await capturedRun([command, '--json'], { cwd, signal: AbortSignal.abort() })
  expect([code, err]).toEqual([1, expect.stringContaining('Interrupted')])
  expect(JSON.parse(out).sources).toMatchObject([
    { sourceId: 'hotline', ok: false, error: { code: 'STOPPED' } },
  ])
})

describe('with Redis', () => {
  test('the next pull publishes what waited', async () => {
    const { relay, sources } = await json(['pull', 'hotline'], inject('redisUrl'))
    expect(relay).toMatchObject({ published: 4, waiting: 0, problem: null })
    expect(sources).toEqual([expect.objectContaining({ sourceId: 'hotline', added: 1 })])
  })

  test('republish brings back what was on a queue that Redis lost', async () => {
    const queue = new Queue('tickets', { connection: { url: inject('redisUrl') }, prefix: 'cli-commands' })
    await queue.obliterate({ force: true })
    const env = { YIWANG_REDIS_URL: inject('redisUrl') }
    const { out, err } = await capturedRun(['republish'], { cwd, env, progress: 80 })
    expect(err).toMatch(/^\r\u001b\[2Kcompared with Redis: 4 tickets, to publish again 0\r\u001b\[2K/)
    expect(out).toMatch(/^published 4$/m)
    expect(await queue.getWaitingCount()).toBe(4)
    await queue.close()
  })

  test('explain tells a job that waits on the queue from one that downstream has completed', async () => {
    const published = /^→ published as job T-\w+\.1(.*)$/m
    expect(published.exec((await yiwang(['explain', 'LATE-1'])).out)?.[1]).toBe('')
    const connection = { url: inject('redisUrl') }
    const consumer = new Worker('tickets', async () => {}, { connection, prefix: 'cli-commands' })
    await new Promise<void>((resolve) => consumer.once('drained', () => resolve()))
    await consumer.close()
    expect((await json(['republish'], inject('redisUrl'))).relay.published).toBe(0)
    expect(published.exec((await yiwang(['explain', 'LATE-1'])).out)?.[1]).toBe(', and completed downstream')
  })

  test('run works until it is stopped, and that is no failure', async () => {
    const stopping = new AbortController()
    const env = { YIWANG_REDIS_URL: inject('redisUrl') }
    const running = capturedRun(['run', '--log-level', 'silent'], { cwd, env, signal: stopping.signal })
    setTimeout(() => stopping.abort(), 300)
    const { code, err } = await running
    expect([code, err]).toEqual([0, 'Running yiwang.yaml; scheduled sources: 1. Ctrl-C ends it.\nStopped.\n'])
  })

  test('run names the sources that it does not pull, as they have no schedule', async () => {
    const path = join(cwd, 'unscheduled.yaml')
    const own = (id: string, more: string) =>
      `  - { id: ${id}, connector: hotline-export, path: inbox/${id}${more} }\n`
    const sources = own('mails', '') + own('old', ', enabled: false') + own('web', '')
    writeFileSync(path, readFileSync(config, 'utf8').replace('sources:\n', `sources:\n${sources}`))
    const env = { YIWANG_REDIS_URL: nowhere }
    const argv = ['--config', path, 'run', '--log-level', 'silent']
    const { err } = await capturedRun(argv, { cwd, env, signal: AbortSignal.timeout(300) })
    expect(err).toContain(
      'scheduled sources: 1. Ctrl-C ends it.\nWithout a schedule, so that only "yiwang pull" pulls them: mails, web\n',
    )
  })
})

describe('quarantine', () => {
  test('is sent through again and discarded as a whole, however much it holds', async () => {
    const folder = join(cwd, 'flood')
    mkdirSync(join(folder, 'inbox'), { recursive: true })
    const rows = Array.from({ length: 10_001 }, (_, index) => `B${index},\n`)
    writeFileSync(join(folder, 'inbox/0.csv'), '甲,乙\n1,2\n')
    writeFileSync(join(folder, 'inbox/a.csv'), `工单编号,诉求内容\n${rows.join('')}`)
    const source = '{ id: a, connector: hotline-export, path: inbox, settleMs: 0 }'
    const flood = join(folder, 'yiwang.yaml')
    writeFileSync(flood, `store: sqlite:a.db\nredis: { url: ${nowhere} }\nsources: [${source}]\n`)
    expect((await json(['pull', '--config', flood])).drain.quarantined).toBe(10_002)
    const counts = [
      { sourceId: 'a', code: 'ROW_NO_TEXT', count: 10_001 },
      { sourceId: 'a', code: 'FILE_NO_HEADER', count: 1 },
    ]
    expect(await json(['quarantine', 'list', '--limit', '1', '--config', flood])).toMatchObject({ counts })
    expect((await yiwang(['quarantine', 'list', '--limit', '1', '--config', flood])).out).toMatch(
      /^source +reason +in quarantine\na +ROW_NO_TEXT +10001$/m,
    )
    const listed = async (limit: number) =>
      (await json(['quarantine', 'list', '--limit', String(limit), '--config', flood])).quarantined
    const all = await listed(100_000)
    expect(new Set(all.map(({ rawId }: { rawId: string }) => rawId)).size).toBe(10_002)
    expect(await listed(1_500)).toEqual(all.slice(0, 1_500))
    const table = await yiwang(['quarantine', 'list', '--limit', '100000', '--config', flood])
    expect(table.out.split('\n')).toHaveLength(10_003)
    expect(table.err).toBe('In quarantine: 10002.\n')
    const redriving = ['quarantine', 'redrive', '--all', '--config', flood]
    const { err } = await capturedRun(redriving, { cwd, progress: 80 })
    expect(err).toMatch(
      /^\r\u001b\[2Kitems: 10000\r\u001b\[2K(.*\r\u001b\[2K)?Items to be processed again: 10002\.\n/,
    )
    expect((await json(['status', '--config', flood])).sources[0]).toMatchObject({ quarantined: 10_002 })
    const discarding = ['quarantine', 'discard', '--source', 'a', '--json', '--config', flood]
    const stopped = await capturedRun(discarding, { cwd, signal: AbortSignal.abort() })
    expect([stopped.code, JSON.parse(stopped.out)]).toEqual([1, { discarded: 0 }])
    expect(await json(['quarantine', 'discard', '--source', 'a', '--config', flood])).toEqual({
      discarded: 10_002,
    })
  }, 120_000)

  test('lists, shows, sends through again and discards what could not become a ticket', async () => {
    writeFileSync(join(cwd, 'inbox/hotline/empty.csv'), '工单编号,诉求内容\nEMPTY-1,\n')
    await yiwang(['pull', 'hotline'])
    const { quarantined } = await json(['quarantine', 'list'])
    expect(quarantined).toHaveLength(1)
    const [{ rawId, code }] = quarantined
    expect((await yiwang(['quarantine', 'list'])).out).toContain(rawId)
    expect((await yiwang(['quarantine', 'list'])).err).toBe('In quarantine: 1.\n')
    expect((await yiwang(['quarantine', 'list', '--limit', '1'])).err).toContain('--limit shows more')
    expect((await yiwang(['quarantine', 'show', rawId])).out).toContain(code)
    expect((await yiwang(['quarantine', 'show', 'EMPTY-1'])).out).toContain(code)
    expect((await yiwang(['quarantine', 'redrive', 'EMPTY-1'])).err).toContain('processed again: 1.')
    expect((await yiwang(['quarantine', 'show', '--raw', rawId])).out).toContain('EMPTY-1')
    const { item } = await json(['quarantine', 'show', '--raw', rawId])
    expect(Buffer.from(item.base64, 'base64').toString()).toContain('EMPTY-1')
    expect((await yiwang(['explain', rawId, '--locale', 'zh'])).out).toContain(`隔离：${code}`)
    for (const [command, known] of [
      ['redrive', '--source, --code, --all'],
      ['discard', '--source, --code'],
    ] as const) {
      const message = `ITEMS_NOT_NAMED: No items are named. Name them, or give one of ${known}.`
      const { code: exit, out, err } = await yiwang(['quarantine', command, '--json'])
      expect([exit, err]).toEqual([1, `${message}\n`])
      expect(JSON.parse(out)).toEqual({ problem: { code: 'ITEMS_NOT_NAMED', kind: 'data', message } })
    }
    expect((await yiwang(['quarantine', 'redrive', '--all'])).err).toContain(
      'Items to be processed again: 1.',
    )
    const others = ['quarantine', 'discard', rawId, '--code', 'FILE_NO_HEADER']
    expect((await yiwang(others)).out).toBe('Discarded: 0.\n')
    expect((await yiwang(['quarantine', 'discard', rawId, '--source', 'other'])).err).toMatch(
      /^SOURCE_UNKNOWN: /,
    )
    expect((await yiwang(['quarantine', 'discard', rawId, '--reason', 'blank row'])).out).toBe(
      'Discarded: 1.\n',
    )
    expect((await yiwang(['explain', rawId])).out).toMatch(/ skipped: discarded blank row$/m)
    expect((await json(['quarantine', 'list'])).quarantined).toEqual([])
    expect((await json(['status'])).sources[0]).toMatchObject({ quarantined: 0, skipped: 1 })
  })
})

test('what is left of a source that was removed tells how to get on', async () => {
  writeFileSync(join(cwd, 'inbox/hotline/blank.csv'), '工单编号,诉求内容\nBLANK-1,\n')
  await yiwang(['pull', 'hotline'])
  const without = join(cwd, 'without.yaml')
  const text = readFileSync(config, 'utf8')
  writeFileSync(without, text.replace('id: hotline', 'id: other'))
  const { drain } = await json(['quarantine', 'redrive', 'BLANK-1', '--config', without])
  expect(drain).toMatchObject({ items: 1, quarantined: 1 })
  expect((await json(['quarantine', 'list', '--config', without])).quarantined).toMatchObject([
    {
      code: 'SOURCE_REMOVED',
      message: expect.stringContaining('then run "yiwang quarantine redrive --source hotline"'),
    },
  ])
  await yiwang(['quarantine', 'redrive', '--source', 'hotline'])
  expect((await json(['quarantine', 'list'])).quarantined).toMatchObject([{ code: 'ROW_NO_TEXT' }])
  await yiwang(['quarantine', 'discard', 'BLANK-1'])
})

describe('import', () => {
  test('counts for the only source that reads such files, and says which', async () => {
    mkdirSync(join(cwd, 'once'))
    writeFileSync(
      join(cwd, 'once/more.csv'),
      '工单编号,诉求内容\nMORE-1,广场的音响声音太大，影响孩子写作业。\n',
    )
    const { code, out, err } = await yiwang(['import', 'once/more.csv'])
    expect([code, err.split('\n')[0]]).toEqual([0, 'once/more.csv → hotline'])
    expect(out).toContain('read 1, new 1, known 0')
  })

  test('of several files prints one JSON document over all', async () => {
    writeFileSync(join(cwd, 'once/a.csv'), '工单编号,诉求内容\nA-1,河边的垃圾桶满了一周没有人清。\n')
    writeFileSync(join(cwd, 'once/b.csv'), '工单编号,诉求内容\nB-1,公交站的候车亭漏雨。\nB-2,\n')
    const dry = await json(['import', '--dry-run', 'once/a.csv', 'once/b.csv'])
    const paths = [join(cwd, 'once/a.csv'), join(cwd, 'once/b.csv')]
    expect(dry.files).toEqual([
      { sourceId: 'hotline', path: paths[0], file: expect.objectContaining({ format: 'CSV' }) },
      { sourceId: 'hotline', path: paths[1], file: expect.objectContaining({ format: 'CSV' }) },
    ])
    expect(dry.items).toMatchObject([
      { path: paths[0], outcome: 'ticket' },
      { path: paths[1], outcome: 'ticket' },
      { path: paths[1], outcome: 'quarantined' },
    ])
    const { sources, drain, relay, problem } = await json(['import', 'once/a.csv', 'once/b.csv'])
    expect(sources).toEqual([
      { sourceId: 'hotline', path: paths[0], read: 1, added: 1, known: 0 },
      { sourceId: 'hotline', path: paths[1], read: 2, added: 2, known: 0 },
    ])
    expect(drain).toMatchObject({ items: 3, ticketed: 2, quarantined: 1 })
    expect([relay.problem.code, problem]).toEqual(['QUEUE_UNREACHABLE', null])
  })

  test.each([
    ['pipe', 'neither a file nor a folder'],
    ['pipes', 'there is no file in this folder'],
    ['years', 'there are only folders in this folder; name one of them'],
    ['/dev/null', 'neither a file nor a folder'],
    // Of a variable that is not set; the working folder would come in otherwise.
    ['', 'the name is empty'],
  ])('of "%s", which no file can be read from, is refused', async (path, reason) => {
    mkdirSync(join(cwd, 'years/2026'), { recursive: true })
    mkdirSync(join(cwd, 'pipes'), { recursive: true })
    for (const pipe of ['pipe', 'pipes/a.csv']) execFileSync('mkfifo', [join(cwd, pipe)], { stdio: 'ignore' })
    for (const more of [[], ['--source', 'hotline'], ['--dry-run']]) {
      const { code, err } = await yiwang(['import', path, ...more])
      expect([code, err.split('\n')[0]]).toEqual([1, expect.stringContaining(`cannot be read (${reason}).`)])
      expect(err).toMatch(/^PATH_UNREADABLE: /)
    }
    for (const pipe of ['pipe', 'pipes/a.csv']) rmSync(join(cwd, pipe))
  })

  test('of folders takes in what a source finds that looks into them, also beside a link that leads in a circle', async () => {
    const deep = join(cwd, 'deep.yaml')
    const letters = '{ id: letters, connector: mail-folder, path: post, recursive: true, settleMs: 0 }'
    writeFileSync(deep, `store: sqlite:deep.db\nsources:\n  - ${letters}\n`)
    mkdirSync(join(cwd, 'post/2026'), { recursive: true })
    writeFileSync(join(cwd, 'post/2026/a.eml'), 'From: a@example.org\nSubject: x\n\nbody\n')
    symlinkSync('circle', join(cwd, 'post/circle'))
    const { sources } = await json(['import', 'post', '--source', 'letters', '--config', deep])
    expect(sources).toMatchObject([{ read: 1, added: 1 }])
  })

  test('of a mail needs a source for mail', async () => {
    writeFileSync(join(cwd, 'letter.eml'), 'From: a@example.org\nSubject: x\n\nbody\n')
    const { code, err } = await yiwang(['import', 'letter.eml'])
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^IMPORT_NO_SOURCE: No configured source reads letter\.eml \(email\)\./),
    ])
  })

  test('takes in a mail that was too large, after the limit was raised', async () => {
    const large = join(cwd, 'large.yaml')
    const configure = (maxMessageBytes: number) =>
      writeFileSync(
        large,
        `store: sqlite:large.db\nsources:\n  - { id: letters, connector: mail-folder, path: letters, settleMs: 0, maxMessageBytes: ${maxMessageBytes} }\n`,
      )
    mkdirSync(join(cwd, 'letters'))
    const body = '广场的音响声音太大，影响孩子写作业。'.repeat(50)
    writeFileSync(join(cwd, 'letters/a.eml'), `From: a@example.org\nSubject: x\n\n${body}\n`)
    configure(1024)
    await yiwang(['pull', '--all', '--config', large])
    const listed = (await json(['quarantine', 'list', '--config', large])).quarantined
    expect(listed).toMatchObject([{ code: 'ITEM_TOO_LARGE' }])
    configure(1024 * 1024)
    const { drain } = await json([...['import', 'letters/a.eml', '--source', 'letters', '--config', large]])
    expect(drain).toMatchObject({ items: 1, ticketed: 1 })
    expect((await json(['tickets', '--config', large])).tickets).toMatchObject([{ title: 'x' }])
  })

  test('and pull warn of configured columns that a table lacks, unless the log is to hold less', async () => {
    const own = join(cwd, 'columns.yaml')
    const configure = (level: string) =>
      writeFileSync(
        own,
        `store: sqlite:columns.db\nredis: { url: ${nowhere} }\nlog: { level: ${level} }\nsources:\n  - { id: a, connector: hotline-export, path: once, settleMs: 0, columns: { phone: 手机一 } }\n`,
      )
    const warned = async (...argv: readonly string[]) => {
      const { out, err } = await yiwang([...argv, '--json', '--config', own])
      expect(JSON.parse(out)).toMatchObject({ sources: [{ sourceId: 'a' }] })
      return err.includes('configured columns are not in the table')
    }
    configure('error')
    expect(await warned('import', 'once/more.csv')).toBe(false)
    configure('info')
    expect(await warned('import', 'once/more.csv')).toBe(true)
    expect(await warned('import', 'once/more.csv', '--log-level', 'error')).toBe(false)
    expect(await warned('pull')).toBe(true)
  })

  test('does not guess between two sources', async () => {
    const two = join(cwd, 'two.yaml')
    writeFileSync(
      two,
      `${readFileSync(config, 'utf8')}\n  - { id: other, connector: hotline-export, path: once }\n`,
    )
    const { code, err } = await yiwang(['import', 'once/more.csv', '--config', two])
    expect([code, err]).toEqual([1, expect.stringContaining('Name one with --source: hotline, other.')])
  })
})

test('how long ago counts from now, in days or hours', () => {
  const now = Date.parse('2026-03-08T12:00:00Z')
  expect(['7d', '12h'].map((text) => sinceOf(text, 'Asia/Shanghai', now))).toEqual([
    Date.parse('2026-03-01T12:00:00Z'),
    Date.parse('2026-03-08T00:00:00Z'),
  ])
})

test('a reason inside a message is in the language of the message', async () => {
  writeFileSync(join(cwd, 'blank.csv'), '')
  const dry = async (locale: string) =>
    (await yiwang(['import', '--dry-run', 'blank.csv', '--locale', locale])).out
  expect(await dry('zh')).toContain('FILE_NOT_A_TABLE: 文件 "blank.csv" 中没有可读取的表格（文件为空）。')
  expect(await dry('en')).toContain('holds no table that can be read (it is empty).')
})

test('filters take a source that was removed from the configuration, as long as the store knows it', async () => {
  const without = join(cwd, 'without.yaml')
  const text = readFileSync(config, 'utf8')
  const other = '  - { id: other, connector: hotline-export, path: other }\n'
  writeFileSync(without, `${text.slice(0, text.search(/^sources:/m))}sources:\n${other}`)
  const ask = (...argv: readonly string[]) => yiwang([...argv, '--config', without])
  for (const command of [['tickets'], ['quarantine', 'list'], ['status'], ['status', '--by-day']]) {
    const [known, unknown] = await Promise.all(
      ['hotline', 'hotlin'].map((id) => ask(...command, '--source', id)),
    )
    expect([known?.code, known?.out]).toEqual([0, expect.stringContaining('hotline')])
    expect([unknown?.code, unknown?.err]).toEqual([78, expect.stringMatching(/^SOURCE_UNKNOWN: /)])
  }
  expect((await ask('pull', 'hotline')).err).toMatch(/^SOURCE_UNKNOWN: /)
})

test('one source that fails stops no other, and the command exits 1', async () => {
  const two = join(cwd, 'broken.yaml')
  const more = '  - { id: broken, connector: hotline-export, path: no-such-folder }\n'
  writeFileSync(two, `${readFileSync(config, 'utf8')}\n${more}`)
  const { code, out, err } = await yiwang(['pull', '--all', '--config', two])
  expect(code).toBe(1)
  expect(out).toMatch(/^hotline {2}read /)
  expect(err).toMatch(/^broken: SOURCE_/m)
})

test('migrate has nothing to do on a store in use', async () => {
  expect(await yiwang(['migrate'])).toEqual({
    code: 0,
    out: `sqlite:${cwd}/var/yiwang.db is up to date.\n`,
    err: '',
  })
})

test('an unexpected error is INTERNAL without a stack, and with one at level debug', async () => {
  const broken = join(cwd, 'store-is-a-folder.yaml')
  writeFileSync(
    broken,
    `store: sqlite:inbox\n${'sources: [{ id: a, connector: hotline-export, path: x }]'}\n`,
  )
  const quiet = await yiwang(['status', '--config', broken])
  expect(quiet.code).toBe(1)
  expect(quiet.err).toMatch(/^[A-Z_]+: /)
  expect(quiet.err).not.toMatch(/\n {4}at /)
  expect((await yiwang(['status', '--config', broken, '--log-level', 'debug'])).err).toMatch(/\n {4}at /)
})

test.each([
  ['Asia/Shanghai', '2026-04-04', '2026-04-03T16:00:00.000Z', '2026-04-04T15:59:59.999Z'],
  // At midnight the clocks go back to eleven.
  ['America/Santiago', '2026-04-04', '2026-04-04T03:00:00.000Z', '2026-04-05T03:59:59.999Z'],
  // They have no midnight.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z', '2026-09-07T02:59:59.999Z'],
])('in %s %s is the whole day, by --since and --until', (timeZone, day, first, last) => {
  const given = [sinceOf(day, timeZone, 0), untilOf(day, timeZone)]
  expect(given.map((at) => new Date(at).toISOString())).toEqual([first, last])
})

test('says in the language of the reader what is odd about the queues, and once Redis has lost data', async () => {
  const env = { YIWANG_REDIS_URL: inject('redisUrl'), LANG: 'zh_CN.UTF-8' }
  const pull = async (name: string, report: string) => {
    const path = join(cwd, 'odd', name)
    mkdirSync(path, { recursive: true })
    writeFileSync(
      join(path, 'yiwang.yaml'),
      `redis: { url: "\${YIWANG_REDIS_URL}", prefix: cli-odd }
sources: [{ id: a, connector: hotline-export, path: rows.csv, settleMs: 0 }]
`,
    )
    writeFileSync(join(path, 'rows.csv'), `工单编号,诉求内容\n${report},路灯不亮\n`)
    return (await capturedRun(['pull'], { cwd: path, env })).err
  }
  expect(await pull('ours', 'A')).toBe('')
  expect(await pull('theirs', 'B')).toBe('')
  expect(await pull('ours', 'C')).toMatch(/^QUEUE_SHARED: 队列中有本存储所不知道的任务.*\n$/)
  const redis = new Redis(inject('redisUrl'))
  await redis.del(...(await redis.keys('cli-odd:*')))
  await redis.quit()
  expect(await pull('ours', 'D')).toBe(
    'QUEUE_LOST: Redis 丢失了数据。请运行 "yiwang republish"，重新发布其中的工单。\n',
  )
})
