import { parentPort } from 'node:worker_threads'
import { defaultDedupe } from '../../config/schema.ts'
import { Decider } from '../../pipeline/decider.ts'
import type { TermWrite } from '../../pipeline/stores/store.ts'
import { momentOf } from '../../pipeline/ticket-of.ts'
import { Reports } from './reports.ts'

/** Tickets from one number up to another, to be made. */
export interface FillOrder {
  readonly from: number
  readonly to: number
}

/** Tickets with the keys that the program would give them, in a form that passes cheaply from thread to thread. */
export interface Filling {
  readonly texts: readonly string[]
  readonly keys: readonly Float64Array[]
  readonly moments: readonly number[]
  readonly terms: TermWrite | null
}

/** Makes tickets in a thread of its own, in the order in which they are asked for, while another one writes them. */
async function main(): Promise<void> {
  const reports = await Reports.load()
  const decider = new Decider(defaultDedupe)
  const nothing = { termStatistics: async () => ({ base: null, additions: [] }) }
  parentPort?.on('message', async ({ from, to }: FillOrder) => {
    const filling = await fill(from, to)
    parentPort?.postMessage(filling)
  })

  async function fill(from: number, to: number): Promise<Filling> {
    await decider.begin(Math.floor(from / (to - from)), nothing)
    const made = Array.from({ length: to - from }, (_, at) => {
      const ticket = reports.stored(from + at)
      const inquiry = decider.inquire(ticket)
      decider.count(inquiry)
      return { text: JSON.stringify(ticket), keys: Float64Array.from(inquiry.keys), at: momentOf(ticket) }
    })
    return {
      texts: made.map(({ text }) => text),
      keys: made.map(({ keys }) => keys),
      moments: made.map(({ at }) => at),
      terms: decider.termWrite([`fill ${from}`]),
    }
  }
}

await main()
