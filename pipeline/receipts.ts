import type { OutputSettings } from '../config/settings.ts'
import { isFiltered, takes } from './relay.ts'
import type { Ledger, Outbox, OutboxKey } from './stores/store.ts'
import { jobIdOf } from './ticket-queue.ts'

type PublishedTickets = Pick<Outbox, 'publications'> & Pick<Ledger, 'tickets'>

/** How many jobs, at most, are remembered that some outputs have completed and others have not. */
const mostUnfinished = 100_000

/** An output's place among the outputs. */
type OutputIndex = number

/** Which jobs downstream has completed, and on which outputs; a job is delivered once all that take it have. */
export class Receipts {
  private readonly outputs: readonly OutputSettings[]
  private readonly most: number
  private readonly unfinished = new Map<string, { readonly key: OutboxKey; readonly by: Set<OutputIndex> }>()
  /** About those there is something new to be found out. */
  private readonly news = new Set<string>()

  constructor(outputs: readonly OutputSettings[], most = mostUnfinished) {
    this.outputs = outputs
    this.most = most
  }

  add(key: OutboxKey, output: OutputIndex): void {
    const jobId = jobIdOf(key)
    const known = this.unfinished.get(jobId) ?? { key, by: new Set() }
    known.by.add(output)
    this.unfinished.set(jobId, known)
    this.news.add(jobId)
    if (this.unfinished.size > this.most) this.forgetOldest()
  }

  /** What has come to be delivered since the last call. */
  async delivered(store: PublishedTickets): Promise<readonly OutboxKey[]> {
    const asked = [...this.news].flatMap((jobId) => this.unfinished.get(jobId) ?? [])
    const takers = await takersOf(
      asked.map(({ key }) => key),
      this.outputs,
      store,
    )
    const delivered: OutboxKey[] = []
    for (const [index, { key, by }] of asked.entries()) {
      const its = takers[index] ?? 'unknown'
      if (its === 'unknown') continue
      const isDelivered = its !== 'gone' && its.every((output) => by.has(output))
      if (isDelivered) delivered.push(key)
      if (isDelivered || its === 'gone') this.unfinished.delete(jobIdOf(key))
      this.news.delete(jobIdOf(key))
    }
    return delivered
  }

  /** What is forgotten is only published once more after a wipe. */
  private forgetOldest(): void {
    const [oldest] = this.unfinished.keys()
    if (oldest === undefined) return
    this.unfinished.delete(oldest)
    this.news.delete(oldest)
  }
}

/**
 * The outputs that take each revision. `unknown`: not while another one waits or it is not marked as published;
 * `gone`: a newer one was published, or there is no such ticket.
 */
export async function takersOf(
  keys: readonly OutboxKey[],
  outputs: readonly OutputSettings[],
  store: PublishedTickets,
): Promise<readonly (readonly OutputIndex[] | 'unknown' | 'gone')[]> {
  const all = [...outputs.keys()]
  if (keys.length === 0 || !outputs.some(isFiltered)) return keys.map(() => all)
  const ids = keys.map(({ ticketId }) => ticketId)
  const [tickets, publications] = await Promise.all([store.tickets(ids), store.publications(ids)])
  return keys.map(({ ticketId, revision }) => {
    const [ticket, publication] = [tickets.get(ticketId), publications.get(ticketId)]
    if (ticket === undefined || publication === undefined || publication.published > revision) return 'gone'
    const { event } = publication
    if (publication.published < revision || event === null) return 'unknown'
    return all.filter((index) => {
      const output = outputs[index]
      return output !== undefined && takes(output, ticket, event)
    })
  })
}
