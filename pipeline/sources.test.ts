import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { AppFolder, forever, withInbox } from './testing/app-folder.ts'

let folder: AppFolder

beforeEach(() => {
  folder = new AppFolder(inject('redisUrl'))
})

afterEach(() => folder.end())

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

it('a mailbox takes no file, and says so', async () => {
  const app = await folder.open(withInbox(folder.settings(), 1))
  const { failures } = await app.collect([{ sourceId: 'inbox', path: folder.dir }], { signal: forever() })
  expect(failures).toMatchObject([
    { sourceId: 'inbox', error: { code: 'SOURCE_TAKES_NO_FILE', details: { connector: 'imap' } } },
  ])
})
