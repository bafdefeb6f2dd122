import mongoose from 'mongoose'
import { describe, expect, inject, it } from 'vitest'
import { blobRules, describeRules } from '../store.suite.ts'
import { assertCode } from '../suite/fixtures.ts'
import { freshGridFs, freshMongo, freshStore } from '../suite/fresh.ts'
import { openGridFsBlobs } from './gridfs-blobs.ts'

describeRules('gridfs', blobRules, () => freshGridFs(inject('mongoUrl')))

describe('the gridfs blobs', () => {
  it('do not show what was interrupted, and tell damage from absence', async () => {
    await using store = await freshStore(() => freshMongo(inject('mongoUrl')))
    const blobs = openGridFsBlobs(store.connection, store.url)
    const body = Buffer.alloc(700_000, 'x')
    const sha256 = await blobs.put(body)
    const files = store.connection.collection('blobs.files')
    const [file] = await files.find().toArray()
    await store.connection.collection('blobs.chunks').deleteOne({ files_id: file?._id, n: 1 })
    await assertCode('BLOB_CORRUPT', blobs.get(sha256))
    await blobs.put(body)
    expect((await blobs.get(sha256))?.byteLength).toBe(body.byteLength)
    const chunks = store.connection.collection('blobs.chunks')
    await chunks.updateMany(
      { n: 0 },
      { $set: { data: new mongoose.mongo.Binary(Buffer.alloc(255 * 1024, 'y')) } },
    )
    await assertCode('BLOB_CORRUPT', blobs.get(sha256))
    await blobs.put(body)
    expect(await blobs.get(sha256)).toEqual(new Uint8Array(body))
    await files.deleteMany({ _id: { $ne: file?._id ?? new mongoose.Types.ObjectId() } })
    await files.deleteOne({ _id: file?._id ?? new mongoose.Types.ObjectId() })
    expect(await blobs.get(sha256)).toBeNull()
    expect(await blobs.put(body)).toBe(sha256)
    expect((await blobs.get(sha256))?.byteLength).toBe(body.byteLength)
  })
})
