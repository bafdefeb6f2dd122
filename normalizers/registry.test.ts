import { expect, test } from 'vitest'
import { normalizers } from './registry.ts'

test('every normalizer is found under its own name and declares a version', async () => {
  for (const [name, load] of Object.entries(normalizers)) {
    const normalizer = await load()
    expect(normalizer.name).toBe(name)
    expect(normalizer.version).toMatch(/^\d+$/)
  }
})
