import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Ticket } from '../../normalizers/ticket.ts'
import { countOf, readArguments } from '../read-arguments.ts'
import { DecisionWork, type Round } from './decision-work.ts'
import { Filler } from './filling.ts'
import { machine } from './machine.ts'
import { type Kind, mix, Reports } from './reports.ts'

/*
 * npm run bench:dedupe -- [--json] [--sizes 30000,300000,3000000] [--flood 100000]
 * What a decision costs as the store grows, and what a flood of equal texts costs. Sizes '' or flood 0: not measured.
 */

const arrivals = 3_000
/** The cost is the median of so many rounds over the same arrivals. */
const rounds = 5
/** Of ten arriving reports; the others are unlike. Repeats and incidents are about tickets of the last week. */
const mixture: readonly Kind[] = ['repeat', 'reworded', 'incident']
const week = 40_000

interface Cost {
  readonly tickets: number
  readonly decisionsPerSecond: number
  readonly microsPerDecision: number
  /** Of them in the store. */
  readonly storeMicros: number
  /** Of the cost of a decision, to the first row. */
  readonly ratio: number
  /** Costliest round over the cheapest. */
  readonly spread: number
  readonly indexBytesPerTicket: number
  readonly meanCompared: number
  readonly mostCompared: number
  /** Of a hundred look-ups so many left tickets out that shared a key. */
  readonly cutPercent: number
  readonly newPercent: number
  readonly duplicatePercent: number
  readonly relatedPercent: number
  /** Of the filling. */
  readonly microsPerWrite: number
}

interface FloodCost {
  readonly reporters: 'many' | 'one' | 'unknown'
  readonly copies: number
  /** Microseconds a copy, decided and written, for each tenth of the flood. */
  readonly micros: readonly number[]
  readonly lastToFirst: number
}

const { values } = readArguments({
  options: {
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '30000,300000,3000000' },
    flood: { type: 'string', default: '100000' },
  },
})
const dir = resolve(`var/bench-dedupe-${process.pid}`)

async function main(): Promise<void> {
  mkdirSync(dir, { recursive: true })
  try {
    const reports = await Reports.load()
    const sizes = values.sizes
      .split(',')
      .filter(Boolean)
      .map((size) => countOf('sizes', size))
    const copies = countOf('flood', values.flood)
    const rows = sizes.length === 0 ? [] : await growing(sizes, reports)
    const flood = copies > 0 ? await floods(copies, reports) : []
    if (values.json) {
      const answer = { rows, ratio: rows.at(-1)?.ratio ?? null, flood, machine: machine() }
      process.stdout.write(`${JSON.stringify(answer)}\n`)
    } else {
      console.table(rows)
      console.table(flood.map(({ micros, ...each }) => ({ ...each, micros: micros.join(' ') })))
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function growing(sizes: readonly number[], reports: Reports): Promise<readonly Cost[]> {
  const work = await DecisionWork.open(join(dir, 'growing.db'))
  const filler = new Filler(work.store, work.lease)
  const costs: Cost[] = []
  for (const tickets of sizes) {
    const microsPerWrite = await filler.fillTo(tickets, (filled) => {
      if (filled % 100_000 === 0) say(`${filled} of ${tickets}`)
    })
    const cost = await costAt(tickets, work, reports)
    const ratio = rounded(cost.microsPerDecision / (costs[0]?.microsPerDecision ?? cost.microsPerDecision))
    costs.push({ ...cost, ratio, microsPerWrite: rounded(microsPerWrite) })
    say(JSON.stringify(costs.at(-1)))
  }
  await filler.close()
  await work.close()
  return costs
}

async function costAt(tickets: number, work: DecisionWork, reports: Reports) {
  await work.decide(arriving(tickets, reports, arrivals))
  const measured: Round[] = []
  for (let round = 0; round < rounds; round += 1)
    measured.push(await work.decide(arriving(tickets, reports, 0)))
  const ordered = measured.sort((one, other) => one.micros - other.micros)
  const { micros = 0, storeMicros = 0, decisions = [] } = ordered[rounds >> 1] ?? {}
  const percent = (count: number) => rounded((count / decisions.length) * 100)
  const share = (verdict: string) => percent(decisions.filter((each) => each.verdict === verdict).length)
  const compared = decisions.map((each) => each.compared)
  return {
    tickets,
    decisionsPerSecond: Math.round((arrivals * 1e6) / micros),
    microsPerDecision: rounded(micros / arrivals),
    storeMicros: rounded(storeMicros / arrivals),
    spread: rounded((ordered.at(-1)?.micros ?? 0) / (ordered[0]?.micros ?? 1)),
    indexBytesPerTicket: Math.round(work.indexBytes() / tickets),
    meanCompared: rounded(compared.reduce((sum, count) => sum + count, 0) / compared.length),
    mostCompared: Math.max(...compared),
    cutPercent: percent(decisions.filter(({ cut }) => cut).length),
    newPercent: share('new'),
    duplicatePercent: share('duplicate'),
    relatedPercent: share('related'),
  }
}

/** The same mixture at every size. */
function arriving(tickets: number, reports: Reports, first: number): readonly Ticket[] {
  return Array.from({ length: arrivals }, (_, at) => {
    const number = first + at
    const about = tickets - 1 - (mix(number, 3) % Math.min(tickets, week))
    return reports.arriving(number, mixture[number % 10] ?? 'unlike', about, tickets)
  })
}

async function floods(copies: number, reports: Reports): Promise<readonly FloodCost[]> {
  const costs: FloodCost[] = []
  for (const reporters of ['many', 'one', 'unknown'] as const) {
    costs.push(await flood(copies, reporters, reports))
    say(JSON.stringify(costs.at(-1)))
  }
  return costs
}

/** One text from many reporters, from one, or from nobody knows whom, decided and written. */
async function flood(
  copies: number,
  reporters: FloodCost['reporters'],
  reports: Reports,
): Promise<FloodCost> {
  const work = await DecisionWork.open(join(dir, `flood-${reporters}.db`))
  const step = Math.max(500, Math.floor(copies / 10))
  const micros: number[] = []
  for (let from = 0; from < copies; from += step) {
    const tickets = Array.from({ length: step }, (_, at) => copyOf(from + at, reporters, reports))
    micros.push(Math.round((await work.take(tickets)).micros / step))
  }
  await work.close()
  return { reporters, copies, micros, lastToFirst: rounded((micros.at(-1) ?? 0) / (micros[0] ?? 1)) }
}

function copyOf(number: number, reporters: FloodCost['reporters'], reports: Reports): Ticket {
  const own = reports.stored(number)
  const first = reports.stored(0)
  const unknown = { ...own.reporter, name: null, phone: null, phoneRaw: null, key: null }
  const by = { many: own.reporter, one: first.reporter, unknown }
  return { ...own, body: first.body, reporter: by[reporters] }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function say(words: string): void {
  process.stderr.write(`${words}\n`)
}

await main()
