import type { TicketReading } from './interpret.ts'
import type { Ledger, PendingItem } from './stores/store.ts'

/** Which ticket each thread key of a source names, in the store and in one batch. */
export class BatchThreads {
  private readonly tickets = new Map<string, string>()
  private readonly store: Pick<Ledger, 'ticketsByThread'>

  constructor(store: Pick<Ledger, 'ticketsByThread'>) {
    this.store = store
  }

  /** Looks up all that these readings answer. Returns the tickets found. */
  async load(readings: readonly TicketReading<PendingItem>[]): Promise<readonly string[]> {
    const found: string[] = []
    for (const [sourceId, keys] of referencesBySource(readings)) {
      for (const [key, ticketId] of await this.store.ticketsByThread(sourceId, [...keys])) {
        this.add(sourceId, ticketId, [key])
        found.push(ticketId)
      }
    }
    return found
  }

  ticketOf(sourceId: string, key: string): string | null {
    return this.tickets.get(`${sourceId}\0${key}`) ?? null
  }

  /** The first ticket of a name keeps it, as in the store: a forged Message-ID draws no answers away. */
  add(sourceId: string, ticketId: string, keys: readonly string[]): void {
    for (const key of keys) {
      if (this.ticketOf(sourceId, key) === null) this.tickets.set(`${sourceId}\0${key}`, ticketId)
    }
  }
}

function referencesBySource(readings: readonly TicketReading<PendingItem>[]): Map<string, Set<string>> {
  const bySource = new Map<string, Set<string>>()
  for (const { item, refersTo } of readings) {
    if (refersTo.length === 0) continue
    const keys = bySource.get(item.sourceId) ?? new Set<string>()
    for (const key of refersTo) keys.add(key)
    bySource.set(item.sourceId, keys)
  }
  return bySource
}
