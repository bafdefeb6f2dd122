import { join } from 'node:path'
import { describe, expect, inject, it, vi } from 'vitest'
import { CliProcess, crashFolder } from './cli-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { writeExport } from './many-items.ts'
import { downstreamState, jobsOf } from './world.ts'

const perFile = 100
/** One that stands still for some seconds must not lose its work to the others, and one that was killed leaves it soon. */
const leaseMs = 10_000
const patience = { timeout: 240_000, interval: 300 }

const dir = crashFolder('two')

function make(store: 'sqlite' | 'mongodb'): Deployment {
  return deploy({
    ...{ dir: join(dir, store), redisUrl: inject('redisUrl'), prefix: `two-${store}` },
    store: store === 'sqlite' ? 'sqlite:a.db' : `${inject('mongoUrl')}/two_${process.pid}`,
    processing: { batchSize: 10, leaseMs },
    source: {
      ...{ id: 'hotline', connector: 'hotline-export', schedule: { every: '1s' } },
      ...{ path: 'inbox', settleMs: 0, afterArchive: 'move', archivePath: 'done' },
    },
  })
}

async function ticketsArrive(world: Deployment, count: number): Promise<void> {
  await vi.waitFor(async () => {
    const state = Object.values(downstreamState(await jobsOf(world)))
    expect(state).toHaveLength(count)
    expect(state.filter(({ births }) => births !== 1)).toEqual([])
  }, patience)
}

describe.concurrent('two processes on the same configuration', () => {
  it.each(['sqlite', 'mongodb'] as const)(
    '%s: do nothing twice, and one goes on when the other is killed',
    async (store) => {
      const world = make(store)
      const inbox = join(world.dir, 'inbox')
      writeExport(inbox, 0, perFile)
      const runArgs = ['run', '--log-level', 'error']
      const [one, other] = [new CliProcess(world, runArgs), new CliProcess(world, runArgs)]
      await ticketsArrive(world, perFile)
      writeExport(inbox, perFile, perFile)
      const cron = new CliProcess(world, ['pull', '--all', '--once'])
      expect(await cron.ended).toMatchObject({ code: 0 })
      writeExport(inbox, 2 * perFile, perFile)
      expect(await one.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
      writeExport(inbox, 3 * perFile, perFile)
      await ticketsArrive(world, 4 * perFile)
      expect(await other.end('SIGTERM')).toMatchObject({ code: 0 })
      for (const { err } of [one, other]) expect(err).toMatch(/^Running .*\n(Stopped\.\n)?$/)
      const jobs = await jobsOf(world)
      console.info(`${store}, two processes: ${4 * perFile} tickets, ${jobs.length} jobs, 0 lost, 0 doubled`)
    },
    900_000,
  )
})
