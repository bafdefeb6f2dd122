import type { Ticket } from '../normalizers/ticket.ts'
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
    return await this.find(
      readings.flatMap(({ item: { sourceId }, refersTo }) => refersTo.map((key) => ({ sourceId, key }))),
    )
  }

  /** Looks up the tickets that go on with the threads of these. Returns those found. */
  async loadNext(tickets: readonly Ticket[]): Promise<readonly string[]> {
    return await this.find(tickets.map(({ id, sourceId }) => ({ sourceId, key: nextKey(id) })))
  }

  private async find(
    names: readonly { readonly sourceId: string; readonly key: string }[],
  ): Promise<readonly string[]> {
    const found: string[] = []
    const unknown = names.filter(({ sourceId, key }) => this.ticketOf(sourceId, key) === null)
    for (const [sourceId, ofSource] of Map.groupBy(unknown, ({ sourceId }) => sourceId)) {
      const keys = new Set(ofSource.map(({ key }) => key))
      for (const [key, ticketId] of await this.store.ticketsByThread(sourceId, [...keys])) {
        this.add(sourceId, ticketId, [key])
        found.push(ticketId)
      }
    }
    return found
  }

  /** The ticket that this key names, and those that go on with its thread, in turn; only those before ticket `own`. */
  ticketsOf(sourceId: string, key: string, own: string): readonly string[] {
    const found = new Set<string>()
    let ticketId = this.ticketOf(sourceId, key)
    while (ticketId !== null && ticketId !== own && !found.has(ticketId)) {
      found.add(ticketId)
      ticketId = this.ticketOf(sourceId, nextKey(ticketId))
    }
    return [...found]
  }

  private ticketOf(sourceId: string, key: string): string | null {
    return this.tickets.get(`${sourceId}\0${key}`) ?? null
  }

  /**
   * The first ticket of a name keeps it, as in the store: a forged Message-ID draws no answers away. Returns the keys
   * that name this ticket.
   */
  add(sourceId: string, ticketId: string, keys: readonly string[]): readonly string[] {
    for (const key of keys) {
      if (this.ticketOf(sourceId, key) === null) this.tickets.set(`${sourceId}\0${key}`, ticketId)
    }
    return keys.filter((key) => this.ticketOf(sourceId, key) === ticketId)
  }
}

/** Names the ticket that goes on with the thread of this one. No Message-ID holds a space. */
export function nextKey(ticketId: string): string {
  return `next ${ticketId}`
}
