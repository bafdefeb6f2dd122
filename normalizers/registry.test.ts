import { expect, test } from 'vitest'
import { normalizers } from './registry.ts'

test('every normalizer is found under its own name and declares a version', () => {
  expect([...normalizers.keys()]).toEqual(['hotline', 'email'])
  for (const [name, normalizer] of normalizers) {
    expect(normalizer.name).toBe(name)
    expect(normalizer.version).toMatch(/^\d+$/)
  }
})
