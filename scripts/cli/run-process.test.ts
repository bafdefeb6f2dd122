import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { runProcess } from './run-process.ts'
import { capturedRun } from './testing/captured-run.ts'

const script = join(import.meta.dirname, 'yiwang.ts')
const cwd = mkdtempSync(join(tmpdir(), 'yiwang-process-'))
afterAll(() => rmSync(cwd, { recursive: true }))

const start = (args: readonly string[], nodeArgs: readonly string[] = []) =>
  spawn(process.execPath, [...nodeArgs, script, ...args], {
    cwd,
    env: { ...process.env, YIWANG_REDIS_URL: 'redis://127.0.0.1:1' },
  })

test('a reader that has enough, such as head, ends the command without a word', async () => {
  const child = start(['schema', 'config'])
  child.stdout.once('data', () => child.stdout.destroy())
  const [[code], err] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect([code, err]).toEqual([0, ''])
})

test.skipIf(!existsSync('/dev/full'))(
  'output that a full disk does not take is a failure, said in words (needs /dev/full, which Linux has)',
  async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [script, '--locale', 'zh', 'schema', 'config'], {
      cwd,
      stdio: ['ignore', full, 'pipe'],
    })
    const [[code], err] = await Promise.all([once(child, 'exit'), child.stderr && text(child.stderr)])
    closeSync(full)
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^PATH_NOT_WRITTEN: 无法写入 stdout（空间不足，ENOSPC）.*\n$/),
    ])
  },
)

test('a reader that takes its time gets all of a long output', async () => {
  const rows = Array.from({ length: 300 }, (_, row) => `G-${row},${'路灯不亮。'.repeat(200)}`)
  await capturedRun(['init', 'slow'], { cwd })
  writeFileSync(join(cwd, 'long.csv'), ['工单编号,诉求内容', ...rows].join('\n'))
  const dryRun = ['import', '--dry-run', '--limit', '1000', '--json', join(cwd, 'long.csv')]
  const child = start(['--config', 'slow/yiwang.yaml', ...dryRun])
  const ended = once(child, 'exit')
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  await vi.waitFor(() => expect(err).toContain('long.csv'), { timeout: 40_000 })
  expect(await Promise.race([ended, setTimeout(1_000, 'still there')])).toBe('still there')
  expect(JSON.parse(await text(child.stdout))).toMatchObject({ items: { length: 300 } })
  expect((await ended)[0]).toBe(0)
})

test('the process does not end before a reader has taken what a command wrote', async () => {
  const reader = Promise.withResolvers<void>()
  let written = 0
  const stdout = new Writable({
    write(chunk, _, done) {
      written += chunk.length
      void reader.promise.then(() => done())
    },
  })
  const child = Object.assign(new EventEmitter(), {
    ...{ argv: ['node', script, 'schema', 'config'], env: {}, cwd: () => cwd, exit: vi.fn() },
    ...{ stdout, stderr: new Writable({ write: (_chunk, _encoding, done) => done() }) },
  })
  const ended = runProcess(child as unknown as NodeJS.Process).then(() => 'ended')
  await vi.waitFor(() => expect(written).toBeGreaterThan(0), { timeout: 40_000 })
  expect(await Promise.race([ended, setTimeout(1_000, 'waiting')])).toBe('waiting')
  reader.resolve()
  expect(await ended).toBe('ended')
})

test('what has not ended nine seconds after a signal is cut off', async () => {
  const neverTakes = () => new Writable({ write: () => {} })
  const exit = vi.fn()
  const child = Object.assign(new EventEmitter(), {
    ...{ argv: ['node', script, 'schema', 'config'], env: {}, cwd: () => cwd, exit },
    ...{ stdout: neverTakes(), stderr: neverTakes() },
  })
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  void runProcess(child as unknown as NodeJS.Process)
  child.emit('SIGTERM')
  vi.advanceTimersByTime(8_999)
  expect(exit).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(exit).toHaveBeenCalledExactlyOnceWith(1)
  vi.useRealTimers()
})

test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
  'run ends on %s with exit 0 within ten seconds, also without Redis',
  async (signal) => {
    await capturedRun(['init', signal], { cwd })
    const child = start(['run', '--config', `${signal}/yiwang.yaml`, '--log-level', 'silent'])
    let err = ''
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    await vi.waitFor(() => expect(err).toContain('Running'), { timeout: 40_000 })
    const stoppedAt = performance.now()
    child.kill(signal)
    const [code] = await once(child, 'exit')
    expect([code, err.trimEnd().split('\n').at(-1)]).toEqual([0, 'Stopped.'])
    expect(performance.now() - stoppedAt).toBeLessThan(10_000)
  },
)

test('a working folder that was removed is no stack trace, and one made anew is found', async () => {
  const folder = join(cwd, 'release')
  mkdirSync(folder)
  const child = spawn(
    '/bin/sh',
    ['-c', 'echo; read -r _; exec "$@"', 'sh', process.execPath, script, 'lint'],
    {
      cwd: folder,
      env: { ...process.env, PWD: folder },
    },
  )
  await once(child.stdout, 'data')
  rmSync(folder, { recursive: true })
  child.stdin.write('\n')
  const [[code], err] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect([code, err]).toEqual([78, expect.stringMatching(/^CONFIG_NOT_FOUND: .*release\/yiwang.yaml.*\n$/)])
})

test('a folder that cannot be made ends init, also where the system says of it that it does not exist', async () => {
  const child = start(['init', '/proc/yiwang/office'])
  const stuck = AbortSignal.timeout(40_000)
  stuck.addEventListener('abort', () => child.kill('SIGKILL'))
  const [[code], err] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(
      /^PATH_NOT_WRITTEN: \/proc\/yiwang\/office\/inbox\/hotline\/sample\.csv cannot be written \(E[A-Z]+\)\. /,
    ),
  ])
})

test('an older Node is refused in both languages', async () => {
  const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"22.19.0"}})'
  const child = start(['--version'], ['--import', older])
  const [[code], err] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect(code).toBe(78)
  expect(err).toMatch(/^yiwang needs Node 24 or later; this is 22\.19\.0\. 需要 Node 24 或更高版本/)
})
