import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it, vi } from 'vitest'
import type { Ticket } from '../../normalizers/ticket.ts'
import { openStore } from '../../pipeline/stores/open-store.ts'
import type { Tally } from '../../pipeline/stores/store.ts'
import { CliProcess, crashFolder } from './cli-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { jobsOf } from './world.ts'

const processes = 4
const sourceNames = ['north', 'south', 'east', 'west', 'centre'] as const
const copiesPerSource = 10
const copies = sourceNames.length * copiesPerSource
const patience = { timeout: 240_000, interval: 300 }

const dir = crashFolder('fifty')

function make(store: 'sqlite' | 'mongodb'): Deployment {
  const [first, ...others] = sourceNames.map((id) => ({
    ...{ id, connector: 'hotline-export', schedule: { every: '1s' } },
    ...{ path: id, settleMs: 0, afterArchive: 'move', archivePath: `${id}-done` },
  }))
  for (const name of sourceNames) mkdirSync(join(dir, store, name), { recursive: true })
  return deploy({
    ...{ dir: join(dir, store), redisUrl: inject('redisUrl'), prefix: `fifty-${store}` },
    store: store === 'sqlite' ? 'sqlite:a.db' : `${inject('mongoUrl')}/fifty_${process.pid}`,
    processing: { batchSize: 3, leaseMs: 2_000 },
    source: first ?? {},
    moreSources: others,
  })
}

/** The same report by the same person ten times in each source's folder, within one moment. */
function flood({ dir: folder }: Deployment): void {
  const words = '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。'
  const files = sourceNames.map((name) => {
    const rows = Array.from({ length: copiesPerSource }, (_, at) => {
      return `${name}-${at},张女士,13800138000,2026-03-0${(at % 5) + 1} 08:00,${words}`
    })
    const written = join(folder, name, '.copies.csv')
    writeFileSync(written, `工单编号,诉求人,联系电话,诉求时间,诉求内容\n${rows.join('\n')}\n`)
    return written
  })
  for (const file of files) renameSync(file, file.replace('.copies', 'copies'))
}

/** The last revision of each ticket that downstream was told of. */
async function ticketsOf(world: Deployment): Promise<readonly Ticket[]> {
  const last = new Map<string, Ticket>()
  for (const { ticket } of await jobsOf(world))
    if (ticket.revision >= (last.get(ticket.id)?.revision ?? 0)) last.set(ticket.id, ticket)
  return [...last.values()]
}

/** What the store has of the flood, counted by its own books. */
async function inStore({ settings }: Deployment, masterId: string) {
  const store = await openStore(settings, { randomBytes })
  const tallies = await store.tally({ byDay: false })
  const sum = (count: (tally: Tally) => number) => tallies.reduce((total, tally) => total + count(tally), 0)
  const repeats = await store.findTickets({ masterId, limit: 2 * copies })
  const found = {
    items: sum(({ seen }) => seen),
    ticketed: sum(({ ticketed }) => ticketed),
    linked: sum(({ linked }) => linked),
    other: sum(({ quarantined, skipped, pending }) => quarantined + skipped + pending),
    repeats: repeats.map(({ id }) => id).toSorted(),
    waiting: await store.outboxCount(),
  }
  await store.close()
  return found
}

describe.concurrent('fifty copies of one report at once, through four processes', () => {
  it.each(['sqlite', 'mongodb'] as const)(
    '%s: leave one master, which counts the others, and each is published as new or linked once',
    async (store) => {
      const world = make(store)
      const running = Array.from(
        { length: processes },
        () => new CliProcess(world, ['run', '--log-level', 'error']),
      )
      // One that has not come so far would be ended by the signal below as any program is.
      const areRunning = () => running.every(({ err }) => err.includes('Running'))
      await vi.waitFor(() => expect(areRunning()).toBe(true), patience)
      flood(world)
      await vi.waitFor(async () => {
        const tickets = await ticketsOf(world)
        expect(tickets).toHaveLength(copies)
        const master = tickets.find(({ dedupe }) => dedupe.masterId === null)
        expect(master?.dedupe.reports).toBe(copies)
      }, patience)
      const ends = await Promise.all(running.map((one) => one.end('SIGTERM')))
      expect(ends.map(({ code }) => code)).toEqual(running.map(() => 0))
      const tickets = await ticketsOf(world)
      const masters = tickets.filter(({ dedupe }) => dedupe.masterId === null)
      expect(masters).toHaveLength(1)
      expect(masters[0]?.dedupe).toMatchObject({ verdict: 'new', reports: copies, reporters: 1 })
      const repeats = tickets.filter(({ dedupe }) => dedupe.masterId === masters[0]?.id)
      expect(repeats).toHaveLength(copies - 1)
      const births = (await jobsOf(world)).filter(({ event }) => event !== 'ticket.updated')
      expect(births.map(({ ticket }) => ticket.id).toSorted()).toEqual(tickets.map(({ id }) => id).toSorted())
      const created = births.filter(({ event }) => event === 'ticket.created')
      expect(created.map(({ ticket }) => ticket.id)).toEqual([masters[0]?.id])
      expect(await inStore(world, masters[0]?.id ?? '')).toEqual({
        ...{ items: copies, ticketed: 1, linked: copies - 1, other: 0 },
        ...{ repeats: repeats.map(({ id }) => id).toSorted(), waiting: 0 },
      })
    },
    900_000,
  )
})
