import type { BigIntStats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'

const chunkBytes = 1024 * 1024

/** Thrown inside this folder when a file changes while it is read: what was read is not to be trusted. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged'
}

/** A file open for reading that notices when someone writes to it. */
export class SteadyFile {
  readonly name: string
  readonly stats: BigIntStats
  readonly #handle: FileHandle

  private constructor(path: string, handle: FileHandle, stats: BigIntStats) {
    this.name = basename(path)
    this.stats = stats
    this.#handle = handle
  }

  static async open(path: string): Promise<SteadyFile> {
    const handle = await open(path, 'r')
    try {
      return new SteadyFile(path, handle, await handle.stat({ bigint: true }))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  get bytes(): number {
    return Number(this.stats.size)
  }

  /**
   * The content in chunks that are valid until the next one is asked for.
   * @throws FileChanged before a chunk that may hold newer bytes is given
   */
  async *chunks(size = chunkBytes): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(size, Math.max(1, this.bytes)))
    for (let position = 0; position < this.bytes; ) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position)
      await this.refuseChange()
      if (bytesRead === 0) throw new FileChanged(this.name)
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  /** The first bytes, at most `length`. */
  async head(length: number): Promise<Uint8Array> {
    const buffer = Buffer.alloc(Math.min(length, this.bytes))
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, 0)
    await this.refuseChange()
    return buffer.subarray(0, bytesRead)
  }

  /** All of it; only for files within a limit. */
  async whole(): Promise<Uint8Array> {
    const all = Buffer.alloc(this.bytes)
    let filled = 0
    for await (const chunk of this.chunks()) {
      all.set(chunk, filled)
      filled += chunk.length
    }
    return all
  }

  /** @throws FileChanged when it was written to since it was opened; ctime is the clock nobody can set back. */
  async refuseChange(): Promise<void> {
    const now = await this.#handle.stat({ bigint: true })
    if (
      now.size !== this.stats.size ||
      now.mtimeNs !== this.stats.mtimeNs ||
      now.ctimeNs !== this.stats.ctimeNs
    ) {
      throw new FileChanged(this.name)
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
