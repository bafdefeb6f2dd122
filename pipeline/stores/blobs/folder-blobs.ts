import { hash, randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { YiwangError } from '../../../config/errors.ts'
import type { BlobStore } from '../store.ts'

/** Unfinished files older than this belong to a process that died. */
const abandonedAfterMs = 24 * 60 * 60 * 1000
const mostKnown = 100_000

/**
 * Blobs as files `<dir>/ab/cd/<sha256>`, for their owner alone. A file gets its name only when it is whole and on disk.
 * @throws YiwangError STORE_FULL, STORE_UNREACHABLE
 */
export async function openFolderBlobs(dir: string): Promise<BlobStore> {
  const blobs = new FolderBlobs(dir)
  await blobs.prepare()
  return blobs
}

class FolderBlobs implements BlobStore {
  readonly #dir: string
  readonly #url: string
  readonly #unfinished: string
  /** Blobs and folders whose own entry is known to be on disk. */
  readonly #durable = new Set<string>()

  constructor(dir: string) {
    this.#dir = dir
    this.#url = `file:${dir}`
    this.#unfinished = join(dir, 'unfinished')
  }

  async prepare(): Promise<void> {
    await this.#guarded(async () => {
      await mkdir(this.#unfinished, { recursive: true, mode: 0o700 })
      for (const name of await readdir(this.#unfinished)) {
        const file = join(this.#unfinished, name)
        const found = await stat(file).catch(() => null)
        if (found && found.mtimeMs < Date.now() - abandonedAfterMs) await rm(file, { force: true })
      }
    })
  }

  async put(body: Uint8Array): Promise<string> {
    const sha256 = hash('sha256', body, 'hex')
    await this.#guarded(async () => {
      const file = this.#fileOf(sha256)
      const found = readIfThere(file)
      // A file that has gone bad is written anew.
      const isThere = found !== null && Buffer.compare(found, body) === 0
      if (!isThere) await this.#write(file, body)
      if (!isThere || !this.#durable.has(file)) await this.#makeDurable(file)
    })
    return sha256
  }

  async get(sha256: string): Promise<Uint8Array | null> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return null
    const found = await this.#guarded(async () => readIfThere(this.#fileOf(sha256)))
    if (found === null) return null
    if (hash('sha256', found, 'hex') !== sha256)
      throw new YiwangError('BLOB_CORRUPT', { sha256, url: this.#url })
    return new Uint8Array(found.buffer, found.byteOffset, found.byteLength)
  }

  async close(): Promise<void> {}

  #fileOf(sha256: string): string {
    return join(this.#dir, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }

  async #write(file: string, body: Uint8Array): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const unfinished = join(this.#unfinished, randomUUID())
    try {
      await withFile(unfinished, 'wx', async (handle) => {
        await handle.writeFile(body)
        await handle.sync()
      })
      await rename(unfinished, file)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  }

  /** The name is on disk once its folder is, and that folder's name once the one above is. */
  async #makeDurable(file: string): Promise<void> {
    if (this.#durable.size >= mostKnown) this.#durable.clear()
    const inner = dirname(file)
    await syncFolder(inner)
    if (!this.#durable.has(inner)) {
      await syncFolder(dirname(inner))
      await syncFolder(this.#dir)
    }
    this.#durable.add(inner).add(file)
  }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw fileError(error, this.#url)
    }
  }
}

/** A failure of the file system as an error of the catalogue. */
export function fileError(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof YiwangError) return error
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code))
  // The code alone: the message quotes paths, and there is nothing more in it.
  return new YiwangError(
    full ? 'STORE_FULL' : 'STORE_UNREACHABLE',
    { url, reason: String(error.code) },
    error,
  )
}

/** At once: the four round trips of an asynchronous read cost ten times as much as reading a picture. */
function readIfThere(file: string): Buffer | null {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? null : readFileSync(file)
}

async function syncFolder(dir: string): Promise<void> {
  await withFile(dir, 'r', (handle) => handle.sync())
}

async function withFile(
  file: string,
  flags: string,
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags, 0o600)
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}
