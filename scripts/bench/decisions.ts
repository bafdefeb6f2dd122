import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { defaultDedupe } from '../../config/schema.ts'
import type { MatchKey, MatchKeys } from '../../dedupe/decision.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import { decideBatch } from '../../pipeline/batch.ts'
import { Decider } from '../../pipeline/decider.ts'
import type { TicketReading } from '../../pipeline/interpret.ts'
import { openSqliteStore } from '../../pipeline/stores/sqlite/sqlite-store.ts'
import type { Lease, PendingItem, Store, TicketWrite } from '../../pipeline/stores/store.ts'
import { momentOf } from '../../pipeline/ticket-of.ts'
import { machine } from './machine.ts'
import { type Kind, mix, Reports } from './reports.ts'

/*
 * npm run bench:dedupe -- [--json] [--sizes 30000,300000,3000000] [--flood 100000]
 * What a decision costs as the store grows, and what a flood of equal texts costs. Microseconds are of processor
 * time, so that other work on the machine counts as little as can be.
 */

const batchSize = 500
const arrivals = 3_000
/** Tickets of about a week. */
const recent = 40_000
/** By it a key of a rare word or name is known among a report's keys. */
const termLimit = 16
/** Of ten arriving reports so many repeat a ticket, and so many are about a ticket's matter. */
const repeatsOfTen = 2
const incidentsOfTen = 2

interface Cost {
  readonly tickets: number
  readonly decisionsPerSecond: number
  readonly microsPerDecision: number
  /** To the first row. */
  readonly ratio: number
  readonly indexBytesPerTicket: number
  /** Of ten thousand decisions so many were made without all tickets that shared their keys. */
  readonly cutOfTenThousand: number
  readonly verdicts: Readonly<Record<string, number>>
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '30000,300000,3000000' },
    flood: { type: 'string', default: '100000' },
  },
})
const dir = resolve(`var/bench-dedupe-${process.pid}`)

async function main(): Promise<void> {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const reports = new Reports()
  const rows = await growing(values.sizes.split(',').map(Number), reports)
  const flood = Number(values.flood) > 0 ? await flooded(Number(values.flood), reports) : null
  const answer = { rows, ratio: rows.at(-1)?.ratio ?? null, flood, machine: machine() }
  if (values.json) process.stdout.write(`${JSON.stringify(answer)}\n`)
  else {
    console.table(rows.map(({ verdicts, ...row }) => ({ ...row, ...verdicts })))
    console.table(flood)
  }
  rmSync(dir, { recursive: true, force: true })
}

async function growing(sizes: readonly number[], reports: Reports): Promise<readonly Cost[]> {
  const work = await Work.open(join(dir, 'growing.db'))
  const costs: Cost[] = []
  let made = 0
  for (const tickets of sizes) {
    await work.fill(made, tickets, reports)
    made = tickets
    const { micros, cut, verdicts } = await work.decide(arriving(tickets, reports))
    const first = costs[0]?.microsPerDecision ?? micros
    costs.push({
      tickets,
      decisionsPerSecond: Math.round(1e6 / micros),
      microsPerDecision: rounded(micros),
      ratio: rounded(micros / first),
      indexBytesPerTicket: work.indexBytes(tickets),
      cutOfTenThousand: Math.round(cut * 10_000),
      verdicts,
    })
    say(`${tickets} tickets: ${JSON.stringify(costs.at(-1))}`)
  }
  await work.close()
  return costs
}

/** The same mixture at every size. Repeats and incidents are about tickets of the last week. */
function arriving(tickets: number, reports: Reports): readonly Ticket[] {
  const week = Math.min(tickets, recent)
  return Array.from({ length: arrivals }, (_, number) => {
    const tenth = number % 10
    const kind: Kind =
      tenth < repeatsOfTen ? 'repeat' : tenth < repeatsOfTen + incidentsOfTen ? 'incident' : 'unlike'
    return reports.arriving(number, kind, tickets - 1 - (mix(number, 3) % week), tickets)
  })
}

/** One text from many reporters, then from one: what ten thousand of them cost, from the first on. */
async function flooded(copies: number, reports: Reports) {
  const step = Math.max(batchSize, Math.floor(copies / 10))
  const costs: Record<string, number>[] = []
  for (const reporters of ['many', 'one'] as const) {
    const work = await Work.open(join(dir, `flood-${reporters}.db`))
    const text = reports.stored(0)
    const micros: number[] = []
    for (let from = 0; from < copies; from += step) {
      const tickets = Array.from({ length: step }, (_, at) => copyOf(text, from + at, reporters, reports))
      micros.push((await work.take(tickets)).micros)
    }
    const last = micros.at(-1) ?? 0
    costs.push({
      ...{ copies, reporters: reporters === 'many' ? copies : 1 },
      ...{ firstMicros: rounded(micros[0] ?? 0), lastMicros: rounded(last) },
      lastToFirst: rounded(last / (micros[0] ?? 1)),
    })
    say(`flood from ${reporters}: ${micros.map(Math.round).join(' ')} µs a copy`)
    await work.close()
  }
  return costs
}

function copyOf(text: Ticket, number: number, reporters: 'many' | 'one', reports: Reports): Ticket {
  const own = reports.stored(number)
  const { body, reporter } = text
  return {
    ...own,
    body,
    submittedAt: own.submittedAt,
    reporter: reporters === 'many' ? own.reporter : reporter,
  }
}

/** A store, and the decisions over it. */
class Work {
  private readonly file: string
  private readonly store: Store
  private readonly lease: Lease
  private readonly decider = new Decider(defaultDedupe)
  private seq = 0
  /** Keys of the first tickets; null: one of a text, a reporter or a band. */
  private readonly first: (MatchKey | null)[][] = []

  private constructor(file: string, store: Store, lease: Lease) {
    this.file = file
    this.store = store
    this.lease = lease
  }

  static async open(file: string): Promise<Work> {
    const store = await openSqliteStore(file, { randomBytes })
    const lease = await store.acquire('processing', 'bench', 86_400_000, Date.now())
    if (lease === null) throw new Error('the lease is taken')
    return new Work(file, store, lease)
  }

  /**
   * Tickets with the keys and the counted terms that the program would give them, without deciding about them. Between
   * the first and the last {@link recent} the keys are borrowed: rare words and names of one of the first tickets, and
   * a text, a reporter and bands of their own.
   */
  async fill(from: number, to: number, reports: Reports): Promise<void> {
    for (let first = from; first < to; first += batchSize) {
      await this.decider.begin(Math.floor(first / batchSize), this.store)
      const isBorrowed = first >= recent && first + batchSize <= to - recent
      const writes = Array.from({ length: Math.min(batchSize, to - first) }, (_, at): TicketWrite => {
        const index = first + at
        const ticket = reports.stored(index)
        const matchKeys = isBorrowed ? this.borrowed(index) : this.worked(ticket, index)
        const text = Buffer.from(JSON.stringify(ticket))
        return { ticket, text, event: null, threadKeys: [], matchKeys, at: momentOf(ticket) }
      })
      const terms = this.decider.termWrite([`fill ${first}`])
      await this.store.commit({ tickets: writes, links: [], outcomes: [], terms }, this.lease, sampleMoment)
      if (first % 100_000 === 0) say(`${first} of ${to}`)
    }
    this.seq = to
  }

  private worked(ticket: Ticket, index: number): MatchKeys {
    const inquiry = this.decider.inquire(ticket)
    this.decider.count(inquiry)
    const { keys } = inquiry.seeker
    if (index < recent) this.first.push(keys.map(({ key, limit }) => (limit === termLimit ? key : null)))
    return inquiry.keys
  }

  private borrowed(index: number): MatchKeys {
    const keys = this.first[mix(index, 9) % this.first.length] ?? []
    return keys.map((key, at) => key ?? (mix(index, 600 + at) & 0xffff) * 2 ** 32 + mix(index, 700 + at))
  }

  /** Decides without writing, twice: the first time warms up. Microseconds a decision. */
  async decide(tickets: readonly Ticket[]) {
    const read = new Decider(defaultDedupe)
    await read.begin(0, this.store)
    await this.round(tickets.slice(0, arrivals / 3), read, false)
    return this.round(tickets, read, false)
  }

  /** Decides and writes. */
  take(tickets: readonly Ticket[]) {
    return this.round(tickets, this.decider, true)
  }

  private async round(tickets: readonly Ticket[], decider: Decider, writes: boolean) {
    const verdicts: Record<string, number> = { new: 0, duplicate: 0, related: 0 }
    let [micros, cut] = [0, 0]
    for (let from = 0; from < tickets.length; from += batchSize) {
      const batch = tickets.slice(from, from + batchSize)
      const readings = batch.map((ticket, at) => readingOf(ticket, writes ? this.seq++ : at))
      const before = process.cpuUsage()
      const commit = await decideBatch(readings, this.store, decider)
      if (writes) await this.store.commit(commit, this.lease, sampleMoment)
      const { user, system } = process.cpuUsage(before)
      micros += user + system
      const own = new Set(batch.map(({ id }) => id))
      for (const { ticket } of commit.tickets) {
        if (!own.has(ticket.id)) continue
        verdicts[ticket.dedupe.verdict] = (verdicts[ticket.dedupe.verdict] ?? 0) + 1
        if (ticket.dedupe.cut) cut += 1
      }
    }
    return { micros: micros / tickets.length, cut: cut / tickets.length, verdicts }
  }

  /** Of the index of match keys, on the disk. */
  indexBytes(tickets: number): number {
    const db = new DatabaseSync(this.file, { readOnly: true })
    const sql = `SELECT sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE AND name LIKE 'match_key%'`
    const row = db.prepare(sql).get()
    db.close()
    return Math.round(Number(row?.bytes ?? 0) / tickets)
  }

  close(): Promise<void> {
    return this.store.close()
  }
}

const sampleMoment = '2026-03-01T08:00:00+08:00'

function readingOf(ticket: Ticket, seq: number): TicketReading<PendingItem> {
  const { id, sourceId, externalId, ingestedAt } = ticket
  return {
    item: {
      ...{ rawId: id, sourceId, externalId, mediaType: 'text/plain', body: new Uint8Array(), meta: {} },
      ...{ archivedAt: ingestedAt, seq, attempts: 0 },
    },
    outcome: 'ticket',
    ticket,
    ...{ threadKeys: [], refersTo: [] },
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function say(words: string): void {
  process.stderr.write(`${words}\n`)
}

await main()
