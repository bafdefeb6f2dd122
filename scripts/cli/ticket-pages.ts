import type { Ticket } from '../../normalizers/ticket.ts'
import { stopPoint } from '../../pipeline/give-way.ts'
import type { Store } from '../../pipeline/stores/store.ts'

const pageSize = 500

/** Tickets by their ids, in that order: a hundred thousand at once would fill the memory. @throws YiwangError STOPPED */
export async function* ticketPages(
  store: Pick<Store, 'tickets'>,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly Ticket[]> {
  for (let start = 0; start < ids.length; start += pageSize) {
    await stopPoint(signal)
    const page = ids.slice(start, start + pageSize)
    const tickets = await store.tickets(page)
    yield page.flatMap((id) => tickets.get(id) ?? [])
  }
}
