import mongoose, { type Connection } from 'mongoose'
import { YiwangError } from '../../../config/errors.ts'
import { shownAddress } from '../../../config/server-address.ts'
import { type Models, modelsOn, schemaVersion } from './models.ts'
import { addressError, duplicateKey, mongoError, noSuchIndex, otherIndex } from './mongo-error.ts'

/** One connection pool to one database: bounded waits, majority writes, errors of the catalogue. */
export class Mongo {
  /** Without credentials. */
  readonly url: string
  readonly connection: Connection
  readonly models: Models
  readonly #address: string
  #found = 0
  #closed = false

  private constructor(address: string, connection: Connection) {
    this.url = shownAddress(address)
    this.#address = address
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
      connection = await connect(url, 60_000)
    } catch (error) {
      throw addressError(error, shown)
    }
    const mongo = new Mongo(url, connection)
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
   * Brings documents of an older schema up to date and creates what indexes are missing. Returns the names of both, and
   * the versions where it was raised.
   * @throws YiwangError STORE_TOO_NEW
   */
  async migrate(): Promise<readonly string[]> {
    if (this.#closed) throw new YiwangError('STORE_CLOSED', { url: this.url })
    try {
      this.#found = await this.#readVersion()
      if (this.#found > schemaVersion) throw this.#wrongVersion()
      // What changes all documents takes the longer the more there are; a server that is gone is noticed all the same.
      const patient = await connect(this.#address, 0)
      try {
        const created = await migrateAll(modelsOn(patient), this.#found, this.url)
        this.#found = schemaVersion
        return created
      } finally {
        await patient.close()
      }
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

/** @param socketTimeoutMS how long an answer may take; 0: any time */
async function connect(url: string, socketTimeoutMS: number): Promise<Connection> {
  return mongoose
    .createConnection(url, {
      serverSelectionTimeoutMS: 5_000,
      socketTimeoutMS,
      promoteBuffers: true,
      // A failover in the middle must not lose what was acknowledged. Single options: as an object the address overrides them.
      w: 'majority',
      journal: true,
      readConcernLevel: 'majority',
      // A secondary lags behind: leases, the work list and earlier tickets would be seen as they were.
      readPreference: 'primary',
      autoCreate: false,
      autoIndex: false,
    })
    .asPromise()
}

/** The version is written last: whatever ends this, the next one does all of it again. */
async function migrateAll(models: Models, found: number, url: string): Promise<string[]> {
  const created = found === 1 ? await upgrade(models) : []
  for (const model of Object.values(models)) created.push(...(await createIndexes(model, url)))
  await models.values.updateOne({ _id: 'schema' }, { number: schemaVersion }, { upsert: true })
  if (found !== schemaVersion) created.push(`schema: from version ${found} to ${schemaVersion}`)
  return created
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

/** @throws YiwangError STORE_INDEX where one that somebody else made stands in the way */
async function createIndexes(model: Models[keyof Models], url: string): Promise<string[]> {
  const { collection } = model
  await model.createCollection()
  const there = await collection.indexes()
  const created: string[] = []
  for (const [fields, { sparse }] of model.schema.indexes()) {
    const key = Object.fromEntries(
      Object.entries(fields).map(([name, order]) => [name, order === -1 ? -1 : 1]),
    )
    const options = sparse ? { sparse } : {}
    // Under whatever name: an adviser of the server may have made it.
    if (there.some((index) => formOf(index) === formOf({ key, ...options }))) continue
    const name = Object.entries(key).flat().join('_')
    try {
      created.push(`${collection.name}.${await collection.createIndex(key, { ...options, name })}`)
    } catch (error) {
      const rival = there.find((index) => index.name === name || formOf(index.key) === formOf(key))
      if (rival?.name === undefined || !otherIndex(error)) throw error
      throw new YiwangError('STORE_INDEX', { url, collection: collection.name, index: rival.name }, error)
    }
  }
  return created
}

const namesOfIndex: ReadonlySet<string> = new Set(['name', 'ns', 'v', 'background'])

/** What an index does, whatever it is called. */
function formOf(index: object): string {
  return JSON.stringify(Object.entries(index).filter(([property]) => !namesOfIndex.has(property)))
}
