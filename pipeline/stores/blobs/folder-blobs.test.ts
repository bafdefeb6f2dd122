import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { blobRules, describeRules } from '../store.suite.ts'
import { assertCode } from '../suite/fixtures.ts'
import { freshFolder, freshFolderBlobs } from '../suite/fresh.ts'
import { fileError, openFolderBlobs } from './folder-blobs.ts'

describeRules('a folder', blobRules, freshFolderBlobs)

async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const { dir, dispose } = await freshFolder()
  await work(dir)
  await dispose()
}

const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

describe('the blob folder', () => {
  it('keeps a blob under two levels of its hash, and nothing unfinished', () =>
    inFolder(async (dir) => {
      const blobs = await openFolderBlobs(dir)
      expect(await blobs.put(Buffer.from('hello'))).toBe(hello)
      expect(readFileSync(join(dir, '2c', 'f2', hello), 'utf8')).toBe('hello')
      expect(readdirSync(join(dir, 'unfinished'))).toEqual([])
    }))

  it('lets nobody but its owner read what it makes', () =>
    inFolder(async (parent) => {
      const dir = join(parent, 'blobs')
      await (await openFolderBlobs(dir)).put(Buffer.from('hello'))
      const made = [dir, join(dir, 'unfinished'), join(dir, '2c', 'f2'), join(dir, '2c', 'f2', hello)]
      expect(made.map((path) => statSync(path).mode & 0o077)).toEqual([0, 0, 0, 0])
    }))

  it('does not write bytes that are there again', () =>
    inFolder(async (dir) => {
      const blobs = await openFolderBlobs(dir)
      await blobs.put(Buffer.from('hello'))
      const { ino } = statSync(join(dir, '2c', 'f2', hello))
      await blobs.put(Buffer.from('hello'))
      expect(statSync(join(dir, '2c', 'f2', hello)).ino).toBe(ino)
    }))

  it('has names on disk before it answers, also those that another process has given, and each once', () =>
    inFolder(async (dir) => {
      const blobs = await openFolderBlobs(dir)
      const handle = await open(dir)
      const sync = vi.spyOn(Object.getPrototypeOf(handle), 'sync')
      await handle.close()
      const syncs = async (of: typeof blobs, text: string) => {
        sync.mockClear()
        await of.put(Buffer.from(text))
        return sync.mock.calls.length
      }
      const [file, folders] = [1, 3]
      expect(await syncs(blobs, 'hello')).toBe(file + folders)
      expect(await syncs(blobs, 'hello')).toBe(0)
      const other = await openFolderBlobs(dir)
      sync.mockRejectedValueOnce(Object.assign(new Error('EIO'), { code: 'EIO' }))
      await assertCode('STORE_UNREACHABLE', other.put(Buffer.from('hello')))
      expect(await syncs(other, 'hello')).toBe(folders)
      writeFileSync(join(dir, '2c', 'f2', hello), 'hellO')
      expect(await syncs(blobs, 'hello')).toBe(file + 1)
      sync.mockRestore()
    }))

  it('names a blob whose bytes have changed, and heals it when it is put again', () =>
    inFolder(async (dir) => {
      const blobs = await openFolderBlobs(dir)
      await blobs.put(Buffer.from('hello'))
      writeFileSync(join(dir, '2c', 'f2', hello), 'hellO')
      await assertCode('BLOB_CORRUPT', blobs.get(hello))
      await blobs.put(Buffer.from('hello'))
      expect(await blobs.get(hello)).toEqual(new Uint8Array(Buffer.from('hello')))
    }))

  it('says that it could not write a blob, and writes it once it can', () =>
    inFolder(async (dir) => {
      const blobs = await openFolderBlobs(dir)
      rmdirSync(join(dir, 'unfinished'))
      for (let time = 0; time < 2; time += 1)
        await assertCode('STORE_UNREACHABLE', blobs.put(Buffer.from('hello')))
      expect(await blobs.get(hello)).toBeNull()
      mkdirSync(join(dir, 'unfinished'))
      expect(await blobs.put(Buffer.from('hello'))).toBe(hello)
      expect(await blobs.get(hello)).not.toBeNull()
    }))

  it('clears away what a dead process left unfinished, and leaves what is being written', () =>
    inFolder(async (dir) => {
      mkdirSync(join(dir, 'unfinished'))
      for (const name of ['old', 'new']) writeFileSync(join(dir, 'unfinished', name), 'half')
      utimesSync(join(dir, 'unfinished', 'old'), 1, 1)
      await openFolderBlobs(dir)
      expect(readdirSync(join(dir, 'unfinished'))).toEqual(['new'])
    }))

  it('names a folder that cannot be one', () =>
    inFolder(async (dir) => {
      writeFileSync(join(dir, 'file'), '')
      await assertCode('STORE_UNREACHABLE', openFolderBlobs(join(dir, 'file')))
    }))

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('calls %s a full store', (code) => {
    const error = Object.assign(new Error(`${code}: write '/path/of/ours'`), { code })
    expect(fileError(error, 'file:/blobs')).toMatchObject({
      code: 'STORE_FULL',
      details: { url: 'file:/blobs', reason: code },
    })
  })
})
