import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { withTemporaryFolder } from './temporary-folder.ts'

let dir: string
const children: ChildProcess[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'temporary-'))
  vi.stubEnv('TMPDIR', dir)
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

/** A process with such a folder and a file in it, which works without end, and the folder. */
async function startWork(purpose: string) {
  const program = `
    import { writeFileSync } from 'node:fs'
    import { withTemporaryFolder } from ${JSON.stringify(new URL('./temporary-folder.ts', import.meta.url).href)}
    await withTemporaryFolder(${JSON.stringify(purpose)}, async (folder) => {
      writeFileSync(folder + '/plan.db', '')
      console.log(folder)
      await new Promise(() => setInterval(() => {}, 1000))
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  for await (const folder of createInterface({ input: child.stdout })) return { folder, kill }
  throw new Error('the process ended early')
}

it('is gone afterwards, also where the work fails', async () => {
  const work = withTemporaryFolder('plan', async (folder) => {
    writeFileSync(join(folder, 'plan.db'), '')
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(readdirSync(dir)).toEqual([])
})

it('removes what a process that was killed has left, and nothing of one that runs', async () => {
  const dead = await startWork('plan')
  await dead.kill()
  expect(existsSync(join(dead.folder, 'plan.db'))).toBe(true)
  const living = await startWork('plan')
  const others = join(dir, 'yiwang-plan-of-somebody')
  mkdirSync(others)
  expect(existsSync(dead.folder)).toBe(false)
  await withTemporaryFolder('plan', async () => {})
  expect(existsSync(join(living.folder, 'plan.db'))).toBe(true)
  expect(existsSync(others)).toBe(true)
})

it('says of a temporary folder that is missing that it cannot be written', async () => {
  const missing = join(dir, 'missing')
  vi.stubEnv('TMPDIR', missing)
  await expect(withTemporaryFolder('plan', async () => {})).rejects.toMatchObject({
    code: 'PATH_NOT_WRITTEN',
    details: { path: missing, reason: 'ENOENT' },
  })
})

it('says where there is no room, and of another store only what that says', async () => {
  const full = (url: string) => new YiwangError('STORE_FULL', { url, reason: 'database or disk is full' })
  const inside = withTemporaryFolder('plan', async (folder) => {
    throw full(`sqlite:${join(folder, 'plan.db')}`)
  })
  await expect(inside).rejects.toMatchObject({
    code: 'PATH_NOT_WRITTEN',
    details: { path: dir, reason: 'ENOSPC' },
  })
  const outside = withTemporaryFolder('plan', async () => {
    throw full('sqlite:/srv/yiwang.db')
  })
  await expect(outside).rejects.toMatchObject({ code: 'STORE_FULL' })
})
