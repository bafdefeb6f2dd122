import mongoose, { type Connection } from 'mongoose'
import { YiwangError } from '../../../config/errors.ts'
import { shownAddress } from '../../../config/server-address.ts'
import { type Models, modelsOn, schemaVersion } from './models.ts'
import { duplicateKey, mongoError, noSuchIndex } from './mongo-error.ts'

/** One connection pool to one database: bounded waits, majority writes, errors of the catalogue. */
export class Mongo {
  /** Without credentials. */
  readonly url: string
  readonly connection: Connection
  readonly models: Models
  #found = 0
  #closed = false

  private constructor(url: string, connection: Connection) {
    this.url = url
    this.connection = connection
    this.models = modelsOn(connection)
  }

  /**
   * Connects. An empty database gets its indexes at once; an older one waits for {@link migrate}.
   * @throws YiwangError STORE_UNREACHABLE, STORE_REFUSED, STORE_ADDRESS
   */
  static async open(url: string): Promise<Mongo> {
    const shown = shownAddress(url)
    let connection: Connection
    try {
      connection = await mongoose
        .createConnection(url, {
          serverSelectionTimeoutMS: 5_000,
          socketTimeoutMS: 60_000,
          promoteBuffers: true,
          // A failover in the middle must not lose what was acknowledged.
          writeConcern: { w: 'majority', journal: true },
          readConcernLevel: 'majority',
          autoCreate: false,
          autoIndex: false,
        })
        .asPromise()
    } catch (error) {
      throw mongoError(error, shown)
    }
    const mongo = new Mongo(shown, connection)
    try {
      mongo.#found = await mongo.#readVersion()
      if (mongo.#found === 0) await mongo.migrate()
    } catch (error) {
      await mongo.close()
      throw mongoError(error, shown)
    }
    return mongo
  }

  /** Runs `work` when the schema is the one this program knows. */
  async use<Result>(work: (models: Models) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new YiwangError('STORE_CLOSED', { url: this.url })
    if (this.#found !== schemaVersion) throw this.#wrongVersion()
    try {
      return await work(this.models)
    } catch (error) {
      if (this.#closed) throw new YiwangError('STORE_CLOSED', { url: this.url }, error)
      throw mongoError(error, this.url)
    }
  }

  /**
   * Asks for the schema again: a newer program may have migrated the database while this one was connected.
   * @throws YiwangError STORE_TOO_NEW
   */
  async assertVersion(): Promise<void> {
    this.#found = await this.#readVersion()
    if (this.#found !== schemaVersion) throw this.#wrongVersion()
  }

  /**
   * Brings documents of an older schema up to date and creates what indexes are missing. Returns the names of both.
   * @throws YiwangError STORE_TOO_NEW
   */
  async migrate(): Promise<readonly string[]> {
    if (this.#closed) throw new YiwangError('STORE_CLOSED', { url: this.url })
    try {
      this.#found = await this.#readVersion()
      if (this.#found > schemaVersion) throw this.#wrongVersion()
      const created = this.#found === 1 ? await upgrade(this.models) : []
      for (const model of Object.values(this.models)) created.push(...(await createIndexes(model)))
      await this.models.values.updateOne({ _id: 'schema' }, { number: schemaVersion }, { upsert: true })
      this.#found = schemaVersion
      return created
    } catch (error) {
      throw mongoError(error, this.url)
    }
  }

  /** The last of `count` numbers that are the caller's alone. */
  async reserve(counter: string, count: number): Promise<number> {
    const query = () =>
      this.models.values
        .findOneAndUpdate(
          { _id: counter },
          { $inc: { number: count } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean()
    // Two first callers at once: one of them finds the document made by the other.
    const doc = await query().catch((error) => (duplicateKey(error) ? query() : Promise.reject(error)))
    return doc?.number ?? count
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.connection.close()
  }

  async #readVersion(): Promise<number> {
    return (await this.models.values.findById('schema').lean())?.number ?? 0
  }

  #wrongVersion(): YiwangError {
    const code = this.#found > schemaVersion ? 'STORE_TOO_NEW' : 'STORE_NOT_MIGRATED'
    return new YiwangError(code, { url: this.url, found: this.#found, wanted: schemaVersion })
  }
}

/** Keys of version 1 are not carried over: `yiwang dedupe rebuild` makes them anew, as numbers. */
async function upgrade({ items, tickets }: Models): Promise<string[]> {
  // Others of the same beginning have taken their place.
  await dropIndex(items, 'sourceId_1_day_1')
  await dropIndex(tickets, 'matchKeys_1_at_1')
  const fresh = { matchKeys: [], incidentId: null, linkEvent: null, linkRevision: null }
  await tickets.updateMany({ linkRevision: { $exists: false } }, { $set: fresh })
  return ['tickets: integer match keys, incidents']
}

async function dropIndex(model: Models[keyof Models], name: string): Promise<void> {
  await model.collection.dropIndex(name).catch((error) => {
    if (!noSuchIndex(error)) throw error
  })
}

async function createIndexes(model: Models[keyof Models]): Promise<string[]> {
  const names = async () =>
    (await model.collection.indexes().catch(() => [])).map(({ name }) => `${model.collection.name}.${name}`)
  const before = new Set(await names())
  await model.createCollection()
  await model.createIndexes()
  return (await names()).filter((name) => !before.has(name) && !name.endsWith('._id_'))
}
