import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { type ErrorCode, YiwangError } from '../../../config/errors.ts'
import type { KeyAsk, MatchKey } from '../../../dedupe/decision.ts'
import type { Ticket } from '../../../normalizers/ticket.ts'
import type {
  Commit,
  CountedMaster,
  IncomingItem,
  Lease,
  LinkWrite,
  Outcome,
  OutcomeWrite,
  Store,
  TicketWrite,
} from '../store.ts'

const day = '2026-03-01'
export const decidedAt = '2026-03-01T09:00:00.000+08:00'
export const publishedAt = '2026-03-01T09:00:01.000+08:00'
/** A moment in milliseconds at which leases of these tests are taken. */
export const now = Date.parse(decidedAt)

/** An id of the real form, made from any name. */
export function idOf(prefix: 'R' | 'T', name: string): string {
  return `${prefix}-${hash('sha256', name, 'hex').slice(0, 26).toUpperCase()}`
}

/** An item that says who it is; everything about it may be given. */
export function item(name: string, given: Partial<IncomingItem> = {}): IncomingItem {
  return {
    rawId: idOf('R', name),
    sourceId: 'hotline',
    externalId: `GD-${name}`,
    mediaType: 'application/json',
    body: Buffer.from(`{"诉求内容":"${name}"}`),
    meta: { file: '三月.csv', row: '7' },
    archivedAt: '2026-03-01T08:05:00.000+08:00',
    day,
    locator: null,
    ...given,
  }
}

/** A whole ticket; `masterId` makes it a duplicate. */
export function ticket(name: string, given: Partial<Ticket> = {}, masterId: string | null = null): Ticket {
  return {
    schemaVersion: '1',
    id: idOf('T', name),
    revision: 1,
    ...{ sourceId: 'hotline', channel: 'hotline', platform: null, externalId: `GD-${name}` },
    ...{ externalUrl: null, threadId: null, title: '路灯不亮', body: `${name}：路灯不亮。`, language: 'zh' },
    reporter: {
      ...{ kind: 'person', anonymous: false, name: '王小明', phone: '+8613800138000' },
      ...{ phoneRaw: '13800138000', email: null, wechatId: null, key: 'caller' },
    },
    ...{ occurredAt: null, submittedAt: null, receivedAt: null, ingestedAt: '2026-03-01T08:05:00+08:00' },
    place: {
      ...{ text: null, province: null, city: null, district: null, street: null, code: null },
      ...{ lat: null, lon: null, method: null },
    },
    ...{ attachments: [], kind: 'help', category: null, urgency: null, departments: null, handling: null },
    dedupe: {
      ...{ verdict: masterId === null ? 'new' : 'duplicate', masterId, incidentId: null, score: null },
      ...{ incident: null, reasons: [], terms: [], fields: [], suggestion: null, recurrence: null },
      ...{ algorithm: 'exact/1', decidedBy: 'algorithm', apartFrom: [], history: [], cut: false },
      ...{ reports: 1, reporters: 1, channels: ['hotline'] },
    },
    ...{ followUps: [], official: null },
    provenance: {
      ...{ rawId: idOf('R', name), connector: 'hotline-export/1', normalizer: 'hotline/1' },
      ...{ fields: {}, notes: [] },
    },
    ...given,
  }
}

/** A first revision on its way out. */
export function ticketWrite(of: Ticket, given: Partial<Omit<TicketWrite, 'ticket'>> = {}): TicketWrite {
  return {
    ...{
      ticket: of,
      event: 'ticket.created',
      threadKeys: [],
      matchKeys: [],
    },
    at: now,
    ...given,
  }
}

/** The link of a duplicate to its master, by names. */
export function link(name: string, master: string, given: Partial<LinkWrite> = {}): LinkWrite {
  return {
    ticketId: idOf('T', name),
    masterId: idOf('T', master),
    ...{ reporterKey: `reporter of ${name}`, channel: 'hotline' },
    ...given,
  }
}

/** A master whose links are to be counted, by the reporter that {@link ticket} gives it. */
export function countedMaster(id: string, reporterKey: string | null = 'caller'): CountedMaster {
  return { id, reporterKey }
}

/** Asks for all tickets under a key. */
export function ask(key: MatchKey, given: Partial<KeyAsk> = {}): KeyAsk {
  return { key, since: 0, until: now * 2, limit: 10, ...given }
}

/** What stands under these keys, in the order of the answers, with the ids of the tickets. */
export async function ticketsUnder(store: Store, ...asks: readonly KeyAsk[]) {
  const answers = await store.candidates(asks)
  const numbers = new Set(answers.flatMap(({ hits }) => hits.map(({ n }) => n)))
  const tickets = await store.ticketsByNumber([...numbers])
  return answers.map(({ hits, cut }) => ({
    hits: hits.map(({ n, at }) => ({ ticketId: tickets.get(n)?.id, at })),
    cut,
  }))
}

/** Takes the lease that commits are made under. */
export async function processing(store: Store): Promise<Lease> {
  const lease = await store.acquire('processing', 'drain', 60_000)
  if (lease === null) throw new Error('the lease is taken')
  return lease
}

/** Takes over a lease that its holder has let expire. */
export async function takeOver(store: Store, stale: Lease): Promise<Lease> {
  await store.renew(stale, 0)
  const lease = await store.acquire(stale.name, 'another', 60_000)
  if (lease === null) throw new Error('the lease has not expired')
  return lease
}

/** A store with a fault: these methods take any lease for that of whoever holds it now. */
export function underAnyLease(
  store: Store,
  methods: (current: (lease: Lease) => Lease) => Partial<Store>,
): Store {
  let token = ''
  return {
    ...store,
    acquire: async (...args) => {
      const lease = await store.acquire(...args)
      if (lease !== null) token = lease.token
      return lease
    },
    ...methods((lease) => ({ ...lease, token })),
  }
}

/** Commits tickets, links and outcomes under a lease of its own. */
export async function commit(store: Store, given: Partial<Commit>): Promise<void> {
  const lease = await processing(store)
  await store.commit({ tickets: [], links: [], outcomes: [], terms: null, ...given }, lease, decidedAt)
}

/** Tickets with nothing more to them, in one commit. */
export async function commitTickets(store: Store, ...tickets: readonly Ticket[]): Promise<void> {
  await commit(store, { tickets: tickets.map((of) => ticketWrite(of)) })
}

const outcomes = {
  ticketed: { reason: 'created', details: {} },
  linked: { reason: 'duplicate', details: {} },
  quarantined: { reason: 'ITEM_UNREADABLE', details: { mediaType: 'text/csv', reason: 'no header' } },
  skipped: { reason: 'auto-reply', details: { detail: 'auto-submitted' } },
} as const

/** The outcome of the item with this name, as the archive numbered it. */
export async function outcome(
  store: Store,
  name: string,
  kind: Outcome['kind'],
  ticketName: string | null = kind === 'ticketed' || kind === 'linked' ? name : null,
): Promise<OutcomeWrite> {
  const story = await store.item(idOf('R', name))
  if (story === null) throw new Error(`${name} is not archived`)
  const ticketId = ticketName === null ? null : idOf('T', ticketName)
  return { seq: story.seq, rawId: story.item.rawId, kind, ticketId, ...outcomes[kind] }
}

/** Archives items and gives each the outcome named. */
export async function decide(store: Store, kinds: Readonly<Record<string, Outcome['kind']>>): Promise<void> {
  await store.archive(Object.keys(kinds).map((name) => item(name)))
  for (const [name, kind] of Object.entries(kinds)) {
    const made = kind === 'ticketed' || kind === 'linked'
    await commit(store, {
      tickets: made ? [ticketWrite(ticket(name))] : [],
      outcomes: [await outcome(store, name, kind)],
    })
  }
}

/** Raw ids of all pending items, in order. */
export async function pendingIds(store: Store, at: number = now): Promise<string[]> {
  return (await store.pending(1000, Number.MAX_SAFE_INTEGER, at)).map(({ rawId }) => rawId)
}

/** Holds when `work` fails with this code. */
export async function assertCode(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  assert.equal(thrown instanceof YiwangError ? thrown.code : thrown, code)
}
