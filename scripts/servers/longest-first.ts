import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take a minute and more, the longest first, from the root of the clone. */
export const longFiles: readonly string[] = [
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

/** The same files, the long ones before all others: one that began last would run on alone. */
export function longestFirst<File extends { readonly moduleId: string }>(files: readonly File[]): File[] {
  const rank = ({ moduleId }: File) => {
    const at = longFiles.findIndex((name) => moduleId.endsWith(`/${name}`))
    return at === -1 ? longFiles.length : at
  }
  return files.toSorted((one, other) => rank(one) - rank(other))
}

/** In a fresh clone vitest knows no durations yet, and goes by the size of the files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files))
  }
}
