import type { Connection } from 'mongoose'
import type { Store } from '../store.ts'
import { mongoArchive } from './archive.ts'
import { LargeBodies } from './bodies.ts'
import { mongoLeases } from './leases.ts'
import { mongoLedger } from './ledger.ts'
import { Mongo } from './mongo.ts'
import { duplicateKey } from './mongo-error.ts'
import { mongoOutbox } from './outbox.ts'
import { mongoReindexing } from './reindexing.ts'
import { mongoViews } from './views.ts'

/** A store whose database can hold blobs too. */
export interface MongoStore extends Store {
  readonly connection: Connection
}

export interface MongoOptions {
  /** Makes secrets: this many unpredictable bytes. */
  readonly randomBytes: (bytes: number) => Uint8Array
}

/**
 * Opens the store in one MongoDB database, the one that the URL names. An empty database is ready at once;
 * one of an older schema refuses everything but `migrate` with STORE_NOT_MIGRATED.
 * @throws YiwangError STORE_UNREACHABLE, STORE_REFUSED
 */
export async function openMongoStore(url: string, options: MongoOptions): Promise<MongoStore> {
  const mongo = await Mongo.open(url)
  const bodies = new LargeBodies(mongo.connection, mongo.url)
  return {
    name: 'mongodb',
    url: mongo.url,
    connection: mongo.connection,
    ...mongoArchive(mongo, bodies),
    ...mongoLeases(mongo),
    ...mongoLedger(mongo, bodies),
    ...mongoReindexing(mongo),
    ...mongoOutbox(mongo),
    ...mongoViews(mongo),
    migrate: () => mongo.migrate(),
    secret: (name) => mongo.use(() => secret(mongo, name, options.randomBytes)),
    close: () => mongo.close(),
  }
}

async function secret(mongo: Mongo, name: string, randomBytes: MongoOptions['randomBytes']): Promise<string> {
  const _id = `secret.${name}`
  const fresh = Buffer.from(randomBytes(32)).toString('hex')
  try {
    await mongo.models.values.updateOne({ _id }, { $setOnInsert: { text: fresh } }, { upsert: true })
  } catch (error) {
    if (!duplicateKey(error)) throw error
  }
  return (await mongo.models.values.findById(_id).lean())?.text ?? fresh
}
