import { expect, test } from 'vitest'
import { normalizers } from './registry.ts'

test('every normalizer is found under its own name and declares a version', async () => {
  expect([...normalizers.keys()]).toEqual(['hotline', 'email'])
  for (const [name, load] of normalizers) {
    const normalizer = await load()
    expect(normalizer.name).toBe(name)
    expect(normalizer.version).toMatch(/^\d+$/)
  }
})
