import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { systemClock } from '../../config/clock.ts'
import { defaultOutput } from '../../config/schema.ts'
import type { TicketEvent } from '../../normalizers/ticket.ts'
import { relay } from '../../pipeline/relay.ts'
import type { Outbox, OutboxEntry, Store } from '../../pipeline/stores/store.ts'
import { decidedAt, idOf, processing, ticket, ticketWrite } from '../../pipeline/stores/suite/fixtures.ts'
import { freshSqlite } from '../../pipeline/stores/suite/fresh.ts'
import { jobIdOf, TicketQueue } from '../../pipeline/ticket-queue.ts'
import { seeded } from './seeded.ts'

// Commits and the relay at the same time, their calls in any order, in a process that may die at any of them.

const rounds = 200
const mostCalls = 10_000
const redisUrl = 'redis://127.0.0.1:1'

/** Lets one call through at a time. Once it is over, no call of it is answered any more. */
class Life {
  private readonly waiting: (() => Promise<void>)[] = []
  private readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  watch<Given extends readonly unknown[], Answer>(work: (...given: Given) => Promise<Answer>) {
    return (...given: Given) =>
      new Promise<Answer>((resolve, reject) => {
        this.waiting.push(() => work(...given).then(resolve, reject))
      })
  }

  /** False when it ended before its actors did. */
  async run(actors: readonly Promise<void>[], calls: number): Promise<boolean> {
    const end = Promise.all(actors).then(() => true)
    for (let made = 0; made < calls; made += 1) {
      // Until each actor has come to its next call.
      for (let turn = 0; turn < 3; turn += 1) await setImmediate()
      if (await Promise.race([end, false])) return true
      const [next] = this.waiting.splice(Math.floor(this.random() * this.waiting.length), 1)
      await next?.()
    }
    return false
  }
}

/** What Redis has been given, and keeps, by job id. */
type Told = Map<string, OutboxEntry>

/** One whose connection may break at any job. */
function queueOn(told: Told, life: Life, random: () => number): TicketQueue {
  const add = life.watch(async (entry: OutboxEntry) => {
    const id = jobIdOf(entry)
    if (!told.has(id)) told.set(id, entry)
    if (random() < 0.05) throw new Error('Connection is closed.')
  })
  const publish: TicketQueue['publish'] = async (entries) => {
    for (const entry of entries) await add(entry)
  }
  const states: TicketQueue['states'] = life.watch(async (keys) =>
    keys.map((key) => (told.has(jobIdOf(key)) ? 'waiting' : 'missing')),
  )
  const queue = new TicketQueue(defaultOutput, { url: redisUrl, prefix: 'none' }, () => {})
  return Object.assign(queue, { tryOut: async () => {}, publish, states })
}

const days: Readonly<Record<string, readonly TicketEvent[]>> = {
  a: ['ticket.created', 'ticket.linked', 'ticket.updated', 'ticket.unlinked', 'ticket.updated'],
  b: ['ticket.created', 'ticket.updated'],
}

async function live(
  store: Store,
  round: string,
  outputs: readonly Told[],
  random: () => number,
  calls: number,
): Promise<boolean> {
  const life = new Life(random)
  const lease = await processing(store)
  const commit = life.watch(store.commit)
  let isDone = false
  const revise = async () => {
    for (const revision of [1, 2, 3, 4, 5])
      for (const [name, events] of Object.entries(days)) {
        const event = events[revision - 1]
        if (event === undefined) continue
        const tickets = [ticketWrite(ticket(name + round, { revision }), { event })]
        await commit({ tickets, links: [], outcomes: [], terms: null }, lease, decidedAt)
      }
    isDone = true
  }
  const { outbox, publications, markPublished } = store
  const watched: Outbox = {
    ...store,
    ...{ outbox: life.watch(outbox), publications: life.watch(publications) },
    markPublished: life.watch(markPublished),
  }
  const options = {
    ...{ store: watched, redisUrl, timeZone: 'Asia/Shanghai', clock: systemClock },
    outputs: outputs.map((told) => ({ settings: defaultOutput, queue: queueOn(told, life, random) })),
    ...{ prepare: async () => {}, signal: new AbortController().signal, onBatch: () => {} },
  }
  const publish = async () => {
    for (let isLast = false, isTrouble = false; !isLast || isTrouble; ) {
      isLast = isDone
      isTrouble = await relay(options).then(
        () => false,
        (error) => {
          if (error.code !== 'QUEUE_UNREACHABLE') throw error
          return true
        },
      )
    }
  }
  return await life.run([revise(), publish()], calls)
}

it.each([1, 2])(
  'tells %i outputs of a ticket as new once, of a link once, and last how it is',
  async (count) => {
    const { open, dispose } = await freshSqlite()
    const store = await open()
    for (let seed = 0; seed < rounds; seed += 1) {
      const round = ` in round ${seed}`
      const random = seeded(seed)
      const outputs = Array.from({ length: count }, (): Told => new Map())
      for (const _ of ['dies', 'dies']) await live(store, round, outputs, random, Math.floor(random() * 40))
      expect(await live(store, round, outputs, random, mostCalls)).toBe(true)
      expect(await store.outboxCount()).toBe(0)
      for (const told of outputs)
        for (const [name, { length }] of Object.entries(days)) {
          const jobs = [...told.values()].filter(({ ticketId }) => ticketId === idOf('T', name + round))
          const revisions = jobs.map(({ revision }) => revision)
          const events = jobs.map(({ event }) => event).filter((event) => event !== 'ticket.updated')
          expect(jobs[0]?.event).toBe('ticket.created')
          expect(events, `${name}${round}`).toEqual([...new Set(events)])
          expect(revisions).toEqual(revisions.toSorted((one, other) => one - other))
          expect(revisions.at(-1)).toBe(length)
        }
    }
    await store.close()
    await dispose()
  },
)
