import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { type mongo } from 'mongoose'
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

/** Puts what one store holds into another. */
export type Copy = (to: Store) => Promise<void>

/** All that a store holds as it is now. Null where a store is filled by its own calls as soon as by a copy. */
export async function copyOf(store: Store): Promise<Copy | null> {
  if (!isMongoStore(store)) return null
  const collections = await store.connection.listCollections()
  const contents: [name: string, docs: mongo.BSON.Document[]][] = []
  for (const { name } of collections)
    contents.push([name, await store.connection.collection(name).find().toArray()])
  return async (to) => {
    if (!isMongoStore(to)) throw new Error('a store of another kind')
    for (const [name, docs] of contents) {
      const collection = to.connection.collection(name)
      await collection.deleteMany()
      if (docs.length > 0) await collection.insertMany(docs)
    }
  }
}

function isMongoStore(store: Store): store is MongoStore {
  return 'connection' in store
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
