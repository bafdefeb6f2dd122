import { randomBytes } from 'node:crypto'
import { copyFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { describeRules, storeRules } from '../store.suite.ts'
import {
  ask,
  assertCode,
  commit,
  idOf,
  item,
  outcome,
  ticket,
  ticketsUnder,
  ticketWrite,
} from '../suite/fixtures.ts'
import { freshSqlite, onFile } from '../suite/fresh.ts'
import { textHash } from './hash.ts'
import { openSqliteStore } from './sqlite-store.ts'

describeRules('sqlite', storeRules, freshSqlite)

describe('the sqlite store', () => {
  it('lets nobody but its owner read a file and a folder that it makes', () =>
    onFile(async (file) => {
      const inside = join(dirname(file), 'data', 'yiwang.db')
      const store = await openSqliteStore(inside, { randomBytes })
      await store.archive([item('1')])
      const made = [dirname(inside), inside, `${inside}-wal`, `${inside}-shm`]
      expect(made.map((path) => statSync(path).mode & 0o077)).toEqual([0, 0, 0, 0])
      await store.close()
    }))

  it('says that the disk is full, keeps nothing of the batch, and goes on when there is room again', () =>
    onFile(async (_file, open) => {
      const store = await open({ maxPages: 60 })
      const items = Array.from({ length: 60 }, (_, index) =>
        item(`${index}`, { body: new Uint8Array(20_000) }),
      )
      await assertCode('STORE_FULL', store.archive(items))
      expect(await store.pendingCount()).toBe(0)
      expect(await store.archive(items.slice(0, 5))).toEqual({ added: 5, known: 0 })
      await store.close()
      const roomy = await open()
      expect(await roomy.archive(items)).toEqual({ added: 55, known: 5 })
      await roomy.close()
    }))

  it('confuses no sources when the first items of one did not fit on the disk', () =>
    onFile(async (_file, open) => {
      const store = await open({ maxPages: 60 })
      const of = (sourceId: string, index: number, bytes: number) =>
        item(`${sourceId}.${index}`, { sourceId, body: new Uint8Array(bytes) })
      const tooMuch = Array.from({ length: 60 }, (_, index) => of('first', index, 20_000))
      await assertCode('STORE_FULL', store.archive(tooMuch))
      await store.archive([of('second', 0, 10)])
      await store.archive([of('first', 0, 10)])
      const items = await store.pending(10, 1_000_000, 0)
      expect(items.map(({ sourceId }) => sourceId)).toEqual(['second', 'first'])
      await store.close()
    }))

  it('counts an incident that a hundred thousand tickets and more join at once', () =>
    onFile(async (_file, open) => {
      const store = await open()
      const { dedupe } = ticket('a')
      const of = ticket('a', { dedupe: { ...dedupe, incidentId: 'I-1' } })
      const adding = Array.from({ length: 200_000 }, (_, at) => ({ ticket: { ...of, id: `T-${at}` }, at }))
      const counts = await store.incidentCounts(['I-1'], adding)
      expect(counts.get('I-1')).toMatchObject({ reports: 200_000, firstAt: 0, lastAt: 199_999 })
      await store.close()
    }))

  it('counts the items of one source without reading those of the others', () =>
    onFile(async (file, open) => {
      const store = await open()
      await store.archive([item('1')])
      using prepared = vi.spyOn(DatabaseSync.prototype, 'prepare')
      await store.tally({ byDay: false, sourceId: 'hotline' })
      const [sql = ''] = prepared.mock.calls.flatMap(([text]) => (text.includes('outcomes') ? text : []))
      await store.close()
      const db = new DatabaseSync(file)
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(1)
      db.close()
      const scanned = plan.flatMap(({ detail }) => /^SCAN (\w+)/.exec(String(detail))?.[1] ?? [])
      expect(scanned.filter((table) => table !== 'pending')).toEqual([])
    }))

  it('has what is kept by name on the disk before anything follows from it', () =>
    onFile(async (_file, open) => {
      const store = await open()
      await store.markPublished([], '2026-03-01T08:00:00+08:00')
      using done = vi.spyOn(DatabaseSync.prototype, 'exec')
      await store.saveProgress('added', '1 2')
      expect(done.mock.calls.flat()).toEqual(['PRAGMA synchronous = FULL', 'BEGIN IMMEDIATE', 'COMMIT'])
      await store.close()
    }))

  it('names a damaged file', () =>
    onFile(async (file, open) => {
      await (await open()).close()
      writeFileSync(file, 'this is no database, '.repeat(2000))
      await assertCode('STORE_CORRUPT', open())
    }))

  it('names a place where no file can be', () =>
    onFile(async (file) => {
      await (await openSqliteStore(file, { randomBytes })).close()
      await assertCode('STORE_UNREACHABLE', openSqliteStore(join(file, 'below.db'), { randomBytes }))
    }))

  it.each(['deleted', 'replaced by a backup'])(
    'takes nothing in once its file was %s, where the next start would not find it',
    (fate) =>
      onFile(async (file, open) => {
        const store = await open()
        await store.archive([item('a')])
        copyFileSync(file, `${file}.backup`)
        if (fate === 'deleted') rmSync(file)
        else renameSync(`${file}.backup`, file)
        await assertCode('STORE_MOVED', store.archive([item('b')]))
        await store.close()
      }),
  )

  it('gives up on a file that another process keeps locked, after a bounded wait', () =>
    onFile(async (file, open) => {
      const store = await open({ patienceMs: 300 })
      const other = new DatabaseSync(file)
      other.exec('BEGIN IMMEDIATE')
      await assertCode('STORE_LOCKED', store.archive([item('a')]))
      expect(await store.pendingCount()).toBe(0)
      other.exec('ROLLBACK')
      other.close()
      expect(await store.archive([item('a')])).toEqual({ added: 1, known: 0 })
      await store.close()
    }))

  it('leaves the thread free for other work while another process keeps the file locked', () =>
    onFile(async (file, open) => {
      const store = await open({ patienceMs: 40_000 })
      const other = new DatabaseSync(file)
      other.exec('BEGIN IMMEDIATE')
      const archiving = store.archive([item('a')])
      for (let turn = 0; turn < 30; turn += 1) await setTimeout(10)
      other.exec('ROLLBACK')
      expect(await archiving).toEqual({ added: 1, known: 0 })
      other.close()
      await store.close()
    }))

  it('finds items, tickets and match keys in every level that they are merged into', () =>
    onFile(async (_file, open) => {
      const store = await open({ levelRows: [20, 100], matchRows: [20, 100] })
      const keyOf = (name: string) => textHash(name)
      const under = async (key: number) => {
        const [answer] = await ticketsUnder(store, ask(key, { until: 99 }))
        return answer?.hits.map(({ ticketId }) => ticketId)
      }
      for (let round = 0; round < 25; round++) {
        const names = Array.from({ length: 10 }, (_, index) => `${round}.${index}`)
        await store.archive(names.map((name) => item(name)))
        await commit(store, {
          tickets: names.map((name) => ticketWrite(ticket(name), { matchKeys: [keyOf(name)], at: round })),
          outcomes: await Promise.all(names.map((name) => outcome(store, name, 'ticketed'))),
        })
      }
      for (const name of ['0.0', '12.3', '24.9']) {
        expect(await store.archive([item(name)])).toEqual({ added: 0, known: 1 })
        expect((await store.itemsByExternalId(`GD-${name}`)).length).toBe(1)
        expect((await store.ticket(idOf('T', name)))?.id).toBe(idOf('T', name))
        expect(await under(keyOf(name))).toEqual([idOf('T', name)])
        await commit(store, {
          tickets: [ticketWrite(ticket(name, { revision: 2 }), { matchKeys: [7], at: 5 })],
        })
        expect(await under(keyOf(name))).toEqual([])
      }
      expect((await under(7))?.length).toBe(3)
      await store.close()
    }))
})
