import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import mongoose, { type Connection } from 'mongoose'
import { YiwangError } from '../../../config/errors.ts'

/** A document may have 16 MiB; larger bodies than this stand in GridFS. */
export const largestInlineBytes = 8 * 1024 * 1024

/** Item bodies that are too large for a document. */
export class LargeBodies {
  readonly #bucket: mongoose.mongo.GridFSBucket
  readonly #url: string

  /** @param url for messages, without credentials */
  constructor(connection: Connection, url: string) {
    if (!connection.db) throw new Error('the connection is not open')
    this.#url = url
    this.#bucket = new mongoose.mongo.GridFSBucket(connection.db, { bucketName: 'bodies' })
  }

  /** Durable when it resolves. Writing the same again adds a copy, which reading never sees. */
  async write(rawId: string, body: Uint8Array): Promise<void> {
    await pipeline(Readable.from([Buffer.from(body)]), this.#bucket.openUploadStream(rawId))
  }

  /**
   * @param bytes how many it has: a file whose last chunks are missing ends early, without an error
   * @throws YiwangError ITEM_DAMAGED where some of it, or all, is missing
   */
  async read(rawId: string, bytes: number): Promise<Buffer> {
    const parts: Buffer[] = []
    try {
      for await (const part of this.#bucket.openDownloadStreamByName(rawId)) parts.push(part as Buffer)
    } catch (error) {
      if (isDamage(error)) throw this.#damaged(rawId, error)
      throw error
    }
    const body = Buffer.concat(parts)
    if (body.byteLength !== bytes) throw this.#damaged(rawId)
    return body
  }

  #damaged(rawId: string, cause?: unknown): YiwangError {
    return new YiwangError('ITEM_DAMAGED', { url: this.#url, rawId }, cause)
  }
}

/** A chunk that is missing or of another size, or a file that is not there: no waiting mends that. */
function isDamage(error: unknown): boolean {
  const { MongoGridFSChunkError, MongoRuntimeError } = mongoose.mongo
  return (
    error instanceof MongoGridFSChunkError ||
    (error instanceof MongoRuntimeError && 'code' in error && error.code === 'ENOENT')
  )
}
