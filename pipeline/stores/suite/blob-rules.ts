import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import type { BlobRule } from './rule.ts'

const bodies = [
  new Uint8Array(),
  Buffer.from('a\u0000𠀀'),
  Buffer.alloc(3_000_000, 'no newline at the end\n'),
]

/** What a blob store promises. */
export const blobRules: readonly BlobRule[] = [
  {
    name: 'bytes come back as they were put, under the SHA-256 of them, after reopening too',
    breach: 'keeps the first 255 KiB',
    broken: (blobs) => ({
      ...delegate(blobs),
      get: async (sha256) => (await blobs.get(sha256))?.subarray(0, 255 * 1024) ?? null,
    }),
    async check(open) {
      const blobs = await open()
      for (const body of bodies) assert.equal(await blobs.put(body), hash('sha256', body, 'hex'))
      await blobs.close()
      const again = await open()
      for (const body of bodies) {
        const found = await again.get(hash('sha256', body, 'hex'))
        assert.ok(found)
        assert.equal(Buffer.compare(found, body), 0)
      }
    },
  },
  {
    name: 'what was put is there when put has answered',
    breach: 'answers before it has written',
    broken: (blobs) => ({ ...delegate(blobs), put: async (body) => hash('sha256', body, 'hex') }),
    async check(open) {
      const blobs = await open()
      const sha256 = await blobs.put(Buffer.from('照片'))
      assert.deepEqual(await (await open()).get(sha256), new Uint8Array(Buffer.from('照片')))
    },
  },
  {
    name: 'a blob that is not there is null, whatever the name',
    breach: 'gives empty bytes instead',
    broken: (blobs) => ({
      ...delegate(blobs),
      get: async (sha256) => (await blobs.get(sha256)) ?? new Uint8Array(),
    }),
    async check(open) {
      const blobs = await open()
      await blobs.put(Buffer.from('a'))
      for (const name of ['0'.repeat(64), '../../etc/passwd', '', 'unfinished'])
        assert.equal(await blobs.get(name), null)
    },
  },
  {
    name: 'the same bytes put by many at once, and again later, are one readable blob',
    breach: 'refuses what it has already',
    broken: (blobs) => ({
      ...delegate(blobs),
      put: async (body) => {
        if ((await blobs.get(hash('sha256', body, 'hex'))) !== null) throw new Error('it exists')
        return blobs.put(body)
      },
    }),
    async check(open) {
      const stores = [await open(), await open()]
      const body = Buffer.alloc(600_000, 'x')
      const putting = Array.from({ length: 8 }, (_, index) => stores[index % 2]?.put(body))
      const put = [
        ...(await Promise.allSettled(putting)),
        ...(await Promise.allSettled([stores[0]?.put(body)])),
      ]
      const value = hash('sha256', body, 'hex')
      for (const one of put) assert.deepEqual(one, { status: 'fulfilled', value })
      assert.equal((await stores[1]?.get(value))?.byteLength, body.byteLength)
    },
  },
]

/** Methods of a class do not spread. */
function delegate(blobs: Parameters<BlobRule['broken']>[0]): typeof blobs {
  return {
    put: (body) => blobs.put(body),
    get: (sha256) => blobs.get(sha256),
    close: () => blobs.close(),
  }
}
