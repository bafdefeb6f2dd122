import type { Hit, KeyAnswer, KeyAsk, MatchKey } from '../../../../dedupe/decision.ts'
import type { Ticket } from '../../../../normalizers/ticket.ts'

/** Tickets by key, as a store answers for them, without the store. */
export class MemoryIndex {
  private readonly hits = new Map<MatchKey, Hit[]>()
  private readonly known = new Map<string, Ticket>()
  private readonly numbered: Ticket[] = []

  add(ticket: Ticket, at: number, keys: readonly MatchKey[]): void {
    this.known.set(ticket.id, ticket)
    const hit = { n: this.numbered.push(ticket) - 1, at }
    for (const key of new Set(keys)) {
      const hits = this.hits.get(key) ?? []
      this.hits.set(key, hits)
      hits.push(hit)
    }
  }

  candidates(asks: readonly KeyAsk[]): Promise<readonly KeyAnswer[]> {
    return Promise.resolve(asks.map((ask) => this.answer(ask)))
  }

  private answer({ key, since, until, limit }: KeyAsk): KeyAnswer {
    const inside = (this.hits.get(key) ?? []).filter(({ at }) => at >= since && at <= until)
    const hits = inside.reverse().sort((a, b) => b.at - a.at)
    return { hits: hits.slice(0, limit), cut: hits.length > limit }
  }

  tickets(ids: readonly string[]): Promise<ReadonlyMap<string, Ticket>> {
    return Promise.resolve(
      new Map(
        ids.flatMap((id) => {
          const ticket = this.known.get(id)
          return ticket === undefined ? [] : [[id, ticket] as const]
        }),
      ),
    )
  }

  ticketsByNumber(numbers: readonly number[]): Promise<ReadonlyMap<number, Ticket>> {
    return Promise.resolve(
      new Map(
        numbers.flatMap((n) => {
          const ticket = this.numbered[n]
          return ticket === undefined ? [] : [[n, ticket] as const]
        }),
      ),
    )
  }

  incidentMembers(): Promise<readonly string[]> {
    return Promise.resolve([])
  }
}
