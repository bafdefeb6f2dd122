import { expect, test } from 'vitest'
import { logWarnings } from './library-warnings.ts'

test('what a library warns of on the console goes to the log, once, until that ends', () => {
  const before = console.warn
  const logged: unknown[] = []
  {
    using _warnings = logWarnings({ warn: (...entry: unknown[]) => logged.push(entry) } as never)
    console.warn('IMPORTANT! Eviction policy is allkeys-lru.')
    console.warn('IMPORTANT! Eviction policy is allkeys-lru.')
  }
  expect(console.warn).toBe(before)
  expect(logged).toEqual([[{ reason: 'IMPORTANT! Eviction policy is allkeys-lru.' }, 'a library warns']])
})
