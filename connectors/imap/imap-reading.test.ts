import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DovecotServer } from '../../scripts/servers/dovecot.ts'
import type { Connector, Cursor, Item } from '../connector.ts'
import { never, readAll } from '../suite/probe.ts'
import { positionsOf } from './position.ts'
import { connectTo, letter, ownDovecot } from './testing/mailboxes.ts'

let server: DovecotServer
beforeAll(async () => {
  server = await ownDovecot('imap-reading')
})
afterAll(() => server?.stop())

async function opened<Value>(
  changes: Readonly<Record<string, unknown>>,
  use: (connector: Connector) => Promise<Value>,
): Promise<Value> {
  const connector = connectTo(server, changes)
  try {
    await connector.open(never())
    return await use(connector)
  } finally {
    await connector.close()
  }
}

const read = (changes: Readonly<Record<string, unknown>>, from: Cursor | null = null) =>
  opened(changes, (connector) => readAll(connector, from))
const uids = (items: readonly Item[]) => items.map(({ meta }) => `${meta.mailbox} ${meta.uid}`)
let serial = 0
const newFolder = async (...texts: readonly string[]) => {
  const folder = `Reading-${++serial}`
  await server.append(folder, ...texts.map(letter))
  return folder
}
const filledFolder = async (texts: readonly string[]) => {
  const folder = `Reading-${++serial}`
  await server.fill(folder, texts.map(letter))
  return folder
}

describe('A mailbox read over IMAP', () => {
  it('gives the bytes of a message and where it stands', async () => {
    const folder = await newFolder('one')
    const [item] = await read({ folders: [folder] })
    expect(Buffer.from(item?.body ?? [])).toEqual(letter('one'))
    expect(item?.mediaType).toBe('message/rfc822')
    expect(item?.externalId).toMatch(/^mail-[0-9A-HJKMNP-TV-Z]{26}$/)
    const { uidValidity } = item?.meta ?? {}
    const locator = `${folder};UIDVALIDITY=${uidValidity};UID=1`
    expect(item?.meta).toEqual({ mailbox: folder, uidValidity, uid: '1', locator })
    expect(item?.cursor).toMatchObject({ [folder]: `${uidValidity}:1` })
  })

  it('is read again from the start after UIDVALIDITY has changed, with the same identities', async () => {
    const folder = await newFolder('one', 'two', 'three')
    const before = await read({ folders: [folder] })
    await server.recreateMailbox(folder)
    const after = await read({ folders: [folder] }, before.at(-1)?.cursor)
    expect(after.map(({ externalId }) => externalId)).toEqual(before.map(({ externalId }) => externalId))
    expect(after[0]?.meta.uidValidity).not.toBe(before[0]?.meta.uidValidity)
    expect(await read({ folders: [folder] }, after.at(-1)?.cursor)).toEqual([])
  })

  it('is read from the start when the cursor is of another host or user, and on from one that names none', async () => {
    const folder = await newFolder('one', 'two')
    const last = (await read({ folders: [folder] })).at(-1)?.cursor ?? {}
    const { '': mailbox, ...unnamed } = last
    expect(mailbox).toMatch(/^[0-9A-Z]{16}$/)
    expect(await read({ folders: [folder] }, unnamed)).toEqual([])
    const of = { host: server.host, user: server.user, folders: [folder] }
    expect(positionsOf(last, of).size).toBe(1)
    for (const changed of [{ host: 'other.example.org' }, { user: 'other@example.org' }]) {
      expect(positionsOf(last, { ...of, ...changed }).size).toBe(0)
    }
    expect(await read({ folders: [folder] }, { ...last, '': '0000000000000000' })).toHaveLength(2)
  })

  it('gives nothing when nothing is newer, although the server then names the newest message', async () => {
    const folder = await newFolder('one', 'two')
    const items = await read({ folders: [folder] })
    await server.remove(folder, '2')
    expect(await read({ folders: [folder] }, items.at(-1)?.cursor ?? null)).toEqual([])
  })

  it('reads several folders in order, each from its own position', async () => {
    const [first, second] = [await newFolder('a', 'b'), await newFolder('c')]
    const items = await read({ folders: [first, second] })
    expect(uids(items)).toEqual([`${first} 1`, `${first} 2`, `${second} 1`])
    await server.append(first, letter('d'))
    await server.append(second, letter('e'))
    expect(uids(await read({ folders: [first, second] }, items.at(-1)?.cursor))).toEqual([
      `${first} 3`,
      `${second} 2`,
    ])
    expect(uids(await read({ folders: [first, second] }, items[0]?.cursor))).toEqual([
      ...[`${first} 2`, `${first} 3`],
      ...[`${second} 1`, `${second} 2`],
    ])
  })

  it('reads a folder whose name is Chinese', async () => {
    const folder = `市长信箱-${++serial}`
    await server.append(folder, letter('one'))
    expect(uids(await read({ folders: [folder] }))).toEqual([`${folder} 1`])
  })

  it('shares a limit per run among the folders, and goes on at the next', async () => {
    const [first, second] = [await newFolder('a', 'b', 'c'), await newFolder('d', 'e')]
    const changes = { folders: [first, second], maxPerRun: 4 }
    const items = await read(changes)
    expect(uids(items)).toEqual([`${first} 1`, `${first} 2`, `${second} 1`, `${second} 2`])
    expect(uids(await read(changes, items.at(-1)?.cursor))).toEqual([`${first} 3`])
    expect(uids(await read({ ...changes, maxPerRun: 1 }))).toEqual([`${first} 1`, `${second} 1`])
  })

  it('takes only the header of a message that is too large, with an identity of its own', async () => {
    const folder = await newFolder('x'.repeat(3000), 'small', 'y'.repeat(4000))
    const items = await read({ folders: [folder], maxMessageBytes: 2048 })
    expect(items.map(({ meta }) => meta.problem)).toEqual(['ITEM_TOO_LARGE', undefined, 'ITEM_TOO_LARGE'])
    const bytes = letter('x'.repeat(3000)).length
    expect(Buffer.from(items[0]?.body ?? []).toString()).toBe(
      'From: <wang@example.org>\r\nSubject: lamp\r\n\r\n',
    )
    expect(items[0]?.meta.bytes).toBe(String(bytes))
    expect(JSON.parse(items[0]?.meta.problemDetail ?? '')).toEqual({ bytes, limit: 2048 })
    expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(3)
  })

  it('takes a message whole that is just as large as it may be', async () => {
    const folder = await newFolder('x'.repeat(2048 - letter('').length), 'x'.repeat(2049 - letter('').length))
    const items = await read({ folders: [folder], maxMessageBytes: 2048 })
    expect(items.map(({ meta }) => meta.problem)).toEqual([undefined, 'ITEM_TOO_LARGE'])
  })

  it('goes on when messages are deleted during the read', async () => {
    const folder = await filledFolder(Array.from({ length: 450 }, (_, index) => `letter ${index}`))
    const seen = await opened({ folders: [folder] }, async (connector) => {
      const items: Item[] = []
      for await (const item of connector.read(null, never())) {
        if (items.push(item) === 10) await server.remove(folder, '420:430')
      }
      return items
    })
    expect(seen.length).toBe(450 - 11)
    expect(seen.at(-1)?.meta.uid).toBe('450')
  })

  it('marks what was acknowledged, and only that', async () => {
    const folder = await newFolder('one', 'two')
    await opened({ folders: [folder], afterArchive: { flag: '$Archived' } }, async (connector) => {
      const items = await readAll(connector)
      await connector.ack(items.slice(1), never())
    })
    expect((await server.state(folder)).split('\n').slice(1)).toEqual(['1 ', '2 $Archived'])
  })

  it('gives the others up to be moved when somebody deletes one of them meanwhile', async () => {
    const folder = await newFolder('one', 'two', 'three', 'four')
    const done = await newFolder()
    await opened({ folders: [folder], afterArchive: { move: done } }, async (connector) => {
      const items = await readAll(connector)
      await connector.ack(items.slice(0, 1), never())
      await server.remove(folder, '3')
      await connector.ack(items.slice(1), never())
    })
    expect((await server.state(folder)).split('\n').slice(1)).toEqual([])
    expect((await server.state(done)).split('\n').slice(1)).toEqual(['1 ', '2 ', '3 '])
  })

  it('is not changed any more once the work is stopped, although the connection is there', async () => {
    const folder = await newFolder('one', 'two')
    await opened({ folders: [folder], afterArchive: { flag: '$Archived' } }, async (connector) => {
      const items = await readAll(connector)
      await connector.ack(items.slice(0, 1), never())
      const acknowledged = connector.ack(items.slice(1), AbortSignal.abort())
      await expect(acknowledged).rejects.toMatchObject({ code: 'STOPPED' })
    })
    expect((await server.state(folder)).split('\n').slice(1)).toEqual(['1 $Archived', '2 '])
  })

  it('leaves a message as it is of which only the header was taken', async () => {
    const folder = await newFolder('small', 'x'.repeat(3000), 'small too')
    const changes = { folders: [folder], maxMessageBytes: 2048, afterArchive: { flag: '$Archived' } }
    await opened(changes, async (connector) => connector.ack(await readAll(connector), never()))
    expect((await server.state(folder)).split('\n').slice(1)).toEqual(['1 $Archived', '2 ', '3 $Archived'])
  })

  it('does not touch messages of an earlier UIDVALIDITY when they are acknowledged', async () => {
    const folder = await newFolder('one')
    const items = await read({ folders: [folder] })
    await server.recreateMailbox(folder)
    await opened({ folders: [folder], afterArchive: { flag: '\\Seen' } }, (connector) =>
      connector.ack(items, never()),
    )
    expect((await server.state(folder)).split('\n').slice(1)).toEqual(['1 '])
  })

  it('tells of mail that came between the read and the wait, in any folder', async () => {
    const [first, second] = [await newFolder('a'), await newFolder('b')]
    await opened({ folders: [first, second] }, async (connector) => {
      const items = await readAll(connector)
      await server.append(second, letter('news'))
      await connector.wait?.(never())
      expect(uids(await readAll(connector, items.at(-1)?.cursor))).toEqual([`${second} 2`])
    })
  })

  it('has no wait when it is asked on its schedule only', async () => {
    await opened({ idle: false }, async (connector) => expect(connector.wait).toBeUndefined())
  })

  it('reads each of 2,000 messages once', async () => {
    const folder = await filledFolder(
      Array.from({ length: 2000 }, (_, index) => `${index} ${'路灯坏了。'.repeat(100)}`),
    )
    const items = await read({ folders: [folder] })
    expect(items.length).toBe(2000)
    expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(2000)
  })
})
