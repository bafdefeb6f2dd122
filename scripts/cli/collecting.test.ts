import { expect, test } from 'vitest'
import { YiwangError } from '../../config/errors.ts'
import type { App, CollectOptions, CollectReport } from '../../pipeline/app.ts'
import { Cli } from './cli.ts'
import { Collecting, collectAndReport } from './collecting.ts'

const pulled = {
  pulls: [{ sourceId: 'hotline', read: 3, added: 2, known: 1 }],
  failures: [{ sourceId: 'mail', error: new YiwangError('SOURCE_BUSY', { source: 'mail' }) }],
}
const full = new YiwangError('STORE_FULL', { url: 'sqlite:x.db', reason: 'disk is full' })

/** Only the part that a full disk between the pulls and the commit shows; no real disk fills up just then. */
const app = {
  collect: async (_targets: unknown, { onPulled }: CollectOptions) => {
    onPulled?.(pulled)
    throw full
  },
} as Partial<App> as App

async function collected(json: boolean) {
  const said = { out: '', err: '' }
  const context = {
    ...{ argv: [], env: {}, cwd: '/', progress: null, columns: null, outBytes: () => {} },
    taken: async () => {},
    signal: new AbortController().signal,
    out: (text: string) => {
      said.out += text
    },
    err: (text: string) => {
      said.err += text
    },
  }
  await expect(collectAndReport(new Cli(context, 'en'), app, [], json)).rejects.toBe(full)
  return said
}

test('what was pulled is said also when making tickets fails after that', async () => {
  expect(await collected(false)).toEqual({
    out: 'hotline  read 3, new 2, known 1\n',
    err: expect.stringMatching(/^mail: SOURCE_BUSY: /),
  })
})

test('for programs both stand in the one document', async () => {
  expect(JSON.parse((await collected(true)).out)).toMatchObject({
    sources: [
      { sourceId: 'hotline', added: 2 },
      { sourceId: 'mail', error: { code: 'SOURCE_BUSY' } },
    ],
    drain: null,
    relay: null,
    problem: { code: 'STORE_FULL', kind: 'transient' },
  })
})

/** What is said of collections that end with these reports, and what becomes of the command. */
async function reported(...reports: readonly Partial<CollectReport>[]) {
  return await reportedUntil(new AbortController().signal, ...reports)
}

async function reportedUntil(signal: AbortSignal, ...reports: readonly Partial<CollectReport>[]) {
  const whole = reports.map((report) => ({ pulls: [], failures: [], drain: null, ...report }))
  const left = whole.values()
  const said = { out: '', err: '' }
  const context = {
    ...{ argv: [], env: {}, cwd: '/', progress: null, columns: null, outBytes: () => {} },
    ...{ taken: async () => {}, signal },
    out: (text: string) => {
      said.out += text
    },
    err: (text: string) => {
      said.err += text
    },
  }
  const cli = new Cli(context, 'en')
  const collecting = new Collecting(
    cli,
    { collect: async () => left.next().value } as Partial<App> as App,
    true,
  )
  for (const _ of whole) await collecting.collect([])
  collecting.finish()
  return { ...said, code: cli.exitCode, left: collecting.left }
}

const relay = { problem: null, published: 0, waiting: 0 }

test('over several collections what was published adds up', async () => {
  const reports = [2, 3].map((published) => ({ relay: { ...relay, published } }))
  expect(JSON.parse((await reported(...reports)).out).relay.published).toBe(5)
})

test('a source that another process is pulling is no failure, any other is', async () => {
  const failing = (code: 'SOURCE_BUSY' | 'SOURCE_PATH') => ({
    relay,
    failures: [{ sourceId: 'a', error: new YiwangError(code, { source: 'a', path: 'x', reason: 'ENOENT' }) }],
  })
  expect((await reported(failing('SOURCE_BUSY'))).code).toBe(0)
  expect((await reported(failing('SOURCE_PATH'))).code).toBe(1)
})

test('where another process makes the tickets this is said, and what waits is not this one to publish', async () => {
  const waiting = { ...relay, waiting: 4 }
  const elsewhere = await reported({ relay: waiting })
  expect([elsewhere.err, elsewhere.left]).toEqual([
    expect.stringMatching(/^Another process is making tickets .*\n4 tickets wait in the store/),
    0,
  ])
  const drain = { items: 0, ticketed: 0, linked: 0, quarantined: 0, skipped: 0, postponed: 0, problem: null }
  expect((await reported({ relay: waiting, drain })).left).toBe(4)
})

test('where it was interrupted the document says so', async () => {
  const { out } = await reportedUntil(AbortSignal.abort(), { relay })
  expect(JSON.parse(out)).toMatchObject({ sources: [], problem: { code: 'STOPPED', kind: 'transient' } })
})
