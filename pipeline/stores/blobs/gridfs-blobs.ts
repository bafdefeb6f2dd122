import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import mongoose, { type Connection } from 'mongoose'
import { YiwangError } from '../../../config/errors.ts'
import { mongoError } from '../mongodb/mongo-error.ts'
import type { BlobStore } from '../store.ts'

/**
 * Blobs as GridFS files named by their hash. GridFS writes a file's own document after its chunks, so a
 * file that can be found is whole; two that are put at once are two equal files, and either is read.
 * The connection stays its owner's: closing this leaves it open.
 * Its methods throw YiwangError STORE_CLOSED once the connection is closed.
 */
export function openGridFsBlobs(connection: Connection, url: string): BlobStore {
  const { db } = connection
  if (!db) throw new YiwangError('STORE_CLOSED', { url })
  const bucket = new mongoose.mongo.GridFSBucket(db, {
    bucketName: 'blobs',
    writeConcern: { w: 'majority', journal: true },
  })
  return {
    put: (body) => guarded(url, () => put(bucket, body)),
    get: (sha256) => guarded(url, () => get(bucket, sha256, url)),
    close: async () => {},
  }
}

type Bucket = mongoose.mongo.GridFSBucket

/** A blob that is damaged gets another copy. */
async function put(bucket: Bucket, body: Uint8Array): Promise<string> {
  const sha256 = hash('sha256', body, 'hex')
  if ((await wholeCopy(bucket, sha256)).body === null) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    await pipeline(Readable.from([bytes], { objectMode: false }), bucket.openUploadStream(sha256))
  }
  return sha256
}

async function get(bucket: Bucket, sha256: string, url: string): Promise<Uint8Array | null> {
  const { body, copies } = await wholeCopy(bucket, sha256)
  if (body === null && copies > 0) throw new YiwangError('BLOB_CORRUPT', { sha256, url })
  return body
}

async function wholeCopy(bucket: Bucket, sha256: string) {
  const files = await bucket.find({ filename: sha256 }).toArray()
  for (const { _id } of files) {
    const found = await download(bucket, _id)
    if (found === null || hash('sha256', found, 'hex') !== sha256) continue
    return { body: new Uint8Array(found.buffer, found.byteOffset, found.byteLength), copies: files.length }
  }
  return { body: null, copies: files.length }
}

/** Null when chunks are missing. */
async function download(bucket: Bucket, id: mongoose.mongo.ObjectId): Promise<Buffer | null> {
  const parts: Buffer[] = []
  try {
    for await (const part of bucket.openDownloadStream(id)) parts.push(part as Buffer)
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoGridFSChunkError) return null
    throw error
  }
  return Buffer.concat(parts)
}

async function guarded<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw mongoError(error, url)
  }
}
