import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const verdicts = '--json, --verdicts …, --versions'
const sizes = '--json, --sizes …, --flood …'

const cases: readonly (readonly [script: string, argument: string, line: string])[] = [
  ['eval/dedupe/eval.ts', '--jsn', `Unknown option '--jsn'; known: ${verdicts}`],
  ['eval/dedupe/eval.ts', '--verdicts', `Option '--verdicts <value>' argument missing; known: ${verdicts}`],
  ['eval/dedupe/fit/fit.ts', '--ot', "Unknown option '--ot'; known: --with …, --out …"],
  ['bench/bench.ts', '--row', "Unknown option '--row'; known: --rows …, --runs …, --mails …, --json"],
  ['bench/decisions.ts', '--size', `Unknown option '--size'; known: ${sizes}`],
  ['bench/decisions.ts', '3000', `Unexpected argument '3000'; known: ${sizes}`],
  ['bench/bench.ts', '--rows=many', "--rows takes a whole number from 1 on, not 'many'"],
  ['bench/bench.ts', '--rows=0', "--rows takes a whole number from 1 on, not '0'"],
  ['bench/bench.ts', '--runs=1.5', "--runs takes a whole number from 1 on, not '1.5'"],
]

test.each(cases)(
  '%s %s is told what it takes',
  (script, argument, line) => {
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, script), argument], {
      encoding: 'utf8',
      timeout: 100_000,
    })
    expect([status, stderr]).toEqual([2, `${line}\n`])
  },
  120_000,
)
