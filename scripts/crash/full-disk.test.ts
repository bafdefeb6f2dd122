import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it, type TestContext, vi } from 'vitest'
import { CliProcess, crashFolder, isComplete, type PullOutput } from './cli-process.ts'
import { type Deployment, deploy } from './deployment.ts'
import { seriesOfMails, writeExport } from './many-items.ts'
import { SmallDisk } from './small-disk.ts'
import { downstreamState, jobsOf } from './world.ts'

const patience = { timeout: 180_000, interval: 200 }

const dir = crashFolder('full')

/** The rule is tested wherever a disk can be mounted, and CI is such a place. */
async function smallDisk(path: string, size: string, { skip }: TestContext): Promise<SmallDisk> {
  const disk = await SmallDisk.mount(path, size)
  if (disk !== null) return disk
  const reason =
    'FULL DISKS ARE NOT TESTED: this user may not mount a tmpfs (unshare --map-root-user --mount)'
  if (process.env.CI) throw new Error(reason)
  console.error(reason)
  return skip(reason)
}

const pullArgs = ['pull', '--all', '--once', '--json']

async function pull(world: Deployment, disk: SmallDisk) {
  const command = new CliProcess(world, pullArgs, disk.wrap)
  const { code } = await command.ended
  return { code, err: command.err, out: command.out }
}

async function pullToTheEnd(world: Deployment, disk: SmallDisk): Promise<void> {
  await vi.waitFor(async () => {
    const { code, err, out } = await pull(world, disk)
    expect([code, err]).toEqual([0, ''])
    expect(isComplete(JSON.parse(out) as PullOutput)).toBe(true)
  }, patience)
}

async function expectEachOnce(world: Deployment, tickets: number): Promise<void> {
  const state = Object.values(downstreamState(await jobsOf(world)))
  expect(state).toHaveLength(tickets)
  expect(state.filter(({ births }) => births !== 1)).toEqual([])
}

describe.concurrent('a disk without room', () => {
  it('of the attachments: mails with them wait, the others go on, and all arrive once there is room', async (context) => {
    const root = join(dir, 'blobs')
    const disk = await smallDisk(join(root, 'disk'), '512k', context)
    mkdirSync(join(root, 'inbox'))
    const world = deploy({
      ...{ dir: root, store: 'sqlite:a.db', blobs: 'file:disk/blobs', redisUrl: inject('redisUrl') },
      prefix: 'full-blobs',
      source: { id: 'mail', connector: 'mail-folder', path: 'inbox', settleMs: 0, afterArchive: 'move' },
    })
    await pullToTheEnd(world, disk)
    disk.fill()
    for (const [index, mail] of seriesOfMails(0, 4).entries())
      writeFileSync(join(root, 'inbox', `${index}.eml`), mail)
    const full = await pull(world, disk)
    expect(JSON.parse(full.out)).toMatchObject({ drain: { ticketed: 3, postponed: 1 } })
    expect(full.err).toMatch(
      /^Items that will be tried again later: 1\. STORE_FULL: The store file:.*\/disk\/blobs has no room left \(ENOSPC\).*\n$/,
    )
    // The mail is archived, and goes on by itself.
    expect(full.code).toBe(0)
    await expectEachOnce(world, 3)
    disk.free()
    // The mail is tried again after a wait, which a pull that comes sooner does not sit out.
    await vi.waitFor(async () => {
      await pullToTheEnd(world, disk)
      await expectEachOnce(world, 4)
    }, patience)
    await disk.unmount()
  }, 900_000)

  it('of the store: says so, leaves the source alone, and brings all once there is room', async (context) => {
    const root = join(dir, 'store')
    const disk = await smallDisk(join(root, 'disk'), '32m', context)
    const inbox = join(root, 'inbox')
    mkdirSync(inbox)
    const world = deploy({
      ...{ dir: root, store: 'sqlite:disk/a.db', blobs: 'file:blobs', redisUrl: inject('redisUrl') },
      prefix: 'full-store',
      source: {
        ...{ id: 'hotline', connector: 'hotline-export', schedule: { every: '1s' } },
        ...{ path: 'inbox', settleMs: 0, afterArchive: 'move', archivePath: 'done' },
      },
    })
    await pullToTheEnd(world, disk)
    disk.fill()
    writeExport(inbox, 0, 2_000)
    const full = await pull(world, disk)
    expect([full.code, full.err]).toEqual([1, expect.stringMatching(/STORE_FULL: The store sqlite:/)])
    expect(readdirSync(inbox)).toEqual(['000000.csv'])
    disk.free()
    rmSync(join(inbox, '000000.csv'))
    const run = new CliProcess(world, ['run'], disk.wrap)
    await vi.waitFor(() => expect(run.err).toContain('"running"'), patience)
    disk.fill()
    writeExport(inbox, 0, 2_000)
    await vi.waitFor(() => expect(run.err).toContain('STORE_FULL'), patience)
    expect(readdirSync(inbox)).toEqual(['000000.csv'])
    disk.free()
    await vi.waitFor(() => expectEachOnce(world, 2_000), { ...patience, interval: 1_000 })
    await vi.waitFor(() => expect(readdirSync(inbox)).toEqual([]), patience)
    expect(await run.end('SIGTERM')).toMatchObject({ code: 0 })
    await disk.unmount()
  }, 900_000)

  it('that is smaller than the log of a store may grow elsewhere takes many small commits all the same', async (context) => {
    const root = join(dir, 'log')
    const disk = await smallDisk(join(root, 'disk'), '32m', context)
    mkdirSync(join(root, 'inbox'))
    const world = deploy({
      ...{ dir: root, store: 'sqlite:disk/a.db', blobs: 'file:blobs', redisUrl: inject('redisUrl') },
      prefix: 'full-log',
      processing: { batchSize: 1 },
      source: { id: 'hotline', connector: 'hotline-export', path: 'inbox', settleMs: 0 },
    })
    writeExport(join(root, 'inbox'), 0, 300)
    await pullToTheEnd(world, disk)
    await expectEachOnce(world, 300)
    await disk.unmount()
  }, 900_000)
})
