import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Prints `N passed, N failed, N skipped` as the run's very last line. (vitest takes a reporter's default export.) */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const { passed, failed, skipped } = countTests(modules, errors.length)
    process.once('exit', () =>
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`),
    )
  }
}

/** A file that fails outside of its tests, and an error outside of any file, count as one failure each. */
function countTests(modules: readonly TestModule[], errorsOutside: number): Counts {
  const counts = { passed: 0, failed: errorsOutside, skipped: 0 }
  for (const module of modules) {
    const before = counts.failed
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      counts[state === 'passed' || state === 'skipped' ? state : 'failed'] += 1
    }
    if (module.state() === 'failed' && counts.failed === before) counts.failed += 1
  }
  return counts
}
