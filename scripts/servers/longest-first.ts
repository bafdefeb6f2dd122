import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take minutes, the longest first: one that began last would run on alone. */
const long = [
  'scripts/crash/random-kills.test.ts',
  'scripts/crash/signals.test.ts',
  'scripts/quickstart/start.test.ts',
  'scripts/crash/crash.test.ts',
  'pipeline/rule.test.ts',
  'scripts/crash/two-processes.test.ts',
  'pipeline/run.test.ts',
  'pipeline/open-app.test.ts',
  'scripts/crash/redis-away.test.ts',
]

/** Starts the long files before all others, also where no earlier run has left a cache of durations. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(`/${name}`))
      return at === -1 ? long.length : at
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
