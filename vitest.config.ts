import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{connectors,pipeline,normalizers,dedupe,config,scripts}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
