import type { KeyAnswer, KeyAsk, MatchKey } from '../../../../dedupe/decision.ts'
import type { Ticket } from '../../../../normalizers/ticket.ts'

interface Posting {
  readonly ticketId: string
  readonly at: number
}

/** Tickets by key, as a store answers for them, without the store. */
export class MemoryIndex {
  private readonly postings = new Map<MatchKey, Posting[]>()
  private readonly known = new Map<string, Ticket>()

  add(ticket: Ticket, at: number, keys: readonly MatchKey[]): void {
    this.known.set(ticket.id, ticket)
    for (const key of new Set(keys)) {
      const list = this.postings.get(key) ?? []
      this.postings.set(key, list)
      list.push({ ticketId: ticket.id, at })
    }
  }

  candidates(asks: readonly KeyAsk[]): Promise<readonly KeyAnswer[]> {
    return Promise.resolve(asks.map((ask) => this.answer(ask)))
  }

  private answer({ key, since, until, first, limit }: KeyAsk): KeyAnswer {
    const inside = (this.postings.get(key) ?? []).filter(({ at }) => at >= since && at <= until)
    const hits =
      first === 'oldest' ? inside.sort((a, b) => a.at - b.at) : inside.reverse().sort((a, b) => b.at - a.at)
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

  incidentMembers(): Promise<readonly string[]> {
    return Promise.resolve([])
  }
}
