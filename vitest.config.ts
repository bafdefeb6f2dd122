import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{connectors,pipeline,normalizers,dedupe,config,scripts}/**/*.test.ts'],
    // What programs say is compared in English, whatever the language of the machine.
    env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '', LANGUAGE: '' },
    globalSetup: ['scripts/servers/vitest-setup.ts'],
    // On two cores too: much of the time of the long tests is waiting.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // A bound for what hangs, also on a machine that is slow and busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
