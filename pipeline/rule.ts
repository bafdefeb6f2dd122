import { setImmediate } from 'node:timers/promises'
import { toYiwangError, YiwangError } from '../config/errors.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { ticketIdOf } from './ids.ts'
import { incidentIdOf } from './incidents.ts'
import { incidentAfter, RulingWrites } from './ruling-writes.ts'
import {
  type Along,
  type Family,
  type Judgement,
  type RuledTicket,
  type Ruling,
  ruleApart,
  ruleDuplicate,
  ruleRelated,
} from './rulings.ts'
import type { Lease, Store } from './stores/store.ts'

/** More repeats than a flood brings. */
const allRepeats = 1_000_000
/** So many tickets are written together: others who write wait for no more. */
const pageSize = 100
/** What is being carried out is kept under this name. */
const rulingName = 'ruling'

/** A ruling on its way, as it is kept until all of it is written. */
interface SaidRuling {
  readonly ruling: Ruling
  readonly at: string
  /** The incident that it founds or adds to; null: it is still to be found. */
  readonly incidentId: string | null
}

/** How many tickets of all that may change are written. */
export interface RulingProgress {
  readonly done: number
  readonly all: number
}

interface RulingOptions {
  /** Ends it after a page of tickets; the rest is completed by who goes on. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RulingProgress) => void
}

/**
 * Carries out what a person says of tickets, under the lease that decisions are made under. Saying it again changes
 * nothing. Interrupted, it is completed by {@link completeRuling}, before anything is decided or published. Returns the
 * ids of the tickets that changed, the named one first.
 * @param at RFC 3339, for the history
 * @throws YiwangError TICKET_UNKNOWN, LINK_SELF, LINK_LOOP, NOT_LINKED, LEASE_LOST, STOPPED; RULING_GIVEN_UP of the one
 *   before, when nothing of this one is done
 */
export async function carryOut(
  ruling: Ruling,
  store: Store,
  lease: Lease,
  at: string,
  options: RulingOptions = {},
): Promise<readonly string[]> {
  const completed = await completeRuling(store, lease, options)
  if (JSON.stringify(completed?.ruling) === JSON.stringify(ruling)) return completed?.ticketIds ?? []
  const said = { ruling, at, incidentId: null }
  return write(said, { ...options, store, lease, isSaved: false })
}

/**
 * Completes what a person has said, where that was interrupted; null where nothing was. What can never be written is
 * given up, so that it does not keep all other work waiting.
 * @throws YiwangError LEASE_LOST, STOPPED, RULING_GIVEN_UP
 */
export async function completeRuling(
  store: Store,
  lease: Lease,
  options: RulingOptions = {},
): Promise<{ readonly ruling: Ruling; readonly ticketIds: readonly string[] } | null> {
  const text = await store.progress(rulingName)
  if (text === null) return null
  const said = JSON.parse(text) as SaidRuling
  try {
    const ticketIds = await write(said, { ...options, store, lease, isSaved: true })
    return { ruling: said.ruling, ticketIds }
  } catch (thrown) {
    const { code, kind, details } = toYiwangError(thrown)
    if (kind !== 'data' && kind !== 'bug') throw thrown
    await store.saveProgress(rulingName, null, lease)
    // All of it was written.
    if (code === 'NOT_LINKED') return null
    const reason = details.reason === undefined ? code : `${code}: ${details.reason}`
    throw new YiwangError('RULING_GIVEN_UP', { ticket: said.ruling.ticketId, reason }, thrown)
  }
}

/** @param isSaved whether it is kept already, as one that was interrupted is */
async function write(
  said: SaidRuling,
  { store, lease, signal, onProgress, isSaved }: Writing,
): Promise<readonly string[]> {
  const { ruling } = said
  const one = await familyOf(ruling.ticketId, store)
  const other = ruling.verdict === 'apart' ? null : await familyOf(ruling.otherId, store)
  const judgement = await judged(said, one, other, store)
  const before = [one, other].flatMap((family) => (family === null ? [] : [family.named, family.head]))
  const repeats = await repeatsAlong(judgement, store)
  if (judgement.tickets.length === 0 && repeats.length === 0)
    throw new YiwangError('NOT_LINKED', { ticket: ruling.ticketId })
  const pages = () => ruledPages(repeats, store)
  const incidentOf = await incidentAfter(judgement, before, pages, store)
  const { incidentId } = judgement
  const keeping = new Keeping({ ...said, incidentId }, store, lease, isSaved)
  const all = judgement.tickets.length + repeats.length
  let done = 0
  for await (const { ruled, isLast } of pages()) {
    if (signal?.aborted) throw new YiwangError('STOPPED')
    const writes = new RulingWrites(store, incidentId, incidentOf)
    if (isLast) for (const ticket of before) writes.know(ticket)
    if (isLast) for (const each of judgement.tickets) writes.rule(each)
    for (const each of ruled) writes.take(each.ticket, each.ruled)
    if (isLast) await writes.countLinks()
    if (isLast) await writes.countOthers()
    await keeping.commit(writes.commit())
    done += pageSize
    onProgress?.({ done: Math.min(done, all), all })
  }
  return keeping.end()
}

interface Writing extends RulingOptions {
  readonly store: Store
  readonly lease: Lease
  readonly isSaved: boolean
}

/** Keeps what is being carried out from its first write to its last. */
class Keeping {
  private readonly said: SaidRuling
  private readonly store: Store
  private readonly lease: Lease
  private isSaved: boolean
  private changed: string[] = []
  private last: readonly string[] = []

  constructor(said: SaidRuling, store: Store, lease: Lease, isSaved: boolean) {
    this.said = said
    this.store = store
    this.lease = lease
    this.isSaved = isSaved
  }

  async commit({ tickets, links }: ReturnType<RulingWrites['commit']>): Promise<void> {
    if (tickets.length + links.length === 0) return
    if (!this.isSaved) await this.store.saveProgress(rulingName, JSON.stringify(this.said), this.lease)
    this.isSaved = true
    await this.store.commit({ tickets, links, outcomes: [], terms: null }, this.lease, this.said.at)
    this.last = tickets.map(({ ticket }) => ticket.id).reverse()
    this.changed.push(...this.last)
  }

  /** All is written. Returns the ids of the tickets that changed: those named are among the last. */
  async end(): Promise<readonly string[]> {
    try {
      if (this.isSaved) await this.store.saveProgress(rulingName, null, this.lease)
    } catch (thrown) {
      // Whoever has the lease by now completes it, and finds nothing left to do.
      if (toYiwangError(thrown).code !== 'LEASE_LOST') throw thrown
    }
    return [...new Set([...this.last.slice(0, 1), ...this.changed])]
  }
}

async function familyOf(id: string, store: Store): Promise<Family> {
  const named = await ticketOf(id, store)
  const { masterId } = named.dedupe
  const head = masterId === null ? named : await ticketOf(masterId, store)
  const apart = [named, head].flatMap(({ dedupe }) => dedupe.apartFrom)
  return { named, head, keptFrom: [...(await store.tickets(apart)).values()] }
}

async function ticketOf(id: string, store: Store): Promise<Ticket> {
  const ticket = await store.ticket(id)
  if (ticket === null) throw new YiwangError('TICKET_UNKNOWN', { ticket: id })
  return ticket
}

async function judged(
  { ruling: { verdict }, at, incidentId }: SaidRuling,
  one: Family,
  other: Family | null,
  store: Store,
): Promise<Judgement> {
  if (verdict === 'apart' || other === null) return ruleApart(one, at)
  if (verdict === 'duplicate') return ruleDuplicate(one, other, at)
  // The one that it had begun to found.
  if (incidentId !== null) return ruleRelated(one, other, at, (id) => id !== incidentId)
  const ids = [one.head.id, other.head.id]
  const names = [...ids, ticketIdOf(other.head.id, one.head.id)].map(incidentIdOf)
  const taken = await store.incidentCounts(names, [])
  const apart = [one, other].flatMap(({ head }) => head.dedupe.apartFrom)
  return ruleRelated(one, other, at, (id) => taken.has(id) || apart.includes(id))
}

/** A ticket that something may become of. */
interface Repeat {
  readonly id: string
  readonly become: Along['become']
}

/**
 * The tickets that something becomes of with those of a judgement, by their ids: where they are now, before anything
 * is written.
 */
async function repeatsAlong({ along, tickets }: Judgement, store: Store): Promise<readonly Repeat[]> {
  const known = new Set(tickets.map(({ ticket }) => ticket.id))
  const repeats: Repeat[] = []
  for (const { masterId, holding, become } of along) {
    const query = { masterId, limit: allRepeats, ...(holding === undefined ? {} : { holding }) }
    const ids = (await store.findTicketIds(query)).filter((id) => !known.has(id))
    const found = ids.map((id) => ({ id, become }))
    if (holding === undefined) repeats.push(...found)
    else
      for await (const { ruled } of ruledPages(found, store))
        repeats.push(...ruled.map(({ ticket }) => ({ id: ticket.id, become })))
  }
  return repeats
}

/** These tickets, and what becomes of them; there is always a last page. */
async function* ruledPages(repeats: readonly Repeat[], store: Store): AsyncGenerator<RuledPage> {
  for (let start = 0; ; start += pageSize) {
    // A store that answers at once would keep the lease from being renewed.
    await setImmediate()
    const page = repeats.slice(start, start + pageSize)
    const tickets = await store.tickets(page.map(({ id }) => id))
    const ruled = page.flatMap(({ id, become }) => {
      const ticket = tickets.get(id)
      const after = ticket === undefined ? null : become(ticket)
      return ticket === undefined || after === null ? [] : [{ ticket, ruled: after }]
    })
    const isLast = start + pageSize >= repeats.length
    yield { ruled, isLast }
    if (isLast) return
  }
}

interface RuledPage {
  readonly ruled: readonly { readonly ticket: Ticket; readonly ruled: RuledTicket }[]
  readonly isLast: boolean
}
