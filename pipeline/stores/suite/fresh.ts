import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { openFolderBlobs } from '../blobs/folder-blobs.ts'
import { openGridFsBlobs } from '../blobs/gridfs-blobs.ts'
import { type MongoStore, openMongoStore } from '../mongodb/mongo-store.ts'
import { openSqliteStore, type SqliteOptions } from '../sqlite/sqlite-store.ts'
import type { Fresh } from '../store.suite.ts'
import type { BlobStore, Store } from '../store.ts'

/** A folder of its own that goes with the test. */
export async function freshFolder(): Promise<{ readonly dir: string; dispose(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'yiwang-store-'))
  return { dir, dispose: () => rm(dir, { recursive: true, force: true }) }
}

/** A SQLite file of its own. */
export async function freshSqlite(): Promise<Fresh<Store>> {
  const { dir, dispose } = await freshFolder()
  return { open: () => openSqliteStore(join(dir, 'yiwang.db'), { randomBytes }), dispose }
}

/** Runs a test on a file of its own. */
export async function onFile(
  work: (
    file: string,
    open: (options?: Partial<SqliteOptions>) => ReturnType<typeof openSqliteStore>,
  ) => Promise<void>,
): Promise<void> {
  const { dir, dispose } = await freshFolder()
  const file = join(dir, 'data', 'yiwang.db')
  await work(file, (options) => openSqliteStore(file, { randomBytes, ...options }))
  await dispose()
}

/** A database of its own on the MongoDB server at `serverUrl`. */
export async function freshMongo(serverUrl: string): Promise<Fresh<MongoStore>> {
  const url = databaseUrl(serverUrl, `yiwang_${randomUUID().slice(0, 8)}`)
  return { open: () => openMongoStore(url, { randomBytes }), dispose: () => dropDatabase(url) }
}

export async function freshFolderBlobs(): Promise<Fresh<BlobStore>> {
  const { dir, dispose } = await freshFolder()
  return { open: () => openFolderBlobs(join(dir, 'blobs')), dispose }
}

export async function freshGridFs(serverUrl: string): Promise<Fresh<BlobStore>> {
  const { open, dispose } = await freshMongo(serverUrl)
  const openBlobs = async (): Promise<BlobStore> => {
    const store = await open()
    return { ...openGridFsBlobs(store.connection, store.url), close: () => store.close() }
  }
  return { open: openBlobs, dispose }
}

/** A store on something fresh; at the end of its scope it is closed and all of it removed. */
export async function freshStore<Of extends Store>(
  fresh: () => Promise<Fresh<Of>>,
): Promise<Of & AsyncDisposable> {
  const { open, dispose } = await fresh()
  const store = await open()
  const end = async () => {
    await store.close()
    await dispose()
  }
  return { ...store, [Symbol.asyncDispose]: end }
}

/** The URL of a database on a server; what stands behind `?` stays. */
export function databaseUrl(serverUrl: string, database: string): string {
  const [, server = serverUrl, options = ''] = /^([a-z+]+:\/\/[^/?]+)[^?]*(\?.*)?$/.exec(serverUrl) ?? []
  return `${server}/${database}${options}`
}

async function dropDatabase(url: string): Promise<void> {
  const connection = await mongoose.createConnection(url).asPromise()
  await connection.dropDatabase()
  await connection.close()
}
