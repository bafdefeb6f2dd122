import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { createLogger } from '../config/logging.ts'
import { Sources, sourceOf } from './sources.ts'
import { AppFolder, forever, withInbox } from './testing/app-folder.ts'

let folder: AppFolder

beforeEach(() => {
  folder = new AppFolder(inject('redisUrl'))
})

afterEach(() => folder.end())

it('names of a hundred sources those that may be meant', async () => {
  const settings = folder.settings()
  const sources = settings.sources.flatMap((source) =>
    Array.from({ length: 100 }, (_, index) => ({ ...source, id: `district-${index + 1}` })),
  )
  const named = (id: string) => expect(() => sourceOf({ ...settings, sources }, id))
  named('distict-77').toThrow(/Known sources: district-77, (district-\d+, ){9}… \(\+90\)\.$/)
  named('dstrict-8').toThrow(/Known sources: district-8, /)
})

it('a recount counts all that is missing, and names the first twenty', async () => {
  const app = await folder.open()
  const ids = Array.from({ length: 1_020 }, (_, index) => index)
  folder.writeExport('1.csv', ids)
  const { missing, ...report } = await app.reconcile('hotline', forever())
  expect(report).toMatchObject({ atSource: 1_020, archived: 0, missingCount: 1_020, ok: false })
  expect(missing).toEqual(ids.slice(0, 20).map((id) => `A${id}`))
})

it.each(['check', 'reconcile'] as const)(
  'a %s that is stopped says so, and nothing of the source',
  async (what) => {
    const app = await folder.open()
    folder.writeExport('1.csv', [1])
    await expect(app[what]('hotline', AbortSignal.abort())).rejects.toMatchObject({ code: 'STOPPED' })
  },
)

it('says that nothing was taken from a file where another process is pulling the source', async () => {
  const app = await folder.open()
  folder.writeExport('1.csv', [1])
  await app.store.acquire('source.hotline', 'another', 60_000)
  const importing = { sourceId: 'hotline', path: folder.dir }
  const codes = async (target: { sourceId: string; path?: string }) =>
    (await app.collect([target], { signal: forever() })).failures.map(({ error }) => error.code)
  expect(await codes(importing)).toEqual(['IMPORT_BUSY'])
  expect(await codes({ sourceId: 'hotline' })).toEqual(['SOURCE_BUSY'])
})

it('a mailbox takes no file, and says so', async () => {
  const app = await folder.open(withInbox(folder.settings(), 1))
  const { failures } = await app.collect([{ sourceId: 'inbox', path: folder.dir }], { signal: forever() })
  expect(failures).toMatchObject([
    { sourceId: 'inbox', error: { code: 'SOURCE_TAKES_NO_FILE', details: { connector: 'imap' } } },
  ])
})

/** Pulls of `folder.settings()` at times of their own, without a Redis. */
async function pulling() {
  const app = await folder.open(folder.settings('redis://127.0.0.1:1'))
  let minute = 0
  const clock = () => Date.parse('2026-03-01T08:00:00+08:00') + minute * 60_000
  const parts = { settings: app.settings, store: app.store, clock, log: createLogger({ level: 'silent' }) }
  const sources = new Sources(parts)
  const last = async () => (await app.store.lastPulls(['hotline'])).get('hotline')
  const pullAt = async (at: number, signal = forever(), path?: string) => {
    minute = at
    const target = { sourceId: 'hotline', ...(path === undefined ? {} : { path }) }
    await sources.pull(target, signal, () => {}).catch(() => {})
    return await last()
  }
  return { app, pullAt, last }
}

it('a recount fails where an item has come to nothing and waits for nothing, although it is in the archive', async () => {
  const { app, pullAt } = await pulling()
  folder.writeExport('1.csv', [1, 2])
  await pullAt(1)
  const whole = { atSource: 2, archived: 2, missingCount: 0 }
  expect(await app.reconcile('hotline', forever())).toMatchObject({ ...whole, ok: true })
  using database = new DatabaseSync(join(folder.dir, 'a.db'))
  database.exec('DELETE FROM pending WHERE seq = 1')
  expect(await app.reconcile('hotline', forever())).toMatchObject({ ...whole, ok: false })
})

const minuteOf = (minute: number) => `2026-03-01T08:${String(minute).padStart(2, '0')}:00+08:00`

it('what came of a pull is kept: since when the source fails and why, until one succeeds', async () => {
  const { pullAt } = await pulling()
  const inbox = join(folder.dir, 'inbox')
  folder.writeExport('1.csv', [1, 2])
  const sound = { sourceId: 'hotline', at: minuteOf(1), read: 2, added: 2, succeededAt: minuteOf(1) }
  expect(await pullAt(1)).toEqual({ ...sound, failure: null })
  renameSync(inbox, `${inbox}.away`)
  const failure = {
    since: minuteOf(2),
    code: 'SOURCE_PATH',
    details: expect.objectContaining({ path: inbox }),
  }
  const failed = { sourceId: 'hotline', read: 0, added: 0, succeededAt: minuteOf(1), failure }
  expect(await pullAt(2)).toEqual({ ...failed, at: minuteOf(2) })
  expect(await pullAt(9)).toEqual({ ...failed, at: minuteOf(9) })
  renameSync(`${inbox}.away`, inbox)
  expect(await pullAt(10)).toMatchObject({ at: minuteOf(10), succeededAt: minuteOf(10), failure: null })
})

it('a file named by command, a pull that is stopped and one that finds another at work tell nothing', async () => {
  const { app, pullAt, last } = await pulling()
  folder.writeExport('1.csv', [1, 2])
  expect(await pullAt(1, forever(), folder.dir)).toBeUndefined()
  expect(await pullAt(2, AbortSignal.abort())).toBeUndefined()
  const other = await app.store.acquire('source.hotline', 'other', 30_000)
  expect(await pullAt(3)).toBeUndefined()
  if (other !== null) await app.store.release(other)
  expect(await pullAt(4)).toMatchObject({ at: minuteOf(4), failure: null })
  expect(await last()).toMatchObject({ at: minuteOf(4) })
})
