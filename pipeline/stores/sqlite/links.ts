import type { CountedMaster, LinkCounts, LinkWrite } from '../store.ts'
import type { Database } from './database.ts'
import { changeBy, changedCounts, countIn, countOut, noChange } from './owned-counts.ts'
import { ticketNumbers } from './ticket-rows.ts'

interface LinkRow {
  readonly master: number
  readonly reporterKey: string | null
  readonly channel: string
}

/** Links a duplicate to its master, taking it from another one where it was linked before. */
export function addLink(db: Database, ticket: number, master: number, link: LinkWrite): void {
  const { channel, reporterKey } = link
  const before = linkOf(db, ticket)
  if (before?.master === master && before.reporterKey === reporterKey && before.channel === channel) return
  removeLink(db, ticket)
  countIn(db, 'link', master, { reporterKey, channel })
  db.run(
    'INSERT INTO links (ticket, master, reporter_key, channel) VALUES (?, ?, ?, ?)',
    ...[ticket, master, reporterKey, channel],
  )
}

/** Ends the link of a ticket that is no longer this master's; null: of one that has no master. */
export function endLink(db: Database, ticket: number, masterId: string | null): void {
  const link = linkOf(db, ticket)
  if (link === undefined) return
  const master = db.row<{ id: string }>('SELECT id FROM tickets WHERE n = ?', link.master)
  if (master?.id !== masterId) removeLink(db, ticket)
}

function removeLink(db: Database, ticket: number): void {
  const link = linkOf(db, ticket)
  if (link === undefined) return
  countOut(db, 'link', link.master, link)
  db.run('DELETE FROM links WHERE ticket = ?', ticket)
}

function linkOf(db: Database, ticket: number): LinkRow | undefined {
  return db.row('SELECT master, reporter_key AS reporterKey, channel FROM links WHERE ticket = ?', ticket)
}

/** Counts over the links to each master as if `adding` were linked already; reads counters, never the links. */
export function linkCounts(
  db: Database,
  masters: readonly CountedMaster[],
  adding: readonly LinkWrite[],
): Map<string, LinkCounts> {
  const changes = new Map(masters.map(({ id }) => [id, noChange()]))
  const numbers = ticketNumbers(db, [...changes.keys(), ...adding.map(({ ticketId }) => ticketId)])
  const masterByNumber = new Map(
    masters.flatMap(({ id }) => {
      const n = numbers.get(id)
      return n === undefined ? [] : [[n, id] as const]
    }),
  )
  // Of two links of one ticket the later counts.
  for (const [ticketId, link] of new Map(adding.map((each) => [each.ticketId, each]))) {
    const n = numbers.get(ticketId)
    const before = n === undefined ? undefined : linkOf(db, n)
    if (before !== undefined) changeBy(changes.get(masterByNumber.get(before.master) ?? ''), -1, before)
    changeBy(changes.get(link.masterId), 1, link)
  }
  return new Map(
    masters.map(({ id, reporterKey }) => {
      const change = changes.get(id) ?? noChange()
      return [id, changedCounts(db, 'link', numbers.get(id) ?? 0, change, reporterKey)]
    }),
  )
}
