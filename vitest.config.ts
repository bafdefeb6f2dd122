import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/servers/longest-first.ts'

const common = {
  // What programs say is compared in English, whatever the language of the machine.
  env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '', LANGUAGE: '' },
  // A bound for what hangs, also on a machine that is slow and busy.
  testTimeout: 180_000,
  hookTimeout: 180_000,
}

export default defineConfig({
  test: {
    // On two cores too: much of the time of the long tests is waiting.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'pure',
          include: ['{normalizers,dedupe,config}/**/*.test.ts'],
          // They keep no state between tests: one worker loads the code once for many files.
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'servers',
          include: ['{connectors,pipeline,scripts}/**/*.test.ts'],
          globalSetup: ['scripts/servers/vitest-setup.ts'],
        },
      },
    ],
  },
})
