import type { IndexedTicket, ReindexEntry, Reindexing } from '../store.ts'
import { storedTicket } from '../stored-ticket.ts'
import { assertHeld } from './leases.ts'
import type { Mongo } from './mongo.ts'
import { writeTerms } from './terms.ts'

/** Recreating the index, a page of tickets at a time. */
export function mongoReindexing(mongo: Mongo): Reindexing {
  return {
    ticketsInOrder: (options) => mongo.use(() => ticketsInOrder(mongo, options)),
    reindex: (entries, terms, lease) =>
      mongo.use(async () => {
        await assertHeld(mongo, lease)
        const replaced = await reindex(mongo, entries)
        await writeTerms(mongo, terms)
        return replaced
      }),
    progress: (name) =>
      mongo.use(async ({ values }) => (await values.findById(progressKey(name)).lean())?.text ?? null),
    saveProgress: (name, value, lease) =>
      mongo.use(async ({ values }) => {
        if (lease !== undefined) await assertHeld(mongo, lease)
        const _id = progressKey(name)
        if (value === null) await values.deleteOne({ _id })
        else await values.updateOne({ _id }, { $set: { text: value } }, { upsert: true })
      }),
  }
}

function progressKey(name: string): string {
  return `progress.${name}`
}

async function ticketsInOrder(
  mongo: Mongo,
  { after, since, limit, maxCharacters = Infinity }: Parameters<Reindexing['ticketsInOrder']>[0],
) {
  const filter = {
    n: { $gt: after === null ? 0 : Number(after) },
    ...(since === null ? {} : { at: { $gte: since } }),
  }
  const fields = { n: 1, at: 1, text: 1, matchKeys: 1 } as const
  const found = mongo.models.tickets.find(filter, fields).sort({ n: 1 }).limit(limit).lean()
  await using cursor = found.cursor({ batchSize: limit })
  const tickets: IndexedTicket[] = []
  let [characters, last] = [0, '']
  for await (const { n, at, text, matchKeys } of cursor) {
    characters += text.length
    if (tickets.length > 0 && characters > maxCharacters) return { tickets, next: last }
    tickets.push({ ticket: storedTicket(text), at, matchKeys })
    last = String(n)
  }
  return { tickets, next: tickets.length === limit ? last : null }
}

async function reindex(mongo: Mongo, entries: readonly ReindexEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const result = await mongo.models.tickets.bulkWrite(
    entries.map(({ ticketId, revision, matchKeys }) => ({
      updateOne: { filter: { _id: ticketId, revision }, update: { $set: { matchKeys: [...matchKeys] } } },
    })),
    { ordered: false },
  )
  return result.matchedCount
}
