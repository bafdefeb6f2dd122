import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{connectors,pipeline,normalizers,dedupe,config,scripts}/**/*.test.ts'],
    globalSetup: ['scripts/servers/vitest-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
