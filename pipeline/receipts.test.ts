import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultOutput } from '../config/schema.ts'
import { Receipts } from './receipts.ts'
import type { Store } from './stores/store.ts'
import { commit, commitTickets, idOf, publishedAt, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { freshSqlite } from './stores/suite/fresh.ts'

const tickets = defaultOutput
const inspection = { ...defaultOutput, queue: 'inspection', kinds: ['complaint'] }
const key = (name: string, revision = 1) => ({ ticketId: idOf('T', name), revision })

let store: Store
let end: () => Promise<void>

beforeEach(async () => {
  const { open, dispose } = await freshSqlite()
  store = await open()
  end = async () => {
    await store.close()
    await dispose()
  }
  await commitTickets(store, ticket('complaint', { kind: 'complaint' }), ticket('help'))
})

afterEach(() => end())

const publish = (...names: readonly string[]) =>
  store.markPublished(
    names.map((name) => key(name)),
    publishedAt,
  )

describe('Receipts', () => {
  it('takes a job for delivered once all outputs have completed it', async () => {
    const receipts = new Receipts([tickets, { ...defaultOutput, queue: 'copy' }])
    receipts.add(key('help'), 0)
    expect(await receipts.delivered(store)).toEqual([])
    receipts.add(key('help'), 1)
    expect(await receipts.delivered(store)).toEqual([key('help')])
    expect(await receipts.delivered(store)).toEqual([])
  })

  it('waits only for outputs whose filter lets the ticket through', async () => {
    const receipts = new Receipts([tickets, inspection])
    await publish('complaint', 'help')
    for (const name of ['complaint', 'help']) receipts.add(key(name), 0)
    expect(await receipts.delivered(store)).toEqual([key('help')])
    receipts.add(key('complaint'), 1)
    expect(await receipts.delivered(store)).toEqual([key('complaint')])
  })

  it('asks again about a job that a quick consumer completed before it was marked as published', async () => {
    const receipts = new Receipts([tickets, { ...defaultOutput, queue: 'new', events: ['ticket.linked'] }])
    receipts.add(key('help'), 0)
    expect(await receipts.delivered(store)).toEqual([])
    await publish('help')
    expect(await receipts.delivered(store)).toEqual([key('help')])
  })

  it('lets go of a revision once a newer one is published', async () => {
    const receipts = new Receipts([tickets, inspection])
    await publish('help')
    await commit(store, {
      tickets: [ticketWrite(ticket('help', { revision: 2 }), { event: 'ticket.updated' })],
    })
    receipts.add(key('help'), 0)
    expect(await receipts.delivered(store)).toEqual([])
    await store.markPublished([key('help', 2)], publishedAt)
    receipts.add(key('help', 2), 0)
    receipts.add(key('unknown'), 0)
    expect(await receipts.delivered(store)).toEqual([key('help', 2)])
  })

  it('remembers so many unfinished jobs and no more', async () => {
    const receipts = new Receipts([tickets, { ...defaultOutput, queue: 'copy' }], 1)
    receipts.add(key('complaint'), 0)
    receipts.add(key('help'), 0)
    for (const name of ['complaint', 'help']) receipts.add(key(name), 1)
    expect(await receipts.delivered(store)).toEqual([])
  })
})
