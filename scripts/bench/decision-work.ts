import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { defaultDedupe } from '../../config/schema.ts'
import type { Decision } from '../../dedupe/decision.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import { decideBatch } from '../../pipeline/batch.ts'
import { Decider } from '../../pipeline/decider.ts'
import { processingLease } from '../../pipeline/lease-keeper.ts'
import { readingOf } from '../../pipeline/plan.ts'
import { openSqliteStore } from '../../pipeline/stores/sqlite/sqlite-store.ts'
import type { DrainStore, Lease, Store } from '../../pipeline/stores/store.ts'

/** As the drain takes them. */
const batchSize = 500
const decidedAt = '2026-03-01T08:00:00+08:00'

/** What deciding about some tickets cost and gave. Microseconds are of processor time, of all threads of the process. */
export interface Round {
  readonly micros: number
  /** Of them, spent in the store: looking up, reading, counting; and writing, where it is written. */
  readonly storeMicros: number
  readonly decisions: readonly Decision[]
}

/** Remembers what is decided. */
class WatchedDecider extends Decider {
  readonly decisions: Decision[] = []

  override decide(...args: Parameters<Decider['decide']>): Decision {
    const decision = super.decide(...args)
    this.decisions.push(decision)
    return decision
  }
}

/** A SQLite store, and decisions over it by the program's own classes. */
export class DecisionWork {
  readonly store: Store
  readonly lease: Lease
  private readonly file: string
  private readonly writing = new WatchedDecider(defaultDedupe)
  private seq = 0

  private constructor(file: string, store: Store, lease: Lease) {
    this.file = file
    this.store = store
    this.lease = lease
  }

  static async open(file: string): Promise<DecisionWork> {
    const store = await openSqliteStore(file, { randomBytes })
    const lease = await store.acquire(processingLease, 'bench', 86_400_000)
    if (lease === null) throw new Error('the lease is taken')
    return new DecisionWork(file, store, lease)
  }

  /** Decides by the statistics as they are stored, with nothing remembered from before, and writes nothing. */
  async decide(tickets: readonly Ticket[]): Promise<Round> {
    const decider = new WatchedDecider(defaultDedupe)
    await decider.begin(0, this.store)
    return this.round(tickets, decider, false)
  }

  /** Decides and writes, as the drain does. */
  async take(tickets: readonly Ticket[]): Promise<Round> {
    this.writing.decisions.length = 0
    return this.round(tickets, this.writing, true)
  }

  private async round(tickets: readonly Ticket[], decider: WatchedDecider, writes: boolean): Promise<Round> {
    const { ledger, spent } = timed(this.store)
    let micros = 0
    for (let from = 0; from < tickets.length; from += batchSize) {
      const batch = tickets.slice(from, from + batchSize)
      const readings = batch.map((ticket, at) => readingOf(ticket, writes ? this.seq++ : at))
      const before = process.cpuUsage()
      const commit = await decideBatch(readings, ledger, decider)
      if (writes) await ledger.commit(commit, this.lease, decidedAt)
      micros += microsSince(before)
    }
    return { micros, storeMicros: spent.micros, decisions: [...decider.decisions] }
  }

  /** Bytes of the index of match keys on the disk. */
  indexBytes(): number {
    const db = new DatabaseSync(this.file, { readOnly: true })
    const sql = `SELECT sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE AND name LIKE 'match_key%'`
    const row = db.prepare(sql).get()
    db.close()
    return Number(row?.bytes ?? 0)
  }

  close(): Promise<void> {
    return this.store.close()
  }
}

/** The store, with what its answers cost. */
function timed(store: Store): { readonly ledger: DrainStore; readonly spent: { micros: number } } {
  const spent = { micros: 0 }
  const measured =
    <Args extends unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) =>
    async (...args: Args) => {
      const before = process.cpuUsage()
      const answer = await ask(...args)
      spent.micros += microsSince(before)
      return answer
    }
  const ledger: DrainStore = {
    ...store,
    candidates: measured(store.candidates),
    tickets: measured(store.tickets),
    ticketsByNumber: measured(store.ticketsByNumber),
    ticketsByThread: measured(store.ticketsByThread),
    linkCounts: measured(store.linkCounts),
    incidentCounts: measured(store.incidentCounts),
    incidentMembers: measured(store.incidentMembers),
    commit: measured(store.commit),
  }
  return { ledger, spent }
}

function microsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return user + system
}
