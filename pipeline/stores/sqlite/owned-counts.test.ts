import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask, commit, countedMaster, idOf, link, ticket, ticketWrite } from '../suite/fixtures.ts'
import { onFile } from '../suite/fresh.ts'

/** What becomes of one ticket in one commit. */
const change = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  master: fc.constantFrom(null, 'm0', 'm1'),
  incidentId: fc.constantFrom(null, 'I-1', 'I-2'),
  reporterKey: fc.constantFrom(null, 'x', 'y', 'caller'),
  channel: fc.constantFrom('sms' as const, 'email' as const),
  at: fc.nat(99),
})
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

/** One revision of each ticket, with the links that go with them. */
function revisionsOf(changes: readonly Change[], revision: number) {
  const last = [...new Map(changes.map((each) => [each.name, each])).values()]
  const tickets = last.map(({ name, master, incidentId, reporterKey, channel, at }) => {
    const plain = ticket(name, {}, master === null ? null : idOf('T', master))
    const reporter = { ...plain.reporter, key: reporterKey }
    const dedupe = { ...plain.dedupe, incidentId }
    return ticketWrite({ ...plain, revision, channel, reporter, dedupe }, { at })
  })
  const links = last.flatMap(({ name, master, channel, reporterKey }) =>
    master === null ? [] : [link(name, master, { channel, reporterKey })],
  )
  return { tickets, links }
}

/** Counters as the store keeps them. */
function counted(file: string, of: 'link' | 'incident') {
  return rowsIn(
    file,
    `SELECT owner, reports, reporters,
       (SELECT group_concat(value || count, ' ' ORDER BY value) FROM ${of}_channels c WHERE c.owner = t.owner) AS channels
     FROM ${of}_totals t ORDER BY owner`,
  )
}

/** The same, by counting. */
function recounted(file: string, table: string, owner: string) {
  const channels = `SELECT channel || count(*) AS each, channel FROM ${table} c
    WHERE c.${owner} = t.${owner} GROUP BY channel`
  return rowsIn(
    file,
    `SELECT ${owner} AS owner, count(*) AS reports, count(DISTINCT reporter_key) AS reporters,
       (SELECT group_concat(each, ' ' ORDER BY channel) FROM (${channels})) AS channels
     FROM ${table} t GROUP BY ${owner} ORDER BY ${owner}`,
  )
}

function rowsIn(file: string, sql: string) {
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db.prepare(sql).all()
  db.close()
  return rows.map((row) => ({ ...row }))
}

describe('the counters of a sqlite store', () => {
  it('keeps counters that agree with what they count, whatever is linked, moved and revised', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 12, size: 'max' }),
        (commits) =>
          onFile(async (file, open) => {
            const store = await open()
            await commit(store, { tickets: ['m0', 'm1'].map((name) => ticketWrite(ticket(name))) })
            for (const [index, changes] of commits.entries()) {
              const { tickets, links } = revisionsOf(changes, index + 1)
              const masters = ['m0', 'm1'].map((name) => countedMaster(idOf('T', name)))
              const expected = await store.linkCounts(masters, links)
              const incidents = await store.incidentCounts(['I-1', 'I-2'], tickets)
              await commit(store, { tickets, links })
              expect(await store.incidentCounts(['I-1', 'I-2'], [])).toEqual(incidents)
              if (links.length === tickets.length)
                expect(await store.linkCounts(masters, [])).toEqual(expected)
              expect(counted(file, 'link')).toEqual(recounted(file, 'links', 'master'))
              expect(counted(file, 'incident')).toEqual(recounted(file, 'members', 'incident'))
            }
            await store.close()
          }),
      ),
      { numRuns: 25 },
    ))

  it('counts 20,000 equal reports in time that does not grow with the master', () =>
    onFile(async (_file, open) => {
      const store = await open()
      await commit(store, { tickets: [ticketWrite(ticket('m'))] })
      const masterId = idOf('T', 'm')
      const batches: number[] = []
      for (let batch = 0; batch < 40; batch++) {
        const names = Array.from({ length: 500 }, (_, index) => `${batch}.${index}`)
        const links = names.map((name) => link(name, 'm'))
        const before = process.threadCpuUsage()
        const counts = (await store.linkCounts([countedMaster(masterId)], links)).get(masterId)
        const tickets = names.map((name) => ticketWrite(ticket(name, {}, masterId), { matchKeys: [1, 2, 3] }))
        await commit(store, { tickets, links })
        await store.candidates(names.map(() => ask(1, { limit: 20 })))
        const { user, system } = process.threadCpuUsage(before)
        batches.push(user + system)
        expect(counts?.reports).toBe(500 * (batch + 1))
        expect(counts?.reporters).toBe(500 * (batch + 1))
      }
      const median = (of: readonly number[]) => of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0
      // Reading every link again would make the last batches some twenty times as slow as the first.
      expect(median(batches.slice(-9))).toBeLessThan(5 * median(batches.slice(1, 10)))
      await store.close()
    }))
})
