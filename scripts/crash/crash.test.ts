import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { live } from './life.ts'
import {
  downstreamState,
  endLeases,
  forget,
  jobsOf,
  mails,
  makeWorld,
  runChild,
  type World,
  writeExports,
} from './world.ts'

const redisUrl = inject('redisUrl')
const mongoUrl = inject('mongoUrl')

let dir: string
let dovecot: DovecotServer

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'crash-'))
  dovecot = await startDovecot({ dir: join(dir, 'dovecot') })
})

afterAll(async () => {
  await dovecot.stop()
  rmSync(dir, { recursive: true, force: true })
})

type StoreName = 'sqlite' | 'mongodb'

function storeOf(name: StoreName, world: string) {
  const database = `crash_${process.pid}_${world.replaceAll('-', '_')}`
  return name === 'sqlite'
    ? { storeUrl: `sqlite:${dir}/${world}/a.db`, blobsUrl: `file:${dir}/${world}/blobs` }
    : { storeUrl: `${mongoUrl}/${database}`, blobsUrl: 'gridfs:' }
}

function exportsWorld(store: StoreName, name: string): World {
  const folder = `${dir}/${name}/inbox`
  writeExports(folder)
  return makeWorld({
    ...{ dir: `${dir}/${name}`, redisUrl, prefix: name, ...storeOf(store, name) },
    sources: [
      {
        ...{ id: 'hotline', connector: 'hotline-export', channel: 'hotline' },
        settings: { path: folder, settleMs: 0, afterArchive: 'move', archivePath: `${dir}/${name}/done` },
      },
    ],
  })
}

async function mailWorld(store: StoreName, name: string): Promise<World> {
  await dovecot.append(name, ...mails())
  await dovecot.append(`${name}-done`)
  const { host, port, user, password } = dovecot
  const afterArchive = { move: `${name}-done` }
  return makeWorld({
    ...{ dir: `${dir}/${name}`, redisUrl, prefix: name, ...storeOf(store, name) },
    sources: [
      {
        ...{ id: 'mail', connector: 'imap', channel: 'email' },
        settings: { host, port, user, password, tls: 'insecure', folders: [name], afterArchive },
      },
    ],
  })
}

/** So many lives die with one process. */
const livesAtOnce = 12

const makers = { 'hotline-export': exportsWorld, imap: mailWorld }
const cases = (['hotline-export', 'imap'] as const).flatMap((connector) =>
  (['sqlite', 'mongodb'] as const).map((store) => ({ connector, store })),
)

describe.concurrent('a process killed after each awaited call of intake, drain and relay', () => {
  it.each(cases)(
    '$connector, $store: downstream gets each ticket once, and all of them',
    async ({ connector, store }) => {
      const make = (name: string) => makers[connector](store, `${connector}-${store}-${name}`)
      const whole = await make('whole')
      const calls = await live({ settings: whole.settings, killAfter: null })
      const wanted = downstreamState(await jobsOf(whole))
      expect(Object.keys(wanted).length).toBeGreaterThanOrEqual(connector === 'imap' ? 2 : 5)
      expect(Object.values(wanted).every(({ births }) => births === 1)).toBe(true)
      for (let first = 1; first <= calls; first += livesAtOnce) {
        const victims: { readonly world: World; readonly killAfter: number }[] = []
        for (let killAfter = first; killAfter < first + livesAtOnce && killAfter <= calls; killAfter++)
          victims.push({ world: await make(`k${killAfter}`), killAfter })
        const orders = victims.map(({ world: { settings }, killAfter }) => ({ settings, killAfter }))
        expect(await runChild(orders), `killed after calls from ${first} on, of ${calls}`).toBeNull()
        for (const { world, killAfter } of victims) {
          await endLeases(world)
          await live({ settings: world.settings, killAfter: null })
          expect(downstreamState(await jobsOf(world)), `after call ${killAfter}`).toEqual(wanted)
          await forget(world)
        }
      }
      console.info(
        `${connector}, ${store}: ${calls} crashes, ${Object.keys(wanted).length} tickets, 0 lost, 0 doubled`,
      )
    },
    1_800_000,
  )
})
