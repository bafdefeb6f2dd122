import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, inject, it, vi } from 'vitest'
import { startRedis } from '../servers/redis.ts'
import { CliProcess, crashFolder, isComplete, type PullOutput } from './cli-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { writeExport } from './many-items.ts'
import { seeded, testSeed } from './seeded.ts'
import { downstreamState, endLeases, jobsOf } from './world.ts'

/** After so long the program cuts off what has not ended, which is as safe as a crash. */
const cutOffMs = 9_000
/** The rest is for a machine that is slow. */
const limitMs = 20_000
const perLap = 150

const dir = crashFolder('signals')

type StoreName = 'sqlite' | 'mongodb'

/** Leases last their usual half minute: one left behind would keep the next start from its work. */
function make(name: string, store: StoreName = 'sqlite', redisUrl = inject('redisUrl')): Deployment {
  const database = `signals_${process.pid}_${name.replaceAll('-', '_')}`
  writeExport(join(dir, name, 'inbox'), 0, perLap)
  return deploy({
    ...{ dir: join(dir, name), redisUrl, prefix: name },
    store: store === 'sqlite' ? 'sqlite:a.db' : `${inject('mongoUrl')}/${database}`,
    processing: { batchSize: 10 },
    source: {
      ...{ id: 'hotline', connector: 'hotline-export', schedule: { every: '1s' } },
      ...{ path: 'inbox', settleMs: 0, afterArchive: 'move', archivePath: 'done' },
    },
  })
}

const pullArgs = ['pull', '--all', '--once', '--json']
const runArgs = ['run', '--log-level', 'error']

/** Nothing but what a person asked for may stand on standard error, and no traces of the program's own. */
const allowedWords =
  /^(Running .*|Stopped\.|Interrupted.*|STOPPED: .*|\d+ tickets wait .*|QUEUE_UNREACHABLE: .*)$/

function expectGoodEnd(
  { err }: CliProcess,
  { code, signal, elapsedMs }: Awaited<ReturnType<CliProcess['end']>>,
  sent: NodeJS.Signals,
  codes: readonly number[],
) {
  expect(elapsedMs).toBeLessThan(limitMs)
  // Before the program listens to it, a signal ends it as it ends any program.
  if (code === null) expect([signal, err]).toEqual([sent, ''])
  else expect(codes).toContain(code)
  expect(err.split('\n').filter((line) => line !== '' && !allowedWords.test(line))).toEqual([])
}

async function nextStartWorks(world: Deployment, items: number): Promise<void> {
  const next = new CliProcess(world, pullArgs)
  expect([await next.ended, next.err]).toEqual([{ code: 0, signal: null }, ''])
  expect(isComplete(JSON.parse(next.out) as PullOutput)).toBe(true)
  const state = Object.values(downstreamState(await jobsOf(world)))
  expect(state).toHaveLength(items)
  expect(state.filter(({ births }) => births !== 1)).toEqual([])
}

async function ticketsArrive(world: Deployment, count: number): Promise<void> {
  const tickets = async () => Object.keys(downstreamState(await jobsOf(world)))
  await vi.waitFor(async () => expect(await tickets()).toHaveLength(count), {
    timeout: 180_000,
    interval: 200,
  })
}

/** One that nothing hinders: as long as it takes to end beside another, that is the doing of the machine. */
async function startCalmRun(name: string): Promise<CliProcess> {
  const world = make(name)
  const run = new CliProcess(world, runArgs)
  await ticketsArrive(world, perLap)
  return run
}

describe.concurrent(`a signal at a random moment (YIWANG_TEST_SEED=${testSeed})`, () => {
  it.each([
    ['pull', 'SIGINT', 'sqlite'],
    ['pull', 'SIGTERM', 'mongodb'],
    ['run', 'SIGTERM', 'sqlite'],
    ['run', 'SIGINT', 'mongodb'],
  ] as const)(
    '%s, %s, %s: ends it soon, leaves no lease and nothing half done',
    async (command, signal, store) => {
      const name = `${command}-${signal.toLowerCase()}-${store}`
      const random = seeded(testSeed + name.length)
      const world = make(name, store)
      const startedAt = performance.now()
      await nextStartWorks(world, perLap)
      const wholeMs = performance.now() - startedAt
      const codes = command === 'pull' ? [0, 1] : [0]
      const laps = 3
      let cutOff = 0
      for (let lap = 1; lap <= laps; lap++) {
        writeExport(join(world.dir, 'inbox'), lap * perLap, perLap)
        const process = new CliProcess(world, command === 'pull' ? pullArgs : runArgs)
        await delay(wholeMs * random())
        const ended = await process.end(signal)
        const isCutOff = ended.elapsedMs >= cutOffMs
        expectGoodEnd(process, ended, signal, isCutOff ? [0, 1] : codes)
        if (!isCutOff) continue
        cutOff += 1
        await endLeases(world)
      }
      // A slow machine may take too long once, a program that does not stop always does.
      expect(cutOff).toBeLessThan(laps)
      await nextStartWorks(world, (1 + laps) * perLap)
    },
    900_000,
  )
})

describe('a signal while Redis', () => {
  it.each(['away', 'stuck'] as const)(
    'is %s ends run and pull, and the next start works',
    async (how) => {
      const redis = await startRedis({ dir: join(dir, `redis-${how}`), appendOnly: true })
      const world = make(`redis-${how}`, 'sqlite', redis.url)
      const calm = await startCalmRun(`calm-${how}`)
      const run = new CliProcess(world, runArgs)
      await ticketsArrive(world, perLap)
      if (how === 'away') await redis.stop()
      else process.kill(redis.pid, 'SIGSTOP')
      writeExport(join(world.dir, 'inbox'), perLap, perLap)
      const [stopped, { elapsedMs }] = await Promise.all([run.end('SIGINT'), calm.end('SIGINT')])
      expectGoodEnd(run, stopped, 'SIGINT', [0])
      // Work under way may take its time; here there is none, only goodbyes that nobody answers.
      expect(stopped.elapsedMs - elapsedMs).toBeLessThan(6_000)
      const pull = new CliProcess(world, pullArgs)
      if (how === 'away') {
        expect(await pull.ended).toEqual({ code: 0, signal: null })
        expect(pull.out).toMatch(new RegExp(`"added": ${perLap}`))
      } else {
        await delay(stopped.elapsedMs)
        expectGoodEnd(pull, await pull.end('SIGTERM'), 'SIGTERM', [0, 1])
        process.kill(redis.pid, 'SIGCONT')
      }
      if (how === 'away') await redis.restart()
      await nextStartWorks(world, 2 * perLap)
      await redis.stop()
    },
    900_000,
  )

  it('was never there ends run within seconds', async () => {
    const calm = await startCalmRun('calm-never')
    const run = new CliProcess(make('redis-never', 'sqlite', 'redis://127.0.0.1:1'), runArgs)
    await vi.waitFor(() => expect(run.err).toContain('Running'), { timeout: 180_000, interval: 100 })
    const [stopped, { elapsedMs }] = await Promise.all([run.end('SIGTERM'), calm.end('SIGTERM')])
    expectGoodEnd(run, stopped, 'SIGTERM', [0])
    expect(stopped.elapsedMs - elapsedMs).toBeLessThan(5_000)
  }, 900_000)
})

describe('a signal while what stands at the address of Redis takes calls and never answers', () => {
  it('ends run in words, also where a command is given up meanwhile', async () => {
    const silent = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {})
      socket.resume()
    }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const run = new CliProcess(make('redis-silent', 'sqlite', `redis://127.0.0.1:${port}`), runArgs)
    await vi.waitFor(() => expect(run.err).toContain('Running'), { timeout: 180_000, interval: 100 })
    // A command is given up after twenty seconds.
    await delay(19_000)
    expectGoodEnd(run, await run.end('SIGINT'), 'SIGINT', [0])
    silent.close()
  }, 900_000)
})

describe('a signal while another program keeps the store locked', () => {
  it('ends run, and the next start works', async () => {
    const world = make('locked')
    const run = new CliProcess(world, runArgs)
    await ticketsArrive(world, perLap)
    const other = new DatabaseSync(join(world.dir, 'a.db'), { timeout: 20_000 })
    other.exec('BEGIN IMMEDIATE')
    writeExport(join(world.dir, 'inbox'), perLap, perLap)
    await delay(4_000)
    expectGoodEnd(run, await run.end('SIGTERM'), 'SIGTERM', [0])
    other.exec('ROLLBACK')
    other.close()
    // A lease that could not be given back in the locked store has to run out.
    await vi.waitFor(() => nextStartWorks(world, 2 * perLap), { timeout: 120_000, interval: 1_000 })
  }, 900_000)
})

describe('a second signal', () => {
  it('ends at once what is still finishing', async () => {
    const run = new CliProcess(make('second'), runArgs)
    await vi.waitFor(() => expect(run.err).toContain('Running'), { timeout: 180_000, interval: 100 })
    // Two of the same kind that are not taken yet would be one; and both are taken before anything is finished.
    for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) run.child.kill(signal)
    expect(await run.ended).toEqual({ code: 130, signal: null })
  }, 900_000)
})
