import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hotlineSamples } from './generate.ts'

test('the committed exports are what the generator makes', () => {
  const samples = hotlineSamples()
  expect(samples.size).toBe(4)
  for (const [name, bytes] of samples) {
    const committed = readFileSync(join(import.meta.dirname, name))
    expect(Buffer.compare(committed, bytes), `${name}: run node scripts/samples/generate.ts`).toBe(0)
  }
})

test('the CSV holds a four-byte character of GB18030', () => {
  const csv = readFileSync(join(import.meta.dirname, 'hotline-gb18030.csv'))
  expect(new TextDecoder('gb18030', { fatal: true }).decode(csv)).toContain('陈𬍛')
  expect(csv.includes(Buffer.from([0x99, 0x31, 0xd9, 0x37]))).toBe(true)
})
