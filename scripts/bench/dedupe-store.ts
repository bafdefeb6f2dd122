import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { KeyAsk } from '../../dedupe/decision.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import { openSqliteStore } from '../../pipeline/stores/sqlite/sqlite-store.ts'
import type { Lease, Store, TicketWrite } from '../../pipeline/stores/store.ts'
import { bodyOf } from './csv.ts'
import { sampleTicket } from './sample-ticket.ts'

/*
 * What the index of match keys costs in a SQLite store: node scripts/bench/dedupe-store.ts [tickets ...]
 * Fills one store to each of the sizes and prints a row for each. Microseconds are of processor time, so that other
 * work on the machine does not count; the worst commit is by the clock.
 */
const keysPerTicket = 25
const batchSize = 500
const asksPerCall = 12_000
const calls = 5
const begin = Date.parse('2024-01-01T00:00:00+08:00')
/** One ticket in 300 stands under it. */
const floodKey = 2 ** 48 - 1
/** Three million tickets are a year and a half. */
const apartMs = 15_000

interface Cost {
  readonly tickets: number
  readonly microsPerMiss: number
  readonly microsPerHit: number
  readonly microsPerFloodHit: number
  readonly microsPerTicketRead: number
  readonly microsPerCommittedTicket: number
  readonly worstCommitMs: number
  readonly indexBytesPerTicket: number
}

const sizes = process.argv.slice(2).map(Number)
const withKeys = await measure(sizes.length > 0 ? sizes : [30_000, 300_000], keysOf)
const [without] = await measure([30_000], () => [])
console.log(
  JSON.stringify(
    { withKeys, withoutKeysMicrosPerCommittedTicket: without?.microsPerCommittedTicket },
    null,
    2,
  ),
)

async function measure(upto: readonly number[], keys: typeof keysOf): Promise<Cost[]> {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-bench-'))
  const file = join(dir, 'yiwang.db')
  const store = await openSqliteStore(file, { randomBytes })
  const lease = await store.acquire('processing', 'bench', 86_400_000, Date.now())
  if (lease === null) throw new Error('the lease is taken')
  const costs: Cost[] = []
  let made = 0
  for (const tickets of upto) {
    const written = await fill(store, lease, made, tickets, keys)
    made = tickets
    costs.push({ tickets, ...written, ...indexSize(file, tickets), ...(await lookUp(store, tickets)) })
  }
  await store.close()
  await rm(dir, { recursive: true })
  return costs
}

/** The commits of the last tenth are timed, so that the sizes can be compared. */
async function fill(store: Store, lease: Lease, from: number, to: number, keys: typeof keysOf) {
  const timedFrom = from + Math.floor((to - from) * 0.9)
  let timedMs = 0
  let worstCommitMs = 0
  for (let first = from; first < to; first += batchSize) {
    const tickets = Array.from({ length: batchSize }, (_, index) => writeOf(first + index, keys))
    const startedAt = performance.now()
    const before = processorMs()
    await store.commit({ tickets, links: [], outcomes: [], terms: null }, lease, '2026-03-01T08:00:00+08:00')
    if (first >= timedFrom) timedMs += processorMs() - before
    worstCommitMs = Math.max(worstCommitMs, performance.now() - startedAt)
  }
  return {
    microsPerCommittedTicket: rounded((timedMs * 1000) / (to - timedFrom)),
    worstCommitMs: rounded(worstCommitMs),
  }
}

async function lookUp(store: Store, tickets: number) {
  const ticketAt = (index: number) => Math.floor(mix(index, 7) % tickets)
  const miss = await timed(store, (index) => askFor(keyOf(index, 99)))
  const hit = await timed(store, (index) => askFor(keyOf(ticketAt(index), index % keysPerTicket)))
  const flood = await timed(store, () => ({ ...askFor(floodKey), limit: 50 }), 100)
  const ids = Array.from({ length: 400 }, (_, index) => idOf(ticketAt(index)))
  const before = processorMs()
  const found = await store.tickets(ids)
  const readMs = processorMs() - before
  if (found.size < 300 || miss.hits > 10 * calls)
    throw new Error(`wrong: ${miss.hits} ${hit.hits} ${found.size}`)
  return {
    microsPerMiss: rounded((miss.ms * 1000) / miss.asks),
    microsPerHit: rounded((hit.ms * 1000) / hit.hits),
    microsPerFloodHit: rounded((flood.ms * 1000) / flood.hits),
    microsPerTicketRead: rounded((readMs * 1000) / ids.length),
  }
}

async function timed(store: Store, ask: (index: number) => KeyAsk, asks: number = asksPerCall) {
  let hits = 0
  let ms = 0
  for (let call = 0; call < calls; call++) {
    const asked = Array.from({ length: asks }, (_, index) => ask(call * asks + index))
    const before = processorMs()
    const answers = await store.candidates(asked)
    ms += processorMs() - before
    hits += answers.reduce((sum, answer) => sum + answer.hits.length, 0)
  }
  return { ms, hits, asks: asks * calls }
}

function indexSize(file: string, tickets: number) {
  const db = new DatabaseSync(file, { readOnly: true })
  const sql = `SELECT sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE AND name LIKE 'match_key%'`
  const row = db.prepare(sql).get() as { readonly bytes: number | null }
  db.close()
  return { indexBytesPerTicket: Math.round((row.bytes ?? 0) / tickets) }
}

function keysOf(ticket: number): number[] {
  const keys = Array.from({ length: keysPerTicket }, (_, index) => keyOf(ticket, index))
  return ticket % 300 === 0 ? [...keys.slice(1), floodKey] : keys
}

function askFor(key: number): KeyAsk {
  return { key, since: begin, until: begin + 1e12, first: 'newest', limit: 20 }
}

function writeOf(index: number, keys: typeof keysOf): TicketWrite {
  const ticket = { ...sampleTicket, id: idOf(index), externalId: `DH${index}`, body: bodyOf(index) } as Ticket
  const at = begin + index * apartMs
  return {
    ticket,
    text: Buffer.from(JSON.stringify(ticket)),
    event: null,
    threadKeys: [],
    matchKeys: keys(index),
    at,
  }
}

function idOf(index: number): string {
  const hashed = (mix(index, 1) * 2 ** 20 + (mix(index, 2) >>> 12)).toString(36).toUpperCase()
  return `T-${hashed.padStart(12, '0')}${String(index).padStart(14, '0')}`
}

/** 48 bits that look random, the same for the same numbers. */
function keyOf(ticket: number, key: number): number {
  return (mix(ticket, 2 * key + 100) & 0xffff) * 2 ** 32 + mix(ticket, 2 * key + 101)
}

function mix(value: number, salt: number): number {
  return scrambled(scrambled(value + 1) ^ scrambled(~salt))
}

/** The finalizer of MurmurHash3. */
function scrambled(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
