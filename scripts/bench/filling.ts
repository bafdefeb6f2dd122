import { Worker } from 'node:worker_threads'
import type { Ticket } from '../../normalizers/ticket.ts'
import type { Lease, Store, TicketWrite } from '../../pipeline/stores/store.ts'
import type { Filling, FillOrder } from './fill-thread.ts'

const batchSize = 500
/** So many batches are being made while one is written. */
const ahead = 4

/**
 * Fills a store with reports that have the keys, and counts the terms, that the program would give them, without
 * deciding about them. They are made in one thread and written in this one.
 */
export class Filler {
  private readonly worker = new Worker(new URL('./fill-thread.ts', import.meta.url))
  private readonly store: Store
  private readonly lease: Lease
  /** Who waits for a filling, in the order of asking. */
  private readonly answers: ((filling: Filling) => void)[] = []
  private filled = 0

  constructor(store: Store, lease: Lease) {
    this.store = store
    this.lease = lease
    this.worker.on('message', (filling: Filling) => this.answers.shift()?.(filling))
  }

  /** Microseconds of this thread for writing one ticket. */
  async fillTo(tickets: number, onBatch: (filled: number) => void): Promise<number> {
    const orders: FillOrder[] = []
    for (let from = this.filled; from < tickets; from += batchSize)
      orders.push({ from, to: Math.min(from + batchSize, tickets) })
    const waiting: Promise<Filling>[] = []
    let asked = 0
    let micros = 0
    for (const { to } of orders) {
      while (asked < orders.length && waiting.length < ahead) waiting.push(this.ask(orders[asked++]))
      const filling = await waiting.shift()
      if (filling === undefined) throw new Error('nothing was made')
      const before = process.threadCpuUsage()
      await this.write(filling)
      const { user, system } = process.threadCpuUsage(before)
      micros += user + system
      onBatch(to)
    }
    const written = tickets - this.filled
    this.filled = tickets
    return micros / written
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private ask(order: FillOrder | undefined): Promise<Filling> {
    return new Promise((resolve) => {
      this.answers.push(resolve)
      this.worker.postMessage(order)
    })
  }

  private write({ texts, keys, moments, terms }: Filling): Promise<void> {
    const tickets = texts.map(
      (text, at): TicketWrite => ({
        ticket: JSON.parse(text) as Ticket,
        event: null,
        threadKeys: [],
        matchKeys: Array.from(keys[at] ?? []),
        at: moments[at] ?? 0,
      }),
    )
    return this.store.commit(
      { tickets, links: [], outcomes: [], terms },
      this.lease,
      '2026-03-01T08:00:00+08:00',
    )
  }
}
