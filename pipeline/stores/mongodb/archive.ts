import type { ArchivedItem } from '../../../normalizers/normalizer.ts'
import type { Archive, IncomingItem, ItemStory } from '../store.ts'
import { type LargeBodies, largestInlineBytes } from './bodies.ts'
import type { ItemDoc } from './models.ts'
import type { Mongo } from './mongo.ts'
import { onlyDuplicateKeys } from './mongo-error.ts'

/** Items as they came, one document each, with its place on the work list. */
export function mongoArchive(mongo: Mongo, bodies: LargeBodies): Archive {
  const stories = (filter: Readonly<Record<string, string>>) =>
    mongo.use(async ({ items }) => {
      const docs = await items.find(filter).sort({ seq: 1 }).lean()
      return Promise.all(docs.map((doc) => story(doc, bodies)))
    })
  return {
    archive: (items) => mongo.use(() => addItems(mongo, bodies, items)),
    item: async (rawId) => (await stories({ _id: rawId }))[0] ?? null,
    itemsByExternalId: (externalId) => stories({ externalId }),
    itemsOfTicket: (ticketId) => stories({ 'outcome.ticketId': ticketId }),
    unknownLocators: (sourceId, locators) =>
      mongo.use(async ({ items }) => {
        const filter = { sourceId, locators: { $in: [...locators] } }
        const docs = await items.find(filter, { locators: 1 }).lean()
        const known = new Set(docs.flatMap((doc) => doc.locators))
        return locators.filter((locator) => !known.has(locator))
      }),
    unknownItems: (rawIds) =>
      mongo.use(async () => {
        const known = await knownIds(mongo, rawIds)
        return rawIds.filter((rawId) => !known.has(rawId))
      }),
  }
}

/** An item as it was archived. */
export async function readItem(doc: ItemDoc, bodies: LargeBodies): Promise<ArchivedItem> {
  const body = doc.body ?? (await bodies.read(doc._id, doc.bytes))
  return {
    rawId: doc._id,
    sourceId: doc.sourceId,
    externalId: doc.externalId,
    mediaType: doc.mediaType,
    body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength),
    meta: JSON.parse(doc.meta) as ArchivedItem['meta'],
    archivedAt: doc.archivedAt,
  }
}

async function knownIds(mongo: Mongo, rawIds: readonly string[]): Promise<Set<string>> {
  const docs = await mongo.models.items.find({ _id: { $in: [...rawIds] } }, { _id: 1 }).lean()
  return new Set(docs.map(({ _id }) => _id))
}

async function addItems(mongo: Mongo, bodies: LargeBodies, items: readonly IncomingItem[]) {
  const known = await knownIds(
    mongo,
    items.map(({ rawId }) => rawId),
  )
  const fresh = new Map<string, IncomingItem>()
  for (const item of items) if (!known.has(item.rawId) && !fresh.has(item.rawId)) fresh.set(item.rawId, item)
  if (fresh.size > 0) await insertItems(mongo, bodies, [...fresh.values()])
  await addLocators(mongo, items)
  return { added: fresh.size, known: items.length - fresh.size }
}

/** A number taken for an item that another process archives at the same moment stays unused. */
async function insertItems(mongo: Mongo, bodies: LargeBodies, items: readonly IncomingItem[]): Promise<void> {
  const last = await mongo.reserve('items', items.length)
  const docs: ItemDoc[] = []
  for (const [index, item] of items.entries()) {
    const large = item.body.byteLength > largestInlineBytes
    if (large) await bodies.write(item.rawId, item.body)
    docs.push(itemDoc(item, last - items.length + 1 + index, large))
  }
  try {
    await mongo.models.items.insertMany(docs, { ordered: false, lean: true })
  } catch (error) {
    if (!onlyDuplicateKeys(error)) throw error
  }
}

function itemDoc(item: IncomingItem, seq: number, large: boolean): ItemDoc {
  return {
    _id: item.rawId,
    ...{ seq, pendingSeq: seq, retryAt: 0, attempts: 0 },
    sourceId: item.sourceId,
    externalId: item.externalId,
    mediaType: item.mediaType,
    archivedAt: item.archivedAt,
    day: item.day,
    meta: JSON.stringify(item.meta),
    body: large ? null : Buffer.from(item.body.buffer, item.body.byteOffset, item.body.byteLength),
    bytes: item.body.byteLength,
    locators: [],
  }
}

async function addLocators(mongo: Mongo, items: readonly IncomingItem[]): Promise<void> {
  const writes = items
    .filter(({ locator }) => locator !== null)
    .map(({ rawId, locator }) => ({
      updateOne: { filter: { _id: rawId }, update: { $addToSet: { locators: locator } } },
    }))
  if (writes.length > 0) await mongo.models.items.bulkWrite(writes, { ordered: false })
}

async function story(doc: ItemDoc, bodies: LargeBodies): Promise<ItemStory> {
  const { outcome } = doc
  return {
    item: await readItem(doc, bodies),
    seq: doc.seq,
    attempts: doc.attempts,
    outcome: outcome
      ? {
          kind: outcome.kind,
          ticketId: outcome.ticketId,
          reason: outcome.reason,
          details: JSON.parse(outcome.details) as NonNullable<ItemStory['outcome']>['details'],
        }
      : null,
    decidedAt: outcome?.decidedAt ?? null,
    locators: [...doc.locators].sort(),
  }
}
