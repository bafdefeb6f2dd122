import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, expect, test } from 'vitest'
import type { Ticket } from '../../normalizers/ticket.ts'
import { sampleRuns } from './testing/sample-runs.ts'

// A person links and unlinks tickets of the samples.

const { state, config, yiwang, watched, json } = sampleRuns()
type Dedupe = Ticket['dedupe']
let ids: readonly string[] = []

beforeAll(async () => {
  const { tickets } = await json('tickets', '--verdict', 'new', '--limit', '100')
  ids = tickets
    .filter(({ dedupe }: { dedupe: Dedupe }) => dedupe.reports === 1 && dedupe.incidentId === null)
    .map(({ id }: { id: string }) => id)
})

test('a plan under the same settings finds nothing to change', async () => {
  const plan = await json('dedupe', 'plan', '--since', '2000-01-01')
  expect(plan).toMatchObject({ byPerson: 0, changes: [] })
  expect(plan.judged).toBeGreaterThan(150)
  expect((await yiwang('dedupe', 'plan')).err).not.toContain('former settings')
})

test('a plan under other settings shows what would be judged otherwise, and changes no ticket', async () => {
  const samples = join(import.meta.dirname, '../samples')
  const stricter = join(state, 'stricter.yaml')
  const text = readFileSync(config, 'utf8').replaceAll(/path: (?!\/)/g, `path: ${samples}/`)
  writeFileSync(stricter, `${text}\ndedupe:\n  duplicate: { link: 1, review: 0.5 }\n`)
  const before = await json('tickets', '--limit', '500')
  const { changes } = await json('dedupe', 'plan', '--config', stricter, '--since', '2000-01-01')
  expect(changes.length).toBeGreaterThan(0)
  for (const { after } of changes) expect(after.verdict).not.toBe('duplicate')
  expect(await json('tickets', '--limit', '500')).toEqual(before)
  const { out, err } = await yiwang('dedupe', 'plan', '--config', stricter, '--since', '20000d')
  expect(err).toContain('may differ even with the old settings')
  expect(out).toMatch(
    /^T-\w+: duplicate T-\w+ 0\.999 → related I-\w+ 0\.\d+\n {2}compared with T-\w+; same mobile phone; text alike 0\.\d\d; /m,
  )
})

test('a linked ticket is a repeat, and a ticket of its own again once it is unlinked', async () => {
  const [repeat = '', master = ''] = ids
  const linked = await yiwang('link', repeat, master)
  expect(linked.out).toContain(`${repeat} r2: duplicate ${master}`)
  expect(linked.err).toMatch(/^QUEUE_UNREACHABLE: .*\n\d+ tickets wait in the store to be published\.\n$/)
  const found = await json('tickets', '--master', master)
  expect(found.tickets.map(({ id }: { id: string }) => id)).toEqual([repeat])
  expect((await yiwang('link', repeat, master)).err).toContain('nothing was changed')
  expect((await yiwang('explain', repeat)).out).toContain(`${master} a person says it is the same report\n`)
  expect((await yiwang('unlink', repeat)).out).toMatch(`${repeat} r3: new`)
  const { out } = await yiwang('explain', repeat)
  expect(out).toContain('a person says it does not belong there\n')
  expect(out).toMatch(/links so far: \S+ by a person linked T-\w+; \S+ by a person unlinked T-\w+/)
})

test('what another process keeps from being saved has to be said again', async () => {
  const [repeat = '', master = ''] = ids
  const database = new DatabaseSync(join(state, 'yiwang.db'))
  database.exec("CREATE TRIGGER other AFTER INSERT ON leases BEGIN UPDATE leases SET token = 'other'; END")
  const { code, err } = await yiwang('link', repeat, master)
  database.exec('DROP TRIGGER other; DELETE FROM leases')
  database.close()
  expect([code, err]).toEqual([1, expect.stringMatching(/^LEASE_LOST: .*"link".* again\.\n/)])
  expect((await json('tickets', '--master', master)).tickets).toEqual([])
})

test('repeats of a master are found by every id that explains it', async () => {
  const [repeat = '', master = ''] = ids
  await yiwang('link', repeat, master)
  const [{ item }] = (await json('explain', master)).items
  for (const id of [master, item.rawId, item.externalId]) {
    const { tickets } = await json('tickets', '--master', id)
    expect(tickets.map((ticket: Ticket) => ticket.id)).toEqual([repeat])
  }
  await yiwang('unlink', repeat)
  expect((await yiwang('tickets', '--master', 'T-ABCDEFGHJKMNPQRSTVWXYZ0123')).err).toMatch(
    /^TICKET_UNKNOWN: /,
  )
  expect((await yiwang('tickets', '--master', 'nowhere')).err).toMatch(/^ITEM_UNKNOWN: /)
})

test('tickets are linked, unlinked and shown by every id that explains them', async () => {
  const [repeat = '', master = ''] = ids
  const [{ item: one }] = (await json('explain', repeat)).items
  const [{ item: other }] = (await json('explain', master)).items
  expect((await yiwang('link', one.rawId, other.externalId)).out).toContain(`${repeat} `)
  expect((await json('tickets', 'show', one.externalId)).dedupe.masterId).toBe(master)
  expect((await yiwang('unlink', one.externalId)).out).toMatch(new RegExp(`^${repeat} r\\d+: new`))
  expect((await yiwang('unlink', 'nowhere')).err).toMatch(/^ITEM_UNKNOWN: /)
})

test('how far long work has come is drawn on a terminal, and taken away; a program gets nothing of it', async () => {
  const [repeat = '', master = ''] = ids
  const drawn = (line: string) => expect.stringContaining(`\r\u001b[2K${line}`)
  const gone = '\r\u001b[2K'
  const linked = await watched('link', repeat, master)
  expect(linked.err).toEqual(drawn('written 1 of 1 tickets, published 0'))
  expect(linked.err).toContain(`${gone}QUEUE_UNREACHABLE: `)
  expect((await watched('unlink', repeat, '--json')).err).not.toContain(gone)
  const recounted = await watched('reconcile', 'hotline-csv')
  expect(recounted.err).toMatch(/^\r\u001b\[2Khotline-csv: (\d+) at the source, \1 archived\r\u001b\[2K$/)
  expect((await watched('reconcile', 'hotline-csv', '--json')).err).toBe('')
  expect((await watched('pull', '--json')).err).not.toContain(gone)
  expect((await watched('migrate')).err).toBe(`${gone}looking at the store and upgrading it${gone}`)
  expect((await watched('migrate', '--json')).err).toBe('')
})

test('an incident made by a person is listed with its tickets', async () => {
  const [, , one = '', other = ''] = ids
  expect((await yiwang('link', one, other, '--incident')).code).toBe(0)
  const { incidents } = await json('incidents')
  const incident = incidents.find(({ id }: { id: string }) => id === `I-${other.slice(2)}`)
  expect(incident).toMatchObject({ reports: 2 })
  expect((await yiwang('incidents')).out).toContain(incident.id)
  expect((await json('tickets', '--incident', incident.id)).tickets).toHaveLength(2)
  expect((await yiwang('explain', one)).out).toContain('a person says it is the same incident\n')
})

test('a plan leaves tickets as people have said', async () => {
  const { byPerson, changes } = await json('dedupe', 'plan', '--since', '2000-01-01')
  expect(byPerson).toBe(3)
  const changed = changes.map(({ ticketId }: { ticketId: string }) => ticketId)
  expect(changed).not.toContain(ids[0])
  expect(changed).not.toContain(ids[2])
})

test('what cannot be is refused in words', async () => {
  const [first = ''] = ids
  expect((await yiwang('link', first, first)).err).toMatch(/^LINK_SELF: /)
  expect((await yiwang('unlink', ids[5] ?? '')).err).toMatch(/^NOT_LINKED: /)
})

test('an index of another version is told of by all who rely on it, until it is made anew', async () => {
  expect((await yiwang('status')).err).toBe('')
  const database = new DatabaseSync(join(state, 'yiwang.db'))
  database.exec("UPDATE progress SET value = 'similar/1' WHERE name = 'dedupe form'")
  database.close()
  const file = join(import.meta.dirname, '../samples/hotline-gb18030.csv')
  const plan = ['dedupe', 'plan', '--since', '2000-01-01']
  for (const command of [
    ['status'],
    ['pull'],
    ['migrate'],
    plan,
    ['import', file, '--source', 'hotline-csv'],
  ])
    expect((await yiwang(...command)).err).toMatch(/^INDEX_OUTDATED: .* Run "yiwang dedupe rebuild"/m)
  await yiwang('dedupe', 'rebuild')
  expect((await yiwang('status')).err).toBe('')
})

test('the index is made anew of all tickets, and changes none of them', async () => {
  const { tickets } = await json('tickets', '--limit', '500')
  expect(await json('dedupe', 'rebuild')).toEqual({ tickets: tickets.length })
  expect(await json('tickets', '--limit', '500')).toEqual({ tickets })
})
