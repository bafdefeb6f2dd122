import type { Ticket } from '../normalizers/ticket.ts'
import type { BatchTickets } from './batch-tickets.ts'
import { countedMaster, linkOf, realLinks, unlinkOf, withCounts } from './counting.ts'
import type { Ledger, LinkWrite } from './stores/store.ts'

/** Which tickets repeat which masters after one batch. */
export class BatchLinks {
  /** Repeats where they are now. */
  private links: LinkWrite[] = []
  /** How many repeats the store has linked to masters that may be corrected. */
  private readonly repeats = new Map<string, number>()
  /** Tickets that repeat a master no more, by its id. */
  private readonly leavers = new Map<string, Set<string>>()
  private readonly store: Pick<Ledger, 'linkCounts'>
  private readonly tickets: BatchTickets

  constructor(store: Pick<Ledger, 'linkCounts'>, tickets: BatchTickets) {
    this.store = store
    this.tickets = tickets
  }

  /** Counts the repeats of masters that may be corrected: an interrupted commit may have ended some that they count still. */
  async load(masters: readonly Ticket[]): Promise<void> {
    const missing = masters.filter(({ id, dedupe }) => dedupe.reports > 1 && !this.repeats.has(id))
    if (missing.length === 0) return
    const counted = await this.store.linkCounts(missing.map(countedMaster), [])
    for (const [id, { reports }] of counted) this.repeats.set(id, reports)
  }

  link(ticket: Ticket, masterId: string): void {
    this.links.push(linkOf(ticket, masterId))
  }

  /** What a ticket repeats is open again: whatever this batch has linked it to. What it has left it has left. */
  forget(ticketId: string): void {
    const gone = new Set(realLinks(this.links).filter((link) => link.ticketId === ticketId))
    this.links = this.links.filter((link) => !gone.has(link))
  }

  leave(ticket: Ticket, masterId: string): void {
    const leavers = this.leavers.get(masterId) ?? new Set()
    this.leavers.set(masterId, leavers.add(ticket.id))
    this.links.push(unlinkOf(ticket))
  }

  /** Counts a master's repeats anew, as an interrupted commit meant to. */
  countAgain(masterId: string): void {
    this.leavers.set(masterId, this.leavers.get(masterId) ?? new Set())
  }

  /** Counts a ticket as what it has become, with its repeats or with its master's. */
  recount(ticket: Ticket): void {
    const { masterId } = ticket.dedupe
    if (masterId === null) this.countAgain(ticket.id)
    else this.link(ticket, masterId)
  }

  /** Whether others repeat a ticket, as this batch will leave it: others were compared with it, so it keeps its role. */
  isMaster(id: string): boolean {
    if (this.links.some(({ masterId }) => masterId === id)) return true
    const left = [...(this.leavers.get(id) ?? [])].filter((ticketId) => {
      return this.tickets.stored(ticketId)?.dedupe.masterId === id
    })
    return (this.repeats.get(id) ?? 0) > left.length
  }

  /** Masters count their repeats: all links of the batch at once. */
  async count(): Promise<void> {
    const masterIds = [
      ...new Set([...this.leavers.keys(), ...realLinks(this.links).map(({ masterId }) => masterId)]),
    ]
    if (masterIds.length === 0) return
    const { tickets } = this
    await tickets.load(masterIds.filter((id) => tickets.current(id) === null))
    const masters = masterIds.flatMap((id) => tickets.current(id) ?? [])
    for (const [id, counts] of await this.store.linkCounts(masters.map(countedMaster), this.links)) {
      const master = tickets.current(id)
      // What repeats something else since its own repeats have left counts by itself.
      if (master === null || master.dedupe.masterId !== null) continue
      const dedupe = withCounts(master, counts)
      if (JSON.stringify(dedupe) !== JSON.stringify(master.dedupe))
        tickets.put({ ...master, dedupe }, 'ticket.updated', null)
    }
  }

  writes(): readonly LinkWrite[] {
    return realLinks(this.links)
  }
}
