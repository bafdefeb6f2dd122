import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import {
  ask,
  assertCode,
  commit,
  countedMaster,
  idOf,
  item,
  now,
  processing,
  ticket,
  ticketsUnder,
  ticketWrite,
} from '../suite/fixtures.ts'
import { onFile } from '../suite/fresh.ts'
import { idHash } from './hash.ts'
import { migrations } from './schema.ts'

/** A master and its duplicate, as version 1 wrote them. */
function fillVersion1(file: string): void {
  const db = new DatabaseSync(file)
  db.exec(`INSERT INTO sources (no, id) VALUES (1, 'hotline')`)
  const masterId = idOf('T', 'a')
  for (const [index, one] of [ticket('a'), ticket('b', {}, masterId)].entries()) {
    const n = index + 1
    db.prepare(`INSERT INTO tickets VALUES (?, ?, 1, 1, 'hotline', 'help', 'new', ${now}, 'caller', ?)`).run(
      n,
      one.id,
      one.dedupe.masterId,
    )
    db.prepare('INSERT INTO ticket_texts VALUES (?, ?, ?)').run(n, '["xabc"]', JSON.stringify(one))
    db.prepare('INSERT INTO ticket_keys_1 VALUES (?, ?)').run(idHash(one.id), n)
    db.prepare('INSERT INTO match_keys_1 VALUES (?, ?, ?)').run('xabc', now, n)
  }
  db.exec(`INSERT INTO links VALUES (2, 1, 'someone', 'sms')`)
  db.exec(`INSERT INTO outbox VALUES (1, 1, 'ticket.created'), (2, 1, 'ticket.linked')`)
  db.close()
}

describe('the schema of a sqlite store', () => {
  it('refuses a file of a newer program', () =>
    onFile(async (file, open) => {
      await (await open()).close()
      const db = new DatabaseSync(file)
      db.exec('PRAGMA user_version = 999')
      db.close()
      const store = await open()
      await assertCode('STORE_TOO_NEW', store.pendingCount())
      await assertCode('STORE_TOO_NEW', store.migrate())
      await store.close()
    }))

  it('refuses a file of an older program until it is migrated, which keeps what is there', () =>
    onFile(async (_file, open) => {
      const first = await open()
      await first.archive([item('a')])
      await first.close()
      const next = { version: 99, name: 'one more table', sql: 'CREATE TABLE one_more (a INTEGER) STRICT' }
      const store = await open({ migrations: [...migrations, next] })
      await assertCode('STORE_NOT_MIGRATED', store.pendingCount())
      expect(await store.migrate()).toEqual(['99: one more table'])
      expect(await store.pendingCount()).toBe(1)
      await store.close()
    }))

  it('writes nothing any more once a newer program has migrated the file', () =>
    onFile(async (_file, open) => {
      const store = await open()
      const next = { version: 99, name: 'one more table', sql: 'CREATE TABLE one_more (a INTEGER) STRICT' }
      const newer = await open({ migrations: [...migrations, next] })
      await newer.migrate()
      await assertCode('STORE_TOO_NEW', store.archive([item('a')]))
      expect(await newer.pendingCount()).toBe(0)
      await Promise.all([store.close(), newer.close()])
    }))

  it.each([0, 1, 3, 99])('leaves the file of another program as it is, of whatever version: %i', (version) =>
    onFile(async (file, open) => {
      mkdirSync(dirname(file), { recursive: true })
      const db = new DatabaseSync(file)
      db.exec(`CREATE TABLE tickets (a INTEGER); PRAGMA user_version = ${version}`)
      const before = readFileSync(file)
      await assertCode('STORE_FOREIGN', open())
      expect(readFileSync(file).equals(before)).toBe(true)
      db.close()
    }),
  )

  it('leaves the schema as it was when a migration fails', () =>
    onFile(async (_file, open) => {
      await (await open()).close()
      const broken = {
        version: 99,
        name: 'broken',
        sql: 'CREATE TABLE half (a INTEGER) STRICT; CREATE NONSENSE',
      }
      const store = await open({ migrations: [...migrations, broken] })
      await expect(store.migrate()).rejects.toThrow('NONSENSE')
      await store.close()
      const same = await open()
      expect(await same.pendingCount()).toBe(0)
      await same.close()
    }))

  it('counts the links of version 1, keeps what waits, and waits for new keys', () =>
    onFile(async (file, open) => {
      await (await open({ migrations: migrations.slice(0, 1) })).close()
      fillVersion1(file)
      const store = await open()
      await assertCode('STORE_NOT_MIGRATED', store.pendingCount())
      expect(await store.migrate()).toEqual([
        '2: integer match keys, incidents, counters, term statistics',
        '3: how the last pull of each source ended',
      ])
      const [a, b] = [idOf('T', 'a'), idOf('T', 'b')]
      const counts = { reports: 1, reporters: 1, channels: ['sms'] }
      expect(await store.linkCounts([countedMaster(a)], [])).toEqual(new Map([[a, counts]]))
      expect((await store.findTickets({ masterId: a, limit: 9 })).map(({ id }) => id)).toEqual([b])
      expect((await store.outbox(9)).map(({ event }) => event)).toEqual(['ticket.created', 'ticket.linked'])
      const page = await store.ticketsInOrder({ after: null, since: null, limit: 9 })
      expect(page.tickets.map(({ matchKeys }) => matchKeys)).toEqual([[], []])
      const entries = [{ ticketId: b, revision: 1, matchKeys: [7] }]
      expect(await store.reindex(entries, null, await processing(store))).toBe(1)
      expect((await ticketsUnder(store, ask(7)))[0]?.hits).toEqual([{ ticketId: b, at: now }])
      await commit(store, {
        tickets: [ticketWrite(ticket('b', { revision: 2 }), { event: 'ticket.unlinked' })],
      })
      expect(await store.linkCounts([countedMaster(a)], [])).toEqual(
        new Map([[a, { reports: 0, reporters: 0, channels: [] }]]),
      )
      await store.close()
    }))

  it('keeps the cursors of version 2, and knows of no pull at first', () =>
    onFile(async (file, open) => {
      await (await open({ migrations: migrations.slice(0, 2) })).close()
      const db = new DatabaseSync(file)
      db.exec(`INSERT INTO sources VALUES (1, 'mail', '{"uid":7}')`)
      db.close()
      const store = await open()
      await store.migrate()
      expect(await store.cursor('mail')).toEqual({ uid: 7 })
      expect(await store.lastPulls(['mail'])).toEqual(new Map())
      await store.close()
    }))
})
