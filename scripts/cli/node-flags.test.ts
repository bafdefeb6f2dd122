import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('the command of a clone runs Node with the memory limits of the published one', () => {
  const flagsIn = (file: string) => {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    const line = text.split('\n').find((each) => each.includes('--max-old-space-size'))
    return line?.match(/--[a-z-]+=\d+/g)
  }
  expect(flagsIn('yiwang.ts')).toHaveLength(3)
  expect(flagsIn('../yiwang')).toEqual(flagsIn('yiwang.ts'))
})
