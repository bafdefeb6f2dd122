import { YiwangError } from '../../config/errors.ts'
import { shortList } from '../../config/nearest.ts'
import type { App } from '../../pipeline/app.ts'
import type { ItemStory } from '../../pipeline/stores/store.ts'

/**
 * Items by raw id, by the ticket that they led to, by their id at the source, or by the Message-ID of a mail.
 * @throws YiwangError ITEM_UNKNOWN
 */
export async function storiesOf(app: App, id: string): Promise<readonly ItemStory[]> {
  const found = await itemsOf(app, id)
  if (found.length === 0) throw new YiwangError('ITEM_UNKNOWN', { id })
  return found
}

/**
 * The ticket that is meant by any of these.
 * @throws YiwangError TICKET_UNKNOWN, TICKET_AMBIGUOUS, ITEM_UNKNOWN
 */
export async function ticketIdOf(app: App, id: string): Promise<string> {
  if ((await app.store.ticket(id)) !== null) return id
  const stories = /^T-[0-9A-Z]{26}$/.test(id) ? [] : await storiesOf(app, id)
  const [found, ...others] = new Set(stories.flatMap(({ outcome }) => outcome?.ticketId ?? []))
  if (found === undefined) throw new YiwangError('TICKET_UNKNOWN', { ticket: id })
  if (others.length > 0)
    throw new YiwangError('TICKET_AMBIGUOUS', { id, tickets: shortList([found, ...others]) })
  return found
}

async function itemsOf(app: App, id: string): Promise<readonly ItemStory[]> {
  const { store } = app
  if (/^R-[0-9A-Z]{26}$/.test(id)) {
    const story = await store.item(id)
    return story === null ? [] : [story]
  }
  if (/^T-[0-9A-Z]{26}$/.test(id)) return store.itemsOfTicket(id)
  const own = await store.itemsByExternalId(id)
  return own.length > 0 ? own : itemsOfMessage(app, id)
}

async function itemsOfMessage({ store, settings }: App, id: string): Promise<readonly ItemStory[]> {
  if (!id.includes('@')) return []
  const key = id.replace(/^<|>$/g, '')
  const found = await Promise.all(
    settings.sources.map(({ id: source }) => store.ticketsByThread(source, [key])),
  )
  const ticketIds = new Set(found.flatMap((threads) => [...threads.values()]))
  return (await Promise.all([...ticketIds].map((ticketId) => store.itemsOfTicket(ticketId)))).flat()
}
