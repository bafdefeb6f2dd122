import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

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
