import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { moveIfThere } from './move-file.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'yiwang-move-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('moves a file, and takes one that is gone for moved', async () => {
  writeFileSync(join(dir, 'a'), '')
  expect(await moveIfThere(join(dir, 'a'), join(dir, 'b'))).toBe(true)
  expect(await moveIfThere(join(dir, 'a'), join(dir, 'b'))).toBe(false)
  expect(readdirSync(dir)).toEqual(['b'])
})

it('fails where the folder to move into is missing: the file is still there', async () => {
  writeFileSync(join(dir, 'a'), '')
  await expect(moveIfThere(join(dir, 'a'), join(dir, 'missing', 'a'))).rejects.toMatchObject({
    code: 'ENOENT',
  })
  expect(readdirSync(dir)).toEqual(['a'])
})
