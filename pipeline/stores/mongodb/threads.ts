import type { TicketWrite } from '../store.ts'
import type { Mongo } from './mongo.ts'

/** Ticket ids by thread key. Of two tickets with one key, as earlier versions wrote them, the older one is meant. */
export async function ticketsByThread(
  mongo: Mongo,
  sourceId: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const filter = { sourceId, threadKeys: { $in: [...keys] } }
  const docs = await mongo.models.tickets.find(filter, { threadKeys: 1 }).sort({ n: -1 }).lean()
  const asked = new Set(keys)
  const found = new Map<string, string>()
  for (const { _id, threadKeys } of docs)
    for (const key of threadKeys) if (asked.has(key)) found.set(key, _id)
  return found
}

/** The same writes without thread keys that another ticket has, or is given before it in the same commit. */
export async function withFreeThreadKeys(
  mongo: Mongo,
  writes: readonly TicketWrite[],
): Promise<readonly TicketWrite[]> {
  const naming = writes.filter(({ threadKeys }) => threadKeys.length > 0)
  if (naming.length === 0) return writes
  const owners = new Map<string, Map<string, string>>()
  for (const [sourceId, ofSource] of Map.groupBy(naming, ({ ticket }) => ticket.sourceId)) {
    const keys = ofSource.flatMap(({ threadKeys }) => threadKeys)
    owners.set(sourceId, await ticketsByThread(mongo, sourceId, keys))
  }
  return writes.map((write) => {
    const { id, sourceId } = write.ticket
    const ofSource = owners.get(sourceId)
    const threadKeys = write.threadKeys.filter((key) => (ofSource?.get(key) ?? id) === id)
    for (const key of threadKeys) ofSource?.set(key, id)
    return { ...write, threadKeys }
  })
}
