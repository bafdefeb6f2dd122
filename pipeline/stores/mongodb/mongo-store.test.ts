import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import mongoose from 'mongoose'
import { describe, expect, inject, it, vi } from 'vitest'
import type { TicketEvent } from '../../../normalizers/ticket.ts'
import { describeRules, storeRules } from '../store.suite.ts'
import {
  commit,
  commitTickets,
  countedMaster,
  decidedAt,
  idOf,
  item,
  link,
  now,
  outcome,
  pendingIds,
  processing,
  publishedAt,
  takeOver,
  ticket,
  ticketsUnder,
  ticketWrite,
} from '../suite/fixtures.ts'
import { databaseUrl, freshMongo, freshSqlite, freshStore } from '../suite/fresh.ts'
import { answers, workingDay } from '../suite/same-answers.ts'
import { largestInlineBytes } from './bodies.ts'
import { openMongoStore } from './mongo-store.ts'

const fresh = () => freshMongo(inject('mongoUrl'))

describeRules('mongodb', storeRules, fresh)

describe('the mongodb store', () => {
  it('gives the same answers as the sqlite store after the same day', async () => {
    const told: unknown[] = []
    for (const make of [freshSqlite, fresh]) {
      await using store = await freshStore(() => make())
      await workingDay(store)
      told.push(await answers(store))
    }
    expect(told[1]).toEqual(told[0])
  })

  it('looks keys up one by one when thousands of tickets share them, and answers the same', async () => {
    await using store = await freshStore(fresh)
    const flooded = 2_100
    const names = Array.from({ length: flooded }, (_, at) => `flood ${at}`)
    const tickets = names.map((name, at) => {
      return ticketWrite(ticket(name), { at: now + at, matchKeys: at === 7 ? [1, 2] : [1] })
    })
    await commit(store, { tickets })
    const window = { since: now, until: now + flooded }
    const [newest, single, none] = await ticketsUnder(
      store,
      { key: 1, ...window, limit: 2 },
      { key: 2, ...window, limit: 5 },
      { key: 3, ...window, limit: 5 },
    )
    const hit = (at: number) => ({ ticketId: idOf('T', `flood ${at}`), at: now + at })
    expect(newest).toEqual({ hits: [hit(flooded - 1), hit(flooded - 2)], cut: true })
    expect(single).toEqual({ hits: [hit(7)], cut: false })
    expect(none).toEqual({ hits: [], cut: false })
  })

  it('says that a server cannot be reached, without the password', async () => {
    const opening = openMongoStore(
      'mongodb://office:geheim@127.0.0.1:1/yiwang?serverSelectionTimeoutMS=200',
      {
        randomBytes,
      },
    )
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      details: { url: 'mongodb://127.0.0.1:1/yiwang' },
    })
  })

  it('says that a server refused the login, without the password', async () => {
    const url = inject('mongoUrl').replace(/\/\/(?:[^@/]*@)?/, '//office:geheim@')
    const thrown = await openMongoStore(databaseUrl(url, 'yiwang'), { randomBytes }).catch((error) => error)
    expect(thrown).toMatchObject({ code: 'STORE_REFUSED', details: { reason: 'AuthenticationFailed 18' } })
    expect(String(thrown)).not.toContain('geheim')
  })

  it('says that a server whose name is not known cannot be reached', async () => {
    const opening = openMongoStore('mongodb+srv://office:geheim@cluster.host.invalid/yiwang', { randomBytes })
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      details: { url: 'mongodb+srv://cluster.host.invalid/yiwang' },
    })
  })

  it.each([
    ['an option that there is not', 'mongodb://127.0.0.1:1/yiwang?appNime=x', 'mongodb://127.0.0.1:1/yiwang'],
    ['a password that is not encoded', 'mongodb://office:ge@heim@127.0.0.1:1/yiwang', 'mongodb://…'],
  ])('takes %s for a mistake in the configuration', async (_, url, shown) => {
    const thrown = await openMongoStore(url, { randomBytes }).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'STORE_ADDRESS', kind: 'config', details: { url: shown } })
    expect(String(thrown)).not.toContain('heim')
  })

  it('refuses work on a newer schema, and says so when asked to migrate it', async () => {
    const { open, dispose } = await fresh()
    const first = await open()
    await first.connection
      .collection('values')
      .updateOne({ _id: 'schema' as never }, { $set: { number: 99 } })
    const store = await open()
    await expect(store.pendingCount()).rejects.toMatchObject({
      code: 'STORE_TOO_NEW',
      details: { found: 99 },
    })
    await expect(store.migrate()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' })
    await Promise.all([first.close(), store.close()])
    await dispose()
  })

  it('begins no work any more once a newer program has migrated the database', async () => {
    await using store = await freshStore(fresh)
    const values = store.connection.collection('values')
    await values.updateOne({ _id: 'schema' as never }, { $set: { number: 99 } })
    await expect(store.acquire('processing', 'old', 1_000)).rejects.toMatchObject({
      code: 'STORE_TOO_NEW',
    })
  })

  it('keeps a lease from a machine whose clock is ahead, and gives an expired one to a machine whose clock is behind', async () => {
    await using store = await freshStore(fresh)
    const hourMs = 3_600_000
    for (const [ahead, ttlMs, isGiven] of [
      [hourMs, 60_000, false],
      [-hourMs, 0, true],
    ] as const) {
      const lease = { name: `source.${ahead}`, token: 'one', takenOver: false }
      await store.acquire(lease.name, 'one', 60_000)
      await store.renew(lease, ttlMs)
      const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + ahead)
      const given = await store.acquire(lease.name, 'two', 60_000)
      clock.mockRestore()
      expect(given !== null).toBe(isGiven)
    }
  })

  it('creates the indexes that are missing, and names them', async () => {
    await using store = await freshStore(fresh)
    await store.connection.collection('items').dropIndex('pendingSeq_1')
    expect(await store.migrate()).toEqual(['items.pendingSeq_1'])
  })

  it.each([
    ['a dot', 'a.b'],
    ['too many characters', 'y'.repeat(64)],
  ])('takes the name of a database with %s for a mistake in the configuration', async (_, name) => {
    const opening = openMongoStore(databaseUrl(inject('mongoUrl'), name), { randomBytes })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_ADDRESS', kind: 'config' })
  })

  it('reads from the primary alone, whatever the address says: others may not have the latest', async () => {
    const url = databaseUrl(inject('mongoUrl'), `yiwang_${randomBytes(6).toString('hex')}`)
    const store = await openMongoStore(
      `${url}${url.includes('?') ? '&' : '?'}readPreference=secondaryPreferred`,
      {
        randomBytes,
      },
    )
    expect(store.connection.getClient().options.readPreference?.mode).toBe('primary')
    await store.connection.dropDatabase()
    await store.close()
  })

  it('waits for an index as long as the server makes it', async () => {
    await using store = await freshStore(fresh)
    const items = store.connection.collection('items')
    await items.dropIndex('pendingSeq_1')
    const bounded = vi.spyOn(items, 'createIndex')
    const connecting = vi.spyOn(mongoose, 'createConnection')
    expect(await store.migrate()).toEqual(['items.pendingSeq_1'])
    expect(connecting.mock.calls).toMatchObject([[expect.any(String), { socketTimeoutMS: 0 }]])
    expect(bounded).not.toHaveBeenCalled()
    connecting.mockRestore()
  })

  it('leaves an index that does the same under another name, and names one that stands in the way', async () => {
    await using store = await freshStore(fresh)
    const items = store.connection.collection('items')
    await items.dropIndex('pendingSeq_1')
    await items.createIndex({ pendingSeq: 1 }, { name: 'advised', sparse: true })
    expect(await store.migrate()).toEqual([])
    await items.dropIndex('advised')
    for (const order of [-1, 1] as const) {
      await items.createIndex({ pendingSeq: order }, { name: 'pendingSeq_1' })
      await expect(store.migrate()).rejects.toMatchObject({
        code: 'STORE_INDEX',
        details: { index: 'pendingSeq_1', collection: 'items' },
      })
      await items.dropIndex('pendingSeq_1')
    }
    expect(await store.migrate()).toEqual(['items.pendingSeq_1'])
  })

  it('brings a database of version 1 up to date, and waits for new keys', async () => {
    const { open, dispose } = await fresh()
    const first = await open()
    await commit(first, { tickets: [ticketWrite(ticket('a'))] })
    const tickets = first.connection.collection('tickets')
    const removed = { incidentId: '', linkEvent: '', linkRevision: '' }
    await tickets.updateMany({}, { $set: { matchKeys: ['xabc'] }, $unset: removed })
    await tickets.dropIndex('matchKeys_1_at_1_n_1')
    await tickets.createIndex({ matchKeys: 1, at: 1 })
    await first.connection.collection('values').updateOne({ _id: 'schema' as never }, { $set: { number: 1 } })
    await first.close()
    const store = await open()
    await expect(store.pendingCount()).rejects.toMatchObject({ code: 'STORE_NOT_MIGRATED' })
    expect(await store.migrate()).toEqual([
      'tickets: integer match keys, incidents',
      'tickets.matchKeys_1_at_1_n_1',
      'schema: from version 1 to 3',
    ])
    expect((await tickets.indexes().catch(() => [])).map(({ name }) => name)).not.toContain(
      'matchKeys_1_at_1',
    )
    const page = await store.ticketsInOrder({ after: null, since: null, limit: 9 })
    expect(page.tickets).toEqual([{ ticket: ticket('a'), at: now, matchKeys: [] }])
    expect(await store.findIncidents({ since: 0, limit: 9 })).toEqual([])
    await store.close()
    await dispose()
  })

  it('says that the version was raised also where nothing else was to be done', async () => {
    const { open, dispose } = await fresh()
    const first = await open()
    await first.connection.collection('values').updateOne({ _id: 'schema' as never }, { $set: { number: 2 } })
    await first.close()
    const store = await open()
    expect(await store.migrate()).toEqual(['schema: from version 2 to 3'])
    expect(await store.migrate()).toEqual([])
    await store.close()
    await dispose()
  })

  it('cut before it has changed an earlier ticket has not written the new one either, which decides about it again', async () => {
    await using store = await freshStore(fresh)
    await commitTickets(store, ticket('a'))
    const label = { incidentId: 'I-1' }
    const founded = ticket('a', { revision: 2, dedupe: { ...ticket('a').dedupe, ...label } })
    const joining = ticket('b', { dedupe: { ...ticket('b').dedupe, ...label } })
    const tickets = [ticketWrite(joining), ticketWrite(founded, { event: 'ticket.updated' })]
    const cut = vi.spyOn(store.connection.model('Ticket'), 'updateOne').mockImplementationOnce(() => {
      throw new Error('cut')
    })
    await expect(commit(store, { tickets })).rejects.toThrow('cut')
    expect(await store.ticket(joining.id)).toBeNull()
    await commit(store, { tickets })
    cut.mockRestore()
    expect((await store.ticket(founded.id))?.dedupe).toMatchObject(label)
    expect((await store.ticket(joining.id))?.dedupe).toMatchObject(label)
  })

  it('sends a text out under its own number where a commit meets what puts the ticket back', async () => {
    await using store = await freshStore(fresh)
    const revise = (revision: number, event: TicketEvent | null) =>
      commit(store, { tickets: [ticketWrite(ticket('a', { revision }), { event })] })
    const first = { ticketId: ticket('a').id, revision: 1 }
    const second = { ...first, revision: 2 }
    await revise(1, 'ticket.created')
    await store.markPublished([first], publishedAt)
    await store.markDelivered([first])
    await revise(2, 'ticket.updated')
    await store.markPublished([second], publishedAt)
    const model = store.connection.model('Ticket')
    const updateOne = model.updateOne.bind(model)
    const met = vi.spyOn(model, 'updateOne').mockImplementationOnce((async (
      filter: object,
      update: object,
    ) => {
      await store.requeue([second])
      return await updateOne(filter, update)
    }) as never)
    await revise(3, null)
    met.mockRestore()
    const [entry] = await store.outbox(9)
    expect(entry).toMatchObject({ revision: 3, event: 'ticket.updated' })
    expect(Buffer.from(entry?.text ?? []).toString()).toBe(JSON.stringify(ticket('a', { revision: 3 })))
  })

  it('writes to the journals of a majority, whatever its address asks for', async () => {
    const url = new URL(inject('mongoUrl'))
    for (const [option, value] of Object.entries({ w: '1', journal: 'false' }))
      url.searchParams.set(option, value)
    await using store = await freshStore(() => freshMongo(url.href))
    expect(store.connection.getClient().options.writeConcern).toMatchObject({ w: 'majority', journal: true })
  })

  it.each([
    ['alone', []],
    ['beside a document that was there', [11_000]],
  ])(
    'says of items that no majority has confirmed, told %s, that they are not archived',
    async (_, codes) => {
      await using store = await freshStore(fresh)
      const { MongoBulkWriteError } = mongoose.mongo
      const writeErrors = codes.map((code) => ({ code }))
      const cause = { message: 'as the driver throws it', code: codes[0] ?? 64, writeErrors } as never
      const result = { getWriteConcernError: () => ({ code: 64 }) } as never
      const insertMany = vi
        .spyOn(store.connection.model('Item'), 'insertMany')
        .mockRejectedValueOnce(new MongoBulkWriteError(cause, result))
      await expect(store.archive([item('a')])).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
      insertMany.mockRestore()
    },
  )

  it('says of items and tickets that they are not written where the connection ends before they are', async () => {
    const url = new URL(inject('mongoUrl'))
    const { hostname, port } = url
    let isCut = false
    const way = createServer((client) => {
      const server = connect(Number(port || 27_017), hostname)
      client.on('data', (data) => {
        if (isCut && data.includes('\u0002insert\u0000')) client.destroy()
        else server.write(data)
      })
      server.on('error', () => client.destroy())
      server.pipe(client).on('error', () => {})
      client.on('close', () => server.destroy())
    })
    await once(way.listen(0, '127.0.0.1'), 'listening')
    url.host = `127.0.0.1:${(way.address() as AddressInfo).port}`
    // A replica set would name its own addresses.
    url.search = '?directConnection=true'
    const { open, dispose } = await freshMongo(url.href)
    const store = await open()
    const tickets = [ticketWrite(ticket('a'))]
    isCut = true
    await expect(store.archive([item('a')])).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      details: { reason: expect.stringMatching(/^connection .* closed$/) },
    })
    await expect(commit(store, { tickets })).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    isCut = false
    expect(await store.archive([item('a')])).toEqual({ added: 1, known: 0 })
    await commit(store, { tickets })
    expect(await store.item(idOf('R', 'a'))).not.toBeNull()
    expect(await store.ticket(idOf('T', 'a'))).toEqual(ticket('a'))
    await store.close()
    await dispose()
    way.close()
  })

  it('leaves items pending for the process that takes the lease over in the middle of a commit', async () => {
    await using store = await freshStore(fresh)
    await store.archive([item('a')])
    const lease = await processing(store)
    const tickets = [ticketWrite(ticket('a'))]
    const outcomes = [await outcome(store, 'a', 'ticketed')]
    const model = store.connection.model('Ticket')
    const insertMany = model.insertMany.bind(model)
    const cut = vi.spyOn(model, 'insertMany').mockImplementationOnce((async (docs: never[]) => {
      await takeOver(store, lease)
      return await insertMany(docs)
    }) as never)
    const commit = store.commit({ tickets, links: [], outcomes, terms: null }, lease, decidedAt)
    await expect(commit).rejects.toMatchObject({ code: 'LEASE_LOST' })
    cut.mockRestore()
    expect(await pendingIds(store)).toEqual([idOf('R', 'a')])
  })

  it('links nothing once another process has the lease, under which a person may have undone the link', async () => {
    await using store = await freshStore(fresh)
    await commitTickets(store, ticket('a'))
    const lease = await processing(store)
    const model = store.connection.model('Ticket')
    const insertMany = model.insertMany.bind(model)
    const cut = vi.spyOn(model, 'insertMany').mockImplementationOnce((async (docs: never[]) => {
      await insertMany(docs)
      const next = await takeOver(store, lease)
      const tickets = [ticketWrite(ticket('b', { revision: 2 }), { event: 'ticket.unlinked' })]
      await store.commit({ tickets, links: [], outcomes: [], terms: null }, next, decidedAt)
    }) as never)
    const tickets = [ticketWrite(ticket('b', {}, idOf('T', 'a')), { event: 'ticket.linked' })]
    const commit = store.commit(
      { tickets, links: [link('b', 'a')], outcomes: [], terms: null },
      lease,
      decidedAt,
    )
    await expect(commit).rejects.toMatchObject({ code: 'LEASE_LOST' })
    cut.mockRestore()
    const counts = await store.linkCounts([countedMaster(idOf('T', 'a'))], [])
    expect(counts.get(idOf('T', 'a'))?.reports ?? 0).toBe(0)
  })

  it('leaves no cursor open at the server where it takes less than was found', async () => {
    const serverUrl = inject('mongoUrl')
    const { open, dispose } = await freshMongo(
      `${databaseUrl(serverUrl, '')}${serverUrl.includes('?') ? '&' : '?'}monitorCommands=true`,
    )
    const store = await open()
    // More than one answer of the server holds.
    for (const name of ['a', 'b', 'c', 'd']) {
      await commitTickets(store, ticket(name, { body: '长'.repeat(1_500_000) }))
      await store.archive([{ ...item(name), body: new Uint8Array(5_000_000) }])
    }
    const left: string[] = []
    const ended: string[] = []
    store.connection.getClient().on('commandSucceeded', ({ reply }) => {
      const { cursor, cursorsKilled = [] } = Object(reply)
      if (cursor !== undefined) left.push(String(cursor.id))
      ended.push(...cursorsKilled.map(String))
    })
    await store.ticketsInOrder({ after: null, since: null, limit: 500, maxCharacters: 1 })
    await store.outbox(500, { maxBytes: 1 })
    await store.pending(500, 1, now)
    expect(left).not.toContain('0')
    expect(ended).toEqual(left)
    expect(ended).toHaveLength(3)
    await store.close()
    await dispose()
  })

  it('refuses a ticket that no document can hold, as that item’s own fault', async () => {
    await using store = await freshStore(fresh)
    await store.archive([item('a')])
    const tickets = [ticketWrite(ticket('a', { body: '长'.repeat(6 * 1024 * 1024) }))]
    const outcomes = [await outcome(store, 'a', 'ticketed')]
    await expect(commit(store, { tickets, outcomes })).rejects.toMatchObject({ code: 'ITEM_TOO_LARGE' })
    expect(await pendingIds(store)).toEqual([idOf('R', 'a')])
  })

  it.each([
    ['its file', 'files', {}],
    ['all of its chunks', 'chunks', {}],
    ['a chunk in the middle', 'chunks', { n: 1 }],
    ['its last chunk, of which the driver says nothing', 'chunks', { n: 32 }],
  ])(
    'says of a large body that lacks %s that it is damaged, gives no part of it, and keeps no other item waiting',
    async (_, part, which) => {
      await using store = await freshStore(fresh)
      const body = Buffer.alloc(largestInlineBytes + 1, 'x')
      await store.archive([item('a', { body }), item('b')])
      const whole = await store.item(idOf('R', 'a'))
      expect(whole?.item.body.byteLength).toBe(body.byteLength)
      await store.connection.collection(`bodies.${part}`).deleteMany(which)
      const damage = { code: 'ITEM_DAMAGED', details: { rawId: idOf('R', 'a') } }
      await expect(store.item(idOf('R', 'a'))).rejects.toMatchObject(damage)
      const [first, second] = await store.pending(9, 2 * largestInlineBytes, now)
      expect(first).toMatchObject({ rawId: idOf('R', 'a'), damage, body: new Uint8Array() })
      expect(second).toMatchObject({ rawId: idOf('R', 'b'), body: new Uint8Array(item('b').body) })
      expect(second).not.toHaveProperty('damage')
    },
  )
})
