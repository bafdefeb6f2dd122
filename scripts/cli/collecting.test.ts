import { expect, test } from 'vitest'
import { YiwangError } from '../../config/errors.ts'
import type { App, CollectOptions } from '../../pipeline/app.ts'
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
    ...{ argv: [], env: {}, cwd: '/', progress: false, columns: null, outBytes: () => {} },
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

test('over several collections what was published adds up', async () => {
  const relay = { problem: null, waiting: 0 }
  const reports = [2, 3].map((published) => ({
    pulls: [],
    failures: [],
    drain: null,
    relay: { ...relay, published },
  }))
  let out = ''
  const context = {
    ...{ argv: [], env: {}, cwd: '/', progress: false, columns: null, outBytes: () => {}, err: () => {} },
    ...{ taken: async () => {}, signal: new AbortController().signal },
    out: (text: string) => {
      out += text
    },
  }
  const collecting = new Collecting(
    new Cli(context, 'en'),
    { collect: async () => reports.shift() } as Partial<App> as App,
    true,
  )
  await collecting.collect([])
  await collecting.collect([])
  collecting.finish()
  expect(JSON.parse(out).relay.published).toBe(5)
})
