import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type { TicketJob } from '../../normalizers/ticket.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { CliProcess, crashFolder, isComplete, type PullOutput } from './cli-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { seriesOfMails, writeExport } from './many-items.ts'
import { seeded, testSeed } from './seeded.ts'
import { downstreamState, jobsOf } from './world.ts'

const laps = 5
const perLap = 60
/** A dead process's work waits this long here. */
const leaseMs = 1_000

const dir = crashFolder('kills')
let dovecot: DovecotServer

beforeAll(async () => {
  dovecot = await startDovecot({ dir: join(dir, 'dovecot') })
})

afterAll(() => dovecot?.stop())

interface Kind {
  source(name: string): Promise<Record<string, unknown>>
  /** What comes in before lap number `lap`. */
  feed(name: string, lap: number): Promise<void>
}

const kinds: Readonly<Record<'hotline-export' | 'mail-folder' | 'imap', Kind>> = {
  'hotline-export': {
    async source(name) {
      mkdirSync(join(dir, name, 'inbox'), { recursive: true })
      return { path: 'inbox', settleMs: 0, afterArchive: 'move', archivePath: 'done' }
    },
    feed: async (name, lap) => writeExport(join(dir, name, 'inbox'), lap * perLap, perLap),
  },
  'mail-folder': {
    async source(name) {
      mkdirSync(join(dir, name, 'inbox'), { recursive: true })
      return { path: 'inbox', settleMs: 0, afterArchive: 'move', archivePath: 'done' }
    },
    async feed(name, lap) {
      for (const [index, mail] of seriesOfMails(lap * perLap, perLap).entries()) {
        const file = join(dir, name, `${String(lap * perLap + index).padStart(6, '0')}.eml`)
        writeFileSync(file, mail)
        renameSync(file, file.replace(name, join(name, 'inbox')))
      }
    },
  },
  imap: {
    async source(name) {
      await dovecot.append(name)
      await dovecot.append(`${name}-done`)
      const { host, port, user, password } = dovecot
      const afterArchive = { move: `${name}-done` }
      return { host, port, user, password, tls: 'insecure', folders: [name], afterArchive }
    },
    feed: (name, lap) => dovecot.fill(name, seriesOfMails(lap * perLap, perLap)),
  },
}

type StoreName = 'sqlite' | 'mongodb'

async function make(connector: keyof typeof kinds, store: StoreName, name: string): Promise<Deployment> {
  const database = `kills_${process.pid}_${name.replaceAll('-', '_')}`
  return deploy({
    dir: join(dir, name),
    store: store === 'sqlite' ? 'sqlite:a.db' : `${inject('mongoUrl')}/${database}`,
    redisUrl: inject('redisUrl'),
    prefix: name,
    processing: { batchSize: 10, leaseMs },
    source: { id: 'source', connector, schedule: { every: '1s' }, ...(await kinds[connector].source(name)) },
  })
}

const pullArgs = ['pull', '--all', '--once', '--json'] as const

/** Pulls until nothing is left; right after a kill another holder's lease is still there. */
async function pullToTheEnd(world: Deployment): Promise<number> {
  const startedAt = performance.now()
  await vi.waitFor(
    async () => {
      const pull = new CliProcess(world, pullArgs)
      const { code } = await pull.ended
      expect([code, pull.err]).toEqual([0, ''])
      expect(isComplete(JSON.parse(pull.out) as PullOutput)).toBe(true)
    },
    { timeout: 180_000, interval: 100 },
  )
  return performance.now() - startedAt
}

/** Each store hashes reporters with a secret of its own: their numbers in the order of tickets say the same. */
function withoutSecret(jobs: readonly TicketJob[]): TicketJob[] {
  const numbers = new Map<string, string>()
  const numbered = (key: string | null) => {
    if (key !== null && !numbers.has(key)) numbers.set(key, `reporter ${numbers.size}`)
    return key === null ? null : (numbers.get(key) ?? null)
  }
  return jobs
    .toSorted((one, other) => (one.ticket.id < other.ticket.id ? -1 : 1))
    .map(({ event, ticket }) => {
      const followUps = ticket.followUps.map((one) => ({ ...one, from: numbered(one.from) }))
      const reporter = { ...ticket.reporter, key: numbered(ticket.reporter.key) }
      return { event, ticket: { ...ticket, reporter, followUps } }
    })
}

/** What downstream gets when nothing goes wrong, and how long the whole of it takes. */
async function undisturbed(connector: keyof typeof kinds, store: StoreName, name: string) {
  const world = await make(connector, store, name)
  for (let lap = 0; lap < laps; lap++) await kinds[connector].feed(name, lap)
  const wholeMs = await pullToTheEnd(world)
  return { wholeMs, wanted: downstreamState(withoutSecret(await jobsOf(world))) }
}

const cases = [
  { connector: 'hotline-export', store: 'sqlite', command: 'pull' },
  { connector: 'hotline-export', store: 'mongodb', command: 'run' },
  { connector: 'imap', store: 'mongodb', command: 'pull' },
  { connector: 'imap', store: 'sqlite', command: 'run' },
  { connector: 'mail-folder', store: 'sqlite', command: 'pull' },
] as const

describe.concurrent(`a process killed at random moments (YIWANG_TEST_SEED=${testSeed})`, () => {
  it.each(cases)(
    '$command, $connector, $store: nothing is lost and nothing is doubled',
    async ({ connector, store, command }) => {
      const name = `${connector}-${store}-${command}`
      const { wholeMs, wanted } = await undisturbed(connector, store, `${name}-whole`)
      expect(
        Object.entries(wanted)
          .filter(([, { births }]) => births !== 1)
          .slice(0, 2),
      ).toEqual([])
      const random = seeded(testSeed + name.length)
      const world = await make(connector, store, name)
      const args = command === 'pull' ? pullArgs : ['run', '--log-level', 'error']
      let kills = 0
      // A process that ended before its moment came was no victim; the next one tries, sooner.
      let reachMs = wholeMs
      for (let lap = 0; lap < laps || (kills < laps && lap < 3 * laps); lap++) {
        if (lap < laps) await kinds[connector].feed(name, lap)
        const victim = new CliProcess(world, args)
        const moment = new AbortController()
        await Promise.race([
          victim.ended,
          delay(reachMs * random(), undefined, { signal: moment.signal }).catch(() => {}),
        ])
        moment.abort()
        if ((await victim.end('SIGKILL')).signal === 'SIGKILL') kills += 1
        else reachMs /= 2
        expect(victim.err).not.toMatch(/INTERNAL|^ {4}at /m)
      }
      await pullToTheEnd(world)
      const jobs = await jobsOf(world)
      const got = downstreamState(withoutSecret(jobs))
      const ids = Object.keys(wanted)
      const lost = ids.filter((id) => !(id in got)).length
      const doubled = Object.values(got).filter(({ births }) => births !== 1).length
      console.info(
        `${name}: ${kills} kills, ${laps * perLap} items, ${ids.length} tickets, ${jobs.length} jobs, ${lost} lost, ${doubled} doubled`,
      )
      expect(kills).toBeGreaterThan(0)
      expect(Object.keys(got).sort()).toEqual(ids)
      for (const id of ids) expect(got[id], id).toEqual(wanted[id])
    },
    1_800_000,
  )
})
