import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
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
let worker: ChildProcess | null = null

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
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yiwang-package-'))
  run(root, 'npm', 'pack', '--silent', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  expect(tarball).toBeDefined()
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module","allowScripts":{"node":true}}')
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`)
}, 240_000)

afterAll(() => {
  worker?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('the package holds compiled code, types and documents, and neither tests nor a chat client', () => {
  const installed = join(folder, 'node_modules/yiwang')
  expect(readdirSync(installed).sort()).toEqual([
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'README.zh-CN.md', 'dist', 'package.json'],
  ])
  const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
  expect(files.filter((file) => /\.(test|suite)\.|fixtures|samples/.test(file))).toEqual([])
  expect(files).toContain('pipeline/open-app.d.ts')
  expect(existsSync(join(folder, 'node_modules/wechaty'))).toBe(false)
  expect(existsSync(join(folder, 'node_modules/vitest'))).toBe(false)
})

test('init and run make a working deployment that SIGTERM ends cleanly', async () => {
  const deployment = join(folder, 'deployment')
  run(folder, 'mkdir', deployment)
  run(deployment, 'npx', 'yiwang', 'init')
  const config = join(deployment, 'yiwang.yaml')
  const written = readFileSync(config, 'utf8')
  writeFileSync(config, withRedis(written))
  copyFileSync(join(root, 'scripts/samples/hotline-gb18030.csv'), join(deployment, 'inbox/export.csv'))
  expect(run(deployment, 'npx', 'yiwang', 'lint', '--json')).toContain('[]')

  worker = spawn('npx', ['yiwang', 'run'], { cwd: deployment, env, stdio: 'inherit' })
  const ended = new Promise((resolve) => worker?.once('exit', (code, signal) => resolve(code ?? signal)))
  const queue = new Queue('tickets', { connection: { url: redisUrl }, prefix })
  try {
    await vi.waitFor(async () => expect(await queue.count()).toBeGreaterThan(30), {
      timeout: 60_000,
      interval: 200,
    })
    const [job] = await queue.getJobs(['waiting'], 0, 0)
    expect(job?.data).toMatchObject({ event: 'ticket.created', ticket: { schemaVersion: '1' } })
  } finally {
    await queue.close()
  }
  worker.kill('SIGTERM')
  expect(await ended).toBe(0)
}, 120_000)

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
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ]
  const tsc = join(root, 'node_modules/.bin/tsc')
  expect(run(folder, tsc, ...flags, '--types', '', 'consumer.ts')).toBe('')
})
