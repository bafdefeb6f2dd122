import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Ticket } from '../../normalizers/ticket.ts'
import { Database } from '../../pipeline/stores/sqlite/database.ts'
import { migrations } from '../../pipeline/stores/sqlite/schema.ts'
import { isAlive } from '../servers/guarded.ts'
import type { SourceSummary, Summary } from './summary.ts'
import { takeTurn } from './turn.ts'

const patience = { timeout: 100_000, interval: 20 }

let state = ''
const children: ChildProcess[] = []

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'yiwang-start-'))
})

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const path of [state, `${state}.lock`]) rmSync(path, { recursive: true, force: true })
})

function start(...options: readonly string[]) {
  const child = spawn(join(import.meta.dirname, '../start'), options, {
    env: { ...process.env, YIWANG_STATE: state, LANG: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const says = (words: string) => vi.waitFor(() => expect(said).toContain(words), patience)
  return { child, exited, out: text(child.stdout), said: () => said, says }
}

async function startOnce(): Promise<Summary> {
  const { exited, out, said } = start('--once', '--json')
  const code = await exited
  expect(code, said()).toBe(0)
  return JSON.parse(await out) as Summary
}

test('--once --json prints the books, which balance, and three whole tickets; again it prints the same', async () => {
  const summary = await startOnce()
  expect(summary.sources.map(({ id }) => id)).toEqual([
    ...['hotline-csv', 'hotline-xlsx', 'hotline-xls', 'hotline-html', 'mail'],
  ])
  for (const { id, seen, ticketed, linked, quarantined, skipped } of summary.sources) {
    expect(ticketed + linked + quarantined + skipped, id).toBe(seen)
    expect(seen, id).toBeGreaterThan(10)
  }
  expect(summary.queue.name).toBe('tickets')
  expect(summary.queue.jobs).toBeGreaterThan(150)
  expect(summary.tickets.map((ticket) => Ticket.parse(ticket).id)).toHaveLength(3)
  expect(await startOnce()).toEqual(summary)
}, 300_000)

test('an option that is not known is told in the language of the reader', () => {
  const env = { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: '', LANGUAGE: '' }
  const { status, stderr } = spawnSync(join(import.meta.dirname, '../start'), ['--onse'], {
    env,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^未知的选项或参数。\n用法：/)])
}, 120_000)

test('a failure is told in the language of the reader with its reason', () => {
  const own = mkdtempSync(join(tmpdir(), 'yiwang-start-'))
  mkdirSync(join(own, 'yiwang.db'))
  const env = { ...process.env, YIWANG_STATE: own, LANG: 'zh_CN.UTF-8', LC_ALL: '', LANGUAGE: '' }
  const { status, stderr } = spawnSync(join(import.meta.dirname, '../start'), ['--once'], {
    env,
    encoding: 'utf8',
  })
  for (const path of [own, `${own}.lock`]) rmSync(path, { recursive: true, force: true })
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^STORE_UNREACHABLE: .*（无法打开数据库文件，/m),
  ])
}, 120_000)

test('state that an earlier version has left is brought up to date and used again', async () => {
  rmSync(state, { recursive: true })
  const earlier = await Database.open(join(state, 'yiwang.db'), { migrations: migrations.slice(0, -1) })
  earlier.close()
  expect((await startOnce()).queue.jobs).toBeGreaterThan(150)
}, 150_000)

test('two at once wait for each other and say the same; --fresh takes nothing from under one that runs', async () => {
  const turn = await takeTurn(`${state}.lock`, new AbortController().signal, () => {})
  const runs = [start('--once', '--json'), start('--once', '--json')]
  await Promise.all(runs.map(({ says }) => says('waiting for it')))
  turn?.end()
  const [one, other] = await Promise.all(runs.map(async ({ exited, out }) => [await exited, await out]))
  const said = runs.map((run) => run.said()).join()
  expect(one, said).toEqual(other)
  expect(one?.[0], said).toBe(0)

  const { child, exited, says } = start()
  await says('Ctrl-C ends it')
  const fresh = start('--once', '--fresh')
  expect([await fresh.exited, fresh.said()]).toEqual([1, expect.stringMatching(/Ctrl-C before/)])
  child.kill('SIGINT')
  expect(await exited).toBe(0)
}, 300_000)

/** What became of a source's items, whichever of them are repeats. */
const settled = ({ ticketed, linked, ...source }: SourceSummary) => ({ ...source, made: ticketed + linked })

test('after a start that was killed the next one waits until it may go on, and leaves nothing out', async () => {
  const summary = await startOnce()
  const killed = start('--once', '--fresh')
  await killed.says('processed')
  killed.child.kill('SIGKILL')
  await killed.exited
  const again = await startOnce()
  // Sources may have been read in another order, so that of two equal reports the other one came first.
  expect(again.sources.map(settled)).toEqual(summary.sources.map(settled))
  const tickets = again.sources.reduce((sum, { ticketed }) => sum + ticketed, 0)
  expect(again.queue.jobs).toBeGreaterThanOrEqual(tickets)
}, 400_000)

test('a script that is reached through a link runs in its own clone', async () => {
  const link = join(state, 'yiwang-link')
  symlinkSync(join(import.meta.dirname, '../yiwang'), link)
  const child = spawn(link, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  expect(await text(child.stdout), await text(child.stderr)).toBe('0.1.0\n')
}, 120_000)

test('a reader that has enough ends nothing, and is no error', async () => {
  const { child, exited, out, said } = start('--once')
  out.catch(() => {})
  child.stdout.destroy()
  const code = await exited
  expect(code, said()).toBe(0)
  expect(said()).not.toContain('EPIPE')
}, 120_000)

test('without --once the worker runs on until Ctrl-C, which leaves nothing behind', async () => {
  const { child, exited, says } = start()
  await says('Ctrl-C ends it')
  const { pid } = JSON.parse(readFileSync(join(state, 'redis/redis.json'), 'utf8')) as {
    readonly pid: number
  }
  expect(isAlive(pid)).toBe(true)
  const askedAt = performance.now()
  child.kill('SIGINT')
  expect(await exited).toBe(0)
  expect(performance.now() - askedAt).toBeLessThan(30_000)
  expect(isAlive(pid)).toBe(false)
}, 150_000)
