import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../config/logging.ts'
import { type ConnectorHarness, describeConnector } from '../connector.suite.ts'
import type { Connector, Cursor } from '../connector.ts'
import { never, readAll } from '../suite/probe.ts'
import { mailFolder } from './mail-folder.ts'

const parent = join(import.meta.dirname, '../../var/test')
mkdirSync(parent, { recursive: true })
const dir = mkdtempSync(join(parent, 'mail-folder-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

let serial = 0
const log = createLogger({ level: 'silent' })
const mail = (text: string) => `From: <wang@example.org>\nSubject: lamp ${++serial}\n\n${text}\n`
const newFolder = (...parts: readonly string[]) => {
  const folder = join(dir, `${++serial}`)
  for (const part of ['.', ...parts]) mkdirSync(join(folder, part), { recursive: true })
  return folder
}

function connect(path: string, changes: Readonly<Record<string, unknown>> = {}, now = Date.now): Connector {
  const settings = mailFolder.settings.parse({ path, settleMs: 0, ...changes })
  return mailFolder.connect(settings, { sourceId: 'letters', log, clock: now })
}

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const { size, mtimeMs } = statSync(join(parentPath, name))
      return `${join(parentPath, name).slice(folder.length + 1)} ${size} ${mtimeMs}`
    })
    .toSorted()

function harness(
  settings: Readonly<Record<string, unknown>>,
  maildir: boolean,
): () => Promise<ConnectorHarness> {
  return async () => {
    const folder = maildir ? newFolder('new', 'cur', 'tmp') : newFolder()
    return {
      async add(count) {
        const texts = Array.from({ length: count }, () => `text-${String(++serial).padStart(6, '0')}.`)
        for (const text of texts) {
          writeFileSync(join(folder, maildir ? `new/${text}host` : `${text}eml`), mail(text))
        }
        return texts
      },
      connect: () => connect(folder, settings),
      connectNowhere: () => connect(join(folder, 'not-there'), settings),
      state: async () => files(folder).join('\n'),
      secrets: ['no secrets here'],
      dispose: async () => {},
    }
  }
}

for (const afterArchive of ['keep', 'move', 'delete']) {
  describeConnector(`A folder of mails, ${afterArchive},`, harness({ afterArchive }, false), [
    'inventory',
    'wait',
  ])
  describeConnector(`A Maildir, ${afterArchive},`, harness({ afterArchive }, true), ['inventory', 'wait'])
}

describe('A folder of mails', () => {
  it('leaves alone what is no mail, or not finished', async () => {
    const folder = newFolder('below', 'archived')
    for (const name of ['._x.eml', 'half.eml.part', 'notes.txt', '~$x.eml', 'below/deep.eml']) {
      writeFileSync(join(folder, name), mail(name))
    }
    mkdirSync(join(folder, 'folder.eml'))
    symlinkSync(join(folder, 'folder.eml'), join(folder, 'link.eml'))
    writeFileSync(join(folder, 'LETTER.EML'), mail('whole'))
    writeFileSync(join(folder, 'archived/old.eml'), mail('old'))
    expect((await readAll(connect(folder))).map(({ meta }) => meta.file)).toEqual(['LETTER.EML'])
    const below = (await readAll(connect(folder, { recursive: true }))).map(({ meta }) => meta.file)
    expect(below.toSorted()).toEqual(['LETTER.EML', 'deep.eml'])
  })

  it('reads what lies in the folder of archived mails when that is the one named, or is around it', async () => {
    const folder = newFolder('new')
    writeFileSync(join(folder, 'new/a.eml'), mail('whole'))
    for (const archivePath of [folder, join(folder, 'new')]) {
      const read = await readAll(connect(join(folder, 'new'), { afterArchive: 'move', archivePath }))
      expect(read.map(({ meta }) => meta.file)).toEqual(['a.eml'])
    }
  })

  it('reads mails that were named by a subject which begins with a dot or a tilde', async () => {
    const folder = newFolder()
    const names = ['...路灯不亮求助.eml', '~投诉~.eml']
    for (const name of names) writeFileSync(join(folder, name), mail(name))
    const read = (await readAll(connect(folder))).map(({ meta }) => meta.file)
    expect(read.toSorted()).toEqual(names.toSorted())
  })

  it('leaves a file for the next read until it has settled, and wait tells of it then', async () => {
    const folder = newFolder()
    let clock = () => statSync(join(folder, 'a.eml')).ctimeMs + 399
    const connector = connect(folder, { settleMs: 400 }, () => clock())
    writeFileSync(join(folder, 'a.eml'), mail('fresh'))
    expect(await readAll(connector)).toEqual([])
    clock = Date.now
    await connector.wait?.(never())
    expect(await readAll(connector)).toHaveLength(1)
  })

  /** Writes a file with a later ctime than another has: many are written in one tick of the system's clock. */
  function writeAfter(before: string, folder: string, name: string): void {
    const ctime = (file: string) => statSync(join(folder, file), { bigint: true }).ctimeNs
    do writeFileSync(join(folder, name), mail(name))
    while (ctime(name) === ctime(before))
  }

  it('reads what came first before what came later, whatever the names', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'b.eml'), mail('first'))
    writeAfter('b.eml', folder, 'a.eml')
    expect((await readAll(connect(folder))).map(({ meta }) => meta.file)).toEqual(['b.eml', 'a.eml'])
  })

  it('reads the last minute again, and an hour later nothing but what changed in its last moment', async () => {
    const folder = newFolder()
    for (const name of ['1.eml', '2.eml']) writeFileSync(join(folder, name), mail(name))
    writeAfter('2.eml', folder, '3.eml')
    const soon = connect(folder)
    const after = (await readAll(soon, null)).at(-1)?.cursor ?? null
    expect(await readAll(soon, after)).toHaveLength(3)
    const late = connect(folder, {}, () => Date.now() + 3_660_000)
    const again = await readAll(late, after)
    expect(again).toHaveLength(3)
    const quiet = again.at(-1)?.cursor ?? null
    expect((await readAll(late, quiet)).map(({ meta }) => meta.file)).toEqual(['3.eml'])
    writeAfter('3.eml', folder, '1.eml')
    expect((await readAll(late, quiet)).map(({ meta }) => meta.file)).toEqual(['3.eml', '1.eml'])
  })

  it('leaves out a file that goes while the folder is being read', async () => {
    const folder = newFolder()
    for (const name of ['a.eml', 'b.eml', 'c.eml']) writeFileSync(join(folder, name), mail(name))
    const read: (string | undefined)[] = []
    for await (const { meta } of connect(folder).read(null, never())) {
      read.push(meta.file)
      rmSync(join(folder, 'b.eml'), { force: true })
    }
    expect(read).toEqual(['a.eml', 'c.eml'])
  })

  it('finds everything again when the clock was set back', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'a.eml'), mail('one'))
    const ahead = String(BigInt(Date.now() + 3_600_000) * 1_000_000n)
    expect(await readAll(connect(folder), { readTo: ahead })).toHaveLength(1)
  })

  it('reads everything once other files are asked for, and goes on from a cursor that names none', async () => {
    const folder = newFolder('sub')
    writeFileSync(join(folder, 'sub/old.eml'), mail('old'))
    writeFileSync(join(folder, 'new.eml'), mail('new'))
    const later = () => Date.now() + 2 * 3_600_000
    const [item] = await readAll(connect(folder))
    const cursor = { ...item?.cursor, readTo: String(BigInt(Date.now() + 3_600_000) * 1_000_000n) }
    const read = async (path: string, recursive: boolean, from: Cursor = cursor) =>
      (await readAll(connect(path, { recursive }, later), from)).map(({ meta }) => meta.file).toSorted()
    expect(await read(folder, false)).toEqual([])
    expect(await read(`${folder}/`, false)).toEqual([])
    expect(await read(folder, true)).toEqual(['new.eml', 'old.eml'])
    expect(await read(join(folder, 'sub'), false)).toEqual(['old.eml'])
    expect(await read(folder, true, { readTo: cursor.readTo })).toEqual([])
  })

  it.each(['move', 'delete'])(
    '%s takes files with long Chinese names out of the folder',
    async (afterArchive) => {
      const folder = newFolder()
      const names = ['关于路灯的来信'.repeat(10), '来信'.repeat(41), '信'.repeat(78)].map(
        (stem) => `${stem}.eml`,
      )
      for (const name of names) writeFileSync(join(folder, name), mail(name))
      const connector = connect(folder, { afterArchive })
      const items = await readAll(connector)
      expect(items).toHaveLength(3)
      await connector.ack(items, never())
      expect(await readAll(connector)).toEqual([])
      const archived = afterArchive === 'move' ? readdirSync(join(folder, 'archived')) : []
      const ids = afterArchive === 'move' ? items.map(({ externalId }) => externalId) : []
      expect(archived.map((name) => name.split('-').slice(0, 2).join('-')).toSorted()).toEqual(ids.toSorted())
      expect(archived.filter((name) => !name.endsWith('.eml'))).toEqual([])
      expect(readdirSync(folder)).toEqual(afterArchive === 'move' ? ['archived'] : [])
    },
  )

  it('leaves a file under its name while it cannot be moved', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'a.eml'), mail('whole'))
    const occupied = join(newFolder(), 'archive')
    writeFileSync(occupied, '')
    // With a name behind it this is longer than any path may be.
    const long = join(newFolder(), 'x').padEnd(4_092, `/${'x'.repeat(200)}`)
    for (const archivePath of [occupied, long]) {
      const connector = connect(folder, { afterArchive: 'move', archivePath })
      const acknowledged = connector.ack(await readAll(connector), never())
      await expect(acknowledged).rejects.toMatchObject({ code: 'SOURCE_FILE_STUCK' })
      expect(readdirSync(folder)).toEqual(['a.eml'])
    }
  })

  it('turns links that lead out, or nowhere, into items with the reason', async () => {
    const folder = newFolder()
    const outside = join(newFolder(), 'secret.eml')
    writeFileSync(outside, mail('not for this source'))
    symlinkSync(outside, join(folder, 'a.eml'))
    symlinkSync(join(folder, 'gone'), join(folder, 'b.eml'))
    writeFileSync(join(folder, 'c.eml'), mail('whole'))
    symlinkSync(join(folder, 'c.eml'), join(folder, 'd.eml'))
    const items = await readAll(connect(folder, { afterArchive: 'delete' }))
    const problems = new Map(items.map(({ meta }) => [meta.file, meta.problem]))
    expect(problems.get('a.eml')).toBe('ITEM_UNREADABLE')
    expect(problems.get('b.eml')).toBe('ITEM_UNREADABLE')
    expect(items.filter(({ meta }) => meta.problem).every(({ body }) => body.length === 0)).toBe(true)
    expect([problems.get('c.eml'), problems.get('d.eml')]).toEqual([undefined, undefined])
    expect(items).toHaveLength(4)
    const connector = connect(folder, { afterArchive: 'delete' })
    await connector.ack(items, never())
    expect(readdirSync(folder)).toContain('a.eml')
    expect(readdirSync(folder)).not.toContain('c.eml')
  })

  it('turns the mails that Outlook saves in a form of its own into items with the reason', async () => {
    const folder = newFolder()
    for (const name of ['路灯.msg', '~$路灯.msg', '._路灯.msg']) writeFileSync(join(folder, name), '\xd0\xcf')
    writeFileSync(join(folder, 'a.eml'), mail('whole'))
    const connector = connect(folder, { afterArchive: 'delete' })
    const items = await readAll(connector)
    expect(items.map(({ meta }) => [meta.file, meta.problem]).toSorted()).toEqual([
      ['a.eml', undefined],
      ['路灯.msg', 'ITEM_UNREADABLE'],
    ])
    await connector.ack(items, never())
    expect(readdirSync(folder)).toContain('路灯.msg')
  })

  it('takes only the header of a mail that is too large', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'big.eml'), `Subject: big\r\n\r\n${'x'.repeat(5000)}`)
    const [item] = await readAll(connect(folder, { maxMessageBytes: 1024 }))
    expect(Buffer.from(item?.body ?? []).toString()).toBe('Subject: big\r\n\r\n')
    expect(item?.meta).toMatchObject({ problem: 'ITEM_TOO_LARGE', bytes: '5016' })
    expect(JSON.parse(item?.meta.problemDetail ?? '')).toEqual({ bytes: 5016, limit: 1024 })
  })

  it('does not put away a file that was replaced after it was read', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'a.eml'), mail('first'))
    const connector = connect(folder, { afterArchive: 'delete' })
    const items = await readAll(connector)
    writeFileSync(join(folder, 'a.eml'), mail('second, quite another letter'))
    await connector.ack(items, never())
    expect(readdirSync(folder)).toEqual(['a.eml'])
  })

  it('reads one file', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'letter.txt'), mail('one'))
    writeFileSync(join(folder, 'other.eml'), mail('two'))
    const items = await readAll(connect(join(folder, 'letter.txt')))
    expect(items.map(({ meta }) => meta.file)).toEqual(['letter.txt'])
  })

  it('tells of the one file that is named where it is written to meanwhile', async () => {
    const path = join(newFolder(), 'letter.eml')
    writeFileSync(path, mail('begun'))
    const handle = await open(path)
    const prototype: FileHandle = Object.getPrototypeOf(handle)
    await handle.close()
    const { read } = prototype
    using _growing = vi.spyOn(prototype, 'read').mockImplementation(function (this: FileHandle, ...given) {
      appendFileSync(path, 'x')
      return read.apply(this, given)
    })
    await expect(readAll(connect(path))).rejects.toMatchObject({
      code: 'SOURCE_PATH',
      details: { reason: 'it is being written to' },
    })
  })

  it('that is written after the look at the clock is read where nothing need settle', async () => {
    const folder = newFolder()
    const clock = () => {
      const now = Date.now()
      while (Date.now() === now);
      writeFileSync(join(folder, 'a.eml'), mail('late'))
      return now
    }
    for (let round = 0; round < 20; round += 1)
      expect(await readAll(connect(folder, {}, clock))).toHaveLength(1)
  })

  it('is refused where it is a pipe or a device', async () => {
    const pipe = join(newFolder(), 'pipe.eml')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, '/dev/zero']) {
      await expect(connect(path).open(never())).rejects.toMatchObject({
        code: 'SOURCE_PATH',
        details: { reason: 'neither a file nor a folder' },
      })
    }
  })
})

describe('A Maildir', () => {
  it('is marked as seen the way mail programs do', async () => {
    const folder = newFolder('new', 'cur', 'tmp')
    writeFileSync(join(folder, 'new/1.host'), mail('new'))
    writeFileSync(join(folder, 'cur/2.host:2,F'), mail('flagged'))
    writeFileSync(join(folder, 'tmp/3.host'), mail('being delivered'))
    writeFileSync(join(folder, 'new/.nfs0004'), mail('deleted while it was open'))
    const connector = connect(folder, { afterArchive: 'move' })
    const items = await readAll(connector)
    expect(items).toHaveLength(2)
    await connector.ack(items, never())
    expect(readdirSync(join(folder, 'new'))).toEqual(['.nfs0004'])
    expect(readdirSync(join(folder, 'cur')).toSorted()).toEqual(['1.host:2,S', '2.host:2,FS'])
    const again = await readAll(connector)
    expect(again.map(({ externalId }) => externalId).toSorted()).toEqual(
      items.map(({ externalId }) => externalId).toSorted(),
    )
  })
})

it('the source says which kinds of mail are left out, and the built-in choice keeps mailing lists', () => {
  const read = (settings: Record<string, unknown>) =>
    mailFolder.settings.parse({ path: 'mails', ...settings })
  expect(read({})).toMatchObject({ skip: expect.not.arrayContaining(['bulk']), ownAddresses: [] })
  expect(read({ skip: ['bulk'], ownAddresses: ['office@example.org'] })).toMatchObject({ skip: ['bulk'] })
  expect(() => read({ skip: ['everything'] })).toThrow('skip')
})

it('a folder for archived mails is named in vain unless mails are moved there, or it is passed over', () => {
  const read = (settings: Record<string, unknown>) => () =>
    mailFolder.settings.parse({ path: 'mails', archivePath: 'done', ...settings })
  for (const settings of [{ afterArchive: 'move' }, { recursive: true }]) expect(read(settings)).not.toThrow()
  for (const settings of [{}, { afterArchive: 'delete' }])
    expect(read(settings)).toThrow('afterArchive: move')
})

it('an address of the office is one that mail can come from, without a name or another address', () => {
  const read = (address: string) => () =>
    mailFolder.settings.parse({ path: 'mails', ownAddresses: [address] })
  const right = ['a@b', ' Mayor@Gov.example\n', "o'neil+12345@sub.city.gov.cn", '市长@城市.中国']
  for (const address of right) expect(read(address)).not.toThrow()
  const wrong = [
    '办公室 <office@city.gov.cn>',
    '@city.gov.cn',
    'office',
    'office＠city.gov.cn',
    'a@b, c@d',
    'mailto:a@b',
  ]
  for (const address of wrong) expect(read(address)).toThrow('Write the address alone')
})
