import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, vi } from 'vitest'

it('evaluates a file of one report in a moment', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-one-'))
  try {
    const file = join(dir, 'one.jsonl')
    await writeFile(file, '{"id":1,"channel":"sms","body":"城东路12号的电梯坏了三天","report":null}\n')
    const script = join(import.meta.dirname, 'eval.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, file, '--json'], {
      timeout: 50_000,
    })
    expect(JSON.parse(stdout)).toMatchObject({ duplicate: { pairs: 0, found: 0, bcubed: { f1: 1 } } })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

it('tells before the run that the verdicts cannot be written', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-unwritten-'))
  try {
    const file = join(dir, 'one.jsonl')
    await writeFile(file, '{"id":1,"body":"城东路12号的电梯坏了三天"}\n')
    const out = join(dir, 'missing', 'out.jsonl')
    const script = join(import.meta.dirname, 'eval.ts')
    const args = [script, file, '--verdicts', out]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 50_000,
    })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`PATH_NOT_WRITTEN: ${out} cannot be written (ENOENT`)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

it('does not write verdicts over the labels', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-labels-'))
  try {
    const file = join(dir, 'one.jsonl')
    const label = '{"id":1,"body":"城东路12号的电梯坏了三天","report":"lift"}\n'
    await writeFile(file, label)
    const args = [join(import.meta.dirname, 'eval.ts'), file, '--verdicts', file]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 50_000 })
    expect([status, stderr]).toEqual([2, expect.stringContaining(`PATH_NOT_WRITTEN: ${file} `)])
    expect(await readFile(file, 'utf8')).toBe(label)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'leaves no texts behind after %s',
  async (signal, status) => {
    const dir = await mkdtemp(join(tmpdir(), 'yiwang-stopped-'))
    try {
      const temporary = join(dir, 'temporary')
      await mkdir(temporary)
      const rows = Array.from(
        { length: 2000 },
        (_, id) => `{"id":${id},"body":"城东路${id}号的电梯坏了三天"}\n`,
      )
      await writeFile(join(dir, 'rows.jsonl'), rows.join(''))
      const args = [join(import.meta.dirname, 'eval.ts'), join(dir, 'rows.jsonl')]
      const env = { ...process.env, TMPDIR: temporary }
      const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
      const ended = once(child, 'exit')
      const texts = async () =>
        expect(await readdir(temporary, { recursive: true })).toContainEqual(
          expect.stringContaining('yiwang.db'),
        )
      await vi.waitFor(texts, { timeout: 30_000 })
      child.kill(signal)
      expect(await ended).toEqual([status, null])
      expect(await readdir(temporary)).toEqual([])
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
  60_000,
)

it('says in Chinese what is wrong with a line', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-chinese-'))
  try {
    const file = join(dir, 'one.jsonl')
    await writeFile(file, '{')
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'eval.ts'), file], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'zh_CN.UTF-8' },
      timeout: 50_000,
    })
    expect([status, stderr]).toEqual([2, expect.stringContaining('第 1 行不是可用于评测的诉求：不是 JSON。')])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
