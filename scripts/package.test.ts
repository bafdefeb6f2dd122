import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

// What a user of the published package does, in an empty folder, with npm.

const root = join(import.meta.dirname, '..')
const redisUrl = inject('redisUrl')
const prefix = `package-${process.pid}`
let folder = ''
const started: ChildProcess[] = []

// Without the Node of this clone: the package brings its own.
const env = {
  ...process.env,
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(root))
    .join(delimiter),
  LANG: 'C',
}

function run(cwd: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 600_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yiwang-package-'))
  run(root, 'npm', 'pack', '--silent', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  expect(tarball).toBeDefined()
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module","allowScripts":{"node":true}}')
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`)
}, 1_200_000)

afterAll(() => {
  for (const child of started) signalGroup(child, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('the package holds compiled code, types and documents, and neither tests nor a chat client', () => {
  const installed = join(folder, 'node_modules/yiwang')
  expect(readdirSync(installed).sort()).toEqual([
    ...['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'README.zh-CN.md'],
    ...['config', 'dist', 'package.json'],
  ])
  expect(readdirSync(join(installed, 'config')).sort()).toEqual([
    ...['CHANGING.md', 'ERRORS.md', 'README.md', 'REFERENCE.md', 'examples', 'schemas'],
  ])
  const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
  expect(files.filter((file) => /\.(test|suite)\.|fixtures|samples/.test(file))).toEqual([])
  expect(files).toContain('pipeline/open-app.d.ts')
  expect(existsSync(join(folder, 'node_modules/wechaty'))).toBe(false)
  expect(existsSync(join(folder, 'node_modules/vitest'))).toBe(false)
})

test('init and run make a working deployment', async () => {
  const deployment = join(folder, 'deployment')
  mkdirSync(deployment)
  run(deployment, 'npx', 'yiwang', 'init')
  const config = join(deployment, 'yiwang.yaml')
  writeFileSync(config, withRedis(readFileSync(config, 'utf8')))
  copyFileSync(
    join(root, 'scripts/samples/hotline-gb18030.csv'),
    join(deployment, 'inbox/hotline/export.csv'),
  )

  const npx = start(deployment, 'npx', 'yiwang', 'run')
  await ticketsOnQueue(39)
  // npx itself dies of the signal; what it started must not run on.
  npx.child.kill('SIGTERM')
  await npx.exited
  await vi.waitFor(() => expect(groupIsAlive(npx.child)).toBe(false), { timeout: 60_000, interval: 100 })

  const direct = start(
    deployment,
    join(folder, 'node_modules/.bin/node'),
    installedFile('scripts/cli/yiwang.js'),
    'run',
  )
  await vi.waitFor(() => expect(direct.said()).toContain('yiwang.yaml'), { timeout: 100_000, interval: 50 })
  direct.child.kill('SIGTERM')
  expect(await direct.exited).toBe(0)
}, 600_000)

const installedFile = (path: string) => join(folder, 'node_modules/yiwang/dist', path)

async function ticketsOnQueue(atLeast: number): Promise<void> {
  const queue = new Queue('tickets', { connection: { url: redisUrl }, prefix })
  try {
    const count = async () => expect(await queue.count()).toBeGreaterThanOrEqual(atLeast)
    await vi.waitFor(count, { timeout: 200_000, interval: 200 })
    const [job] = await queue.getJobs(['waiting'], 0, 0)
    expect(job?.data).toMatchObject({ event: 'ticket.created', ticket: { schemaVersion: '1' } })
  } finally {
    await queue.close()
  }
}

/** A process in a group of its own, so that nothing of it outlives the test. */
function start(cwd: string, command: string, ...args: readonly string[]) {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  started.push(child)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  return { child, exited, said: () => said }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal)
  } catch {
    return false
  }
}

const groupIsAlive = (child: ChildProcess) => signalGroup(child, 0)

/** The configuration that init wrote, with the tests' Redis. */
function withRedis(config: string): string {
  return `${config.replace(/^redis:\n(?:[ #].*\n)*/m, '')}\nredis:\n  url: ${redisUrl}\n  prefix: ${prefix}\n`
}

test('the published types check in a project of one file', () => {
  writeFileSync(
    join(folder, 'consumer.ts'),
    `import { loadSettings } from 'yiwang/config/load'
import { connectorSpecs } from 'yiwang/connectors/registry'
import type { Ticket, TicketJob } from 'yiwang/normalizers/ticket'
import { openApp } from 'yiwang/pipeline/open-app'
import { createLogger } from 'yiwang/config/logging'

const settings = loadSettings('yiwang.yaml', {}, connectorSpecs)
const app = await openApp(settings, { log: createLogger({ level: 'warn' }) })
const tickets: readonly Ticket[] = await app.store.findTickets({ limit: 1 })
export const event = (job: TicketJob): string => job.event
// @ts-expect-error a ticket has no such field
export const wrong = tickets[0]?.noSuchField
await app.close()
`,
  )
  const flags = [
    ...['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2024'],
    ...['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')],
  ]
  const tsc = join(root, 'node_modules/.bin/tsc')
  expect(run(folder, tsc, ...flags, 'consumer.ts')).toBe('')
}, 600_000)
