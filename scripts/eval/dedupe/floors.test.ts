import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runThroughPipeline } from '../../cli/tune/pipeline-run.ts'
import { readRows } from '../../cli/tune/rows.ts'
import { tasks } from '../../cli/tune/tasks.ts'
import { caseFiles } from './case-files.ts'
import { evaluate, shortfalls } from './evaluate.ts'

it('the cases reach the floors, and beat the three baselines', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-floors-'))
  try {
    const rows = await readRows(await caseFiles())
    const clock = () => Date.parse('2026-11-01T00:00:00+08:00')
    const { verdicts } = await runThroughPipeline(rows, { dir, clock })
    const evaluation = evaluate(rows, verdicts)
    expect(shortfalls(evaluation)).toEqual([])
    for (const task of tasks) {
      const { score, baselines } = evaluation.tasks[task]
      for (const [name, baseline] of Object.entries(baselines)) {
        expect(score.bcubed.f1, `${task} ${name}`).toBeGreaterThan(baseline.bcubed.f1)
        expect(score.precision ?? 0, `${task} ${name}`).toBeGreaterThan(baseline.precision ?? 0)
        expect(score.recall ?? 0, `${task} ${name}`).toBeGreaterThan(baseline.recall ?? 0)
      }
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
