import { countedReporter } from '../link-counts.ts'
import type { LinkCounts, LinkWrite } from '../store.ts'
import type { Database } from './database.ts'
import { channelsOf, countIn, countOut, reportsBy, totalsOf } from './owned-counts.ts'
import { ticketNumbers } from './ticket-rows.ts'

interface LinkRow {
  readonly master: number
  readonly reporterKey: string | null
  readonly channel: string
}

/** Links a duplicate to its master, taking it from another one where it was linked before. */
export function addLink(db: Database, ticket: number, master: number, link: LinkWrite): void {
  const { channel } = link
  const reporterKey = countedReporter(link)
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

/** What the links being added change for one master: how much more, or less, of each. */
interface Change {
  reports: number
  readonly reporters: Map<string, number>
  readonly channels: Map<string, number>
}

/** Counts over the links to each master as if `adding` were linked already; reads counters, never the links. */
export function linkCounts(
  db: Database,
  masterIds: readonly string[],
  adding: readonly LinkWrite[],
): Map<string, LinkCounts> {
  const changes = new Map(
    masterIds.map((id) => [id, { reports: 0, reporters: new Map(), channels: new Map() }]),
  )
  const numbers = ticketNumbers(db, [...masterIds, ...adding.map(({ ticketId }) => ticketId)])
  const masterByNumber = new Map(
    masterIds.flatMap((id) => {
      const n = numbers.get(id)
      return n === undefined ? [] : [[n, id] as const]
    }),
  )
  // Of two links of one ticket the later counts.
  for (const [ticketId, link] of new Map(adding.map((each) => [each.ticketId, each]))) {
    const n = numbers.get(ticketId)
    const before = n === undefined ? undefined : linkOf(db, n)
    if (before !== undefined) change(changes.get(masterByNumber.get(before.master) ?? ''), -1, before)
    const after = { reporterKey: countedReporter(link), channel: link.channel }
    change(changes.get(link.masterId), 1, after)
  }
  return new Map([...changes].map(([id, each]) => [id, changedCounts(db, numbers.get(id) ?? 0, each)]))
}

function change(of: Change | undefined, by: 1 | -1, { reporterKey, channel }: Omit<LinkRow, 'master'>): void {
  if (of === undefined) return
  of.reports += by
  if (reporterKey !== null) of.reporters.set(reporterKey, (of.reporters.get(reporterKey) ?? 0) + by)
  of.channels.set(channel, (of.channels.get(channel) ?? 0) + by)
}

function changedCounts(db: Database, master: number, { reports, reporters, channels }: Change): LinkCounts {
  const stored = totalsOf(db, 'link', master)
  let distinct = stored.reporters
  for (const [reporterKey, by] of reporters) {
    const before = reportsBy(db, 'link', master, reporterKey)
    distinct += Number(before + by > 0) - Number(before > 0)
  }
  const byChannel = new Map<string, number>(channelsOf(db, 'link', master))
  for (const [channel, by] of channels) byChannel.set(channel, (byChannel.get(channel) ?? 0) + by)
  const left = [...byChannel].filter(([, count]) => count > 0).map(([channel]) => channel)
  return {
    reports: stored.reports + reports,
    reporters: distinct,
    channels: left.sort() as LinkCounts['channels'] as LinkWrite['channel'][],
  }
}
