import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import mongoose, { type Connection } from 'mongoose'

/** A document may have 16 MiB; larger bodies than this stand in GridFS. */
export const largestInlineBytes = 8 * 1024 * 1024

/** Item bodies that are too large for a document. */
export class LargeBodies {
  readonly #bucket: mongoose.mongo.GridFSBucket

  constructor(connection: Connection) {
    if (!connection.db) throw new Error('the connection is not open')
    this.#bucket = new mongoose.mongo.GridFSBucket(connection.db, { bucketName: 'bodies' })
  }

  /** Durable when it resolves. Writing the same again adds a copy, which reading never sees. */
  async write(rawId: string, body: Uint8Array): Promise<void> {
    await pipeline(Readable.from([Buffer.from(body)]), this.#bucket.openUploadStream(rawId))
  }

  async read(rawId: string): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.#bucket.openDownloadStreamByName(rawId)) parts.push(part as Buffer)
    return Buffer.concat(parts)
  }
}
